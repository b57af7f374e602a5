"""Credentials from plain values: VC Data Model 2.0 with the classes of Open Badges 3.0, B.1.

Nothing about a person stands in them but what is passed in. Words are those of one language each:
verifiers refuse language maps, so there is one achievement a language, and `related` ties them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from civic.badges.credentials.contexts import CREDENTIALS, OPEN_BADGES, Document
from civic.badges.credentials.digests import digest
from civic.badges.credentials.moments import written
from civic.badges.credentials.status import Purpose

ESCO = "ESCO"
MINUTES, SESSIONS, LEVEL = "#minutes", "#sessions", "#level"
"""After an achievement's address: what its results tell of."""


@dataclass(frozen=True)
class Issuer:
    did: str
    """A `did:web`."""
    name: str
    url: str | None = None


@dataclass(frozen=True)
class Skill:
    url: str
    """Its address in ESCO."""
    name: str


@dataclass(frozen=True)
class Level:
    number: int
    name: str


@dataclass(frozen=True)
class Related:
    """The same achievement in another language."""

    id: str
    language: str


@dataclass(frozen=True)
class AchievementFacts:
    id: str
    name: str
    description: str
    criteria: str
    language: str
    related: tuple[Related, ...] = ()
    image: str | None = None
    image_caption: str = ""
    skills: tuple[Skill, ...] = ()
    level: Level | None = None
    minutes_name: str = "Minutes"
    sessions_name: str = "Sessions"


@dataclass(frozen=True)
class Evidence:
    name: str
    narrative: str
    minutes: int
    sessions: int
    ledger_hash: str
    """SHA-256 in hexadecimal, of the hours that count."""
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Subject:
    id: UUID
    """New for each badge, so that two badges do not tell that they are one person's."""

    @property
    def urn(self) -> str:
        return self.id.urn


@dataclass(frozen=True)
class Validity:
    begins: datetime
    ends: datetime | None = None


@dataclass(frozen=True)
class Status:
    list_url: str
    index: int
    purpose: Purpose = Purpose.REVOCATION


def achievement_credential(
    *,
    id: str,  # noqa: A002 - the format's own name
    issuer: Issuer,
    achievement: AchievementFacts,
    subject: Subject,
    evidence: Evidence,
    validity: Validity,
    statuses: tuple[Status, ...] = (),
) -> Document:
    facts, base = achievement, achievement.id
    results = [
        _result(base + MINUTES, evidence.minutes),
        _result(base + SESSIONS, evidence.sessions),
    ]
    if facts.level:
        results.append(
            {
                "type": ["Result"],
                "resultDescription": base + LEVEL,
                "achievedLevel": f"{base}{LEVEL}-{facts.level.number}",
            }
        )
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.name,
        "issuer": _profile(issuer),
        **_times(validity),
        "credentialSubject": {
            "id": subject.urn,
            "type": ["AchievementSubject"],
            "activityStartDate": f"{evidence.first_day.isoformat()}T00:00:00Z",
            "activityEndDate": f"{evidence.last_day.isoformat()}T00:00:00Z",
            "achievement": _achievement(facts),
            "result": results,
        },
        "evidence": [
            {
                "type": ["Evidence"],
                "name": evidence.name,
                "narrative": evidence.narrative,
                "digestMultibase": digest(evidence.ledger_hash),
            }
        ],
        **_status(statuses),
    }


def endorsement_credential(
    *,
    id: str,  # noqa: A002 - the format's own name
    issuer: Issuer,
    name: str,
    credential_id: str,
    comment: str | None,
    validity: Validity,
    statuses: tuple[Status, ...] = (),
) -> Document:
    """What an assessor of the issuer says about a credential (Open Badges 3.0, B.2)."""
    subject = {"id": credential_id, "type": ["EndorsementSubject"]}
    if comment:
        subject["endorsementComment"] = comment
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": id,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": name,
        "issuer": _profile(issuer),
        **_times(validity),
        "credentialSubject": subject,
        **_status(statuses),
    }


def status_list_credential(
    *, url: str, did: str, purpose: Purpose, encoded: str, validity: Validity
) -> Document:
    """Bitstring Status List 1.0, 2.2. `encoded` comes from `status.encode`."""
    return {
        "@context": [CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        **_times(validity),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encoded,
        },
    }


def _achievement(facts: AchievementFacts) -> Document:
    described = [
        _description(facts.id + MINUTES, facts.minutes_name, "ext:minutes"),
        _description(facts.id + SESSIONS, facts.sessions_name, "ext:sessions"),
    ]
    if facts.level:
        level = {
            "id": f"{facts.id}{LEVEL}-{facts.level.number}",
            "type": ["RubricCriterionLevel"],
            "name": facts.level.name,
            "level": str(facts.level.number),
        }
        kind = _description(facts.id + LEVEL, facts.level.name, "RubricCriterionLevel")
        described.append({**kind, "rubricCriterionLevel": [level]})
    found: Document = {
        "id": facts.id,
        "type": ["Achievement"],
        "name": facts.name,
        "description": facts.description,
        "criteria": {"narrative": facts.criteria},
        "inLanguage": facts.language,
        "resultDescription": described,
    }
    if facts.image:
        caption = {"caption": facts.image_caption} if facts.image_caption else {}
        found["image"] = {"id": facts.image, "type": "Image", **caption}
    if facts.skills:
        found["alignment"] = [
            {
                "type": ["Alignment"],
                "targetName": skill.name,
                "targetUrl": skill.url,
                "targetFramework": ESCO,
            }
            for skill in facts.skills
        ]
    if facts.related:
        found["related"] = [
            {"id": other.id, "type": ["Related"], "inLanguage": other.language}
            for other in facts.related
        ]
    return found


def _profile(issuer: Issuer) -> Document:
    url = {"url": issuer.url} if issuer.url else {}
    return {"id": issuer.did, "type": ["Profile"], "name": issuer.name, **url}


def _times(validity: Validity) -> Document:
    ends = {"validUntil": written(validity.ends)} if validity.ends else {}
    return {"validFrom": written(validity.begins), **ends}


def _status(statuses: tuple[Status, ...]) -> Document:
    """One alone stands without a list around it: earlier JSON schemas of 1EdTech know no list here."""
    entries = [
        {
            "id": f"{each.list_url}#{each.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": each.purpose.value,
            "statusListIndex": str(each.index),
            "statusListCredential": each.list_url,
        }
        for each in statuses
    ]
    if not entries:
        return {}
    return {"credentialStatus": entries[0] if len(entries) == 1 else entries}


def _description(address: str, name: str, kind: str) -> Document:
    return {"id": address, "type": ["ResultDescription"], "name": name, "resultType": kind}


def _result(address: str, value: int) -> Document:
    return {"type": ["Result"], "resultDescription": address, "value": str(value)}
