"""Hours set right by hand: one person says so with a reason, another confirms."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.accounts.models import RoleGrant
from civic.attendance.errors import AlreadyDecided, MinutesOutOfRange, SecondPersonMissing
from civic.attendance.models import Correction, HoursEntry, HoursLine
from civic.attendance.operations import corrections
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.passes import PassShown
from civic.attendance.rules import Cause, CorrectionState
from civic.catalogue.models import ProjectSession
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Actor, Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, on_ground, signed_in
from tests.integration.attendance.door import Door, credited, minutes, one, pass_of

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
MOST_FOR_LIST = 3
"""Statements: who asks, the corrections, their sessions."""


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city, name="Rosa")


def correct(
    door: Door, person_id: UUID, minutes: str, reason: str = "Phone", **more: str
) -> TestResponse:
    prefix = f"p{person_id.hex}-"
    values = {"minutes": minutes, "reason": reason, **more}
    return door.client.post(
        f"{door.url}/people/{person_id}/hours",
        data={f"{prefix}{name}": value for name, value in values.items()},
        follow_redirects=True,
    )


def decide(door: Door, correction_id: UUID, what: str, **more: str) -> TestResponse:
    url = f"{door.url}/corrections/{correction_id}/{what}"
    return door.client.post(url, data=more, follow_redirects=True)


def written(database: Database, ground: Ground) -> list[Correction]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(Correction).order_by(Correction.made_at)))


def test_it_waits_on_the_roster_and_counts_once_a_second_person_confirmed(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    amina: UUID, officer: UUID,
) -> None:  # fmt: skip
    page = html(correct(door, amina, "90", "Il telefono era scarico"))
    [correction] = written(database, ground)
    for words in (
        "Waits for a second person", "1 hour 30 minutes", "Il telefono era scarico",
        "Written by Organiser", "You wrote this",
    ):  # fmt: skip
        assert words in page
    assert f"/corrections/{correction.id}/confirm" not in page
    assert minutes(database, ground) == []

    sign_in(door.client, officer)
    assert f"/corrections/{correction.id}/confirm" in html(door.client.get(door.url))
    page = html(decide(door, correction.id, "confirm"))

    assert "Confirmed: it counts now." in page
    assert "Waits for a second person" not in page
    assert minutes(database, ground) == [90]
    with database.reading(system_in(ground.city.id)) as ctx:
        entry = ctx.db.scalars(select(HoursEntry)).one()
    assert (entry.cause, entry.cause_id, entry.made_by) == (
        Cause.CORRECTION, correction.id, officer,
    )  # fmt: skip


def test_whoever_wrote_it_cannot_confirm_it_but_can_take_it_back(
    door: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    page = html(correct(door, amina, "90"))
    [correction] = written(database, ground)
    assert "Take it back" in page
    assert "Somebody else must confirm this" in html(decide(door, correction.id, "confirm"))
    assert minutes(database, ground) == []
    decide(door, correction.id, "refuse")
    assert [row.state for row in written(database, ground)] == [CorrectionState.REFUSED]
    assert minutes(database, ground) == []


def test_nobody_decides_on_their_own_hours(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        own = make_booked_person(ctx, ground, "Dunja")
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.add(
            RoleGrant(
                id=ctx.new_id(), person_id=own, role=Role.ORGANISER,
                municipality_id=ground.city.id, association_id=ground.association.id,
            )
        )  # fmt: skip
    correct(door, own, "90")
    [correction] = written(database, ground)
    sign_in(door.client, own)
    page = html(door.client.get(door.url))
    assert f"/corrections/{correction.id}/" not in page
    for what in ("confirm", "refuse"):
        assert "Somebody else must confirm this" in html(decide(door, correction.id, what))
    assert [row.state for row in written(database, ground)] == [CorrectionState.PROPOSED]


def test_refused_leaves_the_hours_as_they_were(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID, officer: UUID,
) -> None:  # fmt: skip
    door.send(one(shown.token), one(shown.token, "exit", TEN + timedelta(hours=2)))
    correct(door, amina, "30")
    [correction] = written(database, ground)
    sign_in(door.client, officer)
    assert "It does not count" in html(decide(door, correction.id, "refuse"))
    assert minutes(database, ground) == [120]
    assert "Somebody has decided this already" in html(decide(door, correction.id, "confirm"))
    assert minutes(database, ground) == [120]


def test_confirmed_minutes_stand_above_scans_that_arrive_later(
    door: Door, sign_in: SignIn, database: Database, ground: Ground, shown: PassShown,
    amina: UUID, officer: UUID,
) -> None:  # fmt: skip
    correct(door, amina, "30")
    sign_in(door.client, officer)
    decide(door, written(database, ground)[0].id, "confirm")
    door.send(one(shown.token), one(shown.token, "exit", TEN + timedelta(hours=2)))
    assert minutes(database, ground) == [30]


def test_minutes_that_somebody_wrote_are_not_changed_by_whoever_confirms(
    door: Door, database: Database, ground: Ground, amina: UUID, officer: UUID
) -> None:
    correct(door, amina, "90")
    [correction] = written(database, ground)
    with (
        pytest.raises(MinutesOutOfRange),
        database.unit_of_work(signed_in(database, officer)) as ctx,
    ):
        corrections.confirm_correction(ctx, correction.id, 60)
    assert minutes(database, ground) == []


def test_whoever_was_let_in_without_a_place_can_have_their_hours_set_right(
    door: Door, html: Html, database: Database, keys: Keys, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        bilal = make_person(ctx, "Bilal", ground.city)
    scan = one(pass_of(database, keys, bilal, ground.city.id).token)
    door.send(scan)
    assert correct(door, bilal, "60").status_code == 404, "refused, and so not there"
    door.send({**scan, "id": str(uuid4()), "shown": "accepted"})
    assert "Waits for a second person" in html(correct(door, bilal, "60"))


# Lists of what waits


def test_the_citys_desk_lists_what_waits_for_its_officers(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    amina: UUID, officer: UUID,
) -> None:  # fmt: skip
    correct(door, amina, "90", "Il telefono era scarico")
    assert "waits for a second person." not in html(door.client.get("/en/organise"))
    assert "Il telefono" in html(door.client.get("/en/organise/corrections"))

    sign_in(door.client, officer)
    assert "1 correction of hours waits for a second person." in html(door.client.get("/en/city"))
    page = html(door.client.get("/en/organise/corrections"))
    for words in ("Amina", "Il telefono era scarico", ground.association.name, "Confirm"):
        assert words in page
    [correction] = written(database, ground)
    answer = door.client.post(
        f"{door.url}/corrections/{correction.id}/confirm",
        data={"next": "/en/organise/corrections"},
    )
    assert answer.location == "/en/organise/corrections"
    assert "Nothing to confirm" in html(door.client.get("/en/organise/corrections"))


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil"])
def test_deciding_leads_to_no_other_site(
    door: Door, database: Database, ground: Ground, amina: UUID, elsewhere: str
) -> None:
    correct(door, amina, "90")
    [correction] = written(database, ground)
    url = f"{door.url}/corrections/{correction.id}/refuse"
    assert door.client.post(url, data={"next": elsewhere}).location == door.url


def test_officers_of_other_cities_and_organisers_of_others_see_none_of_it(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    correct(door, amina, "90")
    [correction] = written(database, ground)
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in()) as ctx:
        far = make_staff(ctx, Role.OFFICER, elsewhere.city)
    for who in (far, elsewhere.organiser_id):
        sign_in(door.client, who)
        assert "Amina" not in html(door.client.get("/en/organise/corrections"))
        for what in ("confirm", "refuse"):
            assert decide(door, correction.id, what).status_code == 404


def test_the_list_costs_the_same_however_long_it_is(
    door: Door, database: Database, ground: Ground, statements: Counting
) -> None:
    for number in range(6):
        with database.unit_of_work(system_in(ground.city.id)) as ctx:
            person_id = make_booked_person(ctx, ground, f"Person {number}")
        correct(door, person_id, "90")
    with statements() as counted:
        door.client.get("/en/organise/corrections")
    assert counted.total <= MOST_FOR_LIST, counted.statements


# Over midnight

NINE_IN_THE_EVENING = datetime(2026, 3, 21, 20, 0, tzinfo=UTC)
THREE_AT_NIGHT = datetime(2026, 3, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def by_night(
    door: Door, sign_in: SignIn, database: Database, ground: Ground, clock: FrozenClock
) -> Door:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(
            update(ProjectSession).values(starts_at=NINE_IN_THE_EVENING, ends_at=THREE_AT_NIGHT)
        )
    clock.instant = THREE_AT_NIGHT
    sign_in(door.client, ground.organiser_id)
    return door


def days(database: Database, ground: Ground) -> dict[date, int]:
    with database.reading(system_in(ground.city.id)) as ctx:
        rows = ctx.db.execute(select(HoursLine.day, HoursLine.minutes))
        return {row.day: row.minutes for row in rows}


def test_over_midnight_the_day_is_chosen(
    by_night: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    shown: PassShown, amina: UUID, officer: UUID,
) -> None:  # fmt: skip
    by_night.send(
        one(shown.token, "entry", NINE_IN_THE_EVENING), one(shown.token, "exit", THREE_AT_NIGHT)
    )
    assert days(database, ground) == {date(2026, 3, 21): 180, date(2026, 3, 22): 180}
    page = html(correct(by_night, amina, "60", day="2026-03-22"))
    assert "Saturday 21 March" in page
    assert "Sunday 22 March" in page
    [correction] = written(database, ground)
    assert correction.day == date(2026, 3, 22)
    sign_in(by_night.client, officer)
    decide(by_night, correction.id, "confirm")
    assert days(database, ground) == {date(2026, 3, 21): 180, date(2026, 3, 22): 60}


@pytest.mark.parametrize("day", ["2026-03-23", "", "tomorrow"])
def test_a_day_on_which_it_was_not_is_refused_and_what_was_typed_stays(
    by_night: Door, html: Html, database: Database, ground: Ground, amina: UUID, day: str
) -> None:
    answer = correct(by_night, amina, "61", "Ha aiutato", day=day)
    assert answer.status_code == 422
    assert 'value="61"' in html(answer)
    assert 'value="Ha aiutato"' in html(answer)
    assert written(database, ground) == []


def test_the_day_that_was_chosen_stays_when_something_else_is_wrong(
    by_night: Door, html: Html, amina: UUID
) -> None:
    page = html(correct(by_night, amina, "many", day="2026-03-22"))
    chosen = page.split('value="2026-03-22"')[0].rsplit("<input", 1)[1]
    assert "checked" in chosen


def test_what_ends_at_midnight_has_one_day(
    by_night: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    midnight = datetime(2026, 3, 21, 23, 0, tzinfo=UTC)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(ProjectSession).values(ends_at=midnight))
    assert f"p{amina.hex}-day" not in html(by_night.client.get(by_night.url))


# Two at once


def at_once(*steps: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(steps))

    def run(step: Callable[[], str]) -> str:
        barrier.wait()
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_of_two_who_confirm_at_once_one_counts(real_database: Database, clock: FrozenClock) -> None:
    clock.instant = ONE
    ground = on_ground(real_database, places=20)
    writer = signed_in(real_database, ground.organiser_id)
    with real_database.unit_of_work(system_in()) as ctx:
        seconds = [make_staff(ctx, Role.OFFICER, ground.city) for _each in range(3)]
    actors = [signed_in(real_database, each) for each in seconds]

    def say_yes(actor: Actor, correction_id: UUID) -> str:
        try:
            with real_database.unit_of_work(actor) as ctx:
                corrections.confirm_correction(ctx, correction_id)
        except AlreadyDecided:
            return "too late"
        return "confirmed"

    def say_no(actor: Actor, correction_id: UUID) -> str:
        try:
            with real_database.unit_of_work(actor) as ctx:
                corrections.refuse_correction(ctx, correction_id)
        except AlreadyDecided:
            return "too late"
        return "refused"

    for number in range(15):
        with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
            person_id = make_booked_person(ctx, ground, f"Person {number}")
        with real_database.unit_of_work(writer) as ctx:
            new = NewCorrection(ground.session_id, person_id, 90, "Phone")
            correction_id = corrections.propose_correction(ctx, new)
        answers = at_once(
            partial(say_yes, actors[0], correction_id),
            partial(say_yes, actors[1], correction_id),
            partial(say_no, actors[2], correction_id),
        )
        assert answers.count("too late") == 2
        with real_database.reading(system_in(ground.city.id)) as ctx:
            of_them = HoursEntry.person_id == person_id
            entries = ctx.db.scalars(select(HoursEntry.minutes).where(of_them)).all()
            row = ctx.db.scalars(select(Correction).where(Correction.id == correction_id)).one()
        assert list(entries) == ([90] if "confirmed" in answers else [])
        assert row.state == ("confirmed" if "confirmed" in answers else "refused")


def test_without_the_second_person_nothing_is_told_to_anybody(
    door: Door, database: Database, ground: Ground, amina: UUID
) -> None:
    correct(door, amina, "90")
    [correction] = written(database, ground)
    with (
        pytest.raises(SecondPersonMissing),
        database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx,
    ):
        corrections.confirm_correction(ctx, correction.id)
    assert credited(database) == 0
