"""The organiser's hand: out of turn or off the list, always named, reasoned and told."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.accounts.models import Contact
from civic.accounts.rules import ContactKind
from civic.audit.models import AuditEntry
from civic.catalogue.models import ProjectSession
from civic.enrolment.errors import NotOnTheList, NotReadyForPlace, OverrideReasonMissing
from civic.enrolment.models import InsurancePolicy
from civic.enrolment.operations import overriding
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import system_in
from civic.notifications.models import Message
from tests.factories.attendance import Ground, on_ground, signed_in
from tests.integration.enrolment.asking import (
    book,
    booking,
    newcomers,
    set_places,
    states,
    taken,
)

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database, places=1)


@pytest.fixture
def line(database: Database, ground: Ground) -> list[UUID]:
    people = newcomers(database, "Amina", "Bilal", "Chidi")
    for person_id in people:
        book(database, person_id, ground.session_id)
    return people


def give(database: Database, ground: Ground, person_id: UUID, why: str = "brings tools") -> bool:
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        return overriding.give_out_of_turn(ctx, ground.session_id, person_id, why)


def trail(database: Database, ground: Ground) -> list[AuditEntry]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(
            ctx.db.scalars(select(AuditEntry).where(AuditEntry.action.startswith("place.")))
        )


def test_a_full_session_grows_by_the_place_given_out_of_turn(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    assert give(database, ground, line[2])
    assert states(database, ground, *line) == ["confirmed", "waiting", "confirmed"]
    assert taken(database, ground) == 2
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.get_one(ProjectSession, ground.session_id).places == 2
        assert booking(ctx, ground, line[2]).booked_by == ground.organiser_id
    (entry,) = trail(database, ground)
    assert (entry.actor_id, entry.subject_id, entry.thing_id, entry.reason, entry.details) == (
        ground.organiser_id,
        line[2],
        ground.session_id,
        "brings tools",
        {"places": 2},
    )


def test_a_free_place_is_used_before_the_session_grows(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    set_places(database, ground, 2)
    assert not give(database, ground, line[2])
    assert states(database, ground, *line) == ["confirmed", "waiting", "confirmed"]


def test_an_override_needs_a_reason_and_somebody_who_waits(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    with pytest.raises(OverrideReasonMissing):
        give(database, ground, line[2], "")
    with pytest.raises(NotOnTheList):
        give(database, ground, line[0])


def test_nobody_is_put_in_uninsured_even_by_hand(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=date(2026, 3, 20)))
    with pytest.raises(NotReadyForPlace):
        give(database, ground, line[2])


def test_only_an_organiser_of_the_association_there_overrides(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    for stranger in (elsewhere.organiser_id, line[1]):
        with (
            pytest.raises(NotFound),
            database.unit_of_work(signed_in(database, stranger)) as ctx,
        ):
            overriding.give_out_of_turn(ctx, ground.session_id, line[2], "please")


def test_a_place_taken_back_is_told_with_the_reason_and_goes_on(
    database: Database,
    ground: Ground,
    line: list[UUID],
    drain: Callable[[], int],
    clock: FrozenClock,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.add(
            Contact(
                id=ctx.new_id(), person_id=line[0], kind=ContactKind.EMAIL, value="a@example.org"
            )
        )
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        overriding.take_back(ctx, ground.session_id, line[0], "asked us by phone")
    drain()
    assert states(database, ground, *line) == ["withdrawn", "offered", "waiting"]
    assert [entry.action for entry in trail(database, ground)] == ["place.taken_back"]
    with database.reading(system_in()) as ctx:
        bodies = ctx.db.scalars(select(Message.body).where(Message.person_id == line[0])).all()
    assert any("asked us by phone" in body for body in bodies)


def test_the_page_names_those_who_wait_and_says_that_the_session_grew(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    line: list[UUID],
) -> None:
    sign_in(client, ground.organiser_id)
    url = f"/en/organise/sessions/{ground.session_id}/override"
    page = html(client.get(url))
    assert "Bilal" in page
    assert "Amina" not in page
    assert "it gets one place more" in page

    wrong = client.post(url, data={"person": str(line[2]), "reason": " "})
    assert wrong.status_code == 422
    assert "Write the reason." in html(wrong)
    assert client.post(url, data={"reason": "x"}).status_code == 422
    unknown = client.post(url, data={"person": "nobody", "reason": "x"})
    assert unknown.status_code == 422
    assert "Choose a person." in html(unknown)

    done = html(
        client.post(
            url, data={"person": str(line[2]), "reason": "brings tools"}, follow_redirects=True
        )
    )
    assert "Chidi has a place now and is told." in done
    assert "it has 2 places now" in done


def test_the_page_takes_somebody_off_the_list(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    line: list[UUID],
) -> None:
    sign_in(client, ground.organiser_id)
    url = f"/en/organise/sessions/{ground.session_id}/take-back"
    assert "Amina" in html(client.get(url))
    assert client.post(url, data={"person": str(line[0])}).status_code == 422
    done = client.post(
        url, data={"person": str(line[0]), "reason": "asked us"}, follow_redirects=True
    )
    assert "Amina is off the list" in html(done)
    assert states(database, ground, line[0], line[1]) == ["withdrawn", "offered"]
