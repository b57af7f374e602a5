"""Where a housing officer begins the day: what waits, in one statement, and no word of a safe house."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.housing.queries.today import today_of
from civic.housing.rules.stock import WorkKind, WorkState
from civic.housing.sealing import sealed_of
from civic.housing.works_models import Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import Lodge, make_lodge, make_request, make_stay, make_unit

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]


def _work(ctx: Context, lodge: Lodge, unit_id: UUID) -> None:
    work_id = ctx.new_id()
    ctx.db.add(
        Work(
            id=work_id,
            municipality_id=lodge.city.id,
            unit_id=unit_id,
            kind=WorkKind.PAINTING,
            state=WorkState.DONE,
            beds=[],
            requested_at=ctx.now(),
            sealed=sealed_of(ctx, lodge.city.id, unit_id, Work, work_id, {"words": ""}),
        )
    )
    ctx.db.flush()


def test_what_waits_today_is_counted_in_one_statement(
    database: Database, statements: Callable[[], AbstractContextManager[Counted]]
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        lodge = make_lodge(ctx)
        make_request(ctx, lodge.city)
        coming = rome_day(ctx.now()) + timedelta(days=3)
        make_stay(ctx, lodge, make_request(ctx, lodge.city), first=coming)
        _work(ctx, lodge, lodge.unit_id)
    with database.reading(lodge.officer) as ctx, statements() as counted:
        today = today_of(ctx, lodge.city.id)
    assert (today.waiting, today.urgent, today.coming, today.to_inspect) == (1, 1, 1, 1)
    assert (today.ending, today.overstaying, today.offers, today.late_rents) == (0, 0, 0, 0)
    assert counted.total == 1


def test_works_in_a_safe_house_are_counted_for_its_team_alone(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        lodge = make_lodge(ctx)
        staff = make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Ines Inside")
        inside = actor_of(ctx, staff)
        unit_id, _beds = make_unit(ctx, lodge.city, "Casa Riparo", team=[inside.own_id])
        _work(ctx, lodge, unit_id)
    for actor, seen in ((lodge.officer, 0), (inside, 1)):
        with database.reading(actor) as ctx:
            assert today_of(ctx, lodge.city.id).to_inspect == seen


def test_the_day_of_a_housing_officer_begins_with_what_waits(
    database: Database, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        lodge = make_lodge(ctx)
        make_request(ctx, lodge.city)
    sign_in(client, lodge.officer.own_id)
    with_second_factor(client)
    shown = html(client.get("/en/housing"))
    assert "1 household waits for a home" in shown
    assert "1 of them tonight or this week" in shown
