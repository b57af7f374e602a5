"""Everybody reads who made their hours what they are, when and why; and nobody reads another's."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import RoleGrant
from civic.attendance.models import (
    CheckDecision,
    CheckEvent,
    ClosedMonth,
    Correction,
    ScannerDevice,
)
from civic.attendance.operations import contests, corrections
from civic.attendance.operations.contests import NewContest
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.forgotten import propose_forgotten_exits
from civic.attendance.operations.passes import PassShown
from civic.attendance.privacy import export
from civic.attendance.queries.ledger_of_person import own_day, own_hours
from civic.attendance.rules import Decision
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, signed_in
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_booking
from tests.integration.attendance.door import Door, one, pass_of

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
HOUR = timedelta(hours=1)
DAY = date(2026, 3, 21)
MOST_FOR_LIST = 5
"""Statements: who asks, the lines, what is proposed, what was asked, the sessions."""
MOST_FOR_DAY = 9
"""Who asks, the session, whether there is anything, the line, its entries, proposals, questions and
scans, and who made them."""


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city, name="Rosa")


def url(ground: Ground, day: str = "2026-03-21", session_id: UUID | None = None) -> str:
    return f"/en/me/hours/{session_id or ground.session_id}/{day}"


def propose(
    database: Database, ground: Ground, person_id: UUID, minutes: int, reason: str = "Telefono"
) -> UUID:
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        new = NewCorrection(ground.session_id, person_id, minutes, reason)
        return corrections.propose_correction(ctx, new)


def confirm(database: Database, officer: UUID, correction_id: UUID) -> None:
    with database.unit_of_work(signed_in(database, officer)) as ctx:
        corrections.confirm_correction(ctx, correction_id)


def be_there(door: Door, shown: PassShown, hours: int = 2) -> None:
    door.send(one(shown.token), one(shown.token, "exit", TEN + hours * HOUR))


def page_of(door: Door, html: Html, sign_in: SignIn, person_id: UUID, ground: Ground) -> str:
    sign_in(door.client, person_id)
    return html(door.client.get(url(ground)))


# The list


def test_each_line_leads_to_all_that_is_behind_it(
    door: Door, html: Html, sign_in: SignIn, ground: Ground, shown: PassShown, amina: UUID
) -> None:
    be_there(door, shown)
    sign_in(door.client, amina)
    page = html(door.client.get("/en/me/hours"))
    for words in ("Siepe di alloro", "21 March 2026", "2 hours", url(ground)):
        assert words in page
    assert "Not counted yet" not in page
    assert door.client.get(url(ground)).status_code == 200


def test_proposed_hours_stand_apart_and_add_nothing_to_the_sum(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID,
) -> None:  # fmt: skip
    be_there(door, shown)
    propose(database, ground, amina, 175)
    sign_in(door.client, amina)
    page = html(door.client.get("/en/me/hours"))
    apart, counted = page.split('<dl class="stats">')
    assert "Not counted yet" in apart
    assert "2 hours 55 minutes" in apart
    assert "2 hours 55 minutes" not in counted
    assert "2 hours" in counted


def test_only_proposed_hours_are_listed_without_a_sum(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    propose(database, ground, amina, 90)
    sign_in(door.client, amina)
    page = html(door.client.get("/en/me/hours"))
    assert "Not counted yet" in page
    assert "In all" not in page
    assert "Nothing counts yet" in html(door.client.get(url(ground)))


def test_the_list_costs_the_same_however_long_it_is(
    client: FlaskClient, sign_in: SignIn, database: Database, keys: Keys, ground: Ground,
    clock: FrozenClock, statements: Counting,
) -> None:  # fmt: skip
    clock.instant = ONE + 10 * timedelta(days=7)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        person_id = make_booked_person(ctx, ground)
    costs = []
    sessions = [ground.session_id]
    for week in range(1, 7):
        ahead = timedelta(weeks=week)
        with database.unit_of_work(system_in(ground.city.id)) as ctx:
            session_id = make_session(ctx, ground.project_id, TEN + ahead, ONE + ahead)
            make_booking(ctx, person_id, session_id)
        sessions.append(session_id)
        with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
            corrections.propose_correction(ctx, NewCorrection(session_id, person_id, 60, "Si"))
        sign_in(client, person_id)
        with statements() as counted:
            client.get("/en/me/hours")
        costs.append(counted.total)
    assert set(costs) == {MOST_FOR_LIST}, costs


def test_a_day_costs_the_same_however_much_is_behind_it(
    door: Door, sign_in: SignIn, database: Database, ground: Ground, shown: PassShown,
    amina: UUID, officer: UUID, statements: Counting,
) -> None:  # fmt: skip
    be_there(door, shown)
    costs = []
    for minutes in (60, 90, 100, 110):
        confirm(database, officer, propose(database, ground, amina, minutes))
        propose(database, ground, amina, minutes + 1)
        sign_in(door.client, amina)
        with statements() as counted:
            door.client.get(url(ground))
        costs.append(counted.total)
    assert set(costs) == {MOST_FOR_DAY}, costs


# A day and what is behind it


def test_scans_are_told_with_their_times_and_who_stood_at_the_gate(
    door: Door, html: Html, sign_in: SignIn, ground: Ground, shown: PassShown, amina: UUID
) -> None:
    door.send(
        one(shown.token),
        one(shown.token, "break", TEN + HOUR),
        one(shown.token, "entry", TEN + 1.5 * HOUR),
        one(shown.token, "exit", TEN + 2.5 * HOUR),
    )
    page = page_of(door, html, sign_in, amina, ground)
    for words in (
        "Coming in", "10:00", "Break", "11:00", "11:30", "Leaving", "12:30", "2 hours",
        "Counted from the scans at the gate.", "Organiser", "organiser of an association",
        "21 March 2026, 14:00",
    ):  # fmt: skip
        assert words in page
    assert "Does not count" not in page


def test_late_and_forced_are_said_in_plain_words(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, keys: Keys
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        bilal = make_person(ctx, "Bilal", ground.city)
    token = pass_of(database, keys, bilal, ground.city.id).token
    door.send({**one(token), "shown": "accepted", "gate": "North"})
    door.send({**one(token, "exit", TEN + HOUR), "shown": "accepted"})
    page = page_of(door, html, sign_in, bilal, ground)
    for words in (
        "You were let in without network", "You have no place yet", "it told us at 14:00", "North",
    ):  # fmt: skip
        assert words in page
    assert "Does not count" not in page


def test_seen_by_two_phones_is_said_and_counts_once(
    door: Door, html: Html, sign_in: SignIn, ground: Ground, shown: PassShown, amina: UUID
) -> None:
    for minute in (0, 5):
        scan = one(shown.token, "entry", TEN + timedelta(minutes=minute))
        door.send({**scan, "shown": "accepted"})
    door.send(one(shown.token, "exit", TEN + HOUR))
    page = page_of(door, html, sign_in, amina, ground)
    assert "Seen by two phones: it counts once." in page
    assert "Added: 1 hour<" in page


def test_a_refused_scan_and_one_set_aside_do_not_count_and_say_why(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID,
) -> None:  # fmt: skip
    door.send(one(shown.token, "entry", TEN - 2 * HOUR))
    be_there(door, shown)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        last = ctx.db.scalars(select(CheckEvent).order_by(CheckEvent.scanned_at.desc())).first()
        assert last
        ctx.db.add(
            CheckDecision(
                event_id=last.id, municipality_id=ground.city.id, decision=Decision.SET_ASIDE,
                reason="Era un'altra persona", made_by=ground.organiser_id, made_at=ctx.now(),
            )
        )  # fmt: skip
    page = page_of(door, html, sign_in, amina, ground)
    assert page.count("Does not count") == 2
    for words in ("Refused at the gate:", "You are early.", "Set aside after a look"):
        assert words in page
    assert '<blockquote class="mb-2" dir="auto">Era un&#39;altra persona' in page


def test_a_correction_names_who_wrote_it_who_confirmed_it_and_its_reason(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID, officer: UUID,
) -> None:  # fmt: skip
    be_there(door, shown)
    confirm(database, officer, propose(database, ground, amina, 90, "Se n'è andata prima"))
    page = page_of(door, html, sign_in, amina, ground)
    for words in (
        "Added: 2 hours", "Taken off: 30 minutes", "1 hour 30 minutes",
        "Corrected by hand, and confirmed by a second person.", "Se n&#39;è andata prima",
        "Rosa", "officer of the municipality", "Written by", "organiser of an association",
    ):  # fmt: skip
        assert words in page


def test_hours_proposed_by_the_system_are_told_as_such_before_and_after(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID, officer: UUID, clock: FrozenClock,
) -> None:  # fmt: skip
    door.send(one(shown.token))
    clock.instant = ONE + 4 * HOUR
    with database.unit_of_work(system_in()) as ctx:
        propose_forgotten_exits(ctx)
    page = page_of(door, html, sign_in, amina, ground)
    for words in ("Not counted yet", "3 hours", "The system", "Nobody saw you leave. We propose"):
        assert words in page
    assert "forgotten_exit" not in page

    with database.reading(system_in(ground.city.id)) as ctx:
        [waiting] = ctx.db.scalars(select(Correction.id))
    confirm(database, officer, waiting)
    page = page_of(door, html, sign_in, amina, ground)
    assert "Not counted yet" not in page
    assert "somebody has confirmed them" in page
    assert "Rosa" in page
    assert "forgotten_exit" not in page


def test_a_change_after_the_month_was_closed_says_where_it_counts(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID, officer: UUID, clock: FrozenClock,
) -> None:  # fmt: skip
    be_there(door, shown)
    clock.instant = ONE + timedelta(days=20)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.add(
            ClosedMonth(
                id=ctx.new_id(), municipality_id=ground.city.id, month=date(2026, 3, 1),
                closed_by=officer, closed_at=ctx.now(),
            )
        )  # fmt: skip
    confirm(database, officer, propose(database, ground, amina, 90))
    page = page_of(door, html, sign_in, amina, ground)
    assert "Counts in April 2026" in page


def test_roles_that_somebody_holds_elsewhere_are_not_told(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID,
) -> None:  # fmt: skip
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.add(
            RoleGrant(
                id=ctx.new_id(), person_id=ground.organiser_id, role=Role.CASE_WORKER,
                municipality_id=ground.city.id,
            )
        )  # fmt: skip
    be_there(door, shown)
    page = page_of(door, html, sign_in, amina, ground)
    assert "organiser of an association" in page
    assert "case worker" not in page


# Nobody else's


def test_lines_of_others_are_not_there(
    door: Door, sign_in: SignIn, database: Database, ground: Ground, shown: PassShown, amina: UUID,
    officer: UUID,
) -> None:  # fmt: skip
    be_there(door, shown)
    propose(database, ground, amina, 90)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        bilal = make_booked_person(ctx, ground, "Bilal")
    for who in (bilal, officer, ground.organiser_id):
        sign_in(door.client, who)
        assert door.client.get(url(ground)).status_code == 404
        assert door.client.post(url(ground), data={"words": "Non è vero"}).status_code == 404
        with database.reading(signed_in(database, who)) as ctx:
            assert own_hours(ctx, "en").lines == ()
            with pytest.raises(NotFound):
                own_day(ctx, ground.session_id, DAY, "en")


@pytest.mark.parametrize("day", ["2026-03-22", "20260321", "tomorrow", "2026-W12-6", "9999-99-99"])
def test_a_day_of_which_nothing_is_known_is_not_there(
    door: Door, sign_in: SignIn, ground: Ground, shown: PassShown, amina: UUID, day: str
) -> None:
    be_there(door, shown)
    sign_in(door.client, amina)
    assert door.client.get(url(ground, day)).status_code == 404
    assert door.client.post(url(ground, day), data={"words": "No"}).status_code == 404


def test_a_person_takes_away_entries_decisions_questions_and_devices(
    door: Door, database: Database, ground: Ground, shown: PassShown, amina: UUID, officer: UUID
) -> None:
    be_there(door, shown)
    confirm(database, officer, propose(database, ground, amina, 90, "Prima"))
    propose(database, ground, amina, 95, "Forse")
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        event_id = ctx.db.scalars(select(CheckEvent.id).order_by(CheckEvent.scanned_at)).first()
        ctx.db.add_all(
            [
                CheckDecision(
                    event_id=event_id, municipality_id=ground.city.id, decision=Decision.KEPT,
                    reason="Va bene", made_by=ground.organiser_id, made_at=ctx.now(),
                ),
                ScannerDevice(
                    id=ctx.new_id(), municipality_id=ground.city.id,
                    association_id=ground.association.id, name="Tablet", gate="North",
                    language="it", token_hash="0" * 64, scopes=["scan"], made_by=amina,
                    made_at=ctx.now(), expires_at=ctx.now() + HOUR,
                ),
            ]
        )  # fmt: skip
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        contests.contest(ctx, NewContest(ground.session_id, DAY, "Troppo poco", "it"))
    with database.reading(signed_in(database, amina)) as ctx:
        taken = export(ctx, amina)
    project, made = "Siepe di alloro a Villa Giaquinto", (ONE + HOUR).isoformat()
    counted = {"project": project, "day": "2026-03-21", "made": made}
    by_cause = sorted(taken["changes_of_hours"], key=lambda each: str(each["cause"]))
    assert by_cause == [
        {**counted, "minutes": -30, "cause": "correction", "reason": "Prima"},
        {**counted, "minutes": 120, "cause": "scan", "reason": ""},
    ]
    assert sorted(each["state"] for each in taken["corrections"]) == ["confirmed", "proposed"]
    assert taken["decisions_on_scans"] == [
        {
            "project": project, "scanned": TEN.isoformat(), "decision": "kept",
            "reason": "Va bene", "made": made,
        }
    ]  # fmt: skip
    assert taken["questions_about_hours"] == [
        {**counted, "words": "Troppo poco", "answer": "", "answered": None}
    ]
    assert taken["devices"] == [
        {
            "name": "Tablet", "gate": "North", "made": made,
            "expires": (ONE + 2 * HOUR).isoformat(), "revoked": None,
        }
    ]  # fmt: skip
    with database.reading(signed_in(database, officer)) as ctx, pytest.raises(NotFound):
        export(ctx, amina)
