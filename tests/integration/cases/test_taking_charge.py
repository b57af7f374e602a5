"""From a first meeting to being in charge, and what the team does then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.cases.access import CaseRole, Data
from civic.cases.errors import (
    ConsentMissing,
    EndingMissing,
    LeadMissing,
    MoveNotAllowed,
    NotOfThatTrade,
    NotYours,
    VersionMoved,
)
from civic.cases.models import CaseFile, CaseSection
from civic.cases.operations.consents import withdraw
from civic.cases.operations.entries import NewEntry, NewTask, add_entry, add_task, mark_task
from civic.cases.operations.files import NewCase, open_case, write_section
from civic.cases.operations.reading import read_around, read_case
from civic.cases.operations.states import hand_to_lead, join_team, leave_team, move
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import AlertKind, EntryKind
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.cases import House, consent, file_of, in_charge, make_house

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


def test_the_desk_hands_a_person_on_without_anybody_typing_again(
    acting: Acting, house: House
) -> None:
    with acting(house.desk) as ctx:
        case_id = file_of(ctx, house)
        consent(ctx, case_id)
        move(ctx, case_id, CaseState.INTAKE)
        assert house.lead.person_id
        hand_to_lead(ctx, case_id, house.lead.person_id)
    with acting(house.lead) as ctx:
        move(ctx, case_id, CaseState.IN_CHARGE)
        view = read_case(ctx, case_id)
    assert view.parts[Data.IDENTITY].values["family"] == "Sarr"
    assert (view.case.state, view.case.first_counted_on) == (
        CaseState.IN_CHARGE, date(2026, 3, 14),
    )  # fmt: skip
    with acting(house.desk) as ctx, pytest.raises(NotYours):
        read_case(ctx, case_id)


def test_nobody_is_taken_in_charge_without_their_consent(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = open_case(ctx, NewCase(house.city.id, {"given": "Awa"}))
        move(ctx, case_id, CaseState.INTAKE)
        with pytest.raises(ConsentMissing):
            move(ctx, case_id, CaseState.IN_CHARGE)
        consent_id = consent(ctx, case_id)
        withdraw(ctx, case_id, consent_id)
        with pytest.raises(ConsentMissing):
            move(ctx, case_id, CaseState.IN_CHARGE)


def test_nobody_is_in_charge_of_nobody(acting: Acting, house: House) -> None:
    with acting(house.desk) as ctx:
        case_id = file_of(ctx, house)
        consent(ctx, case_id)
        move(ctx, case_id, CaseState.INTAKE)
        with pytest.raises(NotYours):
            move(ctx, case_id, CaseState.IN_CHARGE)
    assert issubclass(LeadMissing, Exception)


def test_only_allowed_moves_and_a_closing_says_how_it_ended(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        with pytest.raises(MoveNotAllowed):
            move(ctx, case_id, CaseState.REOPENED)
        with pytest.raises(EndingMissing):
            move(ctx, case_id, CaseState.CLOSED)
        move(ctx, case_id, CaseState.CLOSED, ending=Ending.AUTONOMY, why="Ha una casa")
        with pytest.raises(MoveNotAllowed):
            move(ctx, case_id, CaseState.SUSPENDED)


def test_a_case_taken_up_again_keeps_the_day_it_was_first_counted(
    acting: Acting, house: House, clock: FrozenClock
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
    clock.advance(timedelta(days=100))
    with acting(house.lead) as ctx:
        move(ctx, case_id, CaseState.CLOSED, ending=Ending.MOVED_AWAY)
    clock.advance(timedelta(days=100))
    with acting(house.lead) as ctx:
        move(ctx, case_id, CaseState.REOPENED, why="È tornata")
        row = ctx.db.get_one(CaseFile, case_id)
        moves = read_around(ctx, case_id).moves
    assert row.first_counted_on == date(2026, 3, 14)
    assert [each.to_state.value for each in moves[2:]] == ["closed", "reopened"]
    assert (moves[-1].why, moves[-2].ending) == ("È tornata", Ending.MOVED_AWAY)


def test_only_who_is_of_the_trade_joins_under_its_seal(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        with pytest.raises(NotOfThatTrade):
            join_team(ctx, case_id, CaseRole.PSYCHOLOGIST, house.tutor.person_id)
        with pytest.raises(NotOfThatTrade):
            join_team(ctx, case_id, CaseRole.HOUSING_OFFICER, house.officer.person_id)
        with pytest.raises(NotFound):
            join_team(ctx, case_id, CaseRole.CITY_COORDINATOR, house.coordinator.person_id)


def test_whoever_leaves_the_team_opens_nothing_any_more(
    acting: Acting, house: House, clock: FrozenClock
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        team = read_around(ctx, case_id).team
        of_legal = next(row for row in team if row.role is CaseRole.LEGAL_ADVISER)
        leave_team(ctx, case_id, of_legal.id)
    clock.advance(timedelta(seconds=1))
    with acting(house.legal) as ctx, pytest.raises(NotYours):
        read_case(ctx, case_id)


def test_a_lead_who_hands_on_is_no_longer_on_the_case(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        assert house.tutor.person_id
        hand_to_lead(ctx, case_id, house.tutor.person_id)
    with acting(house.lead) as ctx, pytest.raises(NotYours):
        read_case(ctx, case_id)
    with acting(house.tutor) as ctx:
        assert read_case(ctx, case_id).case.leads


def test_the_desk_has_a_file_until_the_day_ends(
    acting: Acting, house: House, clock: FrozenClock
) -> None:
    with acting(house.desk) as ctx:
        case_id = file_of(ctx, house)
        read_case(ctx, case_id)
    clock.advance(timedelta(hours=15))
    with acting(house.desk) as ctx, pytest.raises(NotYours):
        read_case(ctx, case_id)


def test_a_form_sent_twice_opens_one_file(acting: Acting, house: House) -> None:
    new = NewCase(house.city.id, {"given": "Awa"}, id=uuid4())
    with acting(house.desk) as ctx:
        assert open_case(ctx, new) == open_case(ctx, new)
        assert len(ctx.db.scalars(select(CaseFile)).all()) == 1
        assert len(ctx.db.scalars(select(CaseSection)).all()) == 1


def test_an_entry_sent_twice_stands_once_and_another_case_cannot_take_it(
    acting: Acting, house: House
) -> None:
    entry = NewEntry(Data.SOCIAL, EntryKind.NOTE, {"words": "Colloquio"}, id=uuid4())
    with acting(house.lead) as ctx:
        case_id, other = in_charge(ctx, house), in_charge(ctx, house, {"given": "Omar"})
        assert add_entry(ctx, case_id, entry)
        assert not add_entry(ctx, case_id, entry)
        with pytest.raises(NotFound):
            add_entry(ctx, other, entry)
        assert len(read_case(ctx, case_id).timeline.entries) == 1


def test_the_permit_s_clock_follows_the_permit(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        write_section(ctx, case_id, Data.LEGAL_STATUS, {"permit_ends": "2026-05-01"}, 0)
        write_section(ctx, case_id, Data.LEGAL_STATUS, {"permit_ends": "2027-05-01"}, 1)
        (alert,) = read_case(ctx, case_id).alerts
        assert (alert.kind, alert.about_on) == (AlertKind.PERMIT, date(2027, 5, 1))
        write_section(ctx, case_id, Data.LEGAL_STATUS, {"permit_ends": ""}, 2)
        assert read_case(ctx, case_id).alerts == []


def test_an_alert_is_shown_until_it_expires(
    acting: Acting, house: House, clock: FrozenClock
) -> None:
    from civic.cases.operations.entries import NewAlert, add_alert

    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        add_alert(ctx, case_id, NewAlert(Data.SOCIAL, AlertKind.DANGER, "Cane", date(2026, 3, 20)))
    clock.advance(timedelta(days=6))
    with acting(house.lead) as ctx:
        assert len(read_case(ctx, case_id).alerts) == 1
    clock.advance(timedelta(days=1))
    with acting(house.lead) as ctx:
        assert read_case(ctx, case_id).alerts == []


def test_tasks_stand_by_their_day_and_late_ones_are_marked(
    acting: Acting, house: House, clock: FrozenClock
) -> None:
    with acting(house.tutor) as ctx:
        with acting(house.lead) as lead:
            case_id = in_charge(lead, house)
        add_task(ctx, case_id, NewTask("Dopo", date(2026, 4, 1)))
        add_task(ctx, case_id, NewTask("Prima", date(2026, 3, 16)))
        add_task(ctx, case_id, NewTask("Senza giorno"))
    clock.advance(timedelta(days=5))
    with acting(house.tutor) as ctx:
        tasks = read_case(ctx, case_id).tasks
        assert [(task.words, task.is_late) for task in tasks] == [
            ("Prima", True), ("Dopo", False), ("Senza giorno", False),
        ]  # fmt: skip
        mark_task(ctx, case_id, tasks[0].id, "done")
        assert len(read_case(ctx, case_id).tasks) == 2
        with pytest.raises(NotFound):
            mark_task(ctx, case_id, uuid4(), "done")


def test_of_two_who_write_the_same_part_the_second_sees_both_versions(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        write_section(ctx, case_id, Data.SOCIAL, {"story": "Prima versione"}, 0)
        write_section(ctx, case_id, Data.SOCIAL, {"story": "Di un collega"}, 1)
    assert house.lead.person_id
    sign_in(client, house.lead.person_id)
    with_second_factor(client)
    at = f"/it/cases/{case_id}/parts/social"
    mine = {"base": "1", "story": "Quello che ho scritto io"}
    answer = client.post(at, data=mine)
    page = html(answer)
    assert answer.status_code == 409
    assert "Di un collega" in page
    assert "Quello che ho scritto io" in page
    assert 'name="base" type="hidden" value="2"' in page
    again = client.post(at, data={**mine, "base": "2"})
    assert again.status_code == 302
    with acting(house.lead) as ctx:
        assert read_case(ctx, case_id).parts[Data.SOCIAL].values["story"] == mine["story"]


def test_two_who_write_at_the_same_moment_are_never_both_kept(real_database: Database) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        case_id = in_charge(ctx, house)

    def write(words: str) -> bool:
        try:
            with real_database.unit_of_work(house.lead) as ctx:
                write_section(ctx, case_id, Data.SOCIAL, {"story": words}, 0)
        except VersionMoved:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(write, [f"versione {number}" for number in range(8)]))
    assert kept.count(True) == 1
    with real_database.unit_of_work(house.lead) as ctx:
        assert read_case(ctx, case_id).parts[Data.SOCIAL].version == 1


def test_every_opening_is_written_down_with_the_role_and_without_a_word(
    acting: Acting, house: House
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        read_case(ctx, case_id)
        line = ctx.db.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        everything = ctx.db.scalars(select(AuditEntry)).all()
    assert line is not None
    assert (line.action, line.thing_id, line.actor_id) == (
        "case.read", case_id, house.lead.person_id,
    )  # fmt: skip
    assert line.details["as"] == ["case_lead"]
    assert "Sarr" not in str([(each.details, each.reason) for each in everything])


def test_guessing_an_address_is_a_page_that_is_not_there_and_is_written_down(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    with acting(system_in()) as ctx:
        case_id = in_charge(ctx, house)
        abroad = make_house(ctx, "latina")
    assert abroad.lead.person_id
    sign_in(client, abroad.lead.person_id)
    with_second_factor(client)
    assert client.get(f"/it/cases/{case_id}").status_code == 404
    assert client.get(f"/it/cases/{uuid4()}").status_code == 404
    with acting(system_in(house.city.id, abroad.city.id)) as ctx:
        lines = ctx.db.execute(
            select(AuditEntry.municipality_id, AuditEntry.actor_id, AuditEntry.thing_id)
            .where(AuditEntry.action == "case.refused")
            .order_by(AuditEntry.at)
        ).all()
    assert set(lines) == {
        (house.city.id, abroad.lead.person_id, case_id),
        (abroad.city.id, abroad.lead.person_id, None),
    }
