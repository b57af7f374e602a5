"""The digits of a phone: which ones are right, how often, and what they do to the session."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import func, select

from civic.accounts import operations, privacy, second_factor
from civic.accounts.errors import TooManySecondSteps
from civic.accounts.models import LoginSession, SecondFactor
from civic.accounts.queries import actor_for_token
from civic.accounts.rules import SECOND_FACTOR_TRIES, STAFF_SESSION_LIFE
from civic.audit.models import AuditEntry
from civic.audit.rules import ACTION_WORDS
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.kernel.policy import Actor, Grant, Role, system_in
from tests.factories.accounts import actor_of, make_staff
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
KEYS = Keys("a key for tests, long enough to be taken")
HALF_A_MINUTE = timedelta(seconds=30)


class Desk:
    """Rosa with her browser and her phone."""

    def __init__(self, database: Database, name: str = "Rosa") -> None:
        self.database = database
        with database.unit_of_work(system_in()) as ctx:
            self.person_id = make_staff(ctx, Role.OFFICER, make_city(ctx), name=name)
            self.actor = actor_of(ctx, self.person_id)
        self.token = self.sign_in()
        self.secret = ""

    def sign_in(self) -> str:
        with self.database.unit_of_work(system_in()) as ctx:
            return operations.open_session(ctx, self.person_id)

    def setup(self, token: str = "") -> str | None:
        with self.database.unit_of_work(self.actor) as ctx:
            setup = second_factor.setup(ctx, KEYS, token or self.token)
        return setup.secret if setup else None

    def show(self, digits: str, token: str = "") -> str | None:
        with self.database.unit_of_work(self.actor) as ctx:
            return second_factor.show(ctx, KEYS, token or self.token, digits)

    def digits(self, steps: int = 0) -> str:
        """What the phone shows now, or so many half minutes away."""
        at = self.database.clock.now() + steps * HALF_A_MINUTE
        return pyotp.TOTP(self.secret).at(at)

    def confirm(self) -> None:
        self.secret = self.setup() or ""
        self.token = self.show(self.digits()) or ""

    def who(self, token: str) -> Actor | None:
        with self.database.reading(system_in()) as ctx:
            return actor_for_token(ctx, operations.token_hash(token))

    def row(self) -> SecondFactor:
        with self.database.reading(system_in()) as ctx:
            return ctx.db.get_one(SecondFactor, self.person_id)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.fixture
def confirmed(desk: Desk, clock: FrozenClock) -> Desk:
    """Her phone is known, and its digits of then are over."""
    desk.confirm()
    clock.advance(timedelta(minutes=5))
    return desk


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06}"


# Setting up


def test_the_first_right_digits_confirm_the_phone(desk: Desk) -> None:
    desk.secret = desk.setup() or ""
    assert desk.row().confirmed_at is None
    assert desk.show(desk.digits()) is not None
    assert desk.row().confirmed_at is not None
    assert desk.setup() is None


def test_the_address_for_the_app_says_whose_and_of_what(desk: Desk) -> None:
    with desk.database.unit_of_work(desk.actor) as ctx:
        setup = second_factor.setup(ctx, KEYS, desk.token)
    assert setup is not None
    read = pyotp.parse_uri(setup.address)
    assert (read.issuer, read.name, read.secret) == ("Civic", "Rosa", setup.secret)
    assert len(setup.secret) == 32


def test_until_it_is_confirmed_the_same_session_is_shown_the_same_secret(desk: Desk) -> None:
    assert desk.setup() == desk.setup()


def test_another_session_is_not_shown_the_secret_that_the_first_one_saw(desk: Desk) -> None:
    first = desk.setup()
    assert desk.setup(desk.sign_in()) not in (None, first)


def test_digits_of_a_secret_that_another_session_saw_confirm_nothing(desk: Desk) -> None:
    other = desk.sign_in()
    desk.secret = desk.setup(other) or ""
    assert desk.show(desk.digits()) is None
    assert desk.row().confirmed_at is None
    assert desk.show(desk.digits(), other) is not None


def test_without_a_phone_no_digits_are_right(desk: Desk) -> None:
    assert desk.show("000000") is None


def test_the_secret_cannot_be_read_from_the_table(confirmed: Desk) -> None:
    kept = confirmed.row().secret
    assert confirmed.secret.encode() not in kept
    assert len(kept) == second_factor.NONCE + len(confirmed.secret) + 16


def test_a_secret_put_into_the_row_of_somebody_else_opens_nothing(
    confirmed: Desk, database: Database
) -> None:
    other = Desk(database, "Bruno")
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.add(
            SecondFactor(
                person_id=other.person_id,
                secret=confirmed.row().secret,
                set_at=ctx.now(),
                confirmed_at=ctx.now(),
                last_step=0,
            )
        )
    assert other.show(confirmed.digits()) is None


def test_with_another_secret_of_the_installation_no_digits_are_right(confirmed: Desk) -> None:
    with confirmed.database.unit_of_work(confirmed.actor) as ctx:
        others = Keys("another key, long enough to be taken as well")
        assert second_factor.show(ctx, others, confirmed.token, confirmed.digits()) is None


# Digits


def test_digits_of_now_and_of_half_a_minute_before_and_after_are_right(confirmed: Desk) -> None:
    for steps in (-1, 0, 1):
        renewed = confirmed.show(confirmed.digits(steps))
        assert renewed is not None
        confirmed.token = renewed


@pytest.mark.parametrize("steps", [-2, 2])
def test_digits_of_a_minute_away_are_wrong(confirmed: Desk, steps: int) -> None:
    assert confirmed.show(confirmed.digits(steps)) is None


def test_wrong_digits_are_wrong(confirmed: Desk) -> None:
    assert confirmed.show(wrong(confirmed.digits())) is None
    assert confirmed.show("") is None
    assert confirmed.show("１２３") is None


def test_the_same_digits_count_once(confirmed: Desk) -> None:
    digits = confirmed.digits()
    assert confirmed.show(digits) is not None
    assert confirmed.show(digits, confirmed.sign_in()) is None


def test_digits_older_than_the_last_ones_are_over(confirmed: Desk) -> None:
    before = confirmed.digits(-1)
    assert confirmed.show(confirmed.digits()) is not None
    assert confirmed.show(before, confirmed.sign_in()) is None


def test_the_digits_that_confirmed_the_phone_are_over(desk: Desk) -> None:
    desk.confirm()
    assert desk.show(desk.digits(), desk.sign_in()) is None


def test_the_same_digits_sent_twice_at_the_same_time_let_in_one(real_database: Database) -> None:
    desk = Desk(real_database)
    desk.confirm()
    real_database.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]  # it stands still
    digits = desk.digits()
    tokens = [desk.sign_in() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        renewed = list(pool.map(lambda token: desk.show(digits, token), tokens))
    assert sum(token is not None for token in renewed) == 1


def test_the_first_digits_sent_twice_at_the_same_time_confirm_once(real_database: Database) -> None:
    desk = Desk(real_database)
    desk.secret = desk.setup() or ""
    digits = desk.digits()

    def show(_number: int) -> str | None:
        try:
            return desk.show(digits)
        except NotFound:
            return None

    with ThreadPoolExecutor(4) as pool:
        renewed = list(pool.map(show, range(4)))
    assert sum(token is not None for token in renewed) == 1
    with real_database.reading(system_in()) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(LoginSession)) == 2


# Tries


def test_after_five_wrong_tries_the_right_digits_wait_as_well(
    confirmed: Desk, clock: FrozenClock
) -> None:
    clock.advance(timedelta(seconds=20))
    for _ in range(SECOND_FACTOR_TRIES):
        assert confirmed.show(wrong(confirmed.digits())) is None
    clock.advance(timedelta(minutes=2))
    with pytest.raises(TooManySecondSteps) as refusal:
        confirmed.show(confirmed.digits())
    # 10:05 and 20 seconds in Italy, and a quarter of an hour: rounded up, so that it is true.
    assert refusal.value.values == {"time": "10:21"}
    clock.advance(timedelta(minutes=13))
    assert confirmed.show(confirmed.digits()) is not None


def test_tries_count_for_the_person_and_not_for_the_session(confirmed: Desk) -> None:
    for _ in range(SECOND_FACTOR_TRIES):
        confirmed.show(wrong(confirmed.digits()), confirmed.sign_in())
    with pytest.raises(TooManySecondSteps):
        confirmed.show(confirmed.digits(), confirmed.sign_in())


def test_tries_of_one_person_are_not_those_of_another(confirmed: Desk, database: Database) -> None:
    other = Desk(database, "Bruno")
    for _ in range(SECOND_FACTOR_TRIES):
        other.show("000000")
    assert confirmed.show(confirmed.digits()) is not None


def test_right_digits_forget_the_wrong_ones(confirmed: Desk, clock: FrozenClock) -> None:
    for _ in range(2):
        for _ in range(SECOND_FACTOR_TRIES - 1):
            assert confirmed.show(wrong(confirmed.digits())) is None
        confirmed.token = confirmed.show(confirmed.digits()) or ""
        assert confirmed.token
        clock.advance(HALF_A_MINUTE)


def test_tries_at_the_same_time_are_all_counted(real_database: Database) -> None:
    desk = Desk(real_database)
    desk.confirm()

    def guess(number: int) -> bool:
        try:
            desk.show(f"{number:06}")
        except TooManySecondSteps:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        looked_at = list(pool.map(guess, range(20)))
    assert looked_at.count(True) <= SECOND_FACTOR_TRIES


# The session


def test_the_session_goes_on_under_a_new_token_and_the_old_one_is_over(confirmed: Desk) -> None:
    old = confirmed.sign_in()
    renewed = confirmed.show(confirmed.digits(), old)
    assert renewed is not None
    assert confirmed.who(old) is None
    who = confirmed.who(renewed)
    assert who is not None
    assert (who.person_id, who.has_second_factor) == (confirmed.person_id, True)


def test_before_the_second_step_a_session_has_none(confirmed: Desk) -> None:
    who = confirmed.who(confirmed.sign_in())
    assert who is not None
    assert not who.has_second_factor


def test_the_second_step_makes_no_session_longer(confirmed: Desk, clock: FrozenClock) -> None:
    old = confirmed.sign_in()
    ends_at = clock.now() + STAFF_SESSION_LIFE
    clock.advance(timedelta(hours=2))
    renewed = confirmed.show(confirmed.digits(), old) or ""
    with confirmed.database.reading(system_in()) as ctx:
        row = ctx.db.get_one(LoginSession, operations.token_hash(renewed))
    assert row.expires_at == ends_at


def test_a_session_that_was_ended_meanwhile_does_not_come_back(confirmed: Desk) -> None:
    with confirmed.database.unit_of_work(system_in()) as ctx:
        operations.close_all(ctx, confirmed.person_id)
    with pytest.raises(NotFound):
        confirmed.show(confirmed.digits())


def test_the_session_of_somebody_else_is_not_taken_over(
    confirmed: Desk, database: Database
) -> None:
    other = Desk(database, "Bruno")
    with pytest.raises(NotFound):
        confirmed.show(confirmed.digits(), other.token)
    assert other.who(other.token) is not None


# A lost phone


def test_forgetting_ends_all_sessions_and_lets_another_phone_be_set_up(confirmed: Desk) -> None:
    others = [confirmed.sign_in() for _ in range(2)]
    with confirmed.database.unit_of_work(system_in()) as ctx:
        assert second_factor.forget(ctx, confirmed.person_id)
    assert [confirmed.who(token) for token in (confirmed.token, *others)] == [None] * 3
    assert confirmed.setup(confirmed.sign_in()) not in (None, confirmed.secret)


def test_each_city_of_the_person_finds_it_in_its_trail(confirmed: Desk, database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        second = make_city(ctx, "latina")
        operations.grant_role(ctx, confirmed.person_id, Grant(Role.CASE_WORKER, second.id))
        operations.grant_role(ctx, confirmed.person_id, Grant(Role.OFFICER, second.id))
        operations.grant_role(ctx, confirmed.person_id, Grant(Role.COORDINATOR))
        second_factor.forget(ctx, confirmed.person_id)
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "the test looks at both trails"):
        lines = ctx.db.scalars(select(AuditEntry)).all()
    assert {line.municipality_id for line in lines} == {
        second.id,
        *confirmed.actor.municipalities,
    }
    assert len(lines) == 2
    assert {(line.action, line.subject_id) for line in lines} == {
        ("second_factor.forgotten", confirmed.person_id)
    }
    assert "second_factor.forgotten" in ACTION_WORDS


def test_where_there_is_no_phone_nothing_is_forgotten_and_nobody_signed_out(desk: Desk) -> None:
    with desk.database.unit_of_work(system_in()) as ctx:
        assert not second_factor.forget(ctx, desk.person_id)
    assert desk.who(desk.token) is not None


def test_nobody_forgets_a_phone_by_themselves(confirmed: Desk) -> None:
    with confirmed.database.unit_of_work(confirmed.actor) as ctx, pytest.raises(NotFound):
        second_factor.forget(ctx, confirmed.person_id)


def test_who_takes_their_data_away_reads_that_there_is_one(confirmed: Desk) -> None:
    with confirmed.database.reading(confirmed.actor) as ctx:
        data = privacy.export(ctx, confirmed.person_id)
    assert data["second_step_since"] == "2026-03-14T09:00:00+00:00"
    assert [one["with_second_step"] for one in data["signed_in"]].count(True) == 1


def test_it_goes_with_the_person(acting: Acting, confirmed: Desk) -> None:
    person: UUID = confirmed.person_id
    with acting(system_in()) as ctx:
        table = SecondFactor.__table__
        (key,) = [key for key in table.foreign_keys if key.column.table.name == "person"]
        assert key.ondelete == "CASCADE"
        assert ctx.db.get(SecondFactor, person) is not None
