"""Whoever says that a line of their hours is wrong is heard, and answered once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.accounts.models import RoleGrant
from civic.attendance.errors import OwnQuestion
from civic.attendance.models import Contest, Correction
from civic.attendance.operations import contests, corrections
from civic.attendance.operations.contests import NewContest, Reply
from civic.attendance.operations.passes import PassShown
from civic.attendance.policy import ANSWER_QUESTION
from civic.attendance.rules import CorrectionState
from civic.audit.models import AuditEntry
from civic.catalogue.models import ProjectSession
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.conftest import Counted
from tests.factories.accounts import make_staff
from tests.factories.attendance import (
    ONE,
    TEN,
    Ground,
    make_booked_person,
    make_hours_line,
    on_ground,
    signed_in,
)
from tests.integration.attendance.door import Door, minutes, one

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
DAY = date(2026, 3, 21)
WORDS = "Sono rimasta fino all'una."
QUESTIONS, LEFT = "/en/organise/questions", "/en/city/questions"
MOST_FOR_LIST = 3
"""Statements: who asks, the questions, their sessions."""


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city, name="Rosa")


@pytest.fixture
def amina(database: Database, ground: Ground) -> UUID:
    """Reads French, and has a phone."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_booked_person(ctx, ground, page_language="fr", phone="+393331234567")


@pytest.fixture
def there(door: Door, shown: PassShown) -> Door:
    """Amina was there for two hours."""
    door.send(one(shown.token), one(shown.token, "exit", TEN + timedelta(hours=2)))
    return door


@pytest.fixture
def question(there: Door, database: Database, ground: Ground, amina: UUID) -> UUID:
    return ask(database, ground, amina)


def ask(database: Database, ground: Ground, person_id: UUID, words: str = WORDS) -> UUID:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        return contests.contest(ctx, NewContest(ground.session_id, DAY, words, "it"))


def own_url(ground: Ground) -> str:
    return f"/en/me/hours/{ground.session_id}/2026-03-21"


def asked(client: FlaskClient, ground: Ground, words: str) -> TestResponse:
    return client.post(own_url(ground), data={"words": words}, follow_redirects=True)


def answer(
    client: FlaskClient, contest_id: UUID, words: str, minutes: str = "", where: str = QUESTIONS
) -> TestResponse:
    prefix = f"q{contest_id.hex}-"
    data = {f"{prefix}answer": words, f"{prefix}minutes": minutes}
    return client.post(f"{where}/{contest_id}", data=data, follow_redirects=True)


def kept(database: Database, ground: Ground) -> list[Contest]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(Contest).order_by(Contest.made_at)))


# Asking


def test_what_is_asked_stands_on_the_line_and_on_the_associations_page(
    there: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    sign_in(there.client, amina)
    page = html(asked(there.client, ground, WORDS))
    assert "Thank you." in page
    assert "Nobody has answered yet" in page
    assert "Sono rimasta fino all&#39;una." in page
    assert "This is not right" not in page
    assert "You asked about it" in html(there.client.get("/en/me/hours"))
    [row] = kept(database, ground)
    assert (row.person_id, row.day, row.words, row.language) == (amina, DAY, WORDS, "en")

    sign_in(there.client, ground.organiser_id)
    assert "1 person asks about their hours." in html(there.client.get("/en/organise"))
    page = html(there.client.get(QUESTIONS))
    for words in ("Amina", "Siepe di alloro", "21 March 2026", "2 hours", "Sono rimasta"):
        assert words in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write what is not right"),
        (" \u202e\x00 \n", "Write what is not right"),
        ("x" * 501, "at most 500 letters"),
    ],
)
def test_nothing_and_too_much_are_refused_and_what_was_written_stays(
    there: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, amina: UUID,
    words: str, sentence: str,
) -> None:  # fmt: skip
    sign_in(there.client, amina)
    response = asked(there.client, ground, words)
    assert response.status_code == 422
    assert sentence in html(response)
    assert words.strip(" \n\u202e\x00") in html(response)
    assert '<details class="mb-4" open>' in html(response)
    assert kept(database, ground) == []


def test_a_second_question_waits_for_the_answer_to_the_first(
    question: UUID, there: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    amina: UUID,
) -> None:  # fmt: skip
    sign_in(there.client, amina)
    assert "You have asked about this day already." in html(asked(there.client, ground, "E poi?"))
    assert len(kept(database, ground)) == 1
    sign_in(there.client, ground.organiser_id)
    answer(there.client, question, "Sei uscita a mezzogiorno.")
    sign_in(there.client, amina)
    assert "Thank you." in html(asked(there.client, ground, "Non è vero."))
    assert len(kept(database, ground)) == 2


