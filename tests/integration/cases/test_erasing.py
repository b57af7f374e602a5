"""Erasing a file by two: nothing opens any more, here and in older copies, and the counts stay."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civic.cases.errors import NotYours, StillOpen, TwoMustAgree
from civic.cases.keeping_models import CaseErasure, CaseScrap
from civic.cases.models import (
    CaseArrival,
    CaseConsent,
    CaseFile,
    CaseMove,
    CaseReferral,
    Household,
    HouseholdMember,
)
from civic.cases.operations import merging, states
from civic.cases.operations.erasing import ask_erasure, decide_erasure, finish_erasures
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.reading import read_case
from civic.cases.queries.sealed import seal_faults
from civic.cases.retention import ErasureReason
from civic.cases.states import CaseState
from civic.cases.vocabulary import Purpose
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, Grant, Role, system_in
from civic.kernel.vault import Spot, Vault
from tests.factories.accounts import with_second_factor
from tests.factories.cases import (
    in_charge,
    make_house,
)
from tests.factories.ended_cases import close, erase_by_two, left_of, lived

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "papers")


def counts(database: Database) -> dict[str, Counter[tuple[str, str]]]:
    """By state and month, as figures count: of files and of moves."""
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "counts"):
        files = ctx.db.execute(select(CaseFile.state, CaseFile.state_since)).all()
        moves = ctx.db.execute(select(CaseMove.to_state, CaseMove.moved_at)).all()
        first = ctx.db.scalars(select(CaseFile.first_counted_on)).all()
    return {
        "files": Counter((row[0].value, f"{row[1]:%Y-%m}") for row in files),
        "moves": Counter((row[0].value, f"{row[1]:%Y-%m}") for row in moves),
        "first": Counter(("", f"{day:%Y-%m}") for day in first if day),
    }


def test_an_erased_file_leaves_dates_and_states_alone(
    database: Database, vault: Vault, store: FileStore
) -> None:
    house, case_id = lived(database, store)
    before = counts(database)
    paper = next(path for path in store.folder.glob("*/*"))
    erase_by_two(database, house, case_id)
    finish_erasures(database, vault, store)
    assert left_of(database, [case_id]) == {}
    assert counts(database) == before
    assert not vault.has_key(house.city.id, case_id)
    assert not paper.exists()
    with database.reading(house.lead) as ctx:
        file = ctx.db.get_one(CaseFile, case_id)
        assert (file.state, file.language) == (CaseState.CLOSED, "und")
        assert ctx.db.scalar(select(func.count()).select_from(CaseScrap)) == 0
        assert [*ctx.db.scalars(select(CaseConsent.purpose))] == [Purpose.SHARING]
        with pytest.raises(NotYours):
            read_case(ctx, case_id)
        assert list(seal_faults(ctx, house.city.id, store)) == []


def test_a_household_stays_for_those_who_are_left_and_goes_with_the_last(
    database: Database, store: FileStore
) -> None:
    house, case_id = lived(database, store)
    with database.reading(house.lead) as ctx:
        other = ctx.db.scalars(
            select(HouseholdMember.case_id).where(HouseholdMember.case_id != case_id)
        ).one()
    erase_by_two(database, house, case_id)
    with database.reading(house.lead) as ctx:
        assert ctx.db.scalars(select(HouseholdMember.case_id)).all() == [other]
        assert ctx.db.scalar(select(func.count()).select_from(Household)) == 1
    close(database, house, other)
    erase_by_two(database, house, other)
    with database.reading(house.lead) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Household)) == 0


def test_what_another_city_was_sent_is_theirs_and_stays(
    database: Database, vault: Vault, store: FileStore
) -> None:
    house, case_id = lived(database, store)
    erase_by_two(database, house, case_id)
    finish_erasures(database, vault, store)
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "the other city"):
        arrival = ctx.db.scalars(select(CaseArrival)).one()
        assert ctx.db.scalars(select(CaseReferral.id)).one() == arrival.referral_id
    key = vault.key_of(arrival.municipality_id, arrival.id)
    assert arrival.sealed is not None
    parcel = key.open(Spot("case_arrival", arrival.id), arrival.sealed)
    assert parcel["parts"]["identity"]["given"] == "Awa"


def test_files_that_were_merged_go_along(
    database: Database, vault: Vault, store: FileStore
) -> None:
    house, case_id = lived(database, store)
    with database.unit_of_work(house.lead) as ctx:
        twin = open_case(ctx, NewCase(house.city.id, {"given": "Awa", "family": "Sar"}))
        merging.merge(ctx, case_id, twin)
    erase_by_two(database, house, case_id)
    assert left_of(database, [case_id, twin]) == {}
    assert not vault.has_key(house.city.id, twin)


# By two


def test_only_a_closed_case_is_erased_and_only_its_lead_asks(acting: Acting) -> None:
    with acting(system_in()) as ctx:
        house = make_house(ctx)
        case_id = in_charge(ctx, house)
    with acting(house.lead) as ctx, pytest.raises(StillOpen):
        ask_erasure(ctx, case_id, ErasureReason.PERSON_ASKED)
    with acting(house.psychologist) as ctx, pytest.raises(NotYours):
        ask_erasure(ctx, case_id, ErasureReason.PERSON_ASKED)


def test_a_case_taken_up_again_since_is_not_erased(database: Database, store: FileStore) -> None:
    house, case_id = lived(database, store)
    with database.unit_of_work(house.lead) as ctx:
        erasure_id = ask_erasure(ctx, case_id, ErasureReason.RETENTION_OVER)
        assert ask_erasure(ctx, case_id, ErasureReason.PERSON_ASKED) == erasure_id
        states.move(ctx, case_id, CaseState.REOPENED)
    with database.unit_of_work(house.dpo) as ctx, pytest.raises(StillOpen):
        decide_erasure(ctx, erasure_id, is_confirmed=True)


def test_nobody_but_the_data_protection_officer_confirms(
    database: Database, store: FileStore
) -> None:
    house, case_id = lived(database, store)
    with database.unit_of_work(house.lead) as ctx:
        erasure_id = ask_erasure(ctx, case_id, ErasureReason.OPENED_BY_MISTAKE)
    for who in (house.lead, house.coordinator, house.officer, house.psychologist):
        with database.unit_of_work(who) as ctx, pytest.raises(NotFound):
            decide_erasure(ctx, erasure_id, is_confirmed=True)
    with database.unit_of_work(system_in()) as ctx:
        elsewhere = make_house(ctx, "latina").dpo
    with database.unit_of_work(elsewhere) as ctx, pytest.raises(NotFound):
        decide_erasure(ctx, erasure_id, is_confirmed=True)


def test_whoever_asked_never_confirms_whatever_else_they_are(
    database: Database, store: FileStore
) -> None:
    house, case_id = lived(database, store)
    both = replace(
        house.lead, grants=(*house.lead.grants, Grant(Role.DATA_PROTECTION, house.city.id))
    )
    with database.unit_of_work(both) as ctx:
        erasure_id = ask_erasure(ctx, case_id, ErasureReason.OPENED_BY_MISTAKE)
    with database.unit_of_work(both) as ctx, pytest.raises(TwoMustAgree):
        decide_erasure(ctx, erasure_id, is_confirmed=True)
    with database.unit_of_work(house.dpo) as ctx:
        decide_erasure(ctx, erasure_id, is_confirmed=False)
    with database.unit_of_work(house.lead) as ctx:
        assert read_case(ctx, case_id).name == "Awa Sarr"
        row = ctx.db.scalars(select(CaseErasure)).one()
        assert (row.is_confirmed, row.decided_by) == (False, house.dpo.person_id)
    with database.unit_of_work(house.dpo) as ctx, pytest.raises(NotFound):
        decide_erasure(ctx, erasure_id, is_confirmed=True)


def test_the_page_of_the_data_protection_officer_shows_no_name(
    database: Database,
    store: FileStore,
    client: FlaskClient,
    sign_in: SignIn,
    html: Callable[[Any], str],
) -> None:
    house, case_id = lived(database, store)
    sign_in(client, house.lead.own_id)
    with_second_factor(client)
    assert "erased" in html(client.get(f"/en/cases/{case_id}/erasure"))
    assert client.post(f"/en/cases/{case_id}/erasure", data={}).status_code == 422
    answer = client.post(f"/en/cases/{case_id}/erasure", data={"reason": "person_asked"})
    assert answer.status_code == 302
    assert client.get("/en/cases/erasures").status_code == 404
    sign_in(client, house.dpo.own_id)
    with_second_factor(client)
    page = html(client.get("/en/cases/erasures"))
    assert case_id.hex[-6:].upper() in page
    assert "The person asked for it" in page
    assert "Awa" not in page
    with database.reading(house.dpo) as ctx:
        erasure_id = ctx.db.scalars(select(CaseErasure.id)).one()
    assert client.post(f"/en/cases/erasures/{erasure_id}/confirm").status_code == 302
    assert "Erased on" in html(client.get("/en/cases/erasures"))
    assert client.post(f"/en/cases/erasures/{erasure_id}/confirm").status_code == 404
