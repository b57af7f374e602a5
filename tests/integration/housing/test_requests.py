"""Asking for a home: who comes along, why it is urgent, and that each change is written down."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.errors import PersonDeparted, RequestClosed
from civic.housing.operations.requests import (
    add_member,
    change_criteria,
    remove_member,
    withdraw_request,
)
from civic.housing.operations.residents import Mark, NewPerson, mark
from civic.housing.placing_models import HousingRequest, PriorityChange, RequestMember, Resident
from civic.housing.queries.requests import asked_for, request_view
from civic.housing.request_errors import (
    AlreadyWaiting,
    AsksForAll,
    BornLater,
    BornLongAgo,
    DayAhead,
    DayBeforeBirth,
    NameMissing,
    NothingChanged,
    TooManyPeople,
    WantedBackwards,
    WantedTooFar,
    WantedTooLong,
    WhyMissing,
)
from civic.housing.rules.placing import Criterion, Need, RequestState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_person, make_staff, with_second_factor
from tests.factories.housing import Lodge, make_lodge
from tests.factories.housing_requests import TODAY, ask, typed

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx, beds=4)


@pytest.fixture
def desk(acting: Acting, lodge: Lodge) -> Actor:
    with acting(system_in(lodge.city.id)) as ctx:
        return actor_of(ctx, make_staff(ctx, Role.DESK, lodge.city))


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, lodge: Lodge) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


def test_a_household_is_on_the_list_with_its_people_and_a_first_line_of_the_log(
    acting: Acting, lodge: Lodge
) -> None:
    with acting(lodge.officer) as ctx:
        child = NewPerson("Moussa", birth_year=2020, needs_no_steps=True)
        criteria = [Criterion.SMALL_CHILD, Criterion.LOSES_HOME]
        request_id = ask(ctx, lodge, NewPerson("Awa Sarr"), child, criteria=criteria)
        view = request_view(ctx, asked_for(ctx, request_id))
    assert [each.name for each in view.members] == ["Awa Sarr", "Moussa"]
    assert view.priority.points == 50
    assert Need.STEP_FREE in view.needs
    (first,) = view.log
    assert (set(first.after), first.points_after, first.before) == (set(criteria), 50, ())


def test_an_account_is_one_resident_however_often_they_ask(acting: Acting, lodge: Lodge) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        account = make_person(ctx, "Awa", lodge.city)
    with acting(lodge.officer) as ctx:
        first = ask(ctx, lodge, NewPerson("Awa Sarr", account=account))
        with pytest.raises(AlreadyWaiting):
            ask(ctx, lodge, NewPerson("Awa", account=account))
        withdraw_request(ctx, first)
        ask(ctx, lodge, NewPerson("Awa Diallo Sarr", account=account))
        rows = ctx.db.scalars(select(Resident).where(Resident.person_id == account)).all()
        assert len(rows) == 1


def test_the_same_form_sent_twice_makes_one_request(acting: Acting, lodge: Lodge) -> None:
    with acting(lodge.officer) as ctx:
        sent = ctx.new_id()
        assert ask(ctx, lodge, id=sent) == ask(ctx, lodge, id=sent) == sent
        assert ctx.db.scalar(select(func.count()).select_from(HousingRequest)) == 1


def test_an_id_of_somebody_elses_form_opens_nothing(
    acting: Acting, lodge: Lodge, desk: Actor
) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge)
        with pytest.raises(NotFound):
            ask(ctx, lodge, by=desk, id=request_id)


@pytest.mark.parametrize(
    ("people", "refusal"),
    [
        ([NewPerson("")], NameMissing),
        ([NewPerson("Awa", birth_year=2027)], BornLater),
        ([NewPerson("Awa", birth_date=date(2026, 3, 15))], BornLater),
        ([NewPerson("Awa", birth_year=1026)], BornLongAgo),
        ([NewPerson(f"Persona {number}") for number in range(13)], TooManyPeople),
    ],
)
def test_people_that_cannot_be_are_refused(
    acting: Acting, lodge: Lodge, people: list[NewPerson], refusal: type[Exception]
) -> None:
    with acting(lodge.officer) as ctx:
        with pytest.raises(refusal):
            ask(ctx, lodge, *people)
        assert ctx.db.scalar(select(func.count()).select_from(Resident)) == 0


@pytest.mark.parametrize(
    ("first", "until", "refusal"),
    [
        (TODAY, TODAY, WantedBackwards),
        (TODAY, date(2026, 3, 1), WantedBackwards),
        (TODAY, date(2053, 8, 1), WantedTooLong),
        (date(2027, 5, 1), None, WantedTooFar),
        (date(2020, 5, 1), None, WantedTooFar),
    ],
)
def test_days_that_nobody_can_mean_are_refused(
    acting: Acting, lodge: Lodge, first: date, until: date | None, refusal: type[Exception]
) -> None:
    with acting(lodge.officer) as ctx, pytest.raises(refusal):
        ask(ctx, lodge, wanted_from=first, wanted_until=until)


def test_a_change_of_the_reasons_is_written_down_with_why(
    acting: Acting, lodge: Lodge, clock: FrozenClock
) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge, criteria=[Criterion.LOSES_HOME])
        with pytest.raises(WhyMissing):
            change_criteria(ctx, request_id, [Criterion.SLEEPS_ROUGH], "")
        with pytest.raises(NothingChanged):
            change_criteria(ctx, request_id, [Criterion.LOSES_HOME], "Nothing")
        assert ctx.db.scalar(select(func.count()).select_from(PriorityChange)) == 1
        clock.advance(timedelta(hours=1))
        change_criteria(ctx, request_id, [Criterion.SLEEPS_ROUGH], "Lost the room yesterday")
        view = request_view(ctx, asked_for(ctx, request_id))
    assert view.priority.points == 40
    last = view.log[-1]
    assert (last.why, last.changed_by) == ("Lost the room yesterday", "Hugo Housing")
    assert (last.added, last.dropped) == ([Criterion.SLEEPS_ROUGH], [Criterion.LOSES_HOME])


def test_nobody_changes_reasons_whose_work_is_not_housing(
    acting: Acting, lodge: Lodge, desk: Actor
) -> None:
    with acting(desk) as ctx:
        request_id = ask(ctx, lodge, by=desk)
        with pytest.raises(NotFound):
            change_criteria(ctx, request_id, [Criterion.IN_DANGER], "Friends")


def test_a_withdrawn_request_is_changed_no_more(acting: Acting, lodge: Lodge) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge)
        withdraw_request(ctx, request_id)
        for change in (
            lambda: withdraw_request(ctx, request_id),
            lambda: add_member(ctx, request_id, NewPerson("Moussa")),
            lambda: change_criteria(ctx, request_id, [Criterion.PREGNANT], "New"),
        ):
            with pytest.raises(RequestClosed):
                change()
        assert asked_for(ctx, request_id).state is RequestState.WITHDRAWN


def test_who_comes_along_changes_and_the_size_with_it(acting: Acting, lodge: Lodge) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge)
        row = asked_for(ctx, request_id)
        more = add_member(ctx, request_id, NewPerson("Moussa", needs_no_steps=True))
        assert (row.size, row.needs) == (2, [Need.STEP_FREE])
        with pytest.raises(AsksForAll):
            remove_member(ctx, request_id, row.resident_id)
        with pytest.raises(NotFound):
            remove_member(ctx, request_id, ctx.new_id())
        remove_member(ctx, request_id, more)
        assert row.size == 1
        for number in range(11):
            add_member(ctx, request_id, NewPerson(f"Persona {number}"))
        with pytest.raises(TooManyPeople):
            add_member(ctx, request_id, NewPerson("One more"))


def test_who_left_the_city_asks_again_once_they_are_back(acting: Acting, lodge: Lodge) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        account = make_person(ctx, "Awa", lodge.city)
    with acting(lodge.officer) as ctx:
        awa = NewPerson("Awa", birth_year=1995, account=account)
        request_id = ask(ctx, lodge, awa)
        who = asked_for(ctx, request_id).resident_id
        with pytest.raises(DayAhead):
            mark(ctx, who, Mark.DEPARTED, date(2026, 3, 15))
        with pytest.raises(DayBeforeBirth):
            mark(ctx, who, Mark.DIED, date(1994, 1, 1))
        mark(ctx, who, Mark.DEPARTED, TODAY, request_id)
        withdraw_request(ctx, request_id)
        with pytest.raises(PersonDeparted):
            ask(ctx, lodge, awa)
        mark(ctx, who, Mark.BACK, TODAY)
        again = ask(ctx, lodge, awa)
        assert asked_for(ctx, again).resident_id == who


def test_the_desk_sees_its_own_requests_and_no_others(
    acting: Acting, lodge: Lodge, desk: Actor
) -> None:
    with acting(desk) as ctx:
        own = ask(ctx, lodge, NewPerson("Bilal"), by=desk)
        assert asked_for(ctx, own).id == own
    with acting(lodge.officer) as ctx:
        other = ask(ctx, lodge, NewPerson("Awa"))
        assert asked_for(ctx, own).id == own
    with acting(desk) as ctx, pytest.raises(NotFound):
        asked_for(ctx, other)


def test_the_form_puts_a_household_on_the_list(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    told = typed("Awa Sarr", "Moussa", people__1__born="2020", criteria=["small_child"])
    answer = officer.post("/it/housing/requests/new", data=told)
    assert answer.status_code == 302
    assert "Awa" not in answer.headers["Location"]
    page = html(officer.get(answer.headers["Location"]))
    assert "Awa Sarr" in page
    assert "Moussa" in page
    with acting(lodge.officer) as ctx:
        (row,) = ctx.db.scalars(select(HousingRequest))
        assert (row.size, row.points, row.opened_by) == (2, 30, lodge.officer.person_id)
        assert b"Awa" not in row.sealed
        lines = ctx.db.scalars(select(AuditEntry.action).where(AuditEntry.thing_id == row.id))
        assert list(lines) == ["housing.asked", "housing.read"]


def test_one_more_person_gets_fields_and_nothing_typed_is_lost(
    officer: FlaskClient, html: Html
) -> None:
    page = html(officer.post("/it/housing/requests/new", data=typed("Awa Sarr", more="1")))
    assert 'name="people-1-name"' in page
    assert 'value="Awa Sarr"' in page
    full = html(
        officer.post("/it/housing/requests/new", data=typed(*["Awa"] * 12, more="1", words="Ecco"))
    )
    assert 'name="people-12-name"' not in full
    assert "Ecco" in full


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"people-0-name": ""}, "Write what each of them is called"),
        ({"people-0-born": "2027"}, "Nobody is born in the future"),
        ({"people-0-born": "1026"}, "Nobody is that old"),
        ({"people-0-born": "last year"}, "Write a day or a year"),
        ({"people-1-born": "2020"}, "Write what each of them is called"),
        ({"wanted_until": "2026-03-19"}, "That comes before the first day"),
        ({"wanted_from": ""}, "Choose a day"),
        ({"wanted_from": "2029-01-01"}, "more than a year away"),
        ({"wanted_until": "2050-01-01"}, "Leave the last day empty"),
        ({"urgency": "at once"}, "Not a valid choice"),
        ({"people-0-gender": "x"}, "Not a valid choice"),
        ({"contact": "nobody@example.org"}, "Nobody signs in with this"),
        ({f"people-{number}-name": "Persona" for number in range(13)}, "more than 12 people"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_what_was_typed_stays(
    officer: FlaskClient, html: Html, wrong: dict[str, str], said: str
) -> None:
    told = typed("Awa Sarr", words="Non perdermi") | wrong
    answer = officer.post("/en/housing/requests/new", data=told)
    page = html(answer)
    assert answer.status_code == 422
    assert said in page
    assert "Non perdermi" in page


def test_an_account_is_found_by_what_they_sign_in_with(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        account = make_person(ctx, "Awa", lodge.city, email="awa@example.org")
    told = typed("Awa Sarr", contact="awa@example.org")
    assert officer.post("/it/housing/requests/new", data=told).status_code == 302
    again = officer.post("/it/housing/requests/new", data=told)
    assert again.status_code == 409
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalars(select(Resident.person_id)).all() == [account]


def test_the_reasons_stand_on_the_page_in_the_language_of_who_asks(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge, criteria=[Criterion.SLEEPS_ROUGH], language="ar")
    page = html(officer.get(f"/en/housing/requests/{request_id}"))
    assert 'lang="ar" dir="rtl"' in page


def test_the_reasons_are_changed_on_a_page_that_asks_why(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, clock: FrozenClock
) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge, criteria=[Criterion.LOSES_HOME])
    clock.advance(timedelta(minutes=9))
    at = f"/en/housing/requests/{request_id}/priority"
    assert "checked" in html(officer.get(at))
    silent = officer.post(at, data={"criteria": ["sleeps_rough"]})
    assert silent.status_code == 422
    assert "Write why it changes" in html(silent)
    assert (
        officer.post(at, data={"criteria": ["sleeps_rough"], "why": "Lost it"}).status_code == 302
    )
    page = html(officer.get(f"/en/housing/requests/{request_id}"))
    assert "Lost it" in page
    assert "From 20 to 40 points" in page


def test_people_are_added_removed_and_marked_on_their_page(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge)
    at = f"/en/housing/requests/{request_id}/people"
    wrong = officer.post(at, data={"name": "", "born": "2020", "gender": "man"})
    assert wrong.status_code == 422
    assert "Write what each of them is called" in html(wrong)
    assert officer.post(at, data={"name": "Moussa", "gender": "man"}).status_code == 302
    with acting(lodge.officer) as ctx:
        row = asked_for(ctx, request_id)
        members = ctx.db.scalars(select(RequestMember.resident_id))
        (moussa,) = set(members) - {row.resident_id}
    ahead = officer.post(f"{at}/{moussa}/mark", data={"what": "departed", "day": "2026-04-01"})
    assert ahead.status_code == 422
    assert "has not come yet" in html(ahead)
    told = {"what": "departed", "day": "2026-03-01"}
    assert officer.post(f"{at}/{moussa}/mark", data=told).status_code == 302
    assert "left the city on" in html(officer.get(at))
    assert officer.post(f"{at}/{moussa}/remove").status_code == 302
    assert officer.post(f"{at}/{row.resident_id}/remove").status_code == 302
    assert "Moussa" not in html(officer.get(at))
    assert "Awa Sarr" in html(officer.get(at))
    assert officer.post(f"/en/housing/requests/{request_id}/withdraw").status_code == 302
    assert "withdrawn" in html(officer.get(f"/en/housing/requests/{request_id}"))


@pytest.mark.parametrize("language", ["it", "fr", "ar"])
def test_the_pages_are_there_in_every_language(
    language: str, officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    with acting(lodge.officer) as ctx:
        request_id = ask(ctx, lodge, criteria=[Criterion.PREGNANT], needs=[Need.QUIET])
    for path in ("", "/new", f"/{request_id}", f"/{request_id}/people", f"/{request_id}/priority"):
        answer = officer.get(f"/{language}/housing/requests{path}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