def test_hours_that_do_not_count_yet_can_be_questioned_too(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    new = corrections.NewCorrection(ground.session_id, amina, 30, "A occhio")
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        corrections.propose_correction(ctx, new)
    ask(database, ground, amina)
    assert "Nothing counts yet" in html(door.client.get(QUESTIONS))


# Answering


def test_the_answer_reaches_the_line_and_a_letter_in_their_language_that_names_nobody(
    question: UUID, there: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    amina: UUID, drain: Callable[[], int],
) -> None:  # fmt: skip
    response = html(answer(there.client, question, "Sei uscita a mezzogiorno."))
    assert "We told them, with your words." in response
    assert "Nobody is waiting for an answer" in response
    sign_in(there.client, amina)
    page = html(there.client.get(own_url(ground)))
    for words in ("Sei uscita a mezzogiorno.", "Answer of 21 March 2026", "Organiser"):
        assert words in page
    assert "Nobody has answered yet" not in page
    assert "Answered" in html(there.client.get("/en/me/hours"))
    assert "answered your question about your hours" in html(there.client.get("/en/me/file"))

    drain()
    drain()
    with database.reading(system_in(ground.city.id)) as ctx:
        letter = ctx.db.scalars(
            select(Message).where(Message.kind == MessageKind.HOURS_ANSWERED)
        ).one()
        [line] = ctx.db.scalars(
            select(AuditEntry).where(AuditEntry.action == "hours.question_answered")
        )
    assert letter.person_id == amina
    assert "Sei uscita a mezzogiorno." in letter.body
    assert "Siepe di alloro" in letter.body
    assert letter.language == "fr"
    assert f"/fr/me/hours/{ground.session_id}/2026-03-21" in letter.body
    assert "Organiser" not in letter.subject + letter.body
    assert line.details == {"day": "2026-03-21"}
    assert minutes(database, ground) == [120]


def test_other_hours_wait_for_a_second_person_with_the_answer_as_their_reason(
    question: UUID, there: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    amina: UUID, officer: UUID, drain: Callable[[], int],
) -> None:  # fmt: skip
    page = html(answer(there.client, question, "Hai ragione.\nScusa!", "180"))
    assert "as soon as a second person confirms them" in page
    assert minutes(database, ground) == [120]
    with database.reading(system_in(ground.city.id)) as ctx:
        [correction] = ctx.db.scalars(select(Correction))
    assert (correction.day, correction.minutes, correction.reason, correction.state) == (
        DAY, 180, "Hai ragione. Scusa!", CorrectionState.PROPOSED,
    )  # fmt: skip
    assert correction.made_by == ground.organiser_id
    sign_in(there.client, amina)
    assert "Not counted yet" in html(there.client.get(own_url(ground)))
    drain()
    with database.reading(system_in()) as ctx:
        letter = ctx.db.scalars(
            select(Message).where(Message.kind == MessageKind.HOURS_ANSWERED)
        ).one()
    assert "3" in letter.body.split("Scusa!")[1].split("http")[0]
    with database.unit_of_work(signed_in(database, officer)) as ctx:
        corrections.confirm_correction(ctx, correction.id)
    assert minutes(database, ground) == [180]


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        ("", "", "Write an answer"),
        ("x" * 301, "", "at most 300 letters"),
        ("Hai ragione", "many", "Write the minutes as a whole number."),
        ("Hai ragione", "-1", "Write the minutes from 0"),
        ("Hai ragione", "1441", "Write the minutes from 0"),
    ],
)
def test_a_wrong_answer_is_shown_again_with_what_was_typed(
    question: UUID, there: Door, html: Html, database: Database, ground: Ground,
    words: str, typed: str, sentence: str,
) -> None:  # fmt: skip
    response = answer(there.client, question, words, typed)
    assert response.status_code == 422
    assert sentence in html(response)
    assert words in html(response)
    if typed:
        assert f'value="{typed}"' in html(response)
    assert [row.answered_at for row in kept(database, ground)] == [None]


def test_minutes_of_a_day_on_which_the_session_is_no_more_change_nothing(
    question: UUID, there: Door, html: Html, database: Database, ground: Ground
) -> None:
    before = timedelta(days=7)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(ProjectSession).values(starts_at=TEN - before, ends_at=ONE - before))
    response = answer(there.client, question, "Hai ragione", "180")
    assert response.status_code == 422
    assert "The session was not on that day." in html(response)
    assert "Hai ragione" in html(response)
    assert [row.answered_at for row in kept(database, ground)] == [None]


