"""Case files: a worker's list of 200, a case of 500 entries, what the trail costs, and finding one person
among 200,000."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from bench import databases
from bench.counting import counting
from bench.figures import Figure, Measure, at_least_of, at_most, at_most_times, exactly
from civic.accounts import operations as accounts
from civic.app import create_app
from civic.audit import operations as audit
from civic.cases.access import Data
from civic.cases.facts import pairs, plain_facts
from civic.cases.models import CaseFact, CaseFile
from civic.cases.operations import known
from civic.cases.operations.entries import NewEntry, NewTask, add_entry, add_task
from civic.cases.operations.files import NewCase, open_case
from civic.cases.states import CaseState
from civic.cases.vocabulary import EntryKind
from civic.catalogue.models import Project
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import count_again, expect_many_rows
from civic.kernel.policy import Actor, system_in
from civic.kernel.vault import blind
from civic.settings import Settings
from civic.web.transaction import EXTENSION
from tests.factories.accounts import mark_second_factor
from tests.factories.attendance import make_ground
from tests.factories.cases import House, in_charge, make_house

CASES, ENTRIES = 200, 500
FEW, MANY = 2_000, 200_000
ROUNDS = 60
STATEMENTS = 8
SHARE_OF_PROJECT_PAGE = 0.4
TRAIL_COSTS = 1.15
GROWS = 1.5


class Desk:
    """A site with a house of staff, and a lead who is signed in."""

    def __init__(self, name: str, fill: Callable[["Desk", Context], None]) -> None:
        url = databases.bare(name, lambda _database: None)
        self.app: Flask = create_app(Settings.from_env(databases.settings(url)))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.database: Database = self.app.extensions[EXTENSION].database
        with self.database.unit_of_work(system_in()) as ctx:
            expect_many_rows(ctx.db.connection())
            self.house: House = make_house(ctx)
            fill(self, ctx)
        with self.database.unit_of_work(system_in()) as ctx:
            count_again(ctx.db.connection())

    def client_of(self, who: Actor) -> FlaskClient:
        with self.database.unit_of_work(system_in()) as ctx:
            token = accounts.open_session(ctx, who.own_id)
            mark_second_factor(ctx, token)
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client


def working() -> Iterator[Figure]:
    found: dict[str, UUID | str] = {}

    def fill(desk: Desk, ctx: Context) -> None:
        ground = make_ground(ctx, "potenza")
        found["project"] = _slug(ctx, ground.project_id)
        lead = ctx.acting(desk.house.lead)
        for number in range(CASES):
            case_id = open_case(lead, NewCase(desk.house.city.id, {"given": f"Persona {number}"}))
            add_task(lead, case_id, NewTask(f"Passo {number}"))
        found["case"] = case_id = in_charge(ctx, desk.house)
        for number in range(ENTRIES):
            words = {"words": f"Colloquio numero {number}, con qualche parola in più"}
            at = ctx.now() - timedelta(hours=number)
            add_entry(lead, case_id, NewEntry(Data.SOCIAL, EntryKind.NOTE, words, at))

    desk = Desk("cases", fill)
    lead = desk.client_of(desk.house.lead)
    visitor = desk.app.test_client()
    case, project = f"/it/cases/{found['case']}", f"/it/projects/{found['project']}"
    for page in ("/it/cases", case):
        assert lead.get(page).status_code == 200
    assert visitor.get(project).status_code == 200
    with counting() as asked:
        lead.get("/it/cases")
    yield at_most("cases.list_statements", len(asked.statements), "statements", STATEMENTS)
    opening, public = _in_turn(lambda: lead.get(case), lambda: visitor.get(project))
    yield at_least_of("cases.opening", 1 / opening, "1/s", 1 / public, SHARE_OF_PROJECT_PAGE)
    with_trail, without = _in_turn(lambda: lead.get(case), lambda: _untold(lead, case))
    yield at_most_times("cases.trail", with_trail * 1000, "ms", without * 1000, TRAIL_COSTS)


def _slug(ctx: Context, project_id: UUID) -> str:
    return str(ctx.db.scalars(select(Project.slug).where(Project.id == project_id)).one())


def _untold(client: FlaskClient, page: str) -> None:
    with _no_trail():
        client.get(page)


@contextmanager
def _no_trail() -> Iterator[None]:
    """The same page as if nothing were written down, for the comparison alone."""
    before = audit.record
    audit.record = lambda *_told, **_more: None
    try:
        yield
    finally:
        audit.record = before


def _in_turn(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Medians in seconds, taken in turn so that both meet the same weather."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for which, ask in enumerate((one, other)):
            began = time.perf_counter()
            ask()
            taken[which].append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])


def finding() -> Iterator[Figure]:
    """The same search among a few and among many; a bare look at one primary key beside it."""
    few, many = _crowd("cases_few", FEW), _crowd("cases_many", MANY)
    small, large = _in_turn(lambda: _find(few), lambda: _find(many))
    yield at_most_times("cases.search", large * 1000, "ms", small * 1000, GROWS)
    with counting() as asked:
        _find(many)
    looks = [each for each in asked.statements if "FROM case_fact" in each]
    yield exactly("cases.search_look_ups", len(looks), "statements", 1)


def _crowd(name: str, people: int) -> Desk:
    def fill(desk: Desk, ctx: Context) -> None:
        city_id = desk.house.city.id
        (key,) = ctx.vault.index_keys(city_id).values()
        files, facts = [], []
        for number in range(people):
            case_id = ctx.new_id()
            files.append(
                {
                    "id": case_id, "municipality_id": city_id, "state": CaseState.CONTACT,
                    "state_since": ctx.now(), "language": "it", "is_anonymous": False,
                    "opened_at": ctx.now(),
                }
            )  # fmt: skip
            told = {"given": f"Nome{number % 5000}", "family": f"Cognome{number}", "born": "1998"}
            asked = plain_facts({"given": told["given"], "born": "1998"})
            asked["family"] = {f"cognome{number}"}
            asked["given"] = {f"nome{number % 5000}"}
            facts += [
                {"hash": blind(key, text), "case_id": case_id, "municipality_id": city_id,
                 "key_version": "1"}
                for text in pairs(asked)
            ]  # fmt: skip
        ctx.db.connection().execute(insert(CaseFile), files)
        ctx.db.connection().execute(insert(CaseFact), facts)

    return Desk(name, fill)


class _Undone(Exception):
    """Rolls back the count of searches, which would else stop us as it stops whoever guesses."""


def _find(desk: Desk) -> None:
    asked = {"given": "Nome1500", "family": "Cognome1500"}
    with suppress(_Undone), desk.database.unit_of_work(desk.house.lead) as ctx:
        assert len(known.find_known(ctx, desk.house.city.id, asked)) == 1
        raise _Undone


MEASURES = (
    Measure(("cases.list_statements", "cases.opening", "cases.trail"), working),
    Measure(("cases.search", "cases.search_look_ups"), finding),
)
