"""A person's copy of their file: everything of them, nobody else's name, and for them alone."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from civic.accounts import operations as accounts
from civic.audit.models import AuditEntry
from civic.cases.access import NOTHING, Access, Data
from civic.cases.keeping_models import CaseArchive
from civic.cases.models import CaseFile
from civic.cases.operations import archives, entries
from civic.cases.operations.documents import PAPERS, Paper, give_document, keep_document
from civic.cases.operations.entries import NewEntry
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.households import add_member, split
from civic.cases.operations.reading import read_case
from civic.cases.queries.gate import facts_of
from civic.cases.vocabulary import AlertKind, EntryKind, Relation
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import actor_of, with_second_factor
from tests.factories.cases import House, in_charge, make_house, participant, plant

SignIn = Callable[[FlaskClient, UUID], None]
THIRD = ("zaynab", "kourouma", "tidiane", "mariama", "ibrahima", "oumou", "fanta")


@dataclass(frozen=True)
class Scene:
    house: House
    case_id: UUID
    person: Actor


@pytest.fixture
def scene(database: Database, app: Flask) -> Scene:
    """A file with other people's names in every kind of text that there is."""
    store = FileStore(Path(app.extensions["civic_settings"].files, PAPERS))
    with database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        person_id = participant(ctx, house)
        case_id = in_charge(ctx, house, person_id=person_id)
        system = ctx.acting(system_in(house.city.id))
        plant(
            system,
            case_id,
            house,
            Data.SOCIAL,
            {
                "story": "She came with ZAYNAB Kourouma, and zaynab's brother Tidiane.",
                "household": "Mariama and Ibrahima Sarr",
                "third_parties": "Zaynab Kourouma (friend), Tidiane",
            },
        )
        plant(system, case_id, house, Data.HEALTH, {"mind_words": "Fears Tidiane at night"})
        lead = ctx.acting(house.lead)
        for name in ("Mariama", "Ibrahima"):
            other = open_case(lead, NewCase(house.city.id, {"given": name, "family": "Sarr"}))
            add_member(lead, case_id, other, Relation.CHILD)
        split(lead, other, is_for_safety=True)
        note(ctx, house, case_id, Data.HEALTH, "Spoke of Oumou, whom nobody listed before")
        note(ctx, house, case_id, Data.LEGAL_ADVICE, "Zaynàb will be a witness")
        entries.add_task(lead, case_id, entries.NewTask("Call Mariama’s school"))
        alert = entries.NewAlert(
            Data.SOCIAL, AlertKind.OTHER, "Tidiane waits outside", date(2026, 4, 1)
        )
        entries.add_alert(lead, case_id, alert)
        title = "Letter of Fanta and Zaynab"
        given = Paper(title, "application/pdf", b"%PDF- hers")
        paper_id = keep_document(lead, store, case_id, Data.LEGAL_STATUS, given)
        give_document(lead, case_id, paper_id)
        kept = Paper("Not given", "application/pdf", b"%PDF- of others")
        keep_document(lead, store, case_id, Data.LEGAL_STATUS, kept)
        person = actor_of(ctx, person_id)
    return Scene(house, case_id, person)


def note(ctx: Context, house: House, case_id: UUID, data: Data, words: str) -> None:
    case = facts_of(ctx.db.get_one(CaseFile, case_id), frozenset(), {**NOTHING, data: Access.WRITE})
    told = {"words": words, "third_parties": "Oumou" if "Oumou" in words else ""}
    entries.write_entry(ctx.acting(house.psychologist), case, NewEntry(data, EntryKind.NOTE, told))


def ask_and_release(database: Database, scene: Scene, more: str = "Fanta") -> None:
    with database.unit_of_work(scene.person) as ctx:
        archives.ask_archive(ctx, scene.case_id)
    with database.unit_of_work(scene.house.lead) as ctx:
        archives.release_archive(ctx, scene.case_id, more)


def take(client: FlaskClient, scene: Scene, language: str = "en") -> ZipFile:
    answer = client.get(f"/{language}/me/case/{scene.case_id}/archive.zip")
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["Cache-Control"] == "private, no-store"
    return ZipFile(io.BytesIO(answer.data))


def test_no_name_of_anybody_else_stands_anywhere_in_the_copy(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    ask_and_release(database, scene)
    sign_in(client, scene.person.own_id)
    taken = take(client, scene)
    data = taken.read("data.json").decode()
    pdf = next(name for name in taken.namelist() if name.endswith(".pdf") and "/" not in name)
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(taken.read(pdf))).pages)
    told = {"data.json": data, "pdf": printed, "names": " ".join(taken.namelist())}
    for where, text in told.items():
        assert [name for name in THIRD if name in text.casefold().replace("à", "a")] == [], where
    assert "█████" in data
    assert "•••••" in printed


