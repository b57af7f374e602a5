"""The register of volunteers: every move is a line, no line is ever changed, and it shows."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from civic.enrolment.errors import BirthDateWrong, FiscalCodeWrong
from civic.enrolment.models import Enrolment, RegisterLine
from civic.enrolment.operations import details, joining, leaving
from civic.enrolment.operations.details import Details
from civic.enrolment.operations.register import end_register_line, enter_in_register
from civic.enrolment.privacy import export
from civic.enrolment.queries import enrolments
from civic.enrolment.queries.verifying import Verified, verify_registers
from civic.enrolment.register_chain import START
from civic.enrolment.rules import LegalBasis, LineKind
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, make_booked_person, on_ground, signed_in
from tests.factories.catalogue import make_project
from tests.factories.tenancy import make_association

FISCAL_CODE = "RSSMRA85T10A562S"


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


def newcomer(database: Database, name: str = "Amina") -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, name, birth_year=1995)


def join(database: Database, person_id: UUID, project_id: UUID) -> None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        joining.enrol(ctx, project_id)


def leave(database: Database, person_id: UUID, project_id: UUID) -> None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        leaving.leave(ctx, project_id)


def lines(database: Database, ground: Ground) -> list[RegisterLine]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(RegisterLine).order_by(RegisterLine.number)))


def verified(database: Database, ground: Ground) -> Verified:
    with database.reading(system_in(ground.city.id)) as ctx:
        return verify_registers(ctx, ground.city.id)


# Coming and going


def test_coming_leaving_and_coming_back_the_same_day_are_three_lines_and_one_entry(
    database: Database, ground: Ground
) -> None:
    person_id = newcomer(database)
    join(database, person_id, ground.project_id)
    leave(database, person_id, ground.project_id)
    join(database, person_id, ground.project_id)

    entered, left, back = lines(database, ground)
    assert [line.kind for line in (entered, left, back)] == [
        LineKind.ENTERED,
        LineKind.LEFT,
        LineKind.CORRECTED,
    ]
    assert [line.number for line in (entered, left, back)] == [1, 2, 3]
    assert (left.content["first_day"], left.content["last_day"]) == ("2026-03-14", "2026-03-14")
    assert (back.corrects, back.content["last_day"]) == (2, None)
    assert entered.content["name"] == "Amina"
    assert entered.content["birth"] == "1995"
    assert entered.recorded_by == person_id
    assert [entered.previous_hash, left.previous_hash, back.previous_hash] == [
        START,
        entered.hash,
        left.hash,
    ]
    assert verified(database, ground) == Verified(1, 3, ())


def test_joining_twice_or_a_second_project_of_the_association_is_one_line(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        second = make_project(ctx, ground.association.id, ground.city.id, ground.organiser_id)
    person_id = newcomer(database)
    for project_id in (ground.project_id, ground.project_id, second):
        join(database, person_id, project_id)
    assert len(lines(database, ground)) == 1

    leave(database, person_id, second)
    assert len(lines(database, ground)) == 1
    leave(database, person_id, ground.project_id)
    assert [line.kind for line in lines(database, ground)][1:] == [LineKind.LEFT]


def test_who_stays_only_in_another_way_than_as_a_volunteer_leaves_the_register(
    database: Database, ground: Ground
) -> None:
    """Somebody whom the municipality sends stands in no register, though they go on coming."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        second = make_project(ctx, ground.association.id, ground.city.id, ground.organiser_id)
    person_id = newcomer(database)
    join(database, person_id, ground.project_id)
    join(database, person_id, second)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(
            update(Enrolment)
            .where(Enrolment.project_id == second)
            .values(legal_basis=LegalBasis.ASYLUM_SEEKER)
        )
    leave(database, person_id, ground.project_id)
    assert [line.kind for line in lines(database, ground)] == [LineKind.ENTERED, LineKind.LEFT]


