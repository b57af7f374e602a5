"""What is gathered of a person to find what suits them, and the front page that shows it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import FreeTime
from civic.badges.models import Achievement
from civic.catalogue.fit import Wishes
from civic.catalogue.rules import Area, Requirement, RequirementKind, SessionState
from civic.enrolment.models import Qualification
from civic.enrolment.rules import BookingState
from civic.kernel.db.database import Database
from civic.kernel.i18n import language_name
from civic.kernel.policy import VISITOR, Role, system_in
from civic.plans.rules import GoalState
from civic.portal.wishes import wishes_of
from tests.conftest import SATURDAY_MORNING as NOW
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.attendance import Ground, make_booked_person, make_ground
from tests.factories.badges import make_award
from tests.factories.catalogue import PRUNE_HEDGES, make_project, make_session
from tests.factories.enrolment import make_booking
from tests.factories.plans import make_goal, make_plan
from tests.factories.reporting import make_hours

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[Any]]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAINT = "b826a56a-811d-477c-b165-271729f644a4"


@pytest.fixture
def ground(database: Database) -> Ground:
    with database.unit_of_work(system_in()) as ctx:
        return make_ground(ctx)


def make_amina(database: Database, ground: Ground, *languages: str) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, city=ground.city, languages=languages)


def wishes(database: Database, person_id: UUID) -> Wishes:
    with database.reading(system_in()) as ctx:
        actor = actor_of(ctx, person_id)
    with database.reading(actor) as ctx:
        return wishes_of(ctx)


def test_a_visitor_has_no_wishes_and_nothing_is_asked(
    database: Database, statements: Statements
) -> None:
    with statements() as counted, database.reading(VISITOR) as ctx:
        assert wishes_of(ctx) == Wishes()
    assert counted.total == 0


def test_every_room_adds_what_it_knows_in_three_statements(
    database: Database, ground: Ground, statements: Statements
) -> None:
    amina = make_amina(database, ground, "bn", "it")
    with database.unit_of_work(system_in()) as ctx:
        ctx.enter(ground.city.id)
        ctx.db.add_all(FreeTime(person_id=amina, slot=slot) for slot in (15, 20))
        ctx.db.add(Qualification(person_id=amina, kind=RequirementKind.BADGE, value="green-1"))
        project_id = make_project(ctx, ground.association.id, ground.city.id, ground.organiser_id)
        spans = [(NOW + days * DAY, NOW + days * DAY + HOUR) for days in (1, 2, 3)]
        held, waiting, given_back = (make_session(ctx, project_id, *span) for span in spans)
        make_booking(ctx, amina, held)
        make_booking(ctx, amina, waiting, BookingState.WAITING)
        make_booking(ctx, amina, given_back, BookingState.WITHDRAWN)
        cancelled = make_session(
            ctx, project_id, NOW + 4 * DAY, NOW + 5 * DAY, state=SessionState.CANCELLED
        )
        over = make_session(ctx, project_id, NOW - DAY, NOW - DAY + HOUR)
        for session_id in (cancelled, over):
            make_booking(ctx, amina, session_id)
        worker = make_staff(ctx, Role.CASE_WORKER, ground.city)
        plan = make_plan(ctx, ground.city, amina, worker)
        make_goal(ctx, ground.city, plan, skills=[PAINT])
        make_goal(ctx, ground.city, plan, skills=[PRUNE_HEDGES], state=GoalState.REACHED)
        actor = actor_of(ctx, amina)
    with database.reading(actor) as ctx, statements() as counted:
        found = wishes_of(ctx)
    assert counted.total == 3
    assert found.languages == ("bn", "it")
    assert found.birth_year == 1995
    assert found.free == {15, 20}
    assert sorted(found.busy) == spans[:2]
    assert found.held == {Requirement(RequirementKind.BADGE, "green-1")}
    assert found.skills == {PAINT}
    assert found.cities == {ground.city.id}
    assert found.near is None


def test_the_wishes_of_one_are_not_those_of_another(database: Database, ground: Ground) -> None:
    amina, binta = (make_amina(database, ground, tag) for tag in ("bn", "fr"))
    with database.unit_of_work(system_in()) as ctx:
        ctx.enter(ground.city.id)
        make_booking(ctx, amina, ground.session_id)
        ctx.db.add(FreeTime(person_id=amina, slot=3))
        plan = make_plan(ctx, ground.city, amina, make_staff(ctx, Role.CASE_WORKER, ground.city))
        make_goal(ctx, ground.city, plan, skills=[PAINT])
    found = wishes(database, binta)
    assert (found.busy, found.free, found.skills, found.areas) == (
        (), frozenset(), frozenset(), frozenset(),
    )  # fmt: skip


def test_an_area_counts_while_a_badge_of_it_is_still_to_be_had(
    database: Database, ground: Ground
) -> None:
    amina = make_amina(database, ground)
    assert wishes(database, amina).areas == frozenset()
    with database.unit_of_work(system_in()) as ctx:
        ctx.enter(ground.city.id)
        make_hours(ctx, ground, amina)
    assert wishes(database, amina).areas == {Area.GREEN}
    with database.unit_of_work(system_in()) as ctx:
        ctx.enter(ground.city.id)
        for row in ctx.db.scalars(select(Achievement).where(Achievement.area == Area.GREEN)):
            make_award(ctx, ground.city, ground.association, amina, ground.organiser_id, row.code)
    assert wishes(database, amina).areas == frozenset()


def test_the_front_page_shows_what_suits_and_why(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, html: Html
) -> None:
    amina = make_amina(database, ground, "bn", "it")
    with database.unit_of_work(system_in()) as ctx:
        ctx.enter(ground.city.id)
        ctx.db.add(FreeTime(person_id=amina, slot=15))
        for number in range(4):
            project_id = make_project(
                ctx, ground.association.id, ground.city.id, ground.organiser_id,
                title=f"Progetto {number}", languages=("it", "bn") if number == 3 else ("it",),
            )  # fmt: skip
            days = timedelta(days=8 + number)
            make_session(ctx, project_id, NOW + days, NOW + days + HOUR)
    sign_in(client, amina)
    page = html(client.get("/en/me"))
    assert "This may suit you" in page
    shown = page[page.index("This may suit you") :]
    assert "Saturday morning: you have time" in shown
    assert f"You speak {language_name('bn', 'en')}" in shown
    assert shown.count("<article") == 3
    assert "Progetto 3" in shown
    assert "/en/projects?sort=fit" in shown


def test_what_somebody_has_a_date_in_is_not_suggested_again(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, html: Html
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        amina = make_booked_person(ctx, ground)
        ctx.enter(ground.city.id)
        make_session(ctx, ground.project_id, NOW + 9 * DAY, NOW + 9 * DAY + HOUR)
    sign_in(client, amina)
    assert "<article" not in html(client.get("/en/me"))


def test_of_whom_nothing_is_known_is_asked_when_they_have_time(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, html: Html
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        new = make_person(ctx, languages=())
    sign_in(client, new)
    page = html(client.get("/en/me"))
    assert "Tell us when you have time" in page
    assert "<article" not in page


def test_suggestions_cost_the_front_page_five_statements(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    statements: Statements,
) -> None:
    """Three for the wishes, one for the stamps, one for the dates; whatever there is to suggest."""
    known = make_amina(database, ground, "it")
    with database.unit_of_work(system_in()) as ctx:
        unknown = make_person(ctx, languages=())
    counts = []
    for person_id in (known, known, unknown):
        sign_in(client, person_id)
        with statements() as counted:
            client.get("/en/me")
        counts.append(counted.total)
    cold, warm, without = counts
    assert cold - warm == 2
    assert warm - without == 2
