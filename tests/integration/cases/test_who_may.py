"""Every role against every kind of data, through every way out of a case, compared with the table of the
field. What a role may not read must not be found in anything it is given: page, list, table to take
away, search, paper, machine's answer, error page or log."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from civic.cases.access import NOTHING, TABLE, Access, CaseRole, Data
from civic.cases.models import CaseDocument, CaseFile
from civic.cases.operations import entries
from civic.cases.operations.documents import PAPERS
from civic.cases.operations.entries import NewEntry
from civic.cases.queries.gate import facts_of
from civic.cases.sections import SECTIONS
from civic.cases.vocabulary import AlertKind, EntryKind
from civic.kernel.context import Context
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, Role, system_in
from civic.kernel.vault import Spot
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.cases import House, in_charge, make_house, plant, stand_on

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]

NONE, E, M, R, W = Access.NONE, Access.EXISTENCE, Access.MASKED, Access.READ, Access.WRITE
# Written out by hand from the issue, and not taken from the code: identity, legal status, social,
# psychological and health, legal advice, protection flags, housing, plan.
EXPECTED = {
    "desk": (W, R, NONE, NONE, NONE, E, NONE, NONE),
    "mobile_unit": (W, NONE, W, NONE, NONE, E, E, NONE),
    "case_lead": (W, W, W, E, E, R, R, W),
    "psychologist": (R, NONE, R, W, NONE, W, NONE, R),
    "legal_adviser": (R, W, R, NONE, W, R, NONE, R),
    "housing_officer": (R, E, NONE, NONE, NONE, E, W, R),
    "tutor": (M, NONE, NONE, NONE, NONE, NONE, NONE, W),
    "city_coordinator": (M, M, NONE, NONE, NONE, NONE, R, M),
    "national_coordinator": (NONE,) * 8,
    "administrator": (NONE,) * 8,
    "data_protection_officer": (NONE,) * 8,
    "officer": (NONE,) * 8,
    "case_worker_of_another_case": (NONE,) * 8,
    "case_lead_of_another_city": (NONE,) * 8,
}
WORDS = {data: f"marker{data.value.replace('_', '')}zq" for data in Data}
FIELD = {
    Data.IDENTITY: "family",
    Data.LEGAL_STATUS: "status_words",
    Data.SOCIAL: "story",
    Data.HEALTH: "mind_words",
    Data.LEGAL_ADVICE: "advice",
    Data.PROTECTION: "protection_words",
    Data.HOUSING: "housing_words",
}


@dataclass(frozen=True)
class Scene:
    house: House
    case_id: UUID
    people: dict[str, Actor]
    documents: dict[Data, UUID]


@pytest.fixture
def scene(acting: Acting, app: Flask) -> Scene:
    """A case with a marked word in every kind of data: in its part, a note, a warning, a paper."""
    with acting(system_in()) as ctx:
        house = make_house(ctx)
        case_id = in_charge(ctx, house)
        everything = ctx.acting(system_in(house.city.id))
        for data, name in FIELD.items():
            values = {name: WORDS[data]}
            if data is Data.IDENTITY:
                values = {"given": "Awa", "family": WORDS[data]}
            plant(everything, case_id, house, data, values)
        for data in Data:
            _note(ctx, house, case_id, data)
        documents = {data: _paper(ctx, app, house, case_id, data) for data in Data}
        people = _people(ctx, house, case_id)
    return Scene(house, case_id, people, documents)


def _note(ctx: Context, house: House, case_id: UUID, data: Data) -> None:
    """Notes, alerts and tasks are written through the front door, by somebody who may."""
    row = ctx.db.get_one(CaseFile, case_id)
    case = facts_of(row, frozenset(), {**NOTHING, data: W})
    ctx = ctx.acting(house.lead)
    words = {"words": f"note {WORDS[data]}"}
    entries.write_entry(ctx, case, NewEntry(data, EntryKind.NOTE, words, ctx.now()))
    alert = entries.NewAlert(
        data, AlertKind.OTHER, f"alert {WORDS[data]}", date(2026, 3, 14) + timedelta(days=9)
    )
    entries._add_alert(ctx, case, alert)
    if data is Data.PLAN:
        entries.add_task(ctx, case_id, entries.NewTask(f"task {WORDS[data]}"))


def _paper(ctx: Context, app: Flask, house: House, case_id: UUID, data: Data) -> UUID:
    settings = app.extensions["civic_settings"]
    store = FileStore(Path(settings.files, PAPERS))
    document_id = ctx.new_id()
    key = ctx.vault.key_of(house.city.id, case_id)
    body = f"%PDF- paper {WORDS[data]}".encode()
    ctx.db.add(
        CaseDocument(
            id=document_id,
            municipality_id=house.city.id,
            case_id=case_id,
            data=data,
            file=store.put(key.seal_bytes(Spot("case_document", document_id, "file"), body)),
            size=len(body),
            kept_at=ctx.now(),
            sealed=key.seal(
                Spot("case_document", document_id),
                {"title": f"title {WORDS[data]}", "type": "application/pdf"},
            ),
        )
    )
    ctx.db.flush()
    return document_id


def _people(ctx: Context, house: House, case_id: UUID) -> dict[str, Actor]:
    stand_on(ctx, case_id, house, CaseRole.DESK, house.desk)
    stand_on(ctx, case_id, house, CaseRole.MOBILE_UNIT, house.unit)
    abroad = make_house(ctx, "latina")
    worker = make_staff(ctx, Role.CASE_WORKER, house.city, name="Nora Nobody")
    return {
        "desk": house.desk,
        "mobile_unit": house.unit,
        "case_lead": house.lead,
        "psychologist": house.psychologist,
        "legal_adviser": house.legal,
        "housing_officer": house.housing,
        "tutor": house.tutor,
        "city_coordinator": house.coordinator,
        "national_coordinator": actor_of(ctx, make_staff(ctx, Role.COORDINATOR)),
        "administrator": actor_of(ctx, make_staff(ctx, Role.ADMINISTRATOR)),
        "data_protection_officer": house.dpo,
        "officer": house.officer,
        "case_worker_of_another_case": actor_of(ctx, worker),
        "case_lead_of_another_city": abroad.lead,
    }


@pytest.mark.parametrize("who", EXPECTED)
def test_what_a_role_is_given_is_what_the_table_says(
    who: str,
    scene: Scene,
    client: FlaskClient,
    sign_in: SignIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    actor = scene.people[who]
    assert actor.person_id is not None
    sign_in(client, actor.person_id)
    with_second_factor(client)
    caplog.set_level(logging.DEBUG)
    shown = dict(_ways_out(client, scene))
    expected = dict(zip(Data, EXPECTED[who], strict=True))
    for data, access in expected.items():
        seen = {way for way, text in shown.items() if WORDS[data] in text}
        if access >= R:
            assert {"page", "api", "pdf"} <= seen, (data, seen)
        else:
            assert not seen, (who, data, seen)
    assert not [word for word in WORDS.values() if word in caplog.text]
    if not any(EXPECTED[who]):
        assert shown["status"] == "404"


def _ways_out(client: FlaskClient, scene: Scene) -> Iterator[tuple[str, str]]:
    at = f"/it/cases/{scene.case_id}"
    page = client.get(at)
    yield "status", str(page.status_code)
    yield "page", page.get_data(as_text=True)
    yield "around", client.get(f"{at}/around").get_data(as_text=True)
    yield "api", client.get(f"{at}/data.json").get_data(as_text=True)
    yield "pdf", _on_paper(client, f"{at}/paper.pdf")
    yield "list", client.get("/it/cases?closed=1").get_data(as_text=True)
    yield "export", _cells(client)
    asked = {"given": "Awa", "family": "Sarr", "born": "1998-05-30"}
    yield "search", client.post("/it/cases/known", data=asked).get_data(as_text=True)
    yield "likely", client.get(f"{at}/likely").get_data(as_text=True)
    for data in SECTIONS:
        yield f"form of {data}", client.get(f"{at}/parts/{data}").get_data(as_text=True)
        wrong = client.post(f"{at}/parts/{data}", data={"base": "0", "born": "never"})
        yield f"error of {data}", wrong.get_data(as_text=True)
    for data, document_id in scene.documents.items():
        found = client.get(f"{at}/documents/{document_id}")
        yield f"paper of {data}", found.get_data(as_text=True)
    yield "own page", client.get("/it/me/case").get_data(as_text=True)
    yield "readings", client.get("/it/me/file").get_data(as_text=True)
    yield "emergency", client.get(f"{at}/emergency").get_data(as_text=True)


def _on_paper(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    if answer.mimetype != "application/pdf":
        return answer.get_data(as_text=True)
    with pypdfium2.PdfDocument(answer.data) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def _cells(client: FlaskClient) -> str:
    answer = client.get("/it/cases/table.xlsx")
    if answer.status_code != 200:
        return ""
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return str(book.get_sheet_by_index(0).to_python())


@pytest.mark.parametrize("who", EXPECTED)
def test_what_a_role_may_write_is_what_the_table_says(
    who: str, scene: Scene, client: FlaskClient, sign_in: SignIn
) -> None:
    actor = scene.people[who]
    assert actor.person_id is not None
    sign_in(client, actor.person_id)
    with_second_factor(client)
    for data, access in zip(Data, EXPECTED[who], strict=True):
        at = f"/it/cases/{scene.case_id}"
        entry = client.post(f"{at}/entries", data={"belongs": data.value, "words": "written"})
        can_write = entry.status_code == 302
        assert can_write is (access is W), (who, data, entry.status_code)
        if data in SECTIONS:
            form = client.get(f"{at}/parts/{data}")
            assert (form.status_code == 200) is (access is W), (who, data)


def test_the_table_in_the_code_is_the_table_of_the_field() -> None:
    for role, row in TABLE.items():
        assert tuple(row[data] for data in Data) == EXPECTED[role.value]


def test_a_sealed_note_shows_only_that_it_exists(
    scene: Scene, client: FlaskClient, sign_in: SignIn
) -> None:
    assert scene.house.lead.person_id is not None
    sign_in(client, scene.house.lead.person_id)
    with_second_factor(client)
    told = client.get(f"/it/cases/{scene.case_id}/data.json").get_json()
    sealed = [row for row in told["timeline"] if row["data"] == "health"]
    assert [row["words"] for row in sealed] == [None]
    assert told["parts"]["health"] == {"access": "existence", "is_there": True, "values": {}}


def test_a_mask_shows_initials_and_whether_there_is_a_permit(
    scene: Scene, client: FlaskClient, sign_in: SignIn
) -> None:
    assert scene.house.coordinator.person_id is not None
    sign_in(client, scene.house.coordinator.person_id)
    with_second_factor(client)
    told = client.get(f"/it/cases/{scene.case_id}/data.json").get_json()
    assert told["parts"]["identity"]["values"] == {"initials": "A. M."}
    assert told["parts"]["legal_status"]["values"] == {"has_permit": False}
    assert (told["tasks"], told["tasks_open"]) == ([], 1)
