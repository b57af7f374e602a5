from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from civic.accounts import codes, operations
from civic.accounts.contacts import read_contact
from civic.accounts.errors import TooManyCodes
from civic.accounts.models import Counter, LoginSession, OneTimeCode
from civic.accounts.rules import (
    CODE_LIFE,
    CODES_PER_CONTACT,
    CODES_PER_CONTACT_A_DAY,
    CODES_PER_NETWORK,
    CodeAnswer,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import VISITOR, system_in
from tests.factories.accounts import make_person

KEYS = Keys("a key for tests, long enough to be taken")
PHONE = read_contact("+39 333 123 4567")
OTHER = read_contact("amina@example.org")
Letters = Callable[[], list[dict[str, Any]]]
LastCode = Callable[[str], str]


def request(database: Database, contact: Any = PHONE, network: str = "192.0.2.1") -> None:
    with database.unit_of_work(VISITOR) as ctx:
        codes.request_code(ctx, KEYS, contact, "fr", network)


def check(database: Database, code: str, contact: Any = PHONE) -> CodeAnswer:
    with database.unit_of_work(VISITOR) as ctx:
        return codes.check_code(ctx, KEYS, contact, code)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_has_six_digits_and_goes_out_in_the_language_of_the_page(
    database: Database, letters: Letters
) -> None:
    request(database)
    (letter,) = letters()
    assert len(letter["code"]) == 6
    assert letter["code"].isdecimal()
    assert (letter["kind"], letter["value"], letter["language"]) == ("phone", PHONE.value, "fr")
    assert letter["municipality_id"] is None


def test_code_works_once(database: Database, last_code: LastCode) -> None:
    request(database)
    code = last_code(PHONE.value)
    assert check(database, code) is CodeAnswer.RIGHT
    assert check(database, code) is CodeAnswer.OVER


def test_sixth_try_is_refused_even_when_right(database: Database, last_code: LastCode) -> None:
    request(database)
    code = last_code(PHONE.value)
    for _ in range(5):
        assert check(database, wrong(code)) is CodeAnswer.WRONG
    assert check(database, code) is CodeAnswer.OVER


def test_fifth_try_still_counts(database: Database, last_code: LastCode) -> None:
    request(database)
    code = last_code(PHONE.value)
    for _ in range(4):
        check(database, wrong(code))
    assert check(database, code) is CodeAnswer.RIGHT


def test_code_expires_after_ten_minutes(
    database: Database, clock: FrozenClock, last_code: LastCode
) -> None:
    request(database)
    clock.advance(CODE_LIFE)
    assert check(database, last_code(PHONE.value)) is CodeAnswer.OVER


def test_code_works_until_the_last_second(
    database: Database, clock: FrozenClock, last_code: LastCode
) -> None:
    request(database)
    clock.advance(CODE_LIFE - timedelta(seconds=1))
    assert check(database, last_code(PHONE.value)) is CodeAnswer.RIGHT


def test_code_for_one_contact_is_not_for_another(database: Database, last_code: LastCode) -> None:
    request(database)
    request(database, OTHER)
    own, others = last_code(PHONE.value), last_code(OTHER.value)
    if own != others:
        assert check(database, others) is CodeAnswer.WRONG
    assert check(database, others, OTHER) is CodeAnswer.RIGHT


def test_a_new_code_takes_the_place_of_the_old_one(
    database: Database, clock: FrozenClock, last_code: LastCode
) -> None:
    request(database)
    first = last_code(PHONE.value)
    clock.advance(timedelta(seconds=1))
    request(database)
    second = last_code(PHONE.value)
    if first != second:
        assert check(database, first) is CodeAnswer.WRONG
    assert check(database, second) is CodeAnswer.RIGHT


def test_without_a_code_sent_none_is_right(database: Database) -> None:
    assert check(database, "000000") is CodeAnswer.OVER


def test_neither_code_nor_contact_can_be_read_from_the_tables(
    database: Database, last_code: LastCode
) -> None:
    request(database)
    with database.reading(VISITOR) as ctx:
        row = ctx.db.scalars(select(OneTimeCode)).one()
        keys = ctx.db.scalars(select(Counter.key)).all()
    kept = " ".join([row.contact_hash, row.code_hash, *keys])
    assert PHONE.value not in kept
    assert "192.0.2.1" not in kept
    assert last_code(PHONE.value) not in row.code_hash or len(row.code_hash) == 64


def test_a_contact_gets_only_so_many_codes_an_hour(
    database: Database, clock: FrozenClock, letters: Letters
) -> None:
    for number in range(CODES_PER_CONTACT):
        request(database, network=f"192.0.2.{number}")
    with pytest.raises(TooManyCodes):
        request(database, network="198.51.100.1")
    assert len(letters()) == CODES_PER_CONTACT
    request(database, OTHER)
    clock.advance(timedelta(hours=1))
    request(database)


def test_a_contact_gets_only_so_many_codes_a_day(database: Database, clock: FrozenClock) -> None:
    for number in range(CODES_PER_CONTACT_A_DAY):
        request(database)
        if number % CODES_PER_CONTACT == CODES_PER_CONTACT - 1:
            clock.advance(timedelta(hours=1))
    with pytest.raises(TooManyCodes):
        request(database)
    clock.advance(timedelta(days=1))
    request(database)


def test_a_network_gets_only_so_many_codes_an_hour(database: Database) -> None:
    for number in range(CODES_PER_NETWORK):
        request(database, read_contact(f"person{number}@example.org"), "192.0.2.9")
    with pytest.raises(TooManyCodes):
        request(database, PHONE, "192.0.2.9")
    request(database, PHONE, "192.0.2.10")


def test_limit_is_the_same_for_those_with_an_account(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        make_person(ctx, phone=PHONE.value)
    for _ in range(CODES_PER_CONTACT):
        request(database)
    with pytest.raises(TooManyCodes):
        request(database)


def test_right_code_typed_twice_at_the_same_time_is_right_once(real_database: Database) -> None:
    request(real_database)
    with real_database.reading(VISITOR) as ctx:
        code = ctx.db.scalars(select(OutboxEvent.payload)).one()["code"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: check(real_database, code), range(4)))
    assert answers.count(CodeAnswer.RIGHT) == 1


def test_tries_at_the_same_time_are_all_counted(real_database: Database) -> None:
    request(real_database)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: check(real_database, "x"), range(30)))
    assert answers.count(CodeAnswer.WRONG) == 5
    assert answers.count(CodeAnswer.OVER) == 25


def test_codes_asked_for_at_the_same_time_are_all_counted(real_database: Database) -> None:
    def ask(_number: int) -> bool:
        try:
            request(real_database)
        except TooManyCodes:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(20)))
    assert answers.count(True) == CODES_PER_CONTACT


def test_what_is_over_is_swept_away(database: Database, clock: FrozenClock) -> None:
    request(database)
    with database.unit_of_work(system_in()) as ctx:
        operations.open_session(ctx, make_person(ctx))
    clock.advance(timedelta(days=31))
    request(database, OTHER)
    with database.unit_of_work(system_in()) as ctx:
        operations.forget_what_is_over(ctx)
        assert ctx.db.scalar(select(func.count()).select_from(OneTimeCode)) == 1
        assert ctx.db.scalar(select(func.count()).select_from(Counter)) == 3
        assert ctx.db.scalar(select(func.count()).select_from(LoginSession)) == 0
