"""What the invented dwellings and who lives in them are described in. Days are counted back from the day
of loading, but for what lies ahead: names that end in `_in` are counted forward from it."""

from dataclasses import dataclass, field

from civic.demo.shape import DemoStaff
from civic.housing.rules.market import FlatState, Paper
from civic.housing.rules.nights import VoidReason
from civic.housing.rules.placing import (
    Criterion,
    IncidentKind,
    Need,
    Outcome,
    RefusedFor,
    Urgency,
)
from civic.housing.rules.stock import (
    CheckKind,
    Gender,
    Guarantee,
    OfferRefusal,
    OwnerKind,
    UnitKind,
    Who,
    WorkKind,
)
from civic.housing.rules.support import Curve, SupportKind


@dataclass(frozen=True)
class Dweller:
    name: str
    """Of one of the demonstration's participants of that city: then they have their account."""
    gender: Gender
    age: int
    no_steps: bool = False


def woman(name: str, age: int, *, no_steps: bool = False) -> Dweller:
    """Or a girl."""
    return Dweller(name, Gender.WOMAN, age, no_steps)


def man(name: str, age: int, *, no_steps: bool = False) -> Dweller:
    """Or a boy."""
    return Dweller(name, Gender.MAN, age, no_steps)


# The stock


@dataclass(frozen=True)
class DemoGrant:
    key: str
    code: str
    name: str
    amount_cents: int
    lines: tuple[tuple[str, str, int], ...] = ()
    """Code, name and cents."""


@dataclass(frozen=True)
class DemoOwner:
    kind: OwnerKind
    name: str
    phone: str = ""
    email: str = ""
    words: str = ""
    guarantees: tuple[Guarantee, ...] = ()


@dataclass(frozen=True)
class DemoOffer:
    key: str
    owner: DemoOwner
    days: int
    quarter: str
    rooms: int
    rent_cents: int
    address: str
    words: str = ""
    visit: int | None = None
    """Below zero for one that is to come."""
    found: str = ""
    is_fit: bool = True
    accepted: int | None = None
    refused: tuple[int, OfferRefusal, str] | None = None
    withdrawn: int | None = None


@dataclass(frozen=True)
class DemoRoom:
    name: str
    beds: int
    is_step_free: bool = False
    only_for: Gender | None = None


@dataclass(frozen=True)
class DemoCheck:
    kind: CheckKind
    months: int
    done: int | None = None
    due_in: int = 0
    """Where it was never done."""


@dataclass(frozen=True)
class DemoUnit:
    key: str
    name: str
    kind: UnitKind
    quarter: str
    address: str
    rooms: tuple[DemoRoom, ...]
    since: int
    takes: tuple[Who, ...] = ()
    is_step_free: bool = False
    entry: str = ""
    contacts: tuple[str, str] = ("", "")
    """By day and by night."""
    rules: str = ""
    night_cost_cents: int = 0
    grant: str = ""
    offer: str = ""
    rent_cents: int = 0
    """Of the lease from its owner; none where it is nothing."""
    checks: tuple[DemoCheck, ...] = ()
    is_safe_house: bool = False


@dataclass(frozen=True)
class DemoWork:
    unit: str
    kind: WorkKind
    words: str
    asked: int
    rooms: tuple[str, ...] = ()
    """Those in which nobody can sleep meanwhile."""
    first: int = 0
    until: int = 0
    """Below zero for a day to come."""
    quotes: tuple[tuple[str, int], ...] = ()
    """Firms and cents; the first is chosen."""
    approved: int | None = None
    line: str = ""
    begun: int | None = None
    done: int | None = None
    found: str = ""
    """At the inspection, the day after it was done."""
    refused: tuple[int, str] | None = None
    reporter: str = ""
    """Who lives there and said so from their own page."""
    is_shown: bool = False
    """With photos, before and after."""


@dataclass(frozen=True)
class DemoClosure:
    unit: str
    room: str
    asked: int
    first: int
    until: int
    reason: VoidReason


# People


