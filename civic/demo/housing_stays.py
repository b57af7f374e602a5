"""Who asks, what is proposed to them, and how they live in the demonstration's dwellings."""

from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.cases.models import CaseFile
from civic.cases.states import COUNTED
from civic.demo.housing_pictures import signed_sheet
from civic.demo.housing_shape import Asking, DemoProposal, DemoStay, Dweller, ForTonight, Waiting
from civic.demo.housing_work import HousingWork, Step
from civic.housing.operations import agreements, moving, overstays, proposals, requests, tonight
from civic.housing.operations import stays as stays_of
from civic.housing.operations.agreements import Terms
from civic.housing.operations.files import Paper
from civic.housing.operations.moving import Counting, Leaving
from civic.housing.operations.proposals import NewProposal
from civic.housing.operations.requests import NewRequest
from civic.housing.operations.residents import NewPerson
from civic.housing.operations.stays import NewStay
from civic.housing.operations.tonight import Party, TonightStay
from civic.housing.placing_models import (
    FollowUp,
    HousingRequest,
    Placement,
    RequestMember,
    Resident,
)
from civic.housing.queries.gate import member_of
from civic.housing.rules.living import Condition, Meter, Thing
from civic.housing.rules.nights import OPEN_ENDED, Nights
from civic.housing.rules.placing import Outcome
from civic.kernel.context import Context

TAKEN, REFUSED, PROPOSED, LEFT, MOVED, PLACED, WRITTEN, SERVICE, SIGNED, IN, LONGER, LATER, NIGHT = (
    time(10), time(10, 20), time(10, 30), time(11), time(11, 15), time(11, 30), time(12),
    time(12, 30), time(12, 45), time(16), time(16, 30), time(17, 15), time(22, 30),
)  # fmt: skip
DECIDED = 2
"""Days before they come."""
PROPOSED_AHEAD, PROPOSED_FOR = 7, 180
FURNITURE = ((Thing.KEYS, 1), (Thing.BED, 1), (Thing.BEDDING, 2), (Thing.WARDROBE, 1))


def stays(work: HousingWork) -> list[Step]:
    housing = work.housing
    return [
        *(step for each in housing.stays for step in _stay(work, each)),
        *(step for each in housing.waiting for step in _wait(work, each)),
        *(_bring(work, each) for each in housing.tonight),
    ]


# Asking


def _ask(work: HousingWork, asking: Asking, days: int, until: date | None) -> Step:
    def step(ctx: Context) -> None:
        new = NewRequest(
            work.city_id,
            [_person(work, each) for each in asking.people],
            asking.language,
            asking.urgency,
            max(work.day(days), work.day(getattr(asking, "came", days))),
            until,
            asking.needs,
            asking.criteria,
            asking.words,
            case_id=_case_of(ctx, work, asking),
        )
        request_id = requests.open_request(ctx, new)
        work.requests[asking.key] = request_id
        work.residents[asking.key] = ctx.db.get_one(HousingRequest, request_id).resident_id

    return work.at(days, TAKEN), step, asking.by


def _person(work: HousingWork, dweller: Dweller) -> NewPerson:
    account = work.account_of(dweller.name)
    born = work.today.year - dweller.age
    return NewPerson(
        dweller.name, dweller.gender, born, needs_no_steps=dweller.no_steps, account=account
    )


def _case_of(ctx: Context, work: HousingWork, asking: Asking) -> UUID | None:
    if not asking.from_case:
        return None
    return ctx.db.scalars(
        select(CaseFile.id)
        .where(CaseFile.person_id == work.account_of(asking.key))
        .where(CaseFile.municipality_id == work.city_id, CaseFile.state.in_(COUNTED))
        .limit(1)
    ).first()


def _household(ctx: Context, work: HousingWork, asking: Asking) -> list[UUID]:
    """In the order in which they are described."""
    rows = ctx.db.scalars(
        select(Resident)
        .join(RequestMember, RequestMember.resident_id == Resident.id)
        .where(RequestMember.request_id == work.requests[asking.key])
    )
    ids = {member_of(ctx, row).name: row.id for row in rows}
    return [ids[each.name] for each in asking.people]


