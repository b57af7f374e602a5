"""The homes of the demonstration: who lives there, what is open, and that it stays alive."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, select
from werkzeug.test import TestResponse

from civic.accounts import queries as accounts
from civic.accounts.models import Person
from civic.audit.queries import verify_chain
from civic.demo import stage as stages
from civic.demo.housing import CITIES
from civic.demo.loader import load, refresh
from civic.demo.people import PEOPLE
from civic.demo.shape import DemoStaff
from civic.demo.staff import (
    DESK,
    HOUSING_OF_LATINA,
    HOUSING_OF_TRIESTE,
    HOUSING_OFFICER,
    MOBILE_UNIT,
)
from civic.housing.models import Bed, HousingFile, Offer, Unit
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations.arrears import see_arrears
from civic.housing.operations.files import opened
from civic.housing.operations.overstays import keep_overstays
from civic.housing.operations.tonight import Party, free_tonight
from civic.housing.placing_models import (
    HousingRequest,
    Placement,
    Proposal,
    RequestMember,
    Resident,
)
from civic.housing.queries.arrears import late_by_decision
from civic.housing.queries.gate import is_visible, member_of
from civic.housing.queries.own_home import own_home
from civic.housing.queries.today import today_of
from civic.housing.rules.ledger import Step
from civic.housing.rules.nights import SLEPT, Use
from civic.housing.rules.placing import Outcome, ProposalState, RequestState, StayState
from civic.housing.rules.stock import Gender, OfferState, WorkState
from civic.housing.support_models import ArrearsNotice, BankEntry, SupportDecision
from civic.housing.works_models import RecurringCheck, Work
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor
from civic.kernel.vault import Vault
from civic.settings import Settings
from civic.tenancy.models import Municipality
from tests.conftest import SETTINGS
from tests.integration.demo import truth

HOUSED = ("Rahmat", "Zahra", "Ismail", "Luan Hoxha")
LATE = "Ірина Мороз"
MAN = Party("Qualcuno", Gender.MAN, is_adult=True)
WOMAN = Party("Qualcuna", Gender.WOMAN, is_adult=True)
MOTHER = replace(WOMAN, children=(3,))


@pytest.fixture
def database(
    loaded_connection: Connection, clock: FrozenClock, demo_vault: Vault
) -> Iterator[Database]:
    attempt = loaded_connection.begin_nested()
    yield Database.within(loaded_connection, clock, demo_vault)
    attempt.rollback()


def actor_of(database: Database, who: DemoStaff) -> Actor:
    with truth.everywhere(database) as ctx:
        return stages.find(ctx).staff[who]


def city_id(ctx: Context, slug: str) -> UUID:
    return ctx.db.scalars(select(Municipality.id).where(Municipality.slug == slug)).one()


def person_id(ctx: Context, name: str, city: str = "trieste") -> UUID:
    assert [each.city for each in PEOPLE if each.name == name] == [city]
    return ctx.db.scalars(select(Person.id).where(Person.name == name)).one()


def asleep(ctx: Context, slug: str) -> Counter[Use]:
    """How many beds are taken tonight, by what takes them."""
    rows = ctx.db.scalars(
        select(BedSpan.use)
        .join(BedNight, BedNight.span_id == BedSpan.id)
        .where(BedNight.night == rome_day(ctx.now()))
        .where(BedSpan.municipality_id == city_id(ctx, slug))
    )
    return Counter(rows.all())


def test_trieste_housed_more_than_fifty_in_a_year_and_most_live_there_now(
    database: Database,
) -> None:
    with truth.everywhere(database) as ctx:
        trieste = city_id(ctx, "trieste")
        today = rome_day(ctx.now())
        beds = ctx.db.scalar(select(func.count()).where(Bed.municipality_id == trieste))
        slept = ctx.db.scalars(
            select(BedNight.resident_id)
            .distinct()
            .where(BedNight.municipality_id == trieste, BedNight.resident_id.is_not(None))
            .where(BedNight.night < today, BedNight.night >= today - timedelta(days=365))
        ).all()
        now = asleep(ctx, "trieste")
        endings = Counter(
            ctx.db.scalars(
                select(Placement.outcome).where(
                    Placement.municipality_id == trieste, Placement.state == StayState.ENDED
                )
            )
        )
    assert beds == 60
    assert len(slept) == 62
    assert now == {Use.STAY: 43, Use.OVERSTAY: 1, Use.WORKS: 2}
    assert endings == {
        Outcome.OWN_LEASE: 6,
        Outcome.FAMILY: 3,
        Outcome.OTHER_PROJECT: 2,
        Outcome.STREET: 1,
        Outcome.UNKNOWN: 1,
    }


def test_every_stay_has_all_its_nights_and_no_other(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        counted = ctx.db.execute(
            select(BedNight.span_id, func.count(), func.min(BedNight.night)).group_by(
                BedNight.span_id
            )
        )
        nights = {row[0]: (row[1], row[2]) for row in counted}
        spans = ctx.db.scalars(select(BedSpan)).all()
        stays = {row.id: row for row in ctx.db.scalars(select(Placement))}
    slept: dict[tuple[UUID, UUID], list[BedSpan]] = defaultdict(list)
    for span in spans:
        length = (span.until_night - span.first_night).days
        assert nights.pop(span.id, (0, span.first_night)) == (length, span.first_night)
        if span.use in SLEPT and length and span.placement_id and span.resident_id:
            slept[span.placement_id, span.resident_id].append(span)
    assert not nights
    assert {placement_id for placement_id, _ in slept} == stays.keys()
    for (placement_id, _), rows in slept.items():
        stay = stays[placement_id]
        rows.sort(key=lambda each: each.first_night)
        assert rows[0].first_night == stay.first_night
        assert all(one.until_night == next_.first_night for one, next_ in pairwise(rows))
        ends = stay.moved_out_on or stay.overstay_until or stay.until_night
        assert rows[-1].until_night == ends


def test_trails_of_all_three_cities_fit(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        for housing in CITIES:
            assert verify_chain(ctx, city_id(ctx, housing.city)) is None


@pytest.mark.parametrize("name", HOUSED)
def test_a_participant_of_trieste_finds_their_home_on_their_page(
    database: Database,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Callable[[TestResponse], str],
    name: str,
) -> None:
    with truth.everywhere(database) as ctx:
        somebody = person_id(ctx, name)
        actor = accounts.actor_of_person(ctx, somebody)
    with database.reading(actor) as ctx:
        (stay,) = own_home(ctx).stays
    assert stay.state is StayState.MOVED_IN
    assert stay.beds
    assert stay.documents
    assert all(each.is_complete for each in stay.documents) is (name != "Ismail")
    sign_in(client, somebody)
    page = html(client.get("/en/me/home"))
    assert stay.dwelling.name in page
    assert stay.beds[0] in page


def test_what_waits_for_each_officer_today(database: Database) -> None:
    for who, city in (
        (HOUSING_OF_TRIESTE, "trieste"),
        (HOUSING_OF_LATINA, "latina"),
        (HOUSING_OFFICER, "napoli"),
    ):
        with database.reading(actor_of(database, who)) as ctx:
            today = today_of(ctx, city_id(ctx, city))
        assert today.waiting >= 2
        assert today.unanswered == 1
        if city == "trieste":
            assert today.coming == 1
            assert today.overstaying == 1
            assert today.to_approve == 1
            assert today.to_inspect == 1
            assert today.follow_ups == 1
        if city == "latina":
            assert today.offers == 3


def test_one_check_is_late_and_works_stand_on_every_step(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        today = rome_day(ctx.now())
        late = ctx.db.scalars(
            select(RecurringCheck.kind).where(RecurringCheck.due_on < today)
        ).all()
        states = set(ctx.db.scalars(select(Work.state)))
    assert len(late) == 1
    assert states >= set(WorkState) - {WorkState.APPROVED}


def test_latina_has_offers_in_every_state_and_one_is_a_flat_under_works(
    database: Database,
) -> None:
    with truth.everywhere(database) as ctx:
        latina = city_id(ctx, "latina")
        offers = ctx.db.scalars(select(Offer).where(Offer.municipality_id == latina)).all()
        assert {offer.state for offer in offers} == set(OfferState)
        under_way = set(
            ctx.db.scalars(
                select(Work.unit_id).where(
                    Work.municipality_id == latina, Work.state == WorkState.UNDER_WAY
                )
            )
        )
        assert under_way & {offer.unit_id for offer in offers}
        assert asleep(ctx, "latina")[Use.WORKS] == 5


def test_a_family_of_five_and_a_wheelchair_wait_in_latina(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        latina = city_id(ctx, "latina")
        waiting = ctx.db.scalars(
            select(HousingRequest).where(
                HousingRequest.municipality_id == latina,
                HousingRequest.state == RequestState.WAITING,
            )
        ).all()
        no_steps = set(
            ctx.db.scalars(
                select(RequestMember.request_id)
                .join(Resident, Resident.id == RequestMember.resident_id)
                .where(Resident.needs_no_steps.is_(True))
            )
        )
        proposals = ctx.db.execute(
            select(Proposal.request_id, Proposal.state).where(Proposal.municipality_id == latina)
        ).all()
    five = next(each for each in waiting if each.size == 5)
    chair = next(each for each in waiting if each.id in no_steps)
    assert (five.id, ProposalState.REFUSED) in proposals
    assert (chair.id, ProposalState.OPEN) in proposals
    assert any(each.case_id for each in waiting)


def test_one_rent_is_late_and_the_worker_sees_it(database: Database, clock: FrozenClock) -> None:
    def late(ctx: Context) -> dict[UUID, tuple[int, ...]]:
        ids = ctx.db.scalars(select(SupportDecision.id)).all()
        found = late_by_decision(ctx, ids)
        return {each: tuple(a.days_late for a in parts) for each, parts in found.items()}

    with truth.everywhere(database) as ctx:
        ((decision_id, (days,)),) = late(ctx).items()
        decision = ctx.db.get_one(SupportDecision, decision_id)
        who = member_of(ctx, ctx.db.get_one(Resident, decision.resident_id))
    assert who.name == LATE
    assert 15 < days < 30
    assert see_arrears(database) == 1
    with truth.everywhere(database) as ctx:
        assert ctx.db.scalars(select(ArrearsNotice.step)).one() is Step.FRIENDLY


@pytest.mark.parametrize(("name", "city"), [("Rokeya", "latina"), ("Souleymane", "napoli")])
def test_who_waits_with_a_case_finds_that_they_wait(
    database: Database,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    name: str,
    city: str,
) -> None:
    with truth.everywhere(database) as ctx:
        somebody = person_id(ctx, name, city)
        row = ctx.db.scalars(
            select(HousingRequest)
            .join(Resident, Resident.id == HousingRequest.resident_id)
            .where(Resident.person_id == somebody)
        ).one()
        assert row.case_id
        assert row.state is RequestState.WAITING
    sign_in(client, somebody)
    assert client.get("/en/me/home").status_code == 200
    assert client.get("/en/me/home/request").status_code == 200


def test_the_bank_told_of_two_rents_and_left_a_line_to_look_at(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        states = Counter(ctx.db.scalars(select(BankEntry.state)))
    assert states == {"booked": 2, "open": 1, "set_aside": 1}


@pytest.mark.parametrize("who", [MOBILE_UNIT, DESK], ids=lambda who: who.sign_in_name)
@pytest.mark.parametrize("passed", [timedelta(0), timedelta(weeks=13)], ids=["now", "later"])
def test_there_is_a_bed_for_tonight_in_napoli(
    database: Database, clock: FrozenClock, who: DemoStaff, passed: timedelta
) -> None:
    clock.advance(passed)
    refresh(database, SETTINGS)
    keep_overstays(database)
    actor = actor_of(database, who)
    for party in (MAN, WOMAN, MOTHER):
        with database.reading(actor) as ctx:
            found = free_tonight(ctx, city_id(ctx, "napoli"), party, 1)
        assert "Dormitorio La Tenda blu" in [each.unit_name for each in found]
        assert not any(each.is_safe_house for each in found)


def test_only_its_team_sees_the_safe_house_and_somebody_lives_there(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        house = ctx.db.scalars(select(Unit).where(Unit.is_safe_house.is_(True))).one()
        living = select(func.count()).where(
            Placement.unit_id == house.id, Placement.state == StayState.MOVED_IN
        )
        assert ctx.db.scalar(living) == 1
    for who, sees in ((HOUSING_OFFICER, True), (MOBILE_UNIT, False), (HOUSING_OF_LATINA, False)):
        with database.reading(actor_of(database, who)) as ctx:
            found = ctx.db.scalars(select(Unit.id).where(is_visible(ctx))).all()
        assert (house.id in found) is sees


def test_three_months_later_people_still_live_there(database: Database, clock: FrozenClock) -> None:
    clock.advance(timedelta(weeks=13))
    refresh(database, SETTINGS)
    keep_overstays(database)
    with truth.everywhere(database) as ctx:
        trieste = asleep(ctx, "trieste")
    assert trieste[Use.STAY] + trieste[Use.OVERSTAY] >= 44
    assert trieste[Use.STAY] >= 20


def test_photos_and_signed_sheets_open(database: Database, demo_settings: Settings) -> None:
    store = FileStore(Path(demo_settings.files, "housing"))
    with truth.everywhere(database) as ctx:
        rows = ctx.db.scalars(select(HousingFile)).all()
        assert {row.kind.value for row in rows} == {"before", "after", "signed"}
        for row in rows:
            assert opened(ctx, store, row).body.startswith(b"\xff\xd8")


def test_loading_again_changes_nothing(database: Database) -> None:
    before = counts(database)
    assert not load(database, SETTINGS)
    assert counts(database) == before


def counts(database: Database) -> dict[str, int | None]:
    with truth.everywhere(database) as ctx:
        return {
            table.name: ctx.db.scalar(select(func.count()).select_from(table))
            for table in truth.tables_of("housing")
        }
