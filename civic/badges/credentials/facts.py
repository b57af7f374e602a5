"""What a checked credential says, as plain values: read only once the signature stands."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.badges.credentials import moments
from civic.badges.credentials.contexts import Document
from civic.badges.credentials.digests import hexadecimal
from civic.badges.credentials.documents import MINUTES, SESSIONS, Skill


@dataclass(frozen=True)
class Facts:
    id: str
    is_endorsement: bool
    name: str
    description: str
    issuer: str
    issuer_name: str
    subject: str
    begins: datetime
    ends: datetime | None
    language: str = ""
    minutes: int | None = None
    sessions: int | None = None
    first_day: datetime | None = None
    last_day: datetime | None = None
    narrative: str = ""
    ledger_hash: str | None = None
    level: str = ""
    skills: tuple[Skill, ...] = ()
    comment: str = ""
    """Of an endorsement, whose subject is the credential that it is about."""
    holder: str = ""
    """The name on a printed card; badges hold none."""

    @property
    def is_card(self) -> bool:
        return bool(self.holder)


class Incomplete(ValueError):
    pass


def issuer_of(document: Document) -> str:
    return _text(_address(document.get("issuer")))


def times(document: Document) -> tuple[datetime, datetime | None]:
    """An end that cannot be read must not count as none."""
    begins, ends = moments.read(document.get("validFrom")), moments.read(document.get("validUntil"))
    if begins is None or (ends is None and "validUntil" in document):
        raise Incomplete("no times")
    return begins, ends


def read(document: Document) -> Facts:
    subject, begins_ends = _object(document.get("credentialSubject")), times(document)
    evidence = [_object(each) for each in items(document.get("evidence"))]
    achievement = _object(subject.get("achievement"))
    return Facts(
        id=_text(document.get("id")),
        is_endorsement="EndorsementCredential" in items(document.get("type")),
        name=_plain(document.get("name")),
        description=_plain(achievement.get("description")),
        issuer=issuer_of(document),
        issuer_name=_plain(_object(document.get("issuer")).get("name")),
        subject=_plain(subject.get("id")),
        begins=begins_ends[0],
        ends=begins_ends[1],
        language=_plain(achievement.get("inLanguage")),
        minutes=_number(subject, MINUTES),
        sessions=_number(subject, SESSIONS),
        first_day=moments.read(subject.get("activityStartDate")),
        last_day=moments.read(subject.get("activityEndDate")),
        narrative=" ".join(_plain(each.get("narrative")) for each in evidence),
        ledger_hash=next((hexadecimal(each.get("digestMultibase")) for each in evidence), None),
        level=_level(subject, achievement),
        skills=tuple(_skills(achievement)),
        comment=_plain(subject.get("endorsementComment")),
    )


def items(value: object) -> list[Any]:
    """One or several: JSON-LD lets both stand."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _skills(achievement: Document) -> list[Skill]:
    those = [_object(each) for each in items(achievement.get("alignment"))]
    return [Skill(_plain(each.get("targetUrl")), _plain(each.get("targetName"))) for each in those]


def _level(subject: Document, achievement: Document) -> str:
    """The name of the level that the badge says was reached."""
    reached = {_plain(_object(each).get("achievedLevel")) for each in items(subject.get("result"))}
    for kind in items(achievement.get("resultDescription")):
        for each in items(_object(kind).get("rubricCriterionLevel")):
            level = _object(each)
            if _plain(level.get("id")) in reached - {""}:
                return _plain(level.get("name"))
    return ""


def _number(subject: Document, what: str) -> int | None:
    for each in items(subject.get("result")):
        result = _object(each)
        value = _plain(result.get("value"))
        if _plain(result.get("resultDescription")).endswith(what) and re.fullmatch(
            r"[0-9]{1,9}", value
        ):
            return int(value)
    return None


def _address(value: object) -> object:
    return value.get("id") if isinstance(value, dict) else value


def _object(value: object) -> Document:
    return value if isinstance(value, dict) else {}


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise Incomplete("no name or address")
    return value
