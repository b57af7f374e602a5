"""At the desk: somebody is written down, joins and has a place, and it says who did it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import PersonInCity
from civic.audit.models import AuditEntry
from civic.catalogue.models import Project, ProjectRequirement
from civic.catalogue.rules import RequirementKind
from civic.enrolment.errors import RequirementMissing
from civic.enrolment.models import Booking, InsurancePolicy, PolicyBasis
from civic.enrolment.operations import joining, leaving
from civic.enrolment.operations.desk import DeskAnswer, DeskWish
from civic.enrolment.rules import BookingState, EnrolmentState, LegalBasis
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, make_ground, on_ground, signed_in
from tests.integration.enrolment.at_the_desk import (
    change_basis,
    enrolment,
    register,
    write_into,
)

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def slug(database: Database, ground: Ground) -> str:
    with database.reading(system_in()) as ctx:
        return ctx.db.get_one(Project, ground.project_id).slug


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city)


@pytest.fixture
def case_worker(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.CASE_WORKER, ground.city)


@pytest.fixture
def amina(database: Database, ground: Ground) -> UUID:
    """Known to the city, with neither phone nor address."""
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, "Amina", ground.city)


@pytest.mark.parametrize("role", ["officer", "case_worker"])
def test_the_desk_writes_somebody_in_and_it_is_kept_who_did_it(
    database: Database,
    ground: Ground,
    slug: str,
    amina: UUID,
    role: str,
    request: pytest.FixtureRequest,
) -> None:
    staff: UUID = request.getfixturevalue(role)

    answer = write_into(database, staff, DeskWish(amina, slug, ground.session_id))

    assert answer == DeskAnswer(EnrolmentState.ACTIVE, BookingState.CONFIRMED)
    assert enrolment(database, ground, amina).enrolled_by == staff
    assert register(database, ground) == [(amina, True)]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(Booking.booked_by)).one() == staff
        lines = ctx.db.execute(
            select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.reason)
            .where(AuditEntry.subject_id == amina)
            .order_by(AuditEntry.number)
        ).all()
    assert [tuple(line) for line in lines] == [
        ("person.read", staff, "desk"),
        ("enrolment.written_in", staff, "desk"),
    ]


def test_the_same_rules_hold_at_the_desk(
    database: Database, ground: Ground, slug: str, officer: UUID, amina: UUID
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.add(
            ProjectRequirement(
                project_id=ground.project_id, kind=RequirementKind.BADGE, value="green-12"
            )
        )
    with pytest.raises(RequirementMissing):
        write_into(database, officer, DeskWish(amina, slug))


def test_where_the_association_decides_the_desk_asks_for_them(
    database: Database, ground: Ground, slug: str, officer: UUID, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(Project, ground.project_id).needs_approval = True

    answer = write_into(database, officer, DeskWish(amina, slug, ground.session_id))

    assert answer == DeskAnswer(EnrolmentState.REQUESTED, None)
    assert enrolment(database, ground, amina).enrolled_by == officer


def test_the_desk_reaches_only_people_its_city_knows(
    database: Database, ground: Ground, slug: str, officer: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_person(ctx, "Bilal")
        caserta = make_ground(ctx, "caserta")
        elsewhere = make_person(ctx, "Chidi", caserta.city)
        far = ctx.db.get_one(Project, caserta.project_id).slug
        both = make_person(ctx, "Dawit", caserta.city)
        ctx.db.add(
            PersonInCity(
                id=ctx.new_id(), person_id=both, municipality_id=ground.city.id, since=ctx.now()
            )
        )
        ctx.db.flush()
    for person_id in (stranger, elsewhere):
        with pytest.raises(NotFound):
            write_into(database, officer, DeskWish(person_id, slug))
    with pytest.raises(NotFound):
        write_into(database, officer, DeskWish(both, far))


@pytest.mark.parametrize("basis", [LegalBasis.ASYLUM_SEEKER, LegalBasis.PUC])
def test_on_a_ground_of_the_municipality_nobody_ever_enters_the_register(
    database: Database, ground: Ground, slug: str, officer: UUID, amina: UUID, basis: LegalBasis
) -> None:
    write_into(database, officer, DeskWish(amina, slug, basis=basis))

    assert enrolment(database, ground, amina).legal_basis is basis
    assert register(database, ground) == []


def test_a_case_worker_sets_no_ground(
    database: Database, ground: Ground, slug: str, case_worker: UUID, amina: UUID
) -> None:
    with pytest.raises(NotFound):
        write_into(database, case_worker, DeskWish(amina, slug, basis=LegalBasis.PUC))
    write_into(database, case_worker, DeskWish(amina, slug))
    with pytest.raises(NotFound):
        change_basis(
            database,
            case_worker,
            amina,
            enrolment(database, ground, amina).id,
            LegalBasis.PUC,
        )


def test_changing_the_ground_keeps_the_register_right(
    database: Database, ground: Ground, slug: str, officer: UUID, amina: UUID
) -> None:
    write_into(database, officer, DeskWish(amina, slug))
    which = enrolment(database, ground, amina).id

    change_basis(database, officer, amina, which, LegalBasis.ASYLUM_SEEKER)
    assert register(database, ground) == [(amina, False)]

    change_basis(database, officer, amina, which, LegalBasis.PUC)
    assert register(database, ground) == [(amina, False)]

    change_basis(database, officer, amina, which, LegalBasis.VOLUNTEER)
    assert (amina, True) in register(database, ground)
    with database.reading(system_in(ground.city.id)) as ctx:
        details = ctx.db.scalars(
            select(AuditEntry.details)
            .where(AuditEntry.action == "enrolment.basis_set")
            .order_by(AuditEntry.number)
        ).all()
    assert details[0] == {"from": "volunteer", "to": "asylum_seeker"}


def test_ground_set_by_the_municipality_outlives_leaving_and_coming_back(
    database: Database, ground: Ground, slug: str, officer: UUID, amina: UUID
) -> None:
    write_into(database, officer, DeskWish(amina, slug, basis=LegalBasis.PUC))
    for move in (leaving.leave, joining.enrol):
        with database.unit_of_work(signed_in(database, amina)) as ctx:
            move(ctx, ground.project_id)

    row = enrolment(database, ground, amina)
    assert (row.legal_basis, row.enrolled_by) == (LegalBasis.PUC, None)
    assert register(database, ground) == []


def test_who_waited_for_insurance_has_the_place_once_their_ground_is_insured(
    database: Database, ground: Ground, slug: str, officer: UUID, amina: UUID
) -> None:
    """The association insures its volunteers alone; on another ground they had to wait."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        policy = ctx.db.scalars(select(InsurancePolicy)).one()
        bases = ctx.db.scalars(
            select(PolicyBasis.legal_basis).where(PolicyBasis.policy_id == policy.id)
        ).all()
        assert LegalBasis.PUC not in bases
    wish = DeskWish(amina, slug, ground.session_id, LegalBasis.PUC)
    assert write_into(database, officer, wish).place is BookingState.WAITING

    change_basis(
        database, officer, amina, enrolment(database, ground, amina).id, LegalBasis.VOLUNTEER
    )

    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(Booking.state)).one() is not BookingState.WAITING
