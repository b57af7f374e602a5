"""What the demonstration is described in: small values, from which `loading` makes rows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from civic.accounts.rules import Discipline
from civic.catalogue.rules import Area
from civic.catalogue.skills import SKILLS
from civic.kernel.clock import rome_instant
from civic.kernel.policy import Role
from civic.tenancy.rules import LegalForm

WEEK = timedelta(weeks=1)

_ID_OF = {skill.label: skill.id for skill in SKILLS.values()}


def skills(*labels: str) -> tuple[str, ...]:
    """ESCO ids by label, so that the descriptions can be read."""
    return tuple(_ID_OF[label] for label in labels)


@dataclass(frozen=True)
class DemoAssociation:
    key: str
    name: str
    cities: tuple[str, ...]
    """Municipalities that verified it."""
    asks_in: tuple[str, ...] = ()
    """Municipalities that have not answered yet."""
    legal_form: LegalForm = LegalForm.APS
    about: str = ""


@dataclass(frozen=True)
class DemoStaff:
    name: str
    role: Role
    city: str = ""
    association: str = ""
    sign_in_name: str = ""
    password: str = ""
    languages: tuple[str, ...] = ("it",)
    discipline: Discipline | None = None


@dataclass(frozen=True)
class DemoPerson:
    name: str
    age: int
    """In years by the calendar alone: the birth year follows from the day of loading."""
    nationality: str
    languages: tuple[str, ...]
    page_language: str
    city: str = "potenza"
    also_in: tuple[str, ...] = ()
    guardian: str = ""


@dataclass(frozen=True)
class Words:
    title: str
    what_you_do: str
    what_to_bring: str = ""


@dataclass(frozen=True)
class Meeting:
    """A rhythm of sessions: every so many weeks, on a weekday (0 is Monday), by Italian clocks."""

    weekday: int
    starts: time
    hours: float
    places: int
    meeting_point: str
    every: int = 1

    def days(self, first: date, last: date) -> list[date]:
        """Days of this rhythm from `first` to `last`. Counted from a fixed Monday, so that
        loading again on a later day finds the same days."""
        origin = date(2024, 1, 1) + timedelta(days=self.weekday)
        step = self.every * WEEK
        weeks = -((origin - first) // step)
        day = origin + weeks * step
        found = []
        while day <= last:
            if day >= first:
                found.append(day)
            day += step
        return found

    def span(self, day: date) -> tuple[datetime, datetime]:
        start = rome_instant(day, self.starts)
        return start, start + timedelta(hours=self.hours)


@dataclass(frozen=True)
class DemoProject:
    key: str
    city: str
    association: str
    area: Area
    minimum_age: int
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    words: dict[str, Words]
    ending: str = "published"
    """How far it came: `draft`, `submitted`, `sent_back` or `published`."""
    sent_back_reason: str = ""
    liking: float = 0.6
    """How full its sessions usually are."""