@dataclass(frozen=True, kw_only=True)
class Asking:
    people: tuple[Dweller, ...]
    """Who asks first."""
    language: str
    by: DemoStaff | None = None
    """Who took it down, where it was not the housing officer."""
    from_case: bool = False
    """Of a participant who has one."""
    urgency: Urgency = Urgency.THIS_MONTH
    needs: tuple[Need, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    words: str = ""

    @property
    def key(self) -> str:
        return self.people[0].name


@dataclass(frozen=True)
class Longer:
    days: int
    until_in: int
    reason: str


@dataclass(frozen=True)
class Moved:
    days: int
    unit: str
    rooms: tuple[str, ...]


@dataclass(frozen=True)
class Left:
    days: int
    outcome: Outcome
    words: str = ""
    is_clean: bool = True
    deposit_back_cents: int | None = None
    """All of it, if nothing is said."""
    asked: tuple[tuple[int, int, Outcome], ...] = ()
    """After so many months, so many days ago, they said."""


@dataclass(frozen=True, kw_only=True)
class DemoStay(Asking):
    unit: str
    rooms: tuple[str, ...]
    came: int
    """Below zero: they are to come."""
    until_in: int | None = None
    """As planned at first; None for an open end."""
    waited: int = 9
    """Days between asking and coming."""
    pays_cents: int = 0
    deposit_cents: int = 0
    is_signed: bool = True
    longer: tuple[Longer, ...] = ()
    moved: Moved | None = None
    overstay: Longer | None = None
    left: Left | None = None


@dataclass(frozen=True)
class DemoProposal:
    unit: str
    rooms: tuple[str, ...]
    days: int
    refused: tuple[int, RefusedFor, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting(Asking):
    asked: int
    proposals: tuple[DemoProposal, ...] = ()
    changed: tuple[int, tuple[Criterion, ...], str] | None = None
    """When the criteria became others, and why."""


@dataclass(frozen=True)
class ForTonight:
    """Brought by the mobile unit at night."""

    called: str
    gender: Gender
    language: str
    by: DemoStaff
    days: int
    nights: int
    unit: str
    """By its name."""


@dataclass(frozen=True)
class DemoIncident:
    unit: str
    days: int
    kind: IncidentKind
    words: str
    done: str
    who: str = ""


# Money, and the way to a lease of one's own


@dataclass(frozen=True)
class DemoSupport:
    who: str
    kind: SupportKind
    amount_cents: int
    months: int
    decided: int
    first_due: int
    grant: str
    curve: Curve = field(default_factory=Curve)
    is_monthly: bool = True
    for_stay: bool = True
    """Else for their own lease."""
    missed: tuple[int, ...] = ()
    """Numbers of the parts that the tenant has not paid."""
    by_bank: tuple[int, ...] = ()
    """Of those whose payment only the bank's file tells."""


@dataclass(frozen=True)
class DemoFlat:
    days: int
    quarter: str
    rent_cents: int
    state: FlatState
    address: str
    landlord: DemoOwner | None = None
    questions: str = ""
    answers: str = ""
    words: str = ""


@dataclass(frozen=True)
class DemoMarket:
    who: str
    days: int
    income_cents: int
    debts_cents: int
    rooms: int
    papers: tuple[Paper, ...]
    flats: tuple[DemoFlat, ...] = ()
    lease: tuple[int, int, int] | None = None
    """Days ago it was signed, rent and deposit in cents."""


@dataclass(frozen=True)
class DemoHousing:
    """All of a city."""

    city: str
    officer: DemoStaff
    grants: tuple[DemoGrant, ...]
    units: tuple[DemoUnit, ...]
    stays: tuple[DemoStay, ...]
    offers: tuple[DemoOffer, ...] = ()
    works: tuple[DemoWork, ...] = ()
    closures: tuple[DemoClosure, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    tonight: tuple[ForTonight, ...] = ()
    incidents: tuple[DemoIncident, ...] = ()
    supports: tuple[DemoSupport, ...] = ()
    markets: tuple[DemoMarket, ...] = ()
    ceilings: tuple[int, int, int] | None = None
    account: tuple[str, str] | None = None
    """Whose, and its number (the one that banks give as an example)."""
    """Cents for one person, for one flat, from one grant."""
    course: str = ""
    """The project that is the course “Rules of living together”, by its key."""
