"""Projects and associations as linked data (JSON-LD with the words of schema.org)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.catalogue.queries.feeds import FeedProject, Occurrence
from civic.kernel.clock import ROME
from civic.kernel.i18n import direction
from civic.tenancy.queries.own import OwnAssociation

CONTENT_TYPE = "application/ld+json"
VOCABULARY = "https://schema.org"
Node = dict[str, Any]


@dataclass(frozen=True)
class Addresses:
    project: Callable[[str], str]
    """Of a project's page, from its slug."""
    association: Callable[[str], str]
    association_name: Callable[[str], str]
    """What names an association among linked data."""


def project_document(project: FeedProject, now: datetime, addresses: Addresses) -> bytes:
    return _written(_project(project, now, addresses))


def list_document(
    projects: Sequence[FeedProject], now: datetime, addresses: Addresses, feed: Node
) -> bytes:
    """`feed` says what the list is."""
    items = [_project(project, now, addresses) for project in projects]
    return _written({"@type": "DataFeed", **feed, "dataFeedElement": items})


def association_document(association: OwnAssociation, addresses: Addresses) -> bytes:
    return _written(
        _without_gaps(
            {
                **_organization(association.slug, association.name, addresses),
                "description": association.about,
                "identifier": association.register_number,
                "email": association.email,
                "telephone": association.phone,
                "areaServed": [
                    {"@type": "City", "name": standing.municipality_name}
                    for standing in association.standings
                ],
            }
        )
    )


def _written(node: Node) -> bytes:
    return json.dumps({"@context": VOCABULARY, **node}, ensure_ascii=False).encode()


def _project(project: FeedProject, now: datetime, addresses: Addresses) -> Node:
    """One date makes an event, any other number a series of events."""
    dates = project.to_come(now)
    if len(dates) == 1:
        place = dates[0].meeting_point
        return _offer(project, addresses, place) | _when(dates[0]) | {"@id": dates[0].id.urn}
    events = [
        _when(session)
        | {"@id": session.id.urn, "name": _words(project.title, project.text_language)}
        | {"location": _place(project, session.meeting_point)}
        for session in dates
    ]
    first = dates[0].meeting_point if dates else project.municipality_name
    return _offer(project, addresses, first) | {"@type": "EventSeries", "subEvent": events}


def _offer(project: FeedProject, addresses: Addresses, meeting_point: str) -> Node:
    language = project.text_language
    return {
        "@id": project.id.urn,
        "@type": "Event",
        "url": addresses.project(project.slug),
        "name": _words(project.title, language),
        "description": _words(project.what_you_do, language),
        "inLanguage": list(project.languages),
        "isAccessibleForFree": True,
        "typicalAgeRange": f"{project.minimum_age}-",
        "eventAttendanceMode": f"{VOCABULARY}/OfflineEventAttendanceMode",
        "location": _place(project, meeting_point, with_map=True),
        "organizer": _organization(project.association_slug, project.association_name, addresses),
    }


def _when(session: Occurrence) -> Node:
    status = "EventCancelled" if session.is_cancelled else "EventScheduled"
    return {
        "@type": "Event",
        "startDate": session.starts_at.astimezone(ROME).isoformat(),
        "endDate": session.ends_at.astimezone(ROME).isoformat(),
        "eventStatus": f"{VOCABULARY}/{status}",
        "maximumAttendeeCapacity": session.places,
        "remainingAttendeeCapacity": session.places_free,
    }


def _place(project: FeedProject, meeting_point: str, *, with_map: bool = False) -> Node:
    """The map's point is where the project usually meets, not where each session does."""
    place: Node = {
        "@type": "Place",
        "name": meeting_point,
        "address": _without_gaps(
            {
                "@type": "PostalAddress",
                "streetAddress": project.district,
                "addressLocality": project.municipality_name,
                "addressCountry": "IT",
            }
        ),
    }
    if with_map and project.latitude is not None and project.longitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": project.latitude,
            "longitude": project.longitude,
        }
    if project.is_wheelchair_accessible:
        place["amenityFeature"] = {
            "@type": "LocationFeatureSpecification",
            "name": "wheelchair accessible",
            "value": True,
        }
    return place


def _organization(slug: str, name: str, addresses: Addresses) -> Node:
    return {
        "@id": addresses.association_name(slug),
        "@type": "Organization",
        "name": name,
        "url": addresses.association(slug),
    }


def _words(text: str, language: str) -> Node:
    words = {"@value": text, "@language": language}
    return words | {"@direction": "rtl"} if direction(language) == "rtl" else words


def _without_gaps(node: Node) -> Node:
    return {name: value for name, value in node.items() if value}
