import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.attendance.place_code import (
    CLAIM_LIFE,
    HEAD_BYTES,
    HOLDS_FOR,
    STEP,
    STEPS,
    Claim,
    NotTaken,
    PlaceCode,
    Told,
    code_at,
    code_of,
    token_of,
)
from civic.attendance.rules import Direction, Outcome, Reason
from civic.kernel.ids import uuid7
from civic.kernel.keys import Keys
from civic.web import qr
from civic.web.fields import clean_line

KEYS = Keys("a key for tests, long enough to be taken")
NOW = datetime(2026, 3, 21, 9, 0, 10, tzinfo=UTC)
"""Ten seconds into a step."""
SESSION = uuid7(NOW)
SECOND = timedelta(seconds=1)
gates = st.text(max_size=60).map(clean_line)


def token_at(now: datetime = NOW, gate: str = "") -> str:
    return token_of(KEYS, code_at(SESSION, gate, now))


@given(st.uuids(), gates, st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_token_says_what_went_into_it(session_id: UUID, gate: str, at: datetime) -> None:
    now = at.replace(tzinfo=UTC)
    code = code_at(session_id, gate, now)
    assert code_of(KEYS, token_of(KEYS, code), now) == code


@pytest.mark.parametrize(
    ("later", "held"),
    [(0, True), (20, True), (79, True), (80, False), (600, False), (86_400 * 365, False)],
)
def test_a_code_holds_for_ninety_seconds_from_when_it_was_first_shown(
    later: int, held: bool
) -> None:
    found = code_of(KEYS, token_at(), NOW + later * SECOND)
    assert isinstance(found, PlaceCode) is held
    assert held or found is NotTaken.OLD


def test_a_new_code_is_shown_every_thirty_seconds() -> None:
    tokens = {token_at(NOW + seconds * SECOND) for seconds in range(60)}
    assert len(tokens) == 3
    assert token_at(NOW) == token_at(NOW + 19 * SECOND) != token_at(NOW + 20 * SECOND)
    assert timedelta(seconds=90) == HOLDS_FOR == 3 * STEP


def test_servers_whose_clocks_differ_by_a_few_seconds_understand_each_other() -> None:
    ahead = token_at(NOW + 25 * SECOND)
    assert isinstance(code_of(KEYS, ahead, NOW), PlaceCode)
    assert code_of(KEYS, token_at(NOW + 120 * SECOND), NOW) is NotTaken.OLD


def test_numbers_of_steps_that_begin_again_mistake_nothing_for_new() -> None:
    code = code_at(SESSION, "", NOW)
    before = PlaceCode(SESSION, "", code.step - STEPS // 2 + 1)
    assert code_of(KEYS, token_of(KEYS, before), NOW) is NotTaken.OLD


@given(st.integers(0), st.integers(1, 255))
def test_a_token_changed_anywhere_is_unknown(where: int, by: int) -> None:
    token = token_at(gate="Nord")
    packed = bytearray(base64.b32decode(token + "=" * (-len(token) % 8)))
    packed[where % len(packed)] ^= by
    forged = base64.b32encode(bytes(packed)).decode().rstrip("=")
    assert code_of(KEYS, forged, NOW) is NotTaken.UNKNOWN


def test_a_seal_holds_for_its_own_session_and_gate_alone() -> None:
    mine, others = token_at(gate="Nord"), token_of(KEYS, code_at(uuid7(NOW), "Nord", NOW))
    # The session of one before the seal of the other.
    mixed = mine[:24] + others[24:]
    assert code_of(KEYS, mixed, NOW) is NotTaken.UNKNOWN
    assert token_at(gate="Nord") != token_at(gate="Sud")


def test_a_token_of_another_installation_is_unknown() -> None:
    foreign = token_of(Keys("another key, just as long as the first"), code_at(SESSION, "", NOW))
    assert code_of(KEYS, foreign, NOW) is NotTaken.UNKNOWN


@given(st.text(max_size=80))
def test_whatever_somebody_writes_into_the_address_is_unknown(text: str) -> None:
    assert code_of(KEYS, text, NOW) is NotTaken.UNKNOWN


@pytest.mark.parametrize("token", ["", "A", "A" * (HEAD_BYTES - 1), "A" * 100_000])
def test_what_is_too_short_or_too_long_is_unknown(token: str) -> None:
    assert code_of(KEYS, token, NOW) is NotTaken.UNKNOWN


def test_a_program_that_writes_small_letters_is_understood() -> None:
    assert isinstance(code_of(KEYS, token_at().lower(), NOW), PlaceCode)


@pytest.mark.parametrize(
    ("host", "gate", "most"),
    [
        ("https://civic.example.org", "", 33),
        ("https://impegno.comune.caserta.it", "", 37),
        ("https://civic.example.org", "Cancello nord", 37),
    ],
)
def test_the_picture_stays_small_enough_for_an_old_camera(host: str, gate: str, most: int) -> None:
    rows = qr.modules(f"{host}/in/{token_at(gate=gate)}", qr.ON_SCREEN)
    assert len(rows) - 2 * qr.QUIET <= most


# The claim


def claim() -> Claim:
    return Claim.begun(code_at(SESSION, "Nord", NOW), NOW)


def test_a_claim_comes_back_from_the_cookie_as_it_was() -> None:
    made = claim()
    assert Claim.of(made.as_values(), NOW + SECOND) == made
    for reason, outcome in ((None, Outcome.ACCEPTED), (Reason.TOO_EARLY, Outcome.REFUSED)):
        told = Told(uuid7(NOW), "أمينة", Direction.ENTRY, outcome, reason)
        kept = made.shared().answered(told)
        assert Claim.of(kept.as_values(), NOW) == kept
    unsure = made.answered(Told(uuid7(NOW), "Amina", Direction.EXIT, None, None))
    assert Claim.of(unsure.as_values(), NOW) == unsure


def test_a_claim_ends_after_half_an_hour_and_begins_no_earlier_than_its_scan() -> None:
    values = claim().as_values()
    assert Claim.of(values, NOW + CLAIM_LIFE - SECOND)
    assert Claim.of(values, NOW + CLAIM_LIFE) is None
    assert Claim.of(values, NOW - SECOND) is None
    assert Claim.of(None, NOW) is None


def test_each_person_has_one_scan_of_a_claim_and_each_claim_another() -> None:
    amina, bilal = uuid7(NOW), uuid7(NOW)
    first, second = claim(), claim()
    ids = [one.scan_id(KEYS, who) for one in (first, second) for who in (amina, bilal)]
    assert len(set(ids)) == 4
    assert first.scan_id(KEYS, amina) == ids[0]


def test_the_id_of_a_scan_is_of_version_seven_and_carries_the_instant() -> None:
    found = claim().scan_id(KEYS, SESSION)
    assert (found.version, found.variant) == (7, "specified in RFC 4122")
    assert found.int >> 80 == int(NOW.timestamp() * 1000)


def test_on_a_lent_phone_the_next_person_begins_without_the_answer_of_the_last() -> None:
    told = Told(uuid7(NOW), "Amina", Direction.ENTRY, Outcome.ACCEPTED, None)
    passed_on = claim().answered(told).shared()
    assert passed_on.is_shared
    assert passed_on.told is None
