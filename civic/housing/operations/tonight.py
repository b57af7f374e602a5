"""A bed for tonight: who, where, done. Request, people and stay are written together or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from civic.housing.errors import RequestClosed
from civic.housing.operations.proposals import free_others
from civic.housing.operations.requests import NewRequest, note_asked, write_request
from civic.housing.operations.residents import NewPerson, check_person
from civic.housing.operations.stays import NewStay, place
from civic.housing.operations.trail import note
from civic.housing.placing_models import Placement
from civic.housing.policy import PLACE_TONIGHT
from civic.housing.queries.fitting import Suggestion, household_for, suggestions
from civic.housing.queries.gate import placement_for
from civic.housing.queries.requests import works_there
from civic.housing.queries.tonight import TonightPlace, has_moved, place_of, stay_of_request
from civic.housing.request_errors import AgeMissing, AgesUnreadable, TonightTooLong, TooManyPeople
from civic.housing.rules.nights import Nights
from civic.housing.rules.placing import (
    ADULT,
    LIVING,
    MOST_PEOPLE,
    Criterion,
    Need,
    Somebody,
    Source,
    Urgency,
)
from civic.housing.rules.stock import Gender
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place

MOST_NIGHTS_TONIGHT = 3
MORNING = timedelta(hours=6)
"""Until then a night still is the one that began the day before."""


@dataclass(frozen=True)
class Party:
    """Who stands in front of whoever asks."""

    called: str
    gender: Gender
    is_adult: bool
    age: int | None = None
    """About, of a minor."""
    no_steps: bool = False
    women: int = 0
    men: int = 0
    children: Sequence[int] = ()
    """How old each child with them is."""
    is_looked_for: bool = False
    """A place that nobody knows of would be better."""

    @property
    def size(self) -> int:
        return 1 + self.women + self.men + len(self.children)


@dataclass(frozen=True)
class TonightStay:
    municipality_id: UUID
    party: Party
    nights: int
    unit_id: UUID
    beds: Sequence[UUID]
    """In the order of `people_of_party`."""
    language: str
    id: UUID | None = None
    """Of the request, made by the form: sent twice, it is one."""


def tonight(ctx: Context) -> date:
    """The day on which the night that it is now, or that comes, began."""
    return rome_day(ctx.now() - MORNING)


def people_of_party(ctx: Context, party: Party) -> list[NewPerson]:
    """TooManyPeople, AgeMissing, AgesUnreadable, and what a person is refused for."""
    if party.size > MOST_PEOPLE:
        raise TooManyPeople(most=MOST_PEOPLE)
    if not party.is_adult and (party.age is None or not 0 <= party.age < ADULT):
        raise AgeMissing
    if any(not 0 <= age < ADULT for age in party.children):
        raise AgesUnreadable
    year = tonight(ctx).year

    def somebody(number: int, gender: Gender, age: int | None = None) -> NewPerson:
        name = f"{party.called} · {number}"
        born = None if age is None else year - age
        return NewPerson(name, gender, born, id=ctx.new_id())

    others = [
        *((Gender.WOMAN, None) for _ in range(party.women)),
        *((Gender.MAN, None) for _ in range(party.men)),
        *((Gender.UNTOLD, age) for age in party.children),
    ]
    first = NewPerson(
        party.called,
        party.gender,
        None if party.is_adult or party.age is None else year - party.age,
        needs_no_steps=party.no_steps,
        id=ctx.new_id(),
    )
    people = [first, *(somebody(n, *told) for n, told in enumerate(others, start=2))]
    for each in people:
        check_person(ctx, each)
    return people


def free_tonight(
    ctx: Context, municipality_id: UUID, party: Party, nights: int
) -> list[Suggestion]:
    """The best first; of a safe house only its team hears, and only where somebody is looked for. The
    seats are in the order of `people_of_party`."""
    PLACE_TONIGHT.require(ctx.actor, Place(municipality_id=municipality_id))
    people = people_of_party(ctx, party)
    told = {UUID(int=n): _somebody(each) for n, each in enumerate(people)}
    found = []
    for needs in ((Need.HIDDEN,), ()) if party.is_looked_for else ((),):
        household = household_for(
            told, needs, Urgency.TONIGHT, _nights(ctx, nights), is_open_ended=False
        )
        found += suggestions(ctx, municipality_id, household)
    return found


def _somebody(each: NewPerson) -> Somebody:
    return Somebody(each.birth_year, each.gender, each.birth_date, each.needs_no_steps)


def _nights(ctx: Context, number: int) -> Nights:
    if not 1 <= number <= MOST_NIGHTS_TONIGHT:
        raise TonightTooLong(most=MOST_NIGHTS_TONIGHT)
    first = tonight(ctx)
    return Nights(first, first + timedelta(days=number))


def place_tonight(ctx: Context, new: TonightStay) -> UUID:
    """The stay. BedTaken where somebody was quicker: nothing is written then."""
    city = new.municipality_id
    PLACE_TONIGHT.require(ctx.actor, Place(municipality_id=city))
    nights = _nights(ctx, new.nights)
    before = stay_of_request(ctx, new.id) if new.id else None
    if before is not None:
        return before
    people = people_of_party(ctx, new.party)
    if len(new.beds) != len(people):
        raise NotFound
    ids = [each.id for each in people if each.id is not None]
    request = NewRequest(
        city,
        people,
        new.language,
        Urgency.TONIGHT,
        nights.first,
        nights.until,
        needs=[Need.HIDDEN] if new.party.is_looked_for else [],
        criteria=[Criterion.IN_DANGER] if new.party.is_looked_for else [],
        source=Source.TONIGHT,
        id=new.id,
    )
    row, _is_new = write_request(ctx, request, PLACE_TONIGHT)
    beds: Mapping[UUID, UUID] = dict(zip(ids, new.beds, strict=True))
    stay = NewStay(row.id, new.unit_id, beds, nights.first, nights.until, is_emergency=True)
    placement_id = place(ctx, stay, PLACE_TONIGHT)
    free_others(ctx, placement_id, beds.values())
    note_asked(ctx, row)
    return placement_id


def read_place(ctx: Context, placement_id: UUID) -> TonightPlace:
    """Where it is, how to get in and whom to call; for who placed them, while it is theirs to show the
    way, and for housing officers. NotFound, RequestClosed once the nights are over."""
    row = placement_for(ctx, placement_id, PLACE_TONIGHT)
    is_officer = works_there(ctx, row.municipality_id)
    if not row.is_emergency or not (is_officer or row.placed_by == ctx.actor.person_id):
        raise NotFound
    if row.until_night < tonight(ctx) or row.state not in LIVING:
        raise RequestClosed
    if not is_officer and _is_theirs_no_more(ctx, row):
        raise RequestClosed
    found = place_of(ctx, row)
    note(ctx, row, "tonight_read")
    return found


def _is_theirs_no_more(ctx: Context, row: Placement) -> bool:
    """Whoever brought them shows the way for as long as a bed for tonight lasts; where they live after
    that, or have moved to, is the officers' to know."""
    lasts = row.first_night + timedelta(days=MOST_NIGHTS_TONIGHT)
    return tonight(ctx) >= lasts or has_moved(ctx, row)
