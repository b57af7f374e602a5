"""The mobile unit's evening: sent once or ten times, with the author and the hour of the field."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.cases.access import Data
from civic.cases.models import CaseConflict, CaseEntry, CaseFile, CaseSection, Outing
from civic.cases.operations.files import settle_conflict, write_section
from civic.cases.operations.reading import read_case
from civic.cases.operations.states import hand_to_lead, move
from civic.cases.states import CaseState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from tests.conftest import SATURDAY_MORNING
from tests.factories.accounts import with_second_factor
from tests.factories.cases import House, consent, make_house

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
EVENING = SATURDAY_MORNING - timedelta(hours=12)


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


def loaded(client: FlaskClient, sign_in: SignIn, who: Actor) -> dict[str, Any]:
    assert who.person_id
    sign_in(client, who.person_id)
    with_second_factor(client)
    answer = client.get("/it/outing/load")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    told: dict[str, Any] = answer.get_json()
    return told


def send(client: FlaskClient, token: str, *items: dict[str, Any]) -> list[str]:
    """Without the sign-in: by the phone's pass alone."""
    client.delete_cookie("civic")
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.post("/it/outing/send", json={"items": items}, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [each["outcome"] for each in answer.get_json()["answers"]]


def met(person: UUID | None = None, **told: Any) -> dict[str, Any]:
    known = {
        "kind": "contact",
        "id": str(uuid4()),
        "person_id": str(person or uuid4()),
        "is_new": person is None,
        "at": EVENING.isoformat(),
        "called": "Il Professore",
        "age_band": "40_59",
        "language": "fr",
        "needs": ["shelter", "health"],
        "help": ["blanket"],
        "words": "Tossisce, dorme ai portici",
        "follow_up": "Portare al medico",
    }
    return {**known, **told}


def walk(**told: Any) -> dict[str, Any]:
    known = {
        "kind": "outing",
        "id": str(uuid4()),
        "at": EVENING.isoformat(),
        "team": "Centro",
        "area": "Stazione",
        "ended_at": None,
        "tally": {"women": 1, "men": 4, "minors": 0, "unknown": 2},
        "sequence": 1,
    }
    return {**known, **told}


def test_what_was_met_keeps_its_author_and_its_hour(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    outing = walk()
    contact = met(outing_id=outing["id"])
    assert send(client, token, outing, contact) == ["kept", "kept"]
    with acting(house.unit) as ctx:
        entry = ctx.db.scalars(select(CaseEntry)).one()
        assert (entry.written_by, entry.happened_at, entry.received_at) == (
            house.unit.person_id, EVENING, SATURDAY_MORNING,
        )  # fmt: skip
        assert str(entry.outing_id) == outing["id"]
        view = read_case(ctx, UUID(contact["person_id"]))
    assert view.name == "Il Professore"
    assert view.case.is_anonymous
    assert view.timeline.entries[0].words == {
        "needs": ["shelter", "health"],
        "help": ["blanket"],
        "words": "Tossisce, dorme ai portici",
        "follow_up": "Portare al medico",
    }


def test_what_is_sent_again_stands_once(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    outing, contact = walk(), met()
    assert send(client, token, outing, contact) == ["kept", "kept"]
    assert send(client, token, outing, contact, contact) == ["repeated"] * 3
    with acting(house.unit) as ctx:
        for model in (CaseEntry, CaseFile, Outing, CaseSection):
            assert len(ctx.db.scalars(select(model)).all()) == 1


def test_a_count_that_arrives_late_does_not_undo_a_newer_one(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    early, late = walk(sequence=1), walk(sequence=3, tally={"men": 9})
    late["id"] = early["id"]
    assert send(client, token, late, early) == ["kept", "repeated"]
    with acting(house.unit) as ctx:
        row = ctx.db.scalars(select(Outing)).one()
    assert row.tally == {"women": 0, "men": 9, "minors": 0, "unknown": 0}


def test_a_contact_becomes_a_person_without_typing_again(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    contact = met()
    send(client, token, contact)
    case_id = UUID(contact["person_id"])
    with acting(house.unit) as ctx:
        identity = dict(read_case(ctx, case_id).parts[Data.IDENTITY].values)
        write_section(ctx, case_id, Data.IDENTITY, {**identity, "given": "Omar"}, 1)
        consent(ctx, case_id)
        move(ctx, case_id, CaseState.INTAKE)
        assert house.lead.person_id
        hand_to_lead(ctx, case_id, house.lead.person_id)
    with acting(house.lead) as ctx:
        view = read_case(ctx, case_id)
        entry = ctx.db.scalars(select(CaseEntry)).one()
    assert not view.case.is_anonymous
    assert view.parts[Data.IDENTITY].values["called"] == "Il Professore"
    assert (entry.written_by, entry.happened_at) == (house.unit.person_id, EVENING)


def test_two_workers_who_wrote_about_one_person_are_laid_side_by_side(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    first = met()
    send(client, token, first)
    person = UUID(first["person_id"])
    mine = met(person, called="Professore Omar", base_version=1)
    theirs = met(person, called="Omar", age_band="60_plus", base_version=1)
    assert send(client, token, mine, theirs) == ["kept", "conflict"]
    with acting(house.unit) as ctx:
        assert len(ctx.db.scalars(select(CaseEntry)).all()) == 3
        view = read_case(ctx, person)
        (conflict,) = view.conflicts
        assert view.parts[Data.IDENTITY].values["called"] == "Professore Omar"
        assert conflict.values["called"] == "Omar"
        settle_conflict(ctx, person, conflict.id, keep_theirs=True)
        view = read_case(ctx, person)
    assert view.conflicts == []
    assert view.parts[Data.IDENTITY].values["age_band"] == "60_plus"


def test_a_pass_sends_after_the_sign_in_is_over_and_reads_nothing(
    client: FlaskClient, sign_in: SignIn, house: House, clock: FrozenClock
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    clock.advance(timedelta(hours=71))
    assert send(client, token, met()) == ["kept"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/it/outing/load", headers=headers).status_code == 302
    clock.advance(timedelta(hours=1))
    over = client.post("/it/outing/send", json={"items": []}, headers=headers)
    assert over.status_code == 401
    assert client.post("/it/outing/send", json={"items": []}).status_code == 401


def test_whoever_lost_the_role_sends_nothing_any_more(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    from civic.accounts.models import RoleGrant

    token = loaded(client, sign_in, house.unit)["token"]
    with acting(system_in()) as ctx:
        for row in ctx.db.scalars(
            select(RoleGrant).where(RoleGrant.person_id == house.unit.person_id)
        ):
            ctx.db.delete(row)
    assert send(client, token, met(), walk()) == ["refused", "refused"]


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "contact"},
        {"kind": "contact", "id": "no", "person_id": "no", "at": "never"},
        met(at="2026-03-14T09:00:00"),
        walk(tally={"men": "many"}),
        walk(id="not one"),
        {"kind": "other", "id": "1"},
        {},
    ],
)
def test_what_cannot_be_read_is_refused_and_holds_nothing_up(
    broken: dict[str, Any], client: FlaskClient, sign_in: SignIn, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    assert send(client, token, broken, met()) == ["refused", "kept"]


def test_a_clock_ahead_of_ours_met_nobody_in_the_future(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House, clock: FrozenClock
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    send(client, token, met(at=(SATURDAY_MORNING + timedelta(days=3)).isoformat()))
    with acting(house.unit) as ctx:
        assert ctx.db.scalars(select(CaseEntry)).one().happened_at == clock.now()


def test_nobody_writes_into_a_person_of_another_city(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    contact = met()
    send(client, token, contact)
    with acting(system_in()) as ctx:
        abroad = make_house(ctx, "latina")
    other = loaded(client, sign_in, abroad.unit)
    assert other["people"] == []
    assert send(client, other["token"], met(UUID(contact["person_id"]))) == ["refused"]
    with acting(house.unit) as ctx:
        assert len(ctx.db.scalars(select(CaseEntry)).all()) == 1


def test_a_phone_takes_along_whom_the_unit_knows_and_its_own_open_outings(
    client: FlaskClient, sign_in: SignIn, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    closed = walk(ended_at=EVENING.isoformat(), area="Porto")
    send(client, token, walk(), closed, met())
    told = loaded(client, sign_in, house.unit)
    assert [each["area"] for each in told["outings"]] == ["Stazione"]
    (person,) = told["people"]
    assert (person["called"], person["version"], person["needs"]) == (
        "Il Professore", 1, ["shelter", "health"],
    )  # fmt: skip
    assert datetime.fromisoformat(person["last_met"]) == EVENING


def test_only_the_mobile_unit_goes_out(client: FlaskClient, sign_in: SignIn, house: House) -> None:
    for who in (house.desk, house.lead, house.officer, house.dpo):
        assert who.person_id
        sign_in(client, who.person_id)
        with_second_factor(client)
        assert client.get("/it/outing/load").status_code == 404


def test_conflicts_are_kept_sealed(
    client: FlaskClient, sign_in: SignIn, acting: Acting, house: House
) -> None:
    token = loaded(client, sign_in, house.unit)["token"]
    first = met()
    send(client, token, first)
    person = UUID(first["person_id"])
    send(client, token, met(person, called="Altro nome", base_version=0))
    with acting(house.unit) as ctx:
        row = ctx.db.scalars(select(CaseConflict)).one()
    assert b"Altro" not in row.sealed
