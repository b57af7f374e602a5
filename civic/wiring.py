"""The whole nervous system on one screen: who hears of what, and who knows what of a person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from civic.accounts import privacy as accounts_privacy
from civic.accounts.events import CodeIssued
from civic.attendance import privacy as attendance_privacy
from civic.attendance.events import HoursCredited
from civic.audit import handlers as audit
from civic.badges import handlers as badges
from civic.badges import privacy as badges_privacy
from civic.badges.events import BadgeAwarded
from civic.catalogue.events import (
    PlacesAdded,
    ProjectPublished,
    ProjectSentBack,
    SessionCancelled,
    SessionMoved,
)
from civic.enrolment import handlers as enrolment
from civic.enrolment import privacy as enrolment_privacy
from civic.enrolment.events import PlaceCancelled, PlaceConfirmed, PlaceWaiting
from civic.kernel.context import Context
from civic.kernel.outbox import Subscriptions
from civic.notifications import privacy as notifications_privacy
from civic.notifications.handlers import badges as tell_badges
from civic.notifications.handlers import codes as tell_codes
from civic.notifications.handlers import places as tell_places
from civic.notifications.handlers import projects as tell_projects
from civic.notifications.handlers import sessions as tell_sessions
from civic.plans import handlers as plans
from civic.plans import privacy as plans_privacy
from civic.tenancy.events import AssociationDecided

SUBSCRIPTIONS: Subscriptions = {
    AssociationDecided: [audit.on_association_decided],
    BadgeAwarded: [plans.on_badge_awarded, tell_badges.on_badge_awarded],
    CodeIssued: [tell_codes.on_code_issued],
    HoursCredited: [badges.on_hours_credited],
    PlaceCancelled: [tell_places.on_place_cancelled],
    PlaceConfirmed: [tell_places.on_place_confirmed],
    PlaceWaiting: [tell_places.on_place_waiting],
    PlacesAdded: [enrolment.on_places_added],
    ProjectPublished: [tell_projects.on_project_published],
    ProjectSentBack: [tell_projects.on_project_sent_back],
    SessionCancelled: [enrolment.on_session_cancelled],
    SessionMoved: [tell_sessions.on_session_moved],
}

Exporter = Callable[[Context, UUID], dict[str, Any]]

PRIVACY_EXPORTERS: dict[str, Exporter] = {
    "account": accounts_privacy.export,
    "enrolment": enrolment_privacy.export,
    "attendance": attendance_privacy.export,
    "badges": badges_privacy.export,
    "plans": plans_privacy.export,
    "messages": notifications_privacy.export,
}
"""What each room hands over when a person takes away their data."""
