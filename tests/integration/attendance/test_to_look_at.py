"""Scans that somebody of the association should see, and what becomes of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.attendance.models import CheckDecision, CheckEvent, HoursEntry
from civic.attendance.operations import decisions, unknown_codes
from civic.attendance.operations.passes import PassShown
from civic.attendance.rules import Cause, Decision, Method
from civic.audit.models import AuditEntry
from civic.enrolment.models import InsurancePolicy
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import TEN, Ground, make_booked_person, on_ground, signed_in
from tests.integration.attendance.door import Door, minutes, one, stored

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
MOST_FOR_LIST = 4
"""Statements: who asks, the session or sessions, their scans, and names for an unknown code."""


def kept(
    code: str, direction: str = "entry", at: datetime = TEN, **more: object
) -> dict[str, object]:
    """A scan of a phone without network."""
    return {**one(code, direction, at), "shown": "accepted", **more}


def uninsured(database: Database, ground: Ground) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=TEN.date() - timedelta(days=1)))


def look(door: Door, scan_id: UUID, decision: str, reason: str = "") -> TestResponse:
    prefix = f"s{scan_id.hex}-"
    return door.client.post(
        f"{door.url}/to-look-at/{scan_id}",
        data={f"{prefix}decision": decision, f"{prefix}reason": reason},
        follow_redirects=True,
    )


def give(door: Door, scan_id: UUID, person_id: UUID | str) -> TestResponse:
    return door.client.post(
        f"{door.url}/to-look-at/{scan_id}/give",
        data={f"s{scan_id.hex}-person": str(person_id)},
        follow_redirects=True,
    )


def decided(database: Database, ground: Ground) -> list[Decision]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(CheckDecision.decision)))


def page_of(door: Door, html: Html) -> str:
    return html(door.client.get(f"{door.url}/to-look-at"))


def test_let_in_without_network_against_a_rule_is_said_with_its_reason_times_and_gate(
    door: Door, html: Html, database: Database, ground: Ground, shown: PassShown
) -> None:
    uninsured(database, ground)
    door.send(kept(shown.token, gate="North"))
    page = page_of(door, html)
    for words in (
        "Amina", "Let through without network", "Not insured on this day", "North",
        "Counts as of", "10:00", "Arrived here", "14:00",
    ):  # fmt: skip
        assert words in page
    assert "clock said" not in page


def test_a_wrong_clock_is_said_with_both_times(door: Door, html: Html, shown: PassShown) -> None:
    behind = TEN - timedelta(hours=3)
    scan = kept(shown.token, at=behind, shown=None)
    skewed = {"sent_at": (TEN + timedelta(hours=1)).isoformat(), "scans": [scan]}
    door.client.post(f"{door.url}/scans", json=skewed)
    page = page_of(door, html)
    assert "wrong by more than ten minutes" in page
    assert "The phone&#39;s clock said" in page.replace("'", "&#39;")
    assert "07:00" in page
    assert "10:00" in page


def test_an_unknown_code_is_shown_as_it_was_read(door: Door, html: Html) -> None:
    door.send(kept("QQQ-777", shown="unmatched"))
    page = page_of(door, html)
    assert "a code that nobody here has" in page
    assert "QQQ777" in page


def test_refused_on_the_phone_though_all_was_well_is_said(
    door: Door, html: Html, shown: PassShown
) -> None:
    door.send(kept(shown.token, shown="refused"))
    assert "said no, but all was well" in page_of(door, html)


def test_kept_and_refused_later_is_said(
    door: Door, html: Html, database: Database, ground: Ground, shown: PassShown
) -> None:
    uninsured(database, ground)
    door.send(kept(shown.token, shown="unmatched"))
    page = page_of(door, html)
    assert "Now they are refused" in page
    assert "Does not count" in page
    assert "set_aside" not in page


def test_all_is_well_on_an_empty_list(door: Door, html: Html, shown: PassShown) -> None:
    door.send(one(shown.token))
    assert "Nothing to look at" in page_of(door, html)
    assert "Nothing to look at" in html(door.client.get("/en/organise/to-look-at"))


def test_set_aside_takes_the_hours_back_and_needs_a_reason_that_stays_typed(
    door: Door, html: Html, database: Database, ground: Ground, shown: PassShown
) -> None:
    uninsured(database, ground)
    entry = kept(shown.token)
    door.send(entry)
    door.send(kept(shown.token, "exit", TEN + timedelta(hours=2)))
    assert minutes(database, ground) == [120]
    scan_id = UUID(str(entry["id"]))

    assert "Write why it shall not count" in html(look(door, scan_id, "set_aside"))
    too_long = look(door, scan_id, "set_aside", "x" * 301)
    assert too_long.status_code == 422
    assert "x" * 301 in html(too_long)
    assert decided(database, ground) == []

    answer = html(look(door, scan_id, "set_aside", "Era un'altra persona"))

    assert "it counts no more" in answer
    assert decided(database, ground) == [Decision.SET_ASIDE]
    assert minutes(database, ground) == [0]
    with database.reading(system_in(ground.city.id)) as ctx:
        last = ctx.db.scalars(select(HoursEntry).where(HoursEntry.minutes < 0)).one()
        assert (last.minutes, last.cause, last.reason) == (
            -120, Cause.DECISION, "Era un'altra persona",
        )  # fmt: skip
        line = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "scan.looked_at")).one()
        assert line.details == {"decision": "set_aside"}


def test_kept_stays_and_leaves_the_list(
    door: Door, html: Html, database: Database, ground: Ground, shown: PassShown
) -> None:
    uninsured(database, ground)
    entry = kept(shown.token)
    door.send(entry)
    door.send(kept(shown.token, "exit", TEN + timedelta(hours=2)))
    answer = html(look(door, UUID(str(entry["id"])), "kept"))
    assert "It stays as it is" in answer
    assert "Nothing to look at" in answer
    assert minutes(database, ground) == [120]


@pytest.mark.parametrize("decision", ["undone", "", "nonsense"])
def test_nothing_else_can_be_decided(
    door: Door, database: Database, ground: Ground, shown: PassShown, decision: str
) -> None:
    entry = kept(shown.token, shown="refused")
    door.send(entry)
    assert look(door, UUID(str(entry["id"])), decision).status_code == 422
    assert decided(database, ground) == []


def test_what_somebody_has_decided_is_not_decided_again(
    door: Door, html: Html, database: Database, ground: Ground, shown: PassShown
) -> None:
    entry = kept(shown.token, shown="refused")
    door.send(entry)
    scan_id = UUID(str(entry["id"]))
    look(door, scan_id, "kept")
    assert "Somebody has decided this already" in html(look(door, scan_id, "set_aside", "no"))
    assert decided(database, ground) == [Decision.KEPT]


def test_a_scan_that_is_not_on_the_list_cannot_be_set_aside(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    scan = one(shown.token)
    door.send(scan)
    assert look(door, UUID(scan["id"]), "set_aside", "because").status_code == 404
    assert decided(database, ground) == []


# Whose code it was


def test_an_unknown_code_given_to_a_person_is_their_scan_at_that_time(
    door: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    entry = kept("QQQ777", shown="unmatched", gate="North")
    leaving = kept("QQQ777", "exit", TEN + timedelta(hours=2), shown="unmatched")
    door.send(entry, leaving)
    assert "Amina" in page_of(door, html)

    answer = html(give(door, UUID(str(entry["id"])), amina))
    give(door, UUID(str(leaving["id"])), amina)

    assert "Written down for Amina at that time" in answer
    assert "Nothing to look at" in page_of(door, html)
    assert minutes(database, ground) == [120]
    theirs = [row for row in stored(database, ground) if row.person_id == amina]
    assert [(row.method, row.scanned_at, row.gate) for row in theirs] == [
        (Method.ROSTER, TEN, "North"),
        (Method.ROSTER, TEN + timedelta(hours=2), ""),
    ]
    with database.reading(system_in(ground.city.id)) as ctx:
        actions = ctx.db.scalars(select(AuditEntry.action)).all()
    assert actions.count("scan.given_to") == 2


def test_a_code_given_to_whom_the_gate_would_refuse_stays_on_the_list(
    door: Door, html: Html, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        minor = make_booked_person(ctx, ground, "Yusuf", birth_year=2010)
    entry = kept("QQQ777", shown="unmatched")
    door.send(entry)
    answer = html(give(door, UUID(str(entry["id"])), minor))
    assert "consent is missing" in answer
    assert "QQQ777" in answer
    assert decided(database, ground) == []
    assert len(stored(database, ground)) == 1


def test_a_code_goes_to_nobody_who_is_not_on_the_list(
    door: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_person(ctx, "Bilal", ground.city)
    entry = kept("QQQ777", shown="unmatched")
    door.send(entry)
    scan_id = UUID(str(entry["id"]))
    for person_id in (stranger, "", "nonsense"):
        assert give(door, scan_id, person_id).status_code == 422
    with (
        pytest.raises(NotFound),
        database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx,
    ):
        unknown_codes.give_to(ctx, scan_id, stranger)


def test_a_code_is_given_once(
    door: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        bilal = make_booked_person(ctx, ground, "Bilal")
    entry = kept("QQQ777", shown="unmatched")
    door.send(entry)
    give(door, UUID(str(entry["id"])), amina)
    answer = html(give(door, UUID(str(entry["id"])), bilal))
    assert "Somebody has decided this already" in answer
    assert [row.person_id for row in stored(database, ground) if row.person_id] == [amina]


# Whose list


def test_the_association_has_one_list_with_a_count_on_its_desk(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, shown: PassShown
) -> None:
    door.send(kept(shown.token, shown="refused"), kept("QQQ777", shown="unmatched"))
    assert "2 things to look at" in html(door.client.get("/en/organise"))
    assert "2 things to look at" in html(door.client.get(door.url))
    page = html(door.client.get("/en/organise/to-look-at"))
    assert "Amina" in page
    assert "QQQ777" in page
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    sign_in(door.client, officer)
    assert "2 things to look at" in html(door.client.get("/en/city"))
    assert "QQQ777" in html(door.client.get("/en/organise/to-look-at"))


def test_nobody_sees_the_list_of_another_association_or_city(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, shown: PassShown
) -> None:
    scan = kept(shown.token, shown="refused")
    door.send(scan)
    elsewhere = on_ground(database, slug="caserta")
    assert elsewhere.association.id == ground.association.id, "the same body in another city"
    sign_in(door.client, elsewhere.organiser_id)
    assert "Amina" not in html(door.client.get("/en/organise/to-look-at"))
    assert "to look at." not in html(door.client.get("/en/organise"))
    assert door.client.get(f"{door.url}/to-look-at").status_code == 404
    with (
        pytest.raises(NotFound),
        database.unit_of_work(signed_in(database, elsewhere.organiser_id)) as ctx,
    ):
        decisions.look_at_scan(ctx, UUID(str(scan["id"])), Decision.KEPT, "")


def test_the_lists_cost_the_same_however_long_they_are(
    door: Door, statements: Counting, shown: PassShown
) -> None:
    door.send(*(kept(f"QQQ77{number}", shown="unmatched") for number in range(9)))
    for url in (f"{door.url}/to-look-at", "/en/organise/to-look-at"):
        with statements() as counted:
            door.client.get(url)
        assert counted.total <= MOST_FOR_LIST, counted.statements


def test_events_themselves_stay_as_they_are(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    scan = kept(shown.token, shown="refused")
    door.send(scan)
    columns = [column.key for column in CheckEvent.__table__.columns]

    def rows() -> list[tuple[object, ...]]:
        return [tuple(getattr(row, key) for key in columns) for row in stored(database, ground)]

    before = rows()
    look(door, UUID(str(scan["id"])), "set_aside", "no")
    assert rows() == before