def _chosen(
    ctx: Context,
    work: HousingWork,
    asking: Asking,
    unit: str,
    rooms: tuple[str, ...],
    nights: Nights,
) -> dict[UUID, UUID]:
    people = _household(ctx, work, asking)
    beds = work.free_beds(ctx, unit, rooms, nights, len(people))
    return dict(zip(people, beds, strict=True))


# Waiting


def _wait(work: HousingWork, waiting: Waiting) -> list[Step]:
    def change(ctx: Context) -> None:
        if waiting.changed is not None:
            requests.change_criteria(ctx, work.requests[waiting.key], *waiting.changed[1:])

    steps = [_ask(work, waiting, waiting.asked, None)]
    if waiting.changed is not None:
        steps.append((work.at(waiting.changed[0], LATER), change, None))
    for proposal in waiting.proposals:
        steps += _propose(work, waiting, proposal)
    return steps


def _propose(work: HousingWork, waiting: Waiting, proposal: DemoProposal) -> list[Step]:
    made: list[UUID] = []

    def propose(ctx: Context) -> None:
        first = work.day(proposal.days - PROPOSED_AHEAD)
        nights = Nights(first, first + timedelta(days=PROPOSED_FOR))
        unit, rooms = proposal.unit, proposal.rooms
        beds = _chosen(ctx, work, waiting, unit, rooms, nights)
        new = NewProposal(
            work.requests[waiting.key], work.units[unit], beds, nights, is_open_ended=False
        )
        made.append(proposals.propose(ctx, new))

    def refuse(ctx: Context) -> None:
        if proposal.refused is not None:
            proposals.refuse(ctx, made[0], *proposal.refused[1:])

    steps: list[Step] = [(work.at(proposal.days, PROPOSED), propose, None)]
    if proposal.refused is not None:
        steps.append((work.at(proposal.refused[0], REFUSED), refuse, None))
    return steps


# Living there


def _stay(work: HousingWork, stay: DemoStay) -> list[Step]:
    first = work.day(stay.came)
    until = None if stay.until_in is None else work.day(-stay.until_in)

    def place(ctx: Context) -> None:
        nights = Nights(first, until or first + OPEN_ENDED)
        beds = _chosen(ctx, work, stay, stay.unit, stay.rooms, nights)
        new = NewStay(work.requests[stay.key], work.units[stay.unit], beds, first, until)
        work.stays[stay.key] = stays_of.place(ctx, new)

    def move_in(ctx: Context) -> None:
        moving.move_in(ctx, work.stays[stay.key], _counted(first, stay))

    asked = stay.came + stay.waited
    placed = max(stay.came + min(stay.waited, DECIDED), 1)
    steps = [_ask(work, stay, asked, until), (work.at(placed, PLACED), place, None)]
    if stay.came > 0:
        steps += _agree(work, stay, stay.came)
        steps.append((work.at(stay.came, IN), move_in, None))
    return [*steps, *_changes(work, stay), *_end(work, stay)]


def _counted(day: date, stay: DemoStay) -> Counting:
    count = len(stay.people)
    things = [
        {"thing": thing.value, "count": each * count, "state": Condition.GOOD.value}
        for thing, each in FURNITURE
    ]
    # Read on the day: somewhat more the later it was.
    meters = {Meter.ELECTRICITY.value: str(4_000 + 9 * (day.toordinal() % 1_000))}
    return Counting(day, things, meters if stay.deposit_cents else {}, is_agreed=True)


