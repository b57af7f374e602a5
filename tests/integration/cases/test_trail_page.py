"""The data-protection officer reads who did what; a person is told who opened their file."""

import ast
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import delete, func, select

from civic.accounts.models import RoleGrant
from civic.audit import operations as audit
from civic.audit.models import AuditEntry
from civic.audit.rules import ACTION_WORDS
from civic.cases.access import Data
from civic.cases.operations.emergency import break_glass
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.known import find_known
from civic.cases.operations.reading import read_case
from civic.cases.queries.openings import PAGE, outliers, trail_page
from civic.cases.trail_words import OPENED, TRAIL_WORDS
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.settings import ROOT
from tests.factories.accounts import actor_of, with_second_factor
from tests.factories.cases import House, in_charge, make_house, participant, plant

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def house(database: Database) -> House:
    with database.unit_of_work(system_in()) as ctx:
        return make_house(ctx)


@pytest.fixture
def case_id(database: Database, house: House) -> UUID:
    """Read, searched for, refused and opened in an emergency."""
    with database.unit_of_work(system_in()) as ctx:
        person_id = participant(ctx, house, "Awa Sarr")
    with database.unit_of_work(house.lead) as ctx:
        case_id = in_charge(ctx, house, person_id=person_id)
        plant(ctx, case_id, house, Data.SOCIAL, {"story": "a long way"})
    with database.unit_of_work(house.psychologist) as ctx:
        read_case(ctx, case_id)
        find_known(ctx, house.city.id, {"given": "Awa", "family": "Sarr"})
    with database.unit_of_work(house.unit) as ctx:
        break_glass(ctx, case_id, "somebody is in danger")
    return case_id


def test_every_action_of_cases_has_words_for_the_person_and_for_the_officer() -> None:
    written = set()
    for path in Path(ROOT, "civic", "cases").rglob("*.py"):
        if path.name == "trail_words.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            written |= _actions(node)
    assert len(written) > 45
    assert written - set(ACTION_WORDS) == set()
    assert written - set(TRAIL_WORDS) == set()
    assert set(TRAIL_WORDS) - written == set()
    assert {name for name in ACTION_WORDS if name.startswith("case.")} == written


def _actions(node: ast.AST) -> set[str]:
    """`"case.read"`, the third argument of `note(ctx, case, "read")`, and what is read `as_what`."""
    if isinstance(node, ast.Constant) and re.fullmatch(r"case\.[a-z_]+", str(node.value)):
        return {str(node.value)}
    if isinstance(node, ast.Call):
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        third = node.args[2:3] if name in ("note", "_note") else []
        named = [each.value for each in node.keywords if each.arg == "as_what"]
        return {
            f"case.{each.value!s}" for each in (*third, *named) if isinstance(each, ast.Constant)
        }
    if isinstance(node, ast.FunctionDef):
        pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        return {
            f"case.{default.value!s}"
            for argument, default in pairs
            if argument.arg == "as_what" and isinstance(default, ast.Constant)
        }
    return set()


def test_the_page_tells_who_what_and_which_file_and_never_whose(
    case_id: UUID, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, house.dpo.own_id)
    with_second_factor(client)
    page = client.get("/en/cases/trail").text
    assert case_id.hex[-6:].upper() in page
    for told in ("Pia Psyche", "opened the file", "asked whether somebody is known", "case worker"):
        assert told in page
    for kept in ("Awa", "Sarr", "a long way", "in danger"):
        assert kept not in page


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [
        ("openings", "opened the file<", "asked whether"),
        ("searches", "asked whether somebody is known", "opened the file<"),
        ("emergencies", "opened the file in an emergency", "asked whether"),
        ("refusals", "asked for what is not theirs", "asked whether"),
    ],
)
def test_it_is_filtered_by_kind(
    case_id: UUID,
    house: House,
    client: FlaskClient,
    sign_in: SignIn,
    kind: str,
    there: str,
    not_there: str,
) -> None:
    sign_in(client, house.tutor.own_id)
    with_second_factor(client)
    assert client.get(f"/en/cases/{UUID(int=5)}").status_code == 404
    sign_in(client, house.dpo.own_id)
    with_second_factor(client)
    page = client.get(f"/en/cases/trail?kind={kind}").text
    assert there in page
    assert not_there not in page


def test_it_is_filtered_by_reference(case_id: UUID, house: House, database: Database) -> None:
    with database.unit_of_work(house.lead) as ctx:
        other = open_case(ctx, NewCase(house.city.id, {"given": "Modou"}))
        reference = f" {case_id.hex[-6:].lower()}"
    with database.reading(house.dpo) as ctx:
        found = trail_page(ctx, house.city.id, reference=reference)
        assert {row.reference for row in found.rows} == {case_id.hex[-6:].upper()}
        assert trail_page(ctx, house.city.id, reference="NOBODY").rows == []
        assert other.hex[-6:].upper() != case_id.hex[-6:].upper()


