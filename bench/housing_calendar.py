"""The calendar of 60 dwellings: its weight, its statements, and its speed beside the barest page that
shows the same nights."""

import statistics
import time
from collections.abc import Callable, Iterator
from uuid import UUID

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench import databases
from bench.counting import counting
from bench.figures import Figure, Measure, at_least_of, at_most
from civic.accounts import operations as accounts
from civic.app import create_app
from civic.housing.models import Bed, Unit
from civic.housing.nights_models import BedSpan
from civic.kernel.clock import SystemClock, rome_day
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import count_again
from civic.kernel.policy import Role, system_in
from civic.settings import Settings
from civic.web.transaction import EXTENSION
from tests.factories.accounts import make_staff, mark_second_factor
from tests.factories.housing_works import UNITS, make_full_city
from tests.factories.tenancy import make_city

PAGE = "/it/housing/calendar"
STATEMENTS, KILOBYTES = 6, 150
SHARE_OF_BARE = 0.4
"""Ours merges the beds of a dwelling, leaves out what the reader may not see, and says it all again
in sentences for phones."""
ROUNDS = 40

BARE = """<!doctype html><title>Calendario</title>
{% for unit in units %}<h2>{{ unit.name }}</h2>
{% for bed_id in beds[unit.id] %}<svg viewBox="0 0 365 1">
{% for span in spans[bed_id] %}
<rect class="{{ span.use.value }}" x="{{ (span.first_night - first).days }}" height="1"
width="{{ (span.until_night - span.first_night).days }}"></rect>
{% endfor %}</svg>{% endfor %}{% endfor %}"""


def calendar() -> Iterator[Figure]:
    url = databases.bare("housing_calendar", lambda _database: None)
    app = create_app(Settings.from_env(databases.settings(url)))
    database: Database = app.extensions[EXTENSION].database
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        officer_id = make_staff(ctx, Role.HOUSING_OFFICER, city)
        make_full_city(ctx, city)
    with database.unit_of_work(system_in()) as ctx:
        count_again(ctx.db.connection())
    client, bare = _signed_in(app, database, officer_id), _bare(url).test_client()
    heaviest = 0
    for view in ("", "?view=list", "?view=year"):
        answer = client.get(f"{PAGE}{view}")
        if answer.status_code != 200:
            raise RuntimeError(f"the calendar answers {answer.status}")
        heaviest = max(heaviest, len(answer.get_data()))
    if client.get(f"{PAGE}?view=year").get_data().count(b'class="year flip"') != UNITS:
        raise RuntimeError("the calendar does not show all dwellings")
    yield at_most("housing.calendar_weight", heaviest / 1000, "kB", KILOBYTES)
    with counting() as asked:
        client.get(PAGE)
    yield at_most("housing.calendar_statements", len(asked.statements), "statements", STATEMENTS)
    ours, barest = _in_turn(lambda: client.get(PAGE), lambda: bare.get("/"))
    yield at_least_of("housing.calendar", 1 / ours, "1/s", 1 / barest, SHARE_OF_BARE)


def _signed_in(app: Flask, database: Database, person_id: UUID) -> FlaskClient:
    with database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, person_id)
        mark_second_factor(ctx, token)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def _bare(url: str) -> Flask:
    """Flask, SQLAlchemy and Jinja with nothing around them: the same spans, one rectangle each."""
    if url.startswith("postgresql:"):
        url = url.replace("postgresql:", "postgresql+psycopg:", 1)
    engine, app = create_engine(url), Flask(__name__)

    @app.get("/")
    def page() -> str:
        first = rome_day(SystemClock().now()).replace(day=1)
        with Session(engine) as db:
            units = db.execute(select(Unit.id, Unit.name).order_by(Unit.name)).all()
            of_unit = db.execute(select(Bed.unit_id, Bed.id).order_by(Bed.name)).all()
            rows = db.execute(
                select(BedSpan.bed_id, BedSpan.first_night, BedSpan.until_night, BedSpan.use)
                .where(BedSpan.until_night > first)
                .where(BedSpan.first_night < first.replace(year=first.year + 1))
            ).all()
        beds: dict[UUID, list[UUID]] = {unit.id: [] for unit in units}
        spans: dict[UUID, list[object]] = {bed_id: [] for _unit_id, bed_id in of_unit}
        for unit_id, bed_id in of_unit:
            beds[unit_id].append(bed_id)
        for row in rows:
            spans[row.bed_id].append(row)
        return render_template_string(BARE, units=units, beds=beds, spans=spans, first=first)

    return app


def _in_turn(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Medians in seconds, taken in turn so that both meet the same weather."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for which, ask in enumerate((one, other)):
            began = time.perf_counter()
            ask()
            taken[which].append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])


MEASURES = (
    Measure(
        ("housing.calendar_weight", "housing.calendar_statements", "housing.calendar"), calendar
    ),
)