def test_what_somebody_has_answered_is_not_answered_again(
    question: UUID, there: Door, html: Html, database: Database, ground: Ground
) -> None:
    answer(there.client, question, "Sei uscita a mezzogiorno.")
    assert "Somebody has answered this already." in html(answer(there.client, question, "No", "9"))
    assert [row.answer for row in kept(database, ground)] == ["Sei uscita a mezzogiorno."]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(Correction)).all() == []


def test_nobody_answers_on_their_own_hours(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, shown: PassShown,
    amina: UUID,
) -> None:  # fmt: skip
    door.send(one(shown.token), one(shown.token, "exit", TEN + timedelta(hours=2)))
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.add(
            RoleGrant(
                id=ctx.new_id(), person_id=amina, role=Role.ORGANISER,
                municipality_id=ground.city.id, association_id=ground.association.id,
            )
        )  # fmt: skip
    contest_id = ask(database, ground, amina)
    sign_in(door.client, amina)
    page = html(door.client.get(QUESTIONS))
    assert "somebody else must answer" in page
    assert f"/questions/{contest_id}" not in page
    with (
        pytest.raises(OwnQuestion),
        database.unit_of_work(signed_in(database, amina)) as ctx,
    ):
        contests.answer_contest(ctx, contest_id, Reply("Certo"), ANSWER_QUESTION)


# Left unanswered


def test_after_five_days_the_city_sees_it_and_can_answer(
    question: UUID, there: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    officer: UUID, clock: FrozenClock,
) -> None:  # fmt: skip
    asked_at = clock.instant
    clock.instant = asked_at + timedelta(days=5) - timedelta(seconds=1)
    sign_in(there.client, officer)
    assert "Nobody is waiting for an answer" in html(there.client.get(LEFT))
    assert "about hours was left" not in html(there.client.get("/en/city"))
    assert answer(there.client, question, "Eccomi", where=LEFT).status_code == 404

    clock.instant = asked_at + timedelta(days=5)
    assert "1 question about hours was left unanswered." in html(there.client.get("/en/city"))
    page = html(there.client.get(LEFT))
    for words in ("Amina", ground.association.name, "Sono rimasta"):
        assert words in page
    sign_in(there.client, ground.organiser_id)
    assert "the municipality is asked too" in html(there.client.get(QUESTIONS))

    sign_in(there.client, officer)
    page = html(answer(there.client, question, "Abbiamo guardato noi.", where=LEFT))
    assert "We told them, with your words." in page
    assert [row.answered_by for row in kept(database, ground)] == [officer]
    sign_in(there.client, ground.organiser_id)
    assert "Nobody is waiting for an answer" in html(there.client.get(QUESTIONS))


def test_others_neither_see_nor_answer_it(
    question: UUID, there: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    officer: UUID, amina: UUID, clock: FrozenClock,
) -> None:  # fmt: skip
    clock.instant += timedelta(days=6)
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in()) as ctx:
        far = make_staff(ctx, Role.OFFICER, elsewhere.city)
        worker = make_staff(ctx, Role.CASE_WORKER, ground.city)
    for who in (far, elsewhere.organiser_id, worker, amina):
        sign_in(there.client, who)
        for where in (QUESTIONS, LEFT):
            assert "Amina" not in html(there.client.get(where)) or who == amina
            for words in ("Eccomi", ""):
                assert answer(there.client, question, words, where=where).status_code == 404
    sign_in(there.client, officer)
    assert there.client.get(QUESTIONS).status_code == 404
    sign_in(there.client, ground.organiser_id)
    assert there.client.get(LEFT).status_code == 404
    assert answer(there.client, uuid4(), "Eccomi").status_code == 404
    assert [row.answered_at for row in kept(database, ground)] == [None]


def test_the_list_costs_the_same_however_long_it_is(
    door: Door, database: Database, ground: Ground, statements: Counting
) -> None:
    for number in range(5):
        with database.unit_of_work(system_in(ground.city.id)) as ctx:
            person_id = make_booked_person(ctx, ground, f"Person {number}")
        with database.unit_of_work(system_in(ground.city.id)) as ctx:
            make_hours_line(ctx, ground, person_id)
        ask(database, ground, person_id)
        with statements() as counted:
            door.client.get(QUESTIONS)
        assert counted.total == MOST_FOR_LIST, counted.statements


def test_somebody_of_whom_nothing_is_known_there_asks_about_nothing(
    database: Database, ground: Ground, amina: UUID, clock: FrozenClock
) -> None:
    clock.instant = ONE
    with pytest.raises(NotFound):
        ask(database, ground, amina)