def test_each_association_in_each_city_counts_its_own_lines(
    database: Database, ground: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_association(ctx, ground.city, "Radici di Tufo")
        third = make_project(ctx, other.id, ground.city.id, ground.organiser_id)
    person_id = newcomer(database)
    for project_id in (ground.project_id, elsewhere.project_id, third):
        join(database, person_id, project_id)
    with database.reading(system_in(ground.city.id, elsewhere.city.id)) as ctx:
        assert ctx.db.scalars(select(RegisterLine.number)).all() == [1, 1, 1]
    assert verified(database, ground).registers == 2


def test_an_association_that_does_not_work_there_has_no_register(
    database: Database, ground: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    person_id = newcomer(database)
    with database.unit_of_work(system_in(ground.city.id, elsewhere.city.id)) as ctx:
        radici = make_association(ctx, elsewhere.city, "Radici di Tufo")
        project_id = make_project(ctx, radici.id, ground.city.id, ground.organiser_id)
        project = enrolments.project_to_join(ctx, project_id=project_id)
        with pytest.raises(NotFound):
            enter_in_register(ctx, project, person_id, date(2026, 3, 14))
        end_register_line(ctx, project, person_id)


# Nothing is changed


@pytest.mark.parametrize(
    "change",
    [
        update(RegisterLine).values(hash="0" * 64),
        delete(RegisterLine),
        text("UPDATE register_line SET number = 7"),
        text("DELETE FROM register_line"),
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_a_line(
    database: Database, ground: Ground, change: object
) -> None:
    join(database, newcomer(database), ground.project_id)
    with (
        pytest.raises(DatabaseError, match="never"),
        database.unit_of_work(system_in(ground.city.id)) as ctx,
    ):
        ctx.db.execute(change)  # type: ignore[call-overload]


# Details


def test_details_given_later_are_a_new_line_in_each_register_they_stand_in(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    person_id = newcomer(database)
    for each in (ground, elsewhere):
        join(database, person_id, each.project_id)
    given = Details(FISCAL_CODE, date(1985, 12, 10), "Bamako", "Via Gemito 12, Caserta")

    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        details.change_own_details(ctx, given)

    for each in (ground, elsewhere):
        entered, corrected = (
            line for line in lines(database, each) if line.municipality_id == each.city.id
        )
        assert entered.content["fiscal_code"] == ""
        assert corrected.kind is LineKind.CORRECTED
        assert corrected.corrects == 1
        assert corrected.content == {
            "name": "Amina",
            "birth": "1985-12-10",
            "birth_place": "Bamako",
            "fiscal_code": FISCAL_CODE,
            "residence": "Via Gemito 12, Caserta",
            "first_day": "2026-03-14",
            "last_day": None,
        }
        assert verified(database, each).faults == ()


def test_the_same_details_once_more_write_nothing(database: Database, ground: Ground) -> None:
    person_id = newcomer(database)
    join(database, person_id, ground.project_id)
    for _ in range(2):
        with database.unit_of_work(signed_in(database, person_id)) as ctx:
            details.change_own_details(ctx, Details(residence="Via Gemito 12"))
    assert len(lines(database, ground)) == 2


def test_a_register_they_have_left_is_not_written_on(database: Database, ground: Ground) -> None:
    person_id = newcomer(database)
    join(database, person_id, ground.project_id)
    leave(database, person_id, ground.project_id)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        details.change_own_details(ctx, Details(residence="Via Gemito 12"))
    assert len(lines(database, ground)) == 2


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (Details("RSSMRA85T10A562T"), FiscalCodeWrong),
        (Details(birth_date=date(1850, 1, 1)), BirthDateWrong),
        (Details(birth_date=date(2027, 1, 1)), BirthDateWrong),
    ],
)
def test_what_cannot_be_true_is_refused(
    database: Database, ground: Ground, wrong: Details, refusal: type[Exception]
) -> None:
    person_id = newcomer(database)
    with pytest.raises(refusal), database.unit_of_work(signed_in(database, person_id)) as ctx:
        details.change_own_details(ctx, wrong)


def test_only_organisers_and_officers_of_the_register_write_for_its_volunteers(
    database: Database, ground: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        volunteer = make_booked_person(ctx, ground)
        stranger = make_person(ctx, "Bilal")
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    standing_id = ground.association.standing_id
    new = Details(residence="Via Gemito 12")
    for staff in (ground.organiser_id, officer):
        with database.unit_of_work(signed_in(database, staff)) as ctx:
            details.change_details(ctx, standing_id, volunteer, new)
            with pytest.raises(NotFound):
                details.change_details(ctx, standing_id, stranger, new)
    for who in (elsewhere.organiser_id, volunteer):
        with pytest.raises(NotFound), database.unit_of_work(signed_in(database, who)) as ctx:
            details.change_details(ctx, standing_id, volunteer, new)
        with pytest.raises(NotFound), database.unit_of_work(signed_in(database, who)) as ctx:
            details.read_details(ctx, standing_id, volunteer)


def test_person_takes_away_what_the_registers_say(database: Database, ground: Ground) -> None:
    person_id = newcomer(database)
    join(database, person_id, ground.project_id)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        details.change_own_details(ctx, Details(FISCAL_CODE))
    with database.reading(signed_in(database, person_id)) as ctx:
        taken = export(ctx, person_id)
    assert taken["register_details"]["fiscal_code"] == FISCAL_CODE
    assert [line["number"] for line in taken["register_lines"]] == [1, 2]
