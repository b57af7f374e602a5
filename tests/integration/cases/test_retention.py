"""What is over is listed by reference, stays on the list for thirty days, then goes."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civic.audit.models import AuditEntry
from civic.cases.access import Data
from civic.cases.keeping_models import RetentionNotice
from civic.cases.models import (
    CaseDocument,
    CaseEntry,
    CaseFact,
    CaseFile,
    CaseSection,
    CaseTask,
)
from civic.cases.operations import entries, states
from civic.cases.operations.documents import Paper, keep_document
from civic.cases.operations.entries import NewEntry
from civic.cases.operations.erasing import finish_erasures
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.keeping import keep_retention
from civic.cases.operations.outings import Meeting, keep_meeting
from civic.cases.queries.keeping import going
from civic.cases.retention import YEARS, Kept
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import EntryKind
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from civic.kernel.vault import Vault
from tests.factories.accounts import with_second_factor
from tests.factories.cases import House, in_charge, make_house, plant

SignIn = Callable[[FlaskClient, UUID], None]
CLOSED_ON = date(2026, 3, 14)


@pytest.fixture
def house(database: Database) -> House:
    with database.unit_of_work(system_in()) as ctx:
        return make_house(ctx)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "papers")


@pytest.fixture
def closed(database: Database, house: House, store: FileStore) -> UUID:
    with database.unit_of_work(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        plant(ctx, case_id, house, Data.HOUSING, {"housing_words": "a room"})
        lead = ctx.acting(house.lead)
        entries.add_entry(lead, case_id, NewEntry(Data.SOCIAL, EntryKind.NOTE, {"words": "x"}))
        entries.add_task(lead, case_id, entries.NewTask("y"))
        paper = Paper("Permit", "application/pdf", b"%PDF-")
        keep_document(lead, store, case_id, Data.LEGAL_STATUS, paper)
        states.move(lead, case_id, CaseState.CLOSED, ending=Ending.AUTONOMY)
    return case_id


def go_to(clock: FrozenClock, day: date) -> None:
    clock.advance(timedelta(days=(day - rome_day(clock.now())).days))


def turn(database: Database, house: House) -> int:
    return keep_retention(database, [house.city.id])


def listed(database: Database, house: House) -> list[tuple[Kept, date]]:
    with database.reading(house.dpo) as ctx:
        return [(row.kept, row.goes_on) for row in going(ctx, house.city.id)]


def rows(ctx: Context, model: type[CaseSection | CaseEntry | CaseTask | CaseDocument]) -> int:
    return ctx.db.scalar(select(func.count()).select_from(model)) or 0


def test_what_goes_within_ninety_days_is_listed_and_nothing_before(
    closed: UUID, house: House, database: Database, clock: FrozenClock
) -> None:
    go_to(clock, date(2030, 12, 13))
    turn(database, house)
    assert listed(database, house) == []
    go_to(clock, date(2030, 12, 14))
    turn(database, house)
    assert listed(database, house) == [(Kept.DOCUMENTS, date(2031, 3, 14))]
    turn(database, house)
    assert listed(database, house) == [(Kept.DOCUMENTS, date(2031, 3, 14))]


def test_papers_go_on_their_day_and_the_rest_stays(
    closed: UUID,
    house: House,
    database: Database,
    clock: FrozenClock,
    vault: Vault,
    store: FileStore,
) -> None:
    go_to(clock, date(2030, 12, 20))
    turn(database, house)
    go_to(clock, date(2031, 3, 13))
    assert turn(database, house) == 0
    go_to(clock, date(2031, 3, 14))
    assert turn(database, house) == 1
    assert turn(database, house) == 0
    finish_erasures(database, vault, store)
    assert list(store.folder.glob("*/*")) == []
    with database.reading(house.lead) as ctx:
        assert rows(ctx, CaseDocument) == 0
        assert rows(ctx, CaseSection) == 2
        assert ctx.db.get_one(CaseFile, closed).erased_at is None
        lines = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "case.part_removed"))
        assert [(line.thing_id, line.details["kept"], line.actor_id) for line in lines] == [
            (closed, "documents", None)
        ]


def test_what_was_due_long_ago_is_still_listed_for_thirty_days_first(
    closed: UUID, house: House, database: Database, clock: FrozenClock
) -> None:
    go_to(clock, date(2032, 1, 1))
    assert turn(database, house) == 0
    assert listed(database, house) == [(Kept.DOCUMENTS, date(2032, 1, 31))]
    go_to(clock, date(2032, 1, 30))
    assert turn(database, house) == 0
    go_to(clock, date(2032, 1, 31))
    assert turn(database, house) == 1


def test_with_the_last_part_the_whole_file_goes_and_its_key(
    closed: UUID, house: House, database: Database, clock: FrozenClock, vault: Vault
) -> None:
    go_to(clock, date(2036, 3, 1))
    turn(database, house)
    go_to(clock, date(2036, 3, 31))
    assert turn(database, house) == 5
    with database.reading(house.lead) as ctx:
        file = ctx.db.get_one(CaseFile, closed)
        assert file.erased_at is not None
        assert (file.state, rome_day(file.state_since)) == (CaseState.CLOSED, CLOSED_ON)
        assert (rows(ctx, CaseSection), rows(ctx, CaseEntry), rows(ctx, CaseTask)) == (0, 0, 0)
        assert ctx.db.scalars(select(CaseFact.case_id)).all() == []
        done = ctx.db.scalars(select(RetentionNotice.removed_at)).all()
        assert len(done) == 5
        assert all(done)
    assert not vault.has_key(house.city.id, closed)


def test_a_paper_kept_after_the_papers_went_is_listed_anew(
    closed: UUID, house: House, database: Database, clock: FrozenClock, store: FileStore
) -> None:
    go_to(clock, date(2031, 2, 1))
    turn(database, house)
    go_to(clock, date(2031, 3, 14))
    assert turn(database, house) == 1
    with database.unit_of_work(house.lead) as ctx:
        paper = Paper("Letter", "application/pdf", b"%PDF-")
        keep_document(ctx, store, closed, Data.SOCIAL, paper)
    assert turn(database, house) == 0
    assert listed(database, house) == [(Kept.DOCUMENTS, date(2031, 4, 13))]
    go_to(clock, date(2031, 4, 13))
    assert turn(database, house) == 1


def test_one_kind_of_data_with_a_shorter_clock_goes_alone(
    closed: UUID,
    house: House,
    database: Database,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(YEARS, Kept.SOCIAL, 3)
    monkeypatch.setitem(YEARS, Kept.PLAN, 3)
    go_to(clock, date(2029, 2, 1))
    turn(database, house)
    go_to(clock, date(2029, 3, 14))
    assert turn(database, house) == 2
    with database.reading(house.lead) as ctx:
        assert (rows(ctx, CaseEntry), rows(ctx, CaseTask), rows(ctx, CaseSection)) == (0, 0, 2)


def test_a_case_taken_up_again_leaves_the_list(
    closed: UUID, house: House, database: Database, clock: FrozenClock
) -> None:
    go_to(clock, date(2031, 1, 1))
    turn(database, house)
    assert listed(database, house) != []
    with database.unit_of_work(house.lead) as ctx:
        states.move(ctx, closed, CaseState.REOPENED)
    go_to(clock, date(2031, 4, 1))
    assert turn(database, house) == 0
    assert listed(database, house) == []


def test_an_anonymous_contact_goes_a_year_after_the_last_meeting(
    house: House, database: Database, clock: FrozenClock, vault: Vault
) -> None:
    with database.unit_of_work(house.unit) as ctx:
        case_id = ctx.new_id()
        told = {"called": "Il Barone"}
        keep_meeting(ctx, house.city.id, Meeting(ctx.new_id(), case_id, ctx.now(), told))
    go_to(clock, date(2026, 6, 1))
    with database.unit_of_work(house.unit) as ctx:
        keep_meeting(ctx, house.city.id, Meeting(ctx.new_id(), case_id, ctx.now(), told))
    go_to(clock, date(2027, 3, 20))
    turn(database, house)
    assert listed(database, house) == [(Kept.ANONYMOUS_CONTACT, date(2027, 6, 1))]
    go_to(clock, date(2027, 6, 1))
    assert turn(database, house) == 1
    assert not vault.has_key(house.city.id, case_id)


def test_a_refused_intake_goes_after_two_years(
    house: House, database: Database, clock: FrozenClock
) -> None:
    with database.unit_of_work(house.lead) as ctx:
        case_id = open_case(ctx, NewCase(house.city.id, {"given": "Modou", "family": "Fall"}))
        states.move(ctx, case_id, CaseState.CLOSED, ending=Ending.NOT_TAKEN)
    go_to(clock, date(2028, 2, 1))
    turn(database, house)
    assert listed(database, house) == [(Kept.REFUSED_INTAKE, date(2028, 3, 14))]
    go_to(clock, date(2028, 3, 14))
    assert turn(database, house) == 1
    with database.reading(house.lead) as ctx:
        assert ctx.db.get_one(CaseFile, case_id).erased_at is not None


def test_the_page_shows_references_and_kinds_and_no_name(
    closed: UUID,
    house: House,
    database: Database,
    clock: FrozenClock,
    client: FlaskClient,
    sign_in: SignIn,
) -> None:
    go_to(clock, date(2031, 1, 1))
    turn(database, house)
    for who in (house.coordinator, house.dpo):
        sign_in(client, who.own_id)
        with_second_factor(client)
        page = client.get("/en/cases/retention").text
        assert closed.hex[-6:].upper() in page
        assert "Papers" in page
        assert "14 March 2031" in page
        assert "Awa" not in page
    for who in (house.lead, house.officer):
        sign_in(client, who.own_id)
        with_second_factor(client)
        assert client.get("/en/cases/retention").status_code == 404
    with database.reading(house.lead) as ctx, pytest.raises(NotFound):
        going(ctx, house.city.id)
