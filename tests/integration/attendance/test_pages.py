"""The pass, the ledger, the roster and corrections."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.models import Correction, Pass
from civic.attendance.operations import passes, scans
from civic.attendance.operations.scans import Scan
from civic.attendance.privacy import export
from civic.attendance.queries import presence
from civic.attendance.rules import Direction
from civic.audit.models import AuditEntry
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, on_ground, signed_in

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


def attend(database: Database, keys: Keys, ground: Ground, person_id: UUID, hours: int) -> None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        token = passes.pass_of(ctx, keys, person_id, ground.city.id).token
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        for direction, at in (
            (Direction.ENTRY, TEN),
            (Direction.EXIT, TEN + timedelta(hours=hours)),
        ):
            scans.record_scan(ctx, ground.session_id, Scan(uuid4(), token, direction, at))


def test_pass_shows_a_code_a_picture_and_the_name_and_stays_the_same(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    amina: UUID,
) -> None:
    sign_in(client, amina)
    first, second = html(client.get("/en/me/pass")), html(client.get("/en/me/pass"))
    assert "data:image/svg+xml;base64," in first
    assert "Amina" in first
    with database.reading(signed_in(database, amina)) as ctx:
        [row] = ctx.db.scalars(select(Pass)).all()
        assert f"{row.short_code[:3]} {row.short_code[3:]}" in first
        assert f"{row.short_code[:3]} {row.short_code[3:]}" in second
        assert len(row.token_hash) == 64


def test_each_city_has_a_pass_of_its_own(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    amina: UUID,
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    sign_in(client, amina)
    client.post(f"/en/sessions/{elsewhere.session_id}/give-back")
    with database.reading(system_in(elsewhere.city.id)) as ctx:
        slug = session_facts(ctx, [elsewhere.session_id])[elsewhere.session_id].slug
    client.post(f"/en/projects/{slug}/join")
    page = html(client.get("/en/me/pass"))
    assert page.count("data:image/svg+xml;base64,") == 2
    assert "Caserta" in page
    assert "Potenza" in page


def test_replacing_the_pass_shows_another_code(
    client: FlaskClient, html: Html, sign_in: SignIn, ground: Ground, amina: UUID
) -> None:
    sign_in(client, amina)
    first = html(client.get("/en/me/pass")).split('class="code-big" dir="ltr">')[1][:7]
    answer = client.post(f"/en/me/pass/{ground.city.id}/replace", follow_redirects=True)
    assert first not in html(answer)
    assert client.post(f"/en/me/pass/{uuid4()}/replace").status_code == 404


def test_who_has_joined_nothing_is_told_how_to_get_a_pass(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        newcomer = make_person(ctx)
    sign_in(client, newcomer)
    assert "No pass yet" in html(client.get("/en/me/pass"))


def test_nobody_gets_the_pass_of_somebody_else(
    database: Database, keys: Keys, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_booked_person(ctx, ground, "Bilal")
    for actor_id in (other, ground.organiser_id):
        with (
            pytest.raises(NotFound),
            database.unit_of_work(signed_in(database, actor_id)) as ctx,
        ):
            passes.pass_of(ctx, keys, amina, ground.city.id)


def test_officer_who_replaces_a_pass_leaves_a_line_in_the_trail(
    database: Database, keys: Keys, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    with database.unit_of_work(signed_in(database, officer)) as ctx:
        passes.replace_pass(ctx, keys, amina, ground.city.id)
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(AuditEntry.action)).all() == ["pass.replaced"]


def test_code_at_the_desk_names_the_holder_of_the_living_pass_only(
    database: Database, keys: Keys, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        old = passes.pass_of(ctx, keys, amina, ground.city.id).short_code
        new = passes.replace_pass(ctx, keys, amina, ground.city.id).short_code
    with database.reading(system_in(ground.city.id)) as ctx:
        assert presence.person_by_short_code(ctx, ground.city.id, old) is None
        typed = f" {new[:3].lower()}-{new[3:]}"
        assert presence.person_by_short_code(ctx, ground.city.id, typed) == amina


def test_hours_page_lists_sessions_and_their_sum(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    keys: Keys,
    ground: Ground,
    amina: UUID,
    clock: FrozenClock,
) -> None:
    sign_in(client, amina)
    assert "No hours yet" in html(client.get("/en/me/hours"))
    clock.instant = ONE
    attend(database, keys, ground, amina, hours=2)
    page = html(client.get("/en/me/hours"))
    assert "2 hours" in page
    assert "Siepe di alloro a Villa Giaquinto" in page
    assert "21 March 2026" in page


def test_roster_shows_who_is_in_and_corrections_stand_with_their_reason(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    keys: Keys,
    ground: Ground,
    amina: UUID,
    clock: FrozenClock,
) -> None:
    clock.instant = ONE
    attend(database, keys, ground, amina, hours=1)
    sign_in(client, ground.organiser_id)
    roster = f"/en/organise/sessions/{ground.session_id}"
    page = html(client.get(roster))
    assert "Amina" in page
    assert "French" in page
    assert "1 hour" in page
    url = f"{roster}/people/{amina}/hours"
    prefix = f"p{amina.hex}-"

    answer = client.post(
        url,
        data={f"{prefix}minutes": "150", f"{prefix}reason": "Forgot to check out"},
        follow_redirects=True,
    )

    assert "Waits for a second person" in html(answer)
    assert "Forgot to check out" in html(answer)
    with database.reading(signed_in(database, amina)) as ctx:
        assert export(ctx, amina)["hours"][0]["minutes"] == 60
        [correction] = ctx.db.scalars(select(Correction)).all()
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    sign_in(client, officer)
    answer = client.post(
        f"{roster}/corrections/{correction.id}/confirm", data={}, follow_redirects=True
    )

    assert "2 hours 30 minutes" in html(answer)
    assert "Forgot to check out" in html(answer)
    with database.reading(system_in(ground.city.id)) as ctx:
        [entry] = ctx.db.scalars(
            select(AuditEntry).where(AuditEntry.action == "hours.corrected")
        ).all()
        assert (entry.subject_id, entry.details) == (amina, {"minutes": 150, "day": "2026-03-21"})
    with database.reading(signed_in(database, amina)) as ctx:
        taken = export(ctx, amina)
    assert taken["corrections"][0]["reason"] == "Forgot to check out"
    assert taken["corrections"][0]["state"] == "confirmed"
    assert taken["hours"] == [
        {"project": "Siepe di alloro a Villa Giaquinto", "day": "2026-03-21", "minutes": 150}
    ]


@pytest.mark.parametrize(
    ("minutes", "reason", "sentence"),
    [
        ("", "Why", "Write the minutes as a whole number."),
        ("-5", "Why", "Write the minutes from 0"),
        ("99999999999999999999", "Why", "Write the minutes from 0"),
        ("60", " \u202e\x00 ", "Write why"),
        ("60", "x" * 301, "at most 300 letters"),
    ],
)
def test_wrong_correction_is_shown_again_with_what_was_typed(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    ground: Ground,
    amina: UUID,
    clock: FrozenClock,
    minutes: str,
    reason: str,
    sentence: str,
) -> None:
    clock.instant = ONE
    sign_in(client, ground.organiser_id)
    prefix = f"p{amina.hex}-"
    answer = client.post(
        f"/en/organise/sessions/{ground.session_id}/people/{amina}/hours",
        data={f"{prefix}minutes": minutes, f"{prefix}reason": reason},
    )
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert f'value="{minutes}"' in html(answer)


def test_hours_cannot_be_corrected_before_the_session_begins(
    client: FlaskClient, html: Html, sign_in: SignIn, ground: Ground, amina: UUID
) -> None:
    sign_in(client, ground.organiser_id)
    prefix = f"p{amina.hex}-"
    answer = client.post(
        f"/en/organise/sessions/{ground.session_id}/people/{amina}/hours",
        data={f"{prefix}minutes": "60", f"{prefix}reason": "Why not"},
    )
    assert answer.status_code == 409
    assert "has not begun" in html(answer)


def test_hours_of_somebody_without_a_place_cannot_be_invented(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    clock: FrozenClock,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_person(ctx, "Bilal", ground.city)
    clock.instant = ONE
    sign_in(client, ground.organiser_id)
    prefix = f"p{stranger.hex}-"
    answer = client.post(
        f"/en/organise/sessions/{ground.session_id}/people/{stranger}/hours",
        data={f"{prefix}minutes": "60", f"{prefix}reason": "A friend"},
    )
    assert answer.status_code == 404


def test_organiser_sees_hours_of_their_own_association_only(
    database: Database, keys: Keys, ground: Ground, amina: UUID, clock: FrozenClock
) -> None:
    clock.instant = ONE
    attend(database, keys, ground, amina, hours=2)
    with database.reading(signed_in(database, ground.organiser_id)) as ctx:
        own = presence.hours_of(ctx, amina, ground.association.id)
        assert [row.minutes for row in own] == [120]
        assert presence.hours_of(ctx, amina, uuid4()) == []
    elsewhere = on_ground(database, slug="caserta")
    with database.reading(signed_in(database, elsewhere.organiser_id)) as ctx:
        assert presence.hours_of(ctx, amina) == []
