"""Where the association says yes to each person: asking, answering, and what silence does."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.audit.models import AuditEntry
from civic.catalogue.rules import ProjectState
from civic.enrolment import privacy
from civic.enrolment.errors import (
    AnsweredNotNow,
    AnswerMissing,
    ProjectNotOpen,
    RequestSettled,
)
from civic.enrolment.models import Booking, Enrolment
from civic.enrolment.obstacles import ObstacleKind
from civic.enrolment.operations import leaving, requests
from civic.enrolment.policy import ANSWER_CARRIED, ANSWER_REQUEST
from civic.enrolment.queries.requests import (
    requests_carried,
    requests_to_associations,
)
from civic.enrolment.rules import EnrolmentState, LegalBasis
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_staff
from tests.factories.attendance import Ground, make_ground, on_ground, signed_in
from tests.factories.tenancy import make_association
from tests.integration.enrolment.asking import book, events, newcomer
from tests.integration.enrolment.joining_moves import (
    answer,
    ask,
    carry,
    enrolment,
    register,
    set_project,
    stand,
)

DAYS = timedelta(days=1)


@pytest.fixture
def ground(database: Database) -> Ground:
    """A project whose organiser says yes to each person."""
    ground = on_ground(database)
    set_project(database, ground, needs_approval=True)
    return ground


def test_asking_waits_for_a_yes_and_stands_in_no_register(
    database: Database, ground: Ground
) -> None:
    amina = newcomer(database)

    assert ask(database, ground, amina, "So potare.") is EnrolmentState.REQUESTED

    row = enrolment(database, ground, amina)
    assert (row.state, row.asked_words) == (EnrolmentState.REQUESTED, "So potare.")
    assert register(database, ground) == []
    assert events(database) == ["JoiningRequested"]
    assert stand(database, ground, amina).is_asking


def test_asking_twice_is_one_request(database: Database, ground: Ground) -> None:
    amina = newcomer(database)
    for _click in range(2):
        ask(database, ground, amina)

    assert events(database) == ["JoiningRequested"]


def test_asking_for_a_place_asks_to_join_and_takes_none(database: Database, ground: Ground) -> None:
    amina = newcomer(database)

    assert book(database, amina, ground.session_id) is None

    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(Booking)).all() == []
    assert enrolment(database, ground, amina).state is EnrolmentState.REQUESTED


def test_a_yes_lets_in_and_enters_the_register_and_the_trail(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    clock.advance(2 * DAYS)

    answer(database, ground.organiser_id, enrolment(database, ground, amina).id)

    row = enrolment(database, ground, amina)
    assert row.state is EnrolmentState.ACTIVE
    assert (row.decided_by, row.decided_at) == (ground.organiser_id, clock.now())
    assert register(database, ground) == [amina]
    assert "RequestAnswered" in events(database)
    with database.reading(system_in(ground.city.id)) as ctx:
        assert "request.approved" in ctx.db.scalars(select(AuditEntry.action)).all()
    assert stand(database, ground, amina).can_take_place


def test_not_now_needs_a_reason_and_can_be_asked_again_after_two_weeks(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    asked = enrolment(database, ground, amina).id
    with pytest.raises(AnswerMissing):
        answer(database, ground.organiser_id, asked, "")
    answer(database, ground.organiser_id, asked, "A maggio ricominciamo.")

    clock.advance(13 * DAYS)
    with pytest.raises(AnsweredNotNow):
        ask(database, ground, amina)
    (obstacle,) = stand(database, ground, amina).obstacles
    assert (obstacle.kind, obstacle.value) == (ObstacleKind.NOT_NOW, "A maggio ricominciamo.")
    clock.advance(DAYS)
    assert ask(database, ground, amina) is EnrolmentState.REQUESTED
    assert enrolment(database, ground, amina).decision_reason == ""


def test_leaving_does_not_wipe_a_not_now_away(database: Database, ground: Ground) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    answer(database, ground.organiser_id, enrolment(database, ground, amina).id, "A maggio.")

    with pytest.raises(NotFound), database.unit_of_work(signed_in(database, amina)) as ctx:
        leaving.leave(ctx, ground.project_id)

    assert enrolment(database, ground, amina).state is EnrolmentState.REJECTED


def test_who_takes_the_request_back_can_ask_again_at_once(
    database: Database, ground: Ground
) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        requests.take_back(ctx, ground.project_id)

    assert enrolment(database, ground, amina).state is EnrolmentState.WITHDRAWN
    with pytest.raises(RequestSettled):
        answer(database, ground.organiser_id, enrolment(database, ground, amina).id)
    assert ask(database, ground, amina) is EnrolmentState.REQUESTED


def test_who_was_let_in_and_left_asks_again(database: Database, ground: Ground) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    answer(database, ground.organiser_id, enrolment(database, ground, amina).id)
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        leaving.leave(ctx, ground.project_id)

    assert ask(database, ground, amina) is EnrolmentState.REQUESTED


def test_nobody_answers_for_another_association_or_city(database: Database, ground: Ground) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    asked = enrolment(database, ground, amina).id
    with database.unit_of_work(system_in()) as ctx:
        other = make_association(ctx, ground.city, "Radici di Tufo")
        caserta = make_ground(ctx, "caserta")
        strangers = [
            make_staff(ctx, Role.ORGANISER, ground.city, other),
            caserta.organiser_id,
            make_staff(ctx, Role.OFFICER, caserta.city),
            make_staff(ctx, Role.CASE_WORKER, ground.city),
        ]
    for stranger in strangers:
        for permission in (ANSWER_REQUEST, ANSWER_CARRIED):
            with pytest.raises(NotFound):
                answer(database, stranger, asked, permission=permission)


def test_five_days_of_silence_carry_the_request_to_the_municipality_once(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    asked = enrolment(database, ground, amina).id
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    clock.advance(5 * DAYS - timedelta(minutes=1))
    assert carry(database) == 0
    with pytest.raises(NotFound):
        answer(database, officer, asked, permission=ANSWER_CARRIED)

    clock.advance(timedelta(minutes=1))
    assert [carry(database), carry(database)] == [1, 0]

    assert events(database).count("RequestCarried") == 1
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(AuditEntry.action)).all() == ["request.carried"]
    answer(database, officer, asked, permission=ANSWER_CARRIED)
    assert enrolment(database, ground, amina).state is EnrolmentState.ACTIVE


def test_an_association_can_still_answer_what_was_carried_on(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    clock.advance(6 * DAYS)
    carry(database)

    answer(database, ground.organiser_id, enrolment(database, ground, amina).id)

    assert enrolment(database, ground, amina).state is EnrolmentState.ACTIVE


def test_answered_requests_are_never_carried_on(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    answer(database, ground.organiser_id, enrolment(database, ground, amina).id)
    clock.advance(6 * DAYS)

    assert carry(database) == 0


def test_lists_show_each_side_what_is_theirs(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    amina, bilal = newcomer(database), newcomer(database, "Bilal")
    ask(database, ground, amina)
    clock.advance(5 * DAYS)
    carry(database)
    ask(database, ground, bilal, "Ciao")

    with database.reading(signed_in(database, ground.organiser_id)) as ctx:
        mine = requests_to_associations(ctx).rows
    with database.reading(signed_in(database, officer)) as ctx:
        theirs = requests_carried(ctx, ground.city.id)

    assert [(row.name, row.words, row.is_carried) for row in mine] == [
        ("Amina", "", True),
        ("Bilal", "Ciao", False),
    ]
    assert [row.name for row in theirs.rows] == ["Amina"]
    assert theirs.still_there == 1


def test_basis_of_the_municipality_is_shown_as_through_the_municipality(
    database: Database, ground: Ground
) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.scalars(select(Enrolment)).one().legal_basis = LegalBasis.ASYLUM_SEEKER

    with database.reading(signed_in(database, ground.organiser_id)) as ctx:
        (row,) = requests_to_associations(ctx).rows

    assert row.is_through_municipality
    assert "asylum" not in repr(row)


def test_a_closed_project_lets_nobody_in_any_more(database: Database, ground: Ground) -> None:
    amina = newcomer(database)
    ask(database, ground, amina)
    set_project(database, ground, state=ProjectState.CLOSED)

    with pytest.raises(ProjectNotOpen):
        answer(database, ground.organiser_id, enrolment(database, ground, amina).id)


def test_a_person_takes_away_their_words_and_the_answer(database: Database, ground: Ground) -> None:
    amina = newcomer(database)
    ask(database, ground, amina, "So potare.")
    answer(database, ground.organiser_id, enrolment(database, ground, amina).id, "A maggio.")

    with database.reading(signed_in(database, amina)) as ctx:
        (row,) = privacy.export(ctx, amina)["projects"]

    assert (row["own_words"], row["answer"], row["state"]) == (
        "So potare.",
        "A maggio.",
        "rejected",
    )
    assert row["written_in_by_the_desk"] is False