def test_a_hundred_lines_a_page_newest_first(house: House, database: Database) -> None:
    with database.unit_of_work(house.lead) as ctx:
        for _ in range(PAGE + 5):
            audit.record(ctx, house.city.id, "case.list_read")
    with database.reading(house.dpo) as ctx:
        first = trail_page(ctx, house.city.id)
        second = trail_page(ctx, house.city.id, page=2)
    assert (len(first.rows), first.has_more) == (PAGE, True)
    assert (len(second.rows), second.has_more) == (5, False)


def test_a_page_that_is_read_is_one_line(
    house: House, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, house.dpo.own_id)
    with_second_factor(client)
    for page in (1, 2):
        client.get(f"/en/cases/trail?page={page}")
    with database.reading(house.dpo) as ctx:
        lines = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "case.trail_read"))
        assert sorted(line.details["page"] for line in lines) == [1, 2]


def test_nobody_else_reads_the_trail_and_nobody_of_another_city(
    house: House, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    for who in (house.lead, house.coordinator, house.officer, house.desk):
        sign_in(client, who.own_id)
        with_second_factor(client)
        assert client.get("/en/cases/trail").status_code == 404
    with database.unit_of_work(system_in()) as ctx:
        elsewhere = make_house(ctx, "latina").dpo
    with database.reading(elsewhere) as ctx, pytest.raises(NotFound):
        trail_page(ctx, house.city.id)


def test_who_left_is_named_and_the_person_is_not(
    case_id: UUID, house: House, database: Database
) -> None:
    with database.unit_of_work(system_in(house.city.id)) as ctx:
        ctx.db.execute(delete(RoleGrant).where(RoleGrant.person_id == house.psychologist.own_id))
        person_id = participant(ctx, house, "Khady")
        audit.record(ctx.acting(actor_of(ctx, person_id)), house.city.id, "case.archive_taken")
    with database.reading(house.dpo) as ctx:
        rows = trail_page(ctx, house.city.id).rows
    assert [row.name for row in rows if row.action == "case.archive_taken"] == [""]
    assert ("Pia Psyche", ()) in {
        (row.name, row.roles) for row in rows if row.action == "case.read"
    }


# Outliers


def open_many(database: Database, house: House, who: Actor, many: int) -> None:
    with database.unit_of_work(who) as ctx:
        for _ in range(many):
            audit.record(ctx, house.city.id, "case.read", thing_id=ctx.new_id())


def test_who_opens_more_than_three_times_what_colleagues_do_stands_at_the_top(
    house: House, database: Database, clock: FrozenClock, client: FlaskClient, sign_in: SignIn
) -> None:
    for who, many in ((house.lead, 10), (house.psychologist, 3), (house.legal, 3)):
        open_many(database, house, who, many)
    open_many(database, house, house.desk, 500)
    with database.reading(house.dpo) as ctx:
        found = outliers(ctx, house.city.id)
    assert [(each.name, each.role, each.opened, each.usual) for each in found] == [
        ("Lea Lead", Role.CASE_WORKER, 10, 3)
    ]
    sign_in(client, house.dpo.own_id)
    with_second_factor(client)
    assert "More than usual" in client.get("/en/cases/trail").text
    clock.advance(timedelta(days=7, seconds=1))
    with database.reading(house.dpo) as ctx:
        assert outliers(ctx, house.city.id) == []


def test_three_times_as_many_is_not_yet_an_outlier_and_a_file_counts_once(
    house: House, database: Database
) -> None:
    for who, many in ((house.lead, 9), (house.psychologist, 3), (house.legal, 3)):
        open_many(database, house, who, many)
    with database.unit_of_work(house.lead) as ctx:
        again = ctx.db.scalars(
            select(AuditEntry.thing_id).where(AuditEntry.actor_id == house.lead.person_id).limit(1)
        ).one()
        for _ in range(5):
            audit.record(ctx, house.city.id, "case.read", thing_id=again)
    with database.reading(house.dpo) as ctx:
        assert outliers(ctx, house.city.id) == []


# For the person


def test_the_lead_prints_for_the_person_who_opened_their_file_in_their_language(
    case_id: UUID, house: House, client: FlaskClient, sign_in: SignIn, database: Database
) -> None:
    address = f"/it/cases/{case_id}/openings.pdf"
    sign_in(client, house.lead.own_id)
    with_second_factor(client)
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    printed = "".join(page.extract_text() for page in reader.pages)
    assert "Pia Psyche" in printed
    assert "Ugo Unit" in printed
    assert str(reader.root_object["/Lang"]) == "fr"
    with database.reading(house.dpo) as ctx:
        done = select(func.count()).where(AuditEntry.action == "case.openings_printed")
        assert ctx.db.scalar(done) == 1


def test_nobody_but_the_lead_prints_it(
    case_id: UUID, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    for who in (house.psychologist, house.coordinator, house.unit):
        sign_in(client, who.own_id)
        with_second_factor(client)
        assert client.get(f"/it/cases/{case_id}/openings.pdf").status_code == 404


def test_openings_are_those_by_which_somebody_saw_what_a_file_says() -> None:
    assert set(TRAIL_WORDS) > OPENED
    assert not OPENED & {"case.list_read", "case.searched"}
