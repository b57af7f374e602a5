"""Who is on a case hears at once that somebody came in through an emergency, and not whose it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from civic.accounts.models import RoleGrant
from civic.accounts.rules import Discipline
from civic.cases.operations.emergency import break_glass
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.merging import merge
from civic.cases.queries.gate import case_for, reference_of
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.factories.accounts import actor_of, make_staff
from tests.factories.case_team import Team, make_case_team, make_case_worker
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
Run = Callable[[], int]
WHY = "Sta male in strada, ci serve sapere delle allergie"


@pytest.fixture
def team(acting: Acting) -> Team:
    return make_case_team(acting)


def break_in(acting: Acting, team: Team, who: Actor | None = None) -> None:
    with acting(who or team.desk) as ctx:
        break_glass(ctx, team.case_id, WHY)


def told(acting: Acting) -> dict[str, Message]:
    with acting(system_in()) as ctx:
        rows = ctx.db.scalars(
            select(Message).where(Message.kind == MessageKind.EMERGENCY_OPENED)
        ).all()
        assert len({row.address for row in rows}) == len(rows)
        return {row.address: row for row in rows}


def test_the_team_and_who_watches_over_data_hear_of_it_when_it_is_delivered(
    acting: Acting, team: Team, drain: Run
) -> None:
    break_in(acting, team)
    assert told(acting) == {}
    drain()
    found = told(acting)
    assert set(found) == {"giulia@example.org", "marta@example.org", "dora@example.org"}
    for message in found.values():
        assert "Nello" in message.body
        assert reference_of(team.case_id) in message.body
        assert message.language == "en"
    drain()
    assert told(acting).keys() == found.keys()


def test_the_team_is_led_to_the_case_and_who_cannot_open_it_to_the_trail(
    acting: Acting, team: Team, drain: Run
) -> None:
    break_in(acting, team)
    drain()
    found = told(acting)
    page = f"/en/cases/{team.case_id}/around"
    assert page in found["giulia@example.org"].body
    assert page in found["marta@example.org"].body
    assert page not in found["dora@example.org"].body
    assert (
        f"/en/cases/trail?reference={reference_of(team.case_id)}" in found["dora@example.org"].body
    )


def test_nothing_says_whose_case_it_is_or_why(acting: Acting, team: Team, drain: Run) -> None:
    break_in(acting, team)
    drain()
    for message in told(acting).values():
        words = f"{message.subject} {message.body}".casefold()
        for telling in ("yusuf", "warsame", "1999", "male", "allergie"):
            assert telling not in words, telling


def test_who_broke_in_is_not_told_of_themselves(acting: Acting, team: Team, drain: Run) -> None:
    with acting(system_in()) as ctx:
        ctx.enter(team.city.id)
        ctx.db.add(
            RoleGrant(
                id=ctx.new_id(),
                person_id=team.watching.own_id,
                role=Role.DESK,
                municipality_id=team.city.id,
            )
        )
        ctx.db.flush()
        both = actor_of(ctx, team.watching.own_id)
    break_in(acting, team, both)
    drain()
    assert set(told(acting)) == {"giulia@example.org", "marta@example.org"}


def test_who_came_in_before_or_left_or_lost_their_role_is_not_of_the_team(
    acting: Acting, team: Team, drain: Run, clock: FrozenClock
) -> None:
    with acting(system_in()) as ctx:
        other = make_case_worker(ctx, team.city, "Ivo", Discipline.LEGAL_ADVISER)
    break_in(acting, team, other)
    drain()
    with acting(system_in()) as ctx:
        ctx.db.execute(delete(Message))
        ctx.db.execute(delete(RoleGrant).where(RoleGrant.person_id == team.psychologist.own_id))
    clock.advance(timedelta(hours=1))
    break_in(acting, team)
    drain()
    assert set(told(acting)) == {"giulia@example.org", "dora@example.org"}


def test_who_watches_over_another_city_is_not_told(acting: Acting, team: Team, drain: Run) -> None:
    with acting(system_in()) as ctx:
        latina = make_city(ctx, "latina")
        make_staff(ctx, Role.DATA_PROTECTION, latina, name="Far", email="far@example.org")
    break_in(acting, team)
    drain()
    assert "far@example.org" not in told(acting)


def test_a_file_merged_into_another_is_entered_as_that_one_and_its_team_is_told(
    acting: Acting, team: Team, drain: Run
) -> None:
    with acting(team.lead) as ctx:
        other_id = open_case(ctx, NewCase(team.city.id, {"given": "Youssouf"}, "fr"))
        merge(ctx, team.case_id, other_id)
    with acting(team.desk) as ctx:
        break_glass(ctx, other_id, WHY)
        assert case_for(ctx, other_id).is_in_emergency
    drain()
    assert reference_of(team.case_id) in told(acting)["giulia@example.org"].body