def test_everything_of_the_person_is_in_it_of_every_discipline(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    ask_and_release(database, scene)
    sign_in(client, scene.person.own_id)
    taken = take(client, scene)
    told = json.loads(taken.read("data.json"))
    assert told["reference"] == scene.case_id.hex[-6:].upper()
    identity = next(part for part in told["parts"] if part["data"] == "identity")
    assert (identity["said"]["given"], identity["said"]["family"]) == ("Awa", "Sarr")
    health = next(part for part in told["parts"] if part["data"] == "health")
    assert health["said"]["mind_words"] == "Fears █████ at night"
    assert {row["data"] for row in told["timeline"]} == {"health", "legal_advice"}
    assert {row["by"] for row in told["timeline"]} == {"Pia Psyche"}
    assert [row["purpose"] for row in told["consents"]] == ["taking_charge"]
    assert {row["by"] for row in told["team"]} >= {"Lea Lead", "Pia Psyche", "Leo Legal"}
    assert len(told["documents"]) == 2
    papers = [name for name in taken.namelist() if name.startswith("documents/")]
    assert [taken.read(name) for name in papers] == [b"%PDF- hers"]


def test_a_name_that_is_also_a_code_takes_no_code_away(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    ask_and_release(database, scene, "Social Note, Health, Closed, En, Fr, Legal Advice, Napoli")
    sign_in(client, scene.person.own_id)
    told = json.loads(take(client, scene).read("data.json"))
    assert {part["data"] for part in told["parts"]} == {"identity", "social", "health"}
    assert told["municipality"] == "Napoli"


def test_who_was_split_off_for_safety_is_not_even_counted(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    ask_and_release(database, scene)
    sign_in(client, scene.person.own_id)
    told = json.loads(take(client, scene).read("data.json"))
    assert [row["relation"] for row in told["household"]] == ["child"]


def test_readings_of_the_file_are_in_it(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    with database.unit_of_work(scene.house.housing) as ctx:
        read_case(ctx, scene.case_id)
    ask_and_release(database, scene)
    sign_in(client, scene.person.own_id)
    told = json.loads(take(client, scene).read("data.json"))
    assert {"by": "Hugo Housing", "roles": ["housing_officer"], "action": "case.read"} in [
        {name: row[name] for name in ("by", "roles", "action")} for row in told["openings"]
    ]


@pytest.mark.parametrize("language", ["it", "fr", "ar"])
def test_it_is_typeset_in_every_language_of_the_pages(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn, language: str
) -> None:
    ask_and_release(database, scene)
    sign_in(client, scene.person.own_id)
    taken = take(client, scene, language)
    assert any(name.endswith(".pdf") and "/" not in name for name in taken.namelist())


def test_nobody_but_the_person_takes_it(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    address = f"/en/me/case/{scene.case_id}/archive.zip"
    ask_and_release(database, scene)
    with database.unit_of_work(system_in()) as ctx:
        other = participant(ctx, scene.house, "Somebody else")
    house = scene.house
    for who in (other, house.lead.own_id, house.psychologist.own_id, house.dpo.own_id):
        sign_in(client, who)
        with_second_factor(client)
        assert client.get(address).status_code == 404
        assert client.post(address.removesuffix(".zip")).status_code == 404
    with client.session_transaction() as session:
        session.clear()
    assert client.get(address).status_code == 302


def test_a_card_and_its_pin_never_take_it(
    scene: Scene, database: Database, client: FlaskClient
) -> None:
    ask_and_release(database, scene)
    with database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, scene.person.own_id, by_pin=True)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    assert client.get(f"/en/me/case/{scene.case_id}/archive.zip").status_code == 404
    assert client.get("/en/me/case/archive").status_code == 404


def test_it_is_there_once_the_lead_released_it_and_for_two_weeks(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn, clock: FrozenClock
) -> None:
    address = f"/en/me/case/{scene.case_id}/archive.zip"
    sign_in(client, scene.person.own_id)
    assert client.get(address).status_code == 404
    assert "Ask for my copy" in client.get("/en/me/case/archive").text
    for _ in range(2):
        assert client.post(f"/en/me/case/{scene.case_id}/archive").status_code == 302
    assert "You asked for it" in client.get("/en/me/case/archive").text
    assert client.get(address).status_code == 404
    with database.unit_of_work(scene.house.lead) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(CaseArchive)) == 1
        assert [row.case_id for row in archives.waiting_archives(ctx, scene.house.city.id)] == [
            scene.case_id
        ]
        archives.release_archive(ctx, scene.case_id, "")
    assert "Take my copy" in client.get("/en/me/case/archive").text
    clock.advance(timedelta(days=13, hours=23))
    assert client.get(address).status_code == 200
    clock.advance(timedelta(hours=1))
    assert client.get(address).status_code == 404
    assert "Ask for my copy" in client.get("/en/me/case/archive").text


def test_the_lead_looks_at_who_is_blacked_out_and_nobody_else_releases(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    address = f"/en/cases/{scene.case_id}/archive"
    with database.unit_of_work(scene.person) as ctx:
        archives.ask_archive(ctx, scene.case_id)
    for who in (scene.house.psychologist, scene.house.coordinator):
        sign_in(client, who.own_id)
        with_second_factor(client)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    sign_in(client, scene.house.lead.own_id)
    with_second_factor(client)
    page = client.get(address).text
    for name in ("Zaynab Kourouma", "Tidiane", "Oumou", "Mariama Sarr", "Ibrahima Sarr"):
        assert name in page
    assert scene.case_id.hex[-6:].upper() in client.get("/en/cases/archives").text
    assert client.post(address, data={"names": "Fanta"}).status_code == 302
    assert "Released on" in client.get(address).text
    assert client.post(address, data={}).status_code == 409


def test_asking_releasing_and_taking_are_written_down(
    scene: Scene, database: Database, client: FlaskClient, sign_in: SignIn
) -> None:
    ask_and_release(database, scene)
    sign_in(client, scene.person.own_id)
    take(client, scene)
    with database.reading(scene.house.dpo) as ctx:
        actions = ctx.db.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.action.startswith("case.archive"))
            .order_by(AuditEntry.number)
        ).all()
    assert actions == ["case.archive_asked", "case.archive_released", "case.archive_taken"]


def test_the_names_that_the_lead_adds_are_sealed(scene: Scene, database: Database) -> None:
    ask_and_release(database, scene, "Fanta Keita")
    with database.reading(scene.house.lead) as ctx:
        sealed = ctx.db.scalars(select(CaseArchive.sealed)).one()
    assert sealed is not None
    assert b"Fanta" not in sealed
