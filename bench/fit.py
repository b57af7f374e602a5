"""Ranking twenty thousand projects for one person, beside the plain list of the same projects."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from flask.testing import FlaskClient
from sqlalchemy import select

from bench import databases
from bench.counting import counting
from bench.figures import Figure, Measure, at_most, at_most_times
from civic.accounts import operations as accounts
from civic.accounts.models import PersonInCity
from civic.accounts.queries import actor_of_person
from civic.app import create_app
from civic.catalogue.finding import Spot
from civic.catalogue.fit import Rank, Wishes
from civic.catalogue.queries.fit import best_fitting
from civic.catalogue.queries.listing import soonest
from civic.catalogue.queries.search import search_for
from civic.catalogue.rules import Area, Filters
from civic.catalogue.skills import SKILLS
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import Actor, system_in
from civic.portal.wishes import wishes_of
from civic.settings import Settings

PROJECTS = 20_000
TIMES = 5.0
"""As long as the plain list takes, at most."""
ROUNDS = 80
PAGES = 30
MOST_STATEMENTS = 8
FREE = (0, 3, 15, 16, 18)
POTENZA = Spot(40.64, 15.80)
PAGE = "/it/projects?sort=fit"

Ask = Callable[[Context], object]


def speed() -> Iterator[Figure]:
    database = Database(make_engine(databases.offer(PROJECTS)))
    actor = _somebody(database)
    with database.reading(actor) as ctx:
        deep = _page_so_many_pages_on(ctx)
    asked: dict[str, Ask] = {
        "own_city": _fit,
        "anywhere": partial(_fit, has_no_city=True),
        "near": partial(_fit, near=POTENZA),
        "deep_page": partial(_fit, has_no_city=True, after=deep),
    }
    for name, ask in asked.items():
        value, reference = _in_turn(database, actor, ask, _plain)
        yield at_most_times(f"fit.{name}", value, "ms", reference, TIMES)


def _plain(ctx: Context) -> object:
    return soonest(ctx, search_for(ctx, Filters(), "it"), "it")


def _fit(
    ctx: Context,
    *,
    has_no_city: bool = False,
    near: Spot | None = None,
    after: Rank | None = None,
) -> str | None:
    """Wishes are read each time, and what no made person has is added to them."""
    wishes: Wishes = replace(
        wishes_of(ctx),
        skills=frozenset(list(SKILLS)[:2]),
        areas=frozenset({Area.GREEN}),
        near=near,
    )
    if has_no_city:
        wishes = replace(wishes, cities=frozenset())
    search = search_for(ctx, Filters(), "it")
    return best_fitting(ctx, search, wishes, "it", after).next


def _page_so_many_pages_on(ctx: Context) -> Rank | None:
    after: Rank | None = None
    for _ in range(PAGES):
        after = Rank.decode(_fit(ctx, has_no_city=True, after=after) or "")
    return after


def _somebody(database: Database) -> Actor:
    """A participant who has said when they have time."""
    with database.unit_of_work(system_in()) as ctx:
        person_id = ctx.db.scalars(
            select(PersonInCity.__table__.c.person_id).order_by("person_id").limit(1)
        ).one()
        actor = actor_of_person(ctx, person_id)
    with database.unit_of_work(actor) as ctx:
        accounts.keep_free_time(ctx, FREE)
    return actor


def _in_turn(database: Database, actor: Actor, ours: Ask, reference: Ask) -> tuple[float, float]:
    """Median milliseconds of both, asked alternately so that both meet the same weather."""
    spans: tuple[list[float], list[float]] = ([], [])
    for _ in range(1 + ROUNDS):
        for ask, kept in zip((ours, reference), spans, strict=True):
            begun = time.perf_counter()
            with database.reading(actor) as ctx:
                ask(ctx)
            kept.append(1000 * (time.perf_counter() - begun))
    # The first round reads what is remembered afterwards.
    return statistics.median(spans[0][1:]), statistics.median(spans[1][1:])


def statements() -> Iterator[Figure]:
    """Of the page of a signed-in person, once a city is remembered."""
    url = databases.offer(PROJECTS)
    database = Database(make_engine(url))
    client = create_app(Settings.from_env(databases.settings(url))).test_client()
    _sign_in(client, database)
    for _ in range(2):
        with counting() as asked:
            answer = client.get(PAGE)
        if answer.status_code != 200:
            raise RuntimeError(f"{PAGE} answers {answer.status}")
    yield at_most("fit.statements", len(asked.statements), "statements", MOST_STATEMENTS)


def _sign_in(client: FlaskClient, database: Database) -> None:
    person = _somebody(database)
    with database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, person.own_id)
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True


MEASURES = (
    Measure(("fit.statements",), statements),
    Measure(("fit.own_city", "fit.anywhere", "fit.near", "fit.deep_page"), speed),
)