def _agree(work: HousingWork, stay: DemoStay, days: int) -> list[Step]:
    """On a screen by who has an account, else on paper."""
    papers: list[UUID] = []
    account = work.account_of(stay.key)

    def write(ctx: Context) -> None:
        terms = Terms(stay.pays_cents, stay.deposit_cents)
        paper_id = agreements.write_agreement(ctx, work.stays[stay.key], terms)
        if paper_id is not None:
            papers.append(paper_id)
        elif stay.is_signed:
            sheet = Paper("image/jpeg", signed_sheet())
            agreements.keep_signed(ctx, work.store, work.stays[stay.key], sheet, work.day(days))

    def sign(ctx: Context) -> None:
        agreements.sign_for_service(ctx, work.stays[stay.key], papers[0])

    def sign_own(ctx: Context) -> None:
        agreements.sign_own(ctx, papers[0])

    steps: list[Step] = [(work.at(days, WRITTEN), write, None)]
    if account is not None and stay.is_signed:
        steps.append((work.at(days, SERVICE), sign, None))
        steps.append((work.at(days, SIGNED), sign_own, account))
    return steps


def _changes(work: HousingWork, stay: DemoStay) -> list[Step]:
    steps: list[Step] = []

    def move(ctx: Context) -> None:
        if stay.moved is None:
            return
        from_night, placement = work.day(stay.moved.days), work.stays[stay.key]
        unit, rooms = stay.moved.unit, stay.moved.rooms
        nights = Nights(from_night, ctx.db.get_one(Placement, placement).until_night)
        beds = _chosen(ctx, work, stay, unit, rooms, nights)
        moving.transfer_stay(ctx, placement, work.units[unit], beds, from_night)

    def lengthen(place: int) -> Step:
        longer = stay.longer[place]

        def step(ctx: Context) -> None:
            new = stays_of.Longer(work.day(-longer.until_in), longer.reason)
            moving.extend_stay(ctx, work.stays[stay.key], new)

        return work.at(longer.days, LONGER), step, None

    def allow(ctx: Context) -> None:
        if stay.overstay is not None:
            until = work.day(-stay.overstay.until_in)
            overstays.allow_overstay(ctx, work.stays[stay.key], until, stay.overstay.reason)

    if stay.moved is not None:
        steps.append((work.at(stay.moved.days, MOVED), move, None))
        steps += _agree(work, stay, stay.moved.days)
    for place, longer in enumerate(stay.longer):
        steps.append(lengthen(place))
        steps += _agree(work, stay, longer.days - 1)
    if stay.overstay is not None:
        steps.append((work.at(stay.overstay.days, LATER), allow, None))
    return steps


def _end(work: HousingWork, stay: DemoStay) -> list[Step]:
    left = stay.left
    if left is None:
        return []

    def leave(ctx: Context) -> None:
        back = left.deposit_back_cents
        leaving = Leaving(
            _counted(work.day(left.days), stay),
            left.outcome,
            left.is_clean,
            stay.deposit_cents if back is None else back,
            left.words,
        )
        moving.move_out(ctx, work.stays[stay.key], leaving)

    def ask_again(months: int, days: int, found: Outcome) -> Step:
        def step(ctx: Context) -> None:
            follow_up_id = ctx.db.scalars(
                select(FollowUp.id)
                .where(FollowUp.placement_id == work.stays[stay.key])
                .where(FollowUp.months == months)
            ).one()
            moving.record_follow_up(ctx, follow_up_id, found, work.day(days))

        return work.at(days, LATER), step, None

    return [
        (work.at(left.days, LEFT), leave, None),
        *(ask_again(*each) for each in left.asked),
    ]


# Tonight


def _bring(work: HousingWork, new: ForTonight) -> Step:
    def step(ctx: Context) -> None:
        party = Party(new.called, new.gender, is_adult=True)
        found = tonight.free_tonight(ctx, work.city_id, party, new.nights)
        best = next(each for each in found if each.unit_name == new.unit)
        stay = TonightStay(
            work.city_id,
            party,
            new.nights,
            best.unit_id,
            [seat.bed_id for seat in best.seats],
            new.language,
        )
        tonight.place_tonight(ctx, stay)

    return work.at(new.days, NIGHT), step, new.by
