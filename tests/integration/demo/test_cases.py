"""The cases of the demonstration: what stands in them, and who sees it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, func, select, update

from civic.accounts import queries as accounts
from civic.accounts.models import Contact, Person, RoleGrant, StaffCredential
from civic.audit.queries import verify_chain
from civic.cases.access import Data
from civic.cases.errors import NotYours
from civic.cases.models import (
    Appointment,
    CaseAccess,
    CaseAlert,
    CaseConsent,
    CaseEntry,
    CaseFile,
    CaseMerge,
    CaseMove,
    CaseReferral,
    CaseSection,
    CaseTask,
    Household,
    HouseholdMember,
    Outing,
)
from civic.cases.operations.appointments import mark_appointment
from civic.cases.operations.mine import read_own
from civic.cases.operations.reading import read_case, read_likely, read_list
from civic.cases.queries.files import Keys, latest, name_in
from civic.cases.queries.gate import case_for
from civic.cases.states import CaseState
from civic.cases.vocabulary import AlertKind, AppointmentState, EntryKind, ReferralState
from civic.demo import stage as stages
from civic.demo.loader import load, refresh
from civic.demo.shape import DemoStaff
from civic.demo.staff import (
    ADMINISTRATOR,
    CASE_WORKER,
    COORDINATOR,
    DATA_PROTECTION,
    LEAD,
    LEGAL_ADVISER,
    MOBILE_UNIT,
    OFFICER,
    ON_CASES,
    PSYCHOLOGIST,
)
from civic.housing.placing_models import HousingRequest
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.base import Base
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor
from civic.kernel.vault import Vault
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from civic.tenancy.models import Municipality
from tests.conftest import SETTINGS
from tests.integration.demo import truth

SEALED = (CaseSection, CaseEntry, CaseTask, CaseAlert, CaseMove, CaseAccess, Appointment)


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


def case_of(ctx: Context, name: str, city: str = "napoli") -> UUID:
    """By what the case is called."""
    place = city_id(ctx, city)
    ids = ctx.db.scalars(select(CaseFile.id).where(CaseFile.municipality_id == place)).all()
    keys = Keys(ctx, place)
    (found,) = (
        case_id
        for case_id, parts in latest(ctx, ids, [Data.IDENTITY]).items()
        for row in parts.values()
        if name_in(keys.open("case_section", case_id, row.id, row.sealed), case_id) == name
    )
    return found


@pytest.mark.parametrize(
    ("city", "expected"),
    [
        (
            "napoli",
            {
                CaseState.CONTACT: 4,
                CaseState.INTAKE: 2,
                CaseState.IN_CHARGE: 6,
                CaseState.SUSPENDED: 1,
                CaseState.CLOSED: 2,
                CaseState.REOPENED: 1,
            },
        ),
        (
            "latina",
            {
                CaseState.CONTACT: 1,
                CaseState.INTAKE: 1,
                CaseState.IN_CHARGE: 3,
                CaseState.CLOSED: 1,
            },
        ),
    ],
)
def test_cases_stand_in_every_state(
    database: Database, city: str, expected: dict[CaseState, int]
) -> None:
    with truth.everywhere(database) as ctx:
        place = city_id(ctx, city)
        states = ctx.db.scalars(select(CaseFile.state).where(CaseFile.municipality_id == place))
        assert Counter(states) == expected
        assert verify_chain(ctx, place) is None


def test_every_sealed_field_opens(database: Database) -> None:
    opened = 0
    with truth.everywhere(database) as ctx:
        for model in SEALED:
            statement = select(model).where(model.sealed.is_not(None))
            rows: Sequence[Any] = ctx.db.scalars(statement).all()
            for row in rows:
                Keys(ctx, row.municipality_id).open(
                    row.__tablename__, row.case_id, row.id, row.sealed
                )
            opened += len(rows)
    assert opened > 100


@pytest.mark.parametrize(
    "who",
    [ADMINISTRATOR, COORDINATOR, DATA_PROTECTION, OFFICER, CASE_WORKER],
    ids=lambda who: who.sign_in_name,
)
def test_who_is_not_on_a_case_reads_none(database: Database, who: DemoStaff) -> None:
    with truth.everywhere(database) as ctx:
        ids = ctx.db.scalars(select(CaseFile.id)).all()
        napoli = city_id(ctx, "napoli")
    actor = actor_of(database, who)
    with database.unit_of_work(actor) as ctx:
        for case_id in ids:
            with pytest.raises((NotFound, NotYours)):
                case_for(ctx, case_id)
        with pytest.raises(NotFound):
            read_list(ctx, napoli)


def test_each_trade_reads_what_is_its_own(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        case_id = case_of(ctx, "Souleymane")
    for who, may in ((PSYCHOLOGIST, True), (LEAD, False), (LEGAL_ADVISER, False)):
        with database.unit_of_work(actor_of(database, who)) as ctx:
            health = read_case(ctx, case_id).parts[Data.HEALTH]
        assert bool(health.values) is may


def test_who_was_met_in_the_street_has_no_name_and_one_gave_it_later(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        napoli = city_id(ctx, "napoli")
        keys = Keys(ctx, napoli)
        unnamed = ctx.db.scalars(select(CaseFile.id).where(CaseFile.is_anonymous.is_(True))).all()
        for case_id, parts in latest(ctx, unnamed, [Data.IDENTITY]).items():
            row = parts[Data.IDENTITY]
            told = keys.open("case_section", case_id, row.id, row.sealed)
            assert told.keys() <= {"called", "age_band", "languages"}
        assert len(unnamed) == 3
        assert ctx.db.scalar(select(func.count()).select_from(Outing)) == 2
        met = select(func.count()).where(
            CaseEntry.case_id == case_of(ctx, "Ibrahima Baldé"),
            CaseEntry.kind == EntryKind.CONTACT,
        )
        assert ctx.db.scalar(met) == 2


def test_somebody_written_in_twice_is_left_to_be_found(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        case_id = case_of(ctx, "Mohamed")
        assert ctx.db.scalar(select(func.count()).select_from(CaseMerge)) == 0
    with database.unit_of_work(actor_of(database, LEAD)) as ctx:
        _, _, (likely,) = read_likely(ctx, case_id)
    assert likely.name == "Muhammad Saleem"


def test_some_things_are_late_some_are_agreed_and_a_permit_ends_soon(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        today = rome_day(ctx.now())
        tasks = ctx.db.scalars(select(CaseTask)).all()
        permits = ctx.db.scalars(
            select(CaseAlert.about_on)
            .join(CaseFile, CaseFile.id == CaseAlert.case_id)
            .where(CaseAlert.kind == AlertKind.PERMIT, CaseFile.state == CaseState.IN_CHARGE)
        ).all()
        ahead = ctx.db.scalar(select(func.count()).where(Appointment.at > ctx.now()))
        languages = set(ctx.db.scalars(select(CaseConsent.language)))
    assert sum(task.done_at is None and (task.due_on or today) < today for task in tasks) > 2
    assert sum(task.agreed_at is not None for task in tasks) > 2
    soon = [day for day in permits if day and day < today + timedelta(days=60)]
    assert len(soon) == 1
    assert ahead is not None
    assert ahead >= 5
    assert len(languages) >= 6


def test_four_of_a_household_stand_together(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Household)) == 1
        assert ctx.db.scalar(select(func.count()).select_from(HouseholdMember)) == 4


def test_what_napoli_asked_of_latina_was_taken_in_with_its_permit_clock(
    database: Database,
) -> None:
    with truth.everywhere(database) as ctx:
        (state,) = ctx.db.scalars(select(CaseReferral.state))
        there = case_of(ctx, "Tesfay", "latina")
        clocks = ctx.db.scalars(select(CaseAlert.kind).where(CaseAlert.case_id == there)).all()
    assert state is ReferralState.ACCEPTED
    assert clocks == [AlertKind.PERMIT]


@pytest.mark.parametrize("name", ["Souleymane", "Rokeya"])
def test_two_participants_find_their_own_on_their_page(database: Database, name: str) -> None:
    with truth.everywhere(database) as ctx:
        person_id = ctx.db.scalars(select(Person.id).where(Person.name == name)).one()
        person = accounts.actor_of_person(ctx, person_id)
    with database.reading(person) as ctx:
        (own,) = read_own(ctx)
    assert own.appointments
    assert own.tasks
    assert own.consents


def test_the_emergency_was_looked_at_and_its_team_hears_of_it(
    database: Database, drain: Callable[[], int]
) -> None:
    drain()
    with truth.everywhere(database) as ctx:
        row = ctx.db.scalars(select(CaseAccess).where(CaseAccess.is_emergency.is_(True))).one()
        told = set(
            ctx.db.scalars(
                select(Message.address).where(Message.kind == MessageKind.EMERGENCY_OPENED)
            )
        )
    assert row.was_right
    assert {LEAD.sign_in_name, PSYCHOLOGIST.sign_in_name, DATA_PROTECTION.sign_in_name} <= told
    assert MOBILE_UNIT.sign_in_name not in told


def test_on_a_later_day_somebody_is_awaited_again_unless_it_was_called_off(
    database: Database, clock: FrozenClock
) -> None:
    def ahead() -> list[Appointment]:
        with truth.everywhere(database) as ctx:
            return list(ctx.db.scalars(select(Appointment).where(Appointment.at > ctx.now())))

    clock.advance(timedelta(days=30))
    refresh(database, SETTINGS)
    made = ahead()
    assert len(made) == 2
    for appointment in made:
        assert appointment.at.weekday() < 5
    with truth.everywhere(database) as ctx:
        lead = accounts.actor_of_person(ctx, made[0].with_id)
    with database.unit_of_work(lead) as ctx:
        mark_appointment(ctx, made[0].case_id, made[0].id, AppointmentState.CANCELLED)
    refresh(database, SETTINGS)
    assert {each.id for each in ahead()} == {each.id for each in made}


def test_a_demonstration_from_before_there_were_cases_gets_them(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        before = Counter(ctx.db.scalars(select(CaseFile.state)))
        _take_cases_away(ctx)
    assert not load(database, SETTINGS)
    with truth.everywhere(database) as ctx:
        assert Counter(ctx.db.scalars(select(CaseFile.state))) == before


def _take_cases_away(ctx: Context) -> None:
    """Homes stay: who asked for one from a case asked all the same."""
    ctx.db.execute(update(HousingRequest).values(case_id=None))
    of_cases = {CaseFile.__tablename__}
    for table in Base.metadata.sorted_tables:
        if table.name == HousingRequest.__tablename__:
            continue
        if any(key.column.table.name in of_cases for key in table.foreign_keys):
            of_cases.add(table.name)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in of_cases:
            ctx.db.execute(delete(table))
    names = [person.sign_in_name for person in ON_CASES]
    staff = select(StaffCredential.person_id).where(StaffCredential.sign_in_name.in_(names))
    ids = ctx.db.scalars(staff).all()
    for model in (Contact, RoleGrant, StaffCredential):
        ctx.db.execute(delete(model).where(model.person_id.in_(ids)))
