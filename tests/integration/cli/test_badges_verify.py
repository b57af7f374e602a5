"""`civic badges verify`, of a badge, of what was said about one, and of the photo of a card."""

import io
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageOps
from qrcode.constants import ERROR_CORRECT_M
from sqlalchemy import select

from civic.badges import cards, endorsing, issuing
from civic.badges.addresses import Addresses
from civic.badges.credential_words import describer, shown, vouched
from civic.badges.credentials.card import in_square
from civic.badges.credentials.keys import Keyring
from civic.badges.issuing import Signer
from civic.badges.models import BadgeCard, BadgeIssuer, Credential, Endorsement
from civic.kernel.clock import SystemClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.policy import Role, system_in
from civic.web import qr
from tests.factories.accounts import make_person, make_staff
from tests.factories.badges import make_award, work_hours
from tests.factories.tenancy import make_association, make_city
from tests.integration.badges.conftest import SITE
from tests.integration.cli.test_register_verify import civic

ON_POSTGRESQL = os.environ.get("CIVIC_TEST_DATABASE") == "postgresql"
pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the command brings a database of its own")
NOWHERE = Path("/nowhere/civic.sqlite3")


@pytest.fixture
def folder(tmp_path: Path, app: Flask) -> Path:
    """A badge of today in each of its forms, and a database that knows it."""
    file = tmp_path / "civic.sqlite3"
    engine = make_engine(f"sqlite:///{file}")
    migrate(engine)
    database = Database(engine, SystemClock())
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        organiser_id = make_staff(ctx, Role.ORGANISER, city, gardeners)
        person_id = make_person(ctx, "Amina Diallo", city)
        work_hours(ctx, city, gardeners, person_id)
        make_award(ctx, city, gardeners, person_id, organiser_id)
    addresses = Addresses(SITE)
    keyring = Keyring.open(tmp_path / "keys", "a secret of the tests, long enough")
    signer = Signer(keyring, addresses, describer(addresses), vouched, shown)
    with app.app_context():
        issuing.issue_due(database, signer)
        endorsing.endorse_due(database, signer)
        cards.sign_due(database, signer)
        issuing.sign_lists(database, signer)
    with database.reading(system_in(city.id)) as ctx:
        token = ctx.db.scalars(select(BadgeCard.token)).one()
        texts = {
            "badge.json": ctx.db.scalars(select(Credential.document)).one(),
            "endorsement.json": ctx.db.scalars(select(Endorsement.document)).one(),
            "card.txt": in_square(addresses.card_page, token),
            "did.json": json.dumps(ctx.db.scalars(select(BadgeIssuer.document)).one()),
        }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    photographed(texts["card.txt"]).save(tmp_path / "card.jpg", quality=70)
    photographed(texts["card.txt"]).save(tmp_path / "card.png")
    engine.dispose()
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode = DELETE")
    return tmp_path


def photographed(text: str) -> Image.Image:
    """The square, a little tilted, somewhere on a grey table."""
    rows = qr.modules(text, ERROR_CORRECT_M)
    square = Image.new("L", (len(rows), len(rows)), 255)
    square.putdata([0 if is_dark else 255 for row in rows for is_dark in row])
    square = square.resize((6 * len(rows), 6 * len(rows)), Image.Resampling.NEAREST)
    square = ImageOps.expand(square, 24, 255).rotate(7, expand=True, fillcolor=150)
    table = Image.new("L", (1600, 1200), 150)
    table.paste(square, (500, 250))
    return table


@pytest.mark.parametrize("name", ["card.jpg", "card.png", "card.txt"])
def test_a_card_is_checked_from_its_photo_or_its_text(folder: Path, name: str) -> None:
    answer = civic(folder / "civic.sqlite3", "badges", "verify", str(folder / name))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("valid: This badge is true.")
    assert "The name on the card: Amina Diallo" in answer.stdout


@pytest.mark.parametrize("name", ["card.jpg", "card.txt", "badge.json", "endorsement.json"])
def test_with_a_did_document_neither_database_nor_network_is_asked(folder: Path, name: str) -> None:
    did = str(folder / "did.json")
    answer = civic(NOWHERE, "badges", "verify", str(folder / name), "--did", did)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Nobody was asked whether it was taken back." in answer.stdout


def test_an_endorsement_is_called_one(folder: Path) -> None:
    answer = civic(folder / "civic.sqlite3", "badges", "verify", str(folder / "endorsement.json"))
    assert answer.returncode == 0
    badge = json.loads((folder / "badge.json").read_text())["id"]
    assert "This endorsement is true." in answer.stdout
    assert f"It endorses the badge {badge}" in answer.stdout


def test_one_changed_byte_and_what_is_no_card_end_with_1(folder: Path) -> None:
    text = (folder / "card.txt").read_text()
    (folder / "card.txt").write_text(text[:-4] + "2222")
    answer = civic(folder / "civic.sqlite3", "badges", "verify", str(folder / "card.txt"))
    assert answer.returncode == 1
    assert answer.stdout.startswith("forged: ")
    assert "Amina" not in answer.stdout
    empty = io.BytesIO()
    Image.new("L", (300, 300), 255).save(empty, "PNG")
    (folder / "empty.png").write_bytes(empty.getvalue())
    (folder / "cut.jpg").write_bytes((folder / "card.jpg").read_bytes()[:200])
    for name in ("empty.png", "cut.jpg"):
        answer = civic(folder / "civic.sqlite3", "badges", "verify", str(folder / name))
        assert (answer.returncode, answer.stderr) == (1, "")
        assert answer.stdout.startswith("unreadable: ")


def test_a_file_that_is_no_did_document_is_said_so(folder: Path) -> None:
    did = str(folder / "card.jpg")
    answer = civic(NOWHERE, "badges", "verify", str(folder / "card.txt"), "--did", did)
    assert answer.returncode == 1
    assert "is no DID document" in answer.stderr
