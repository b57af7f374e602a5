"""What the invented cases are described in. Days are counted back from the day of loading, but for
what lies ahead: `due_in`, `ahead` and `permit_in` are counted forward from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic.cases.access import CaseRole, Data
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import AppointmentState, Purpose, Recipient
from civic.demo.shape import DemoStaff

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    by: DemoStaff
    days: int
    data: Data
    values: Values
    permit_in: int | None = None
    """When the permit ends; its clock follows."""


@dataclass(frozen=True)
class Line:
    by: DemoStaff
    days: int
    data: Data
    words: str
    code: str = ""
    """Of an intervention; without one it is a note."""


@dataclass(frozen=True)
class Yes:
    days: int
    purpose: Purpose
    language: str
    with_mediator: bool = False
    recipient: Recipient = Recipient.TEAM
    city: str = ""


@dataclass(frozen=True)
class ToDo:
    days: int
    words: str
    due_in: int | None
    owner: DemoStaff | None = None
    """Nobody of the team: the person themselves, who agreed to it."""
    is_agreed: bool = False
    done: int | None = None
    language: str = "it"


@dataclass(frozen=True)
class Awaiting:
    days: int
    ahead: int
    """Below zero for one that is over."""
    hour: int
    with_whom: DemoStaff
    about: str
    state: AppointmentState = AppointmentState.PLANNED


@dataclass(frozen=True)
class Turn:
    days: int
    to: CaseState
    why: str = ""
    ending: Ending | None = None


@dataclass(frozen=True)
class DemoCase:
    key: str
    language: str
    identity: Values
    opener: DemoStaff
    opened: int
    intake: int | None = None
    in_charge: int | None = None
    team: tuple[tuple[CaseRole, DemoStaff], ...] = ()
    parts: tuple[Part, ...] = ()
    lines: tuple[Line, ...] = ()
    consents: tuple[Yes, ...] = ()
    tasks: tuple[ToDo, ...] = ()
    appointments: tuple[Awaiting, ...] = ()
    turns: tuple[Turn, ...] = ()
    participant: str = ""
    """The name of who of the demonstration's participants it is about."""


@dataclass(frozen=True)
class Met:
    """Somebody on one of the outings: only what one sees and is told in the street."""

    key: str
    outing: int
    minute: int
    called: str
    age_band: str
    language: str
    needs: tuple[str, ...]
    help: tuple[str, ...]
    where: str
    words: str
    follow_up: str = ""


@dataclass(frozen=True)
class Walked:
    days: int
    area: str
    tally: Mapping[str, int]
