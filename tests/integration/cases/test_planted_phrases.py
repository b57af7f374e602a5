"""Twenty phrases are written into a case by every way in. Afterwards none of them stands readable in the
database's own files, its write-ahead log, a backup, the file store or the logs."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from civic.accounts import operations as accounts
from civic.cases.access import CaseRole
from civic.cases.queries.files import Keys
from civic.cases.queries.gate import case_for
from civic.cases.queries.people import team_of
from civic.cases.vocabulary import Purpose, Recipient
from civic.kernel.db.database import Database
from civic.kernel.outbox import Dispatcher
from civic.kernel.policy import Actor, system_in
from civic.settings import Settings
from civic.wiring import SUBSCRIPTIONS
from tests.conftest import ON_POSTGRESQL, SETTINGS, make_test_app
from tests.factories.accounts import mark_second_factor
from tests.factories.cases import House, consent, in_charge, make_house, participant, stand_on

PHRASES = [f"frase{name}segreta" for name in (
    "cognome", "nome", "storia", "salute", "consiglio", "protezione", "casa", "permesso", "nota",
    "compito", "avviso", "titolo", "carta", "appuntamento", "motivo", "emergenza", "rinvio",
    "pseudonimo", "strada", "ricerca",
)]  # fmt: skip
(
    FAMILY, GIVEN, STORY, HEALTH, ADVICE, PROTECTION, HOME, PERMIT, NOTE,
    TASK, ALERT, TITLE, PAPER, ABOUT, WHY, URGENT, REFERRAL, CALLED, STREET, SEARCH,
) = PHRASES  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        secret_key=SETTINGS.secret_key, mode="demonstration", files=str(tmp_path / "files")
    )


@pytest.fixture
def site(real_database: Database, settings: Settings) -> Flask:
    return make_test_app(real_database, settings)


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """Everything that any logger says, at its most talkative."""
    path = tmp_path / "everything.log"
    handler = logging.FileHandler(path)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


def client_of(site: Flask, database: Database, who: Actor) -> FlaskClient:
    assert who.person_id
    client = site.test_client()
    with database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, who.person_id)
        mark_second_factor(ctx, token)
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def ok(answer: object) -> None:
    assert answer.status_code in (200, 302), answer.status_code  # type: ignore[attr-defined]


def write_everything(site: Flask, database: Database) -> tuple[House, UUID]:
    with database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        person = participant(ctx, house, "Somebody", email="somebody@example.org")
        case_id = in_charge(ctx, house, person_id=person)
        stand_on(ctx, case_id, house, CaseRole.DESK, house.desk)
        strangers = make_house(ctx)
    at = f"/it/cases/{case_id}"
    desk, lead = client_of(site, database, house.desk), client_of(site, database, house.lead)
    psyche, legal = (client_of(site, database, who) for who in (house.psychologist, house.legal))
    housing, unit = (client_of(site, database, who) for who in (house.housing, house.unit))
    ok(desk.post(f"{at}/parts/identity", data={"base": "1", "given": GIVEN, "family": FAMILY}))
    ok(lead.post(f"{at}/parts/social", data={"base": "0", "story": STORY}))
    ok(psyche.post(f"{at}/parts/health", data={"base": "0", "mind_words": HEALTH}))
    ok(psyche.post(f"{at}/parts/protection", data={"base": "0", "protection_words": PROTECTION}))
    ok(legal.post(f"{at}/parts/legal_advice", data={"base": "0", "advice": ADVICE}))
    ok(legal.post(f"{at}/parts/legal_status", data={"base": "0", "permit": PERMIT}))
    ok(housing.post(f"{at}/parts/housing", data={"base": "0", "housing_words": HOME}))
    ok(lead.post(f"{at}/entries", data={"belongs": "social", "words": NOTE}))
    ok(lead.post(f"{at}/tasks", data={"words": TASK, "is_agreed": "y"}))
    alert = {"belongs": "social", "kind": "danger", "words": ALERT, "expires_on": "2026-05-01"}
    ok(lead.post(f"{at}/alerts", data=alert))
    paper = io.BytesIO(f"%PDF-1.4 {PAPER}".encode())
    sent = {"title": TITLE, "belongs": "social", "file": (paper, f"{TITLE}.pdf")}
    ok(lead.post(f"{at}/documents", data=sent, content_type="multipart/form-data"))
    awaited = {"day": "2026-03-20", "hour": "10:00", "minutes": "30", "about": ABOUT}
    ok(lead.post(f"{at}/appointments", data=awaited))
    ok(lead.post(f"{at}/state/suspended", data={"why": WHY}))
    stranger = client_of(site, database, strangers.lead)
    ok(stranger.post(f"{at}/emergency", data={"reason": f"Serve adesso: {URGENT}"}))
    _refer(database, house, case_id, lead, at)
    _go_out(unit)
    # Ways in that end in an error: what was typed comes back on the page and stays nowhere.
    for words in PHRASES:
        desk.post("/it/cases/known", data={"given": words, "family": SEARCH})
        lead.post(f"{at}/parts/identity", data={"base": "9", "given": words, "born": words})
        lead.get(f"/it/cases/{uuid4()}", headers={"Referer": "http://localhost/it/cases"})
    for page in (at, f"{at}/around", f"{at}/data.json", f"{at}/paper.pdf", f"{at}/likely"):
        ok(lead.get(page))
    ok(lead.get("/it/cases"))
    ok(lead.get("/it/cases/table.xlsx"))
    return house, case_id


def _refer(database: Database, house: House, case_id: UUID, lead: FlaskClient, at: str) -> None:
    with database.unit_of_work(system_in()) as ctx:
        abroad = make_house(ctx, "latina")
    with database.unit_of_work(house.lead) as ctx:
        yes = consent(ctx, case_id, Purpose.SHARING, Recipient.OTHER_CITY, abroad.city.id)
    asked = {"consent": str(yes), "carried": ["identity", "social"], "words": REFERRAL}
    ok(lead.post(f"{at}/referrals", data=asked))


def _go_out(unit: FlaskClient) -> None:
    token = unit.get("/it/outing/load").get_json()["token"]
    item = {
        "kind": "contact",
        "id": str(uuid4()),
        "person_id": str(uuid4()),
        "at": "2026-03-14T08:00:00+00:00",
        "called": CALLED,
        "words": STREET,
    }
    again = {**item, "id": str(uuid4()), "called": f"{CALLED} due", "base_version": 0}
    headers = {"Authorization": f"Bearer {token}"}
    answer = unit.post("/it/outing/send", json={"items": [item, again]}, headers=headers)
    outcomes = [each["outcome"] for each in answer.get_json()["answers"]]
    assert outcomes == ["kept", "conflict"]


def test_none_of_twenty_phrases_can_be_read_anywhere_but_on_its_page(
    site: Flask, real_database: Database, tmp_path: Path, log_file: Path, settings: Settings
) -> None:
    house, case_id = write_everything(site, real_database)
    with site.app_context():
        Dispatcher(real_database, SUBSCRIPTIONS).drain()
    lead = client_of(site, real_database, house.lead)
    page = lead.get(f"/it/cases/{case_id}").get_data(as_text=True)
    for words in (GIVEN, FAMILY, STORY, NOTE, TASK, ALERT):
        assert words in page, "the phrases were not written at all"
    with real_database.unit_of_work(house.lead) as ctx:
        team = team_of(ctx, case_for(ctx, case_id), Keys(ctx, house.city.id))
    assert any(URGENT in row.reason for row in team)
    scanned = dict(_everything_written(real_database, tmp_path, log_file, settings))
    assert sum(len(content) for content in scanned.values()) > 100_000
    found = {
        (words, where)
        for words in PHRASES
        for where, content in scanned.items()
        if words.encode() in content.lower()
    }
    assert found == set()


def _everything_written(
    database: Database, folder: Path, log_file: Path, settings: Settings
) -> Iterator[tuple[str, bytes]]:
    """Before anything is folded into the main file, and again in a backup made the usual way."""
    if ON_POSTGRESQL:
        yield from _postgresql_files(database)
    else:
        yield from _sqlite_files(database, folder)
    yield "log", log_file.read_bytes()
    for path in [*Path(settings.files).rglob("*"), *folder.rglob("*.key"), *folder.rglob("*.json")]:
        if path.is_file():
            yield str(path), path.read_bytes()


def _sqlite_files(database: Database, folder: Path) -> Iterator[tuple[str, bytes]]:
    with database.reading(system_in()) as ctx:
        main = Path(str(ctx.db.connection().engine.url.database))
        for path in (main, Path(f"{main}-wal"), Path(f"{main}-shm")):
            if path.exists():
                yield path.suffix, path.read_bytes()
        backup = folder / "backup.sqlite3"
        with sqlite3.connect(main) as source, sqlite3.connect(backup) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        yield "backup", backup.read_bytes()


def _postgresql_files(database: Database) -> Iterator[tuple[str, bytes]]:
    """The server's own files of this database and its log of changes, as a backup would copy them."""
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.connection().execute(text("CHECKPOINT"))
        data = Path(str(ctx.db.connection().scalar(text("SHOW data_directory"))))
        number = ctx.db.connection().scalar(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        )
    for path in [*(data / "base" / str(number)).iterdir(), *(data / "pg_wal").iterdir()]:
        if path.is_file():
            yield str(path), path.read_bytes()


def test_the_scan_would_find_a_phrase_that_is_not_sealed(
    real_database: Database, tmp_path: Path, log_file: Path, settings: Settings
) -> None:
    """A scan that never finds anything proves nothing: a participant's name is not sealed."""
    with real_database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        participant(ctx, house, "frasenonsigillata")
    logging.getLogger("civic").error("frasedelregistro")
    scanned = list(_everything_written(real_database, tmp_path, log_file, settings))
    assert any(b"frasenonsigillata" in content for _, content in scanned)
    assert any(b"frasedelregistro" in content for _, content in scanned)
