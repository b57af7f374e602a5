"""Ages, names and sign-in limits, decided from values alone."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import pairwise
from unicodedata import category, digit

MINIMUM_AGE = 14
"""Nobody younger joins anything (DOMAIN.md, rule 3)."""
ADULT = 18
OLDEST = 110

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODES_PER_CONTACT = 5
"""One-time codes a phone number or address may be sent within an hour."""
CODES_PER_CONTACT_A_DAY = 15
"""Keeps somebody who guesses all day long at 75 of a million codes."""
CODES_PER_NETWORK = 200
"""Codes asked for from one network address within an hour: a reception centre shares one."""
CODE_WINDOW = timedelta(hours=1)
DAY = timedelta(days=1)
PASSWORD_TRIES = 10
"""Wrong passwords for one sign-in name within a quarter of an hour."""
PASSWORDS_PER_NETWORK = 100
"""The same for one network address, whatever the names."""
PASSWORD_WINDOW = timedelta(minutes=15)
VERIFIED_LIFE = timedelta(minutes=15)
"""How long somebody new has to say who they are once their code was right."""
SESSION_LIFE = timedelta(days=30)
STAFF_SESSION_LIFE = timedelta(hours=12)
IDLE_LIFE = timedelta(minutes=15)
"""How long a session in which the second step was taken waits for somebody who is away."""
SEEN_EVERY = timedelta(minutes=1)
"""Somebody at work is written down as seen no more often than this."""
SECOND_FACTOR_DIGITS = 6
SECOND_FACTOR_STEP = timedelta(seconds=30)
SECOND_FACTOR_TRIES = 5
"""Tries of one person within a quarter of an hour."""
SECOND_FACTOR_WINDOW = timedelta(minutes=15)
NAME_LENGTH = 80
PIN_DIGITS = 6
PIN_TRIES = 10
"""Wrong PINs one after the other until the desk must set a new one."""
PIN_WAITS = {5: 15, 6: 30, 7: 60, 8: 120, 9: 240}
"""Minutes in which a PIN is not even looked at, by the number of wrong ones before."""
PINS_PER_CARD = 5
"""Tries with one card, known or not, within a quarter of an hour."""
PINS_PER_NETWORK = 100
"""The same for one network address: the desk's tablet serves many."""
PIN_WINDOW = timedelta(minutes=15)
PIN_SESSION_LIFE = timedelta(hours=12)


COMMON_LANGUAGES = ("it", "en", "fr", "ar", "bn", "ur", "uk", "so")
"""What most people of the network speak; a form shows the others on demand."""


DAYS_A_WEEK, PARTS_A_DAY = 7, 3
WEEKDAY_CODES = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
PART_CODES = ("morning", "afternoon", "evening")
SLOTS = range(DAYS_A_WEEK * PARTS_A_DAY)
"""Parts of the week: morning, afternoon and evening, from Monday to Sunday."""


def free_time_code(slot: int) -> str:
    """`saturday morning`, for machines."""
    weekday, part = divmod(slot, PARTS_A_DAY)
    return f"{WEEKDAY_CODES[weekday]} {PART_CODES[part]}"


class ContactKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


class CodeAnswer(StrEnum):
    """What became of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"
    """Too old, tried too often, used before, or never sent: which of these stays untold."""


class Discipline(StrEnum):
    """What a case worker is on the multidisciplinary team."""

    SOCIAL_WORKER = "social_worker"
    PSYCHOLOGIST = "psychologist"
    LEGAL_ADVISER = "legal_adviser"
    MEDIATOR = "cultural_mediator"
    EDUCATOR = "educator"


def youngest_age(birth_year: int, on_day: date) -> int:
    """The least age a person born in that year can have on that day.

    Where only the year is known the person counts as born on its last day: in doubt about
    majority a minor's protection comes first (law 47 of 2017, art. 5).
    """
    age = on_day.year - birth_year
    return age if (on_day.month, on_day.day) == (12, 31) else age - 1


def oldest_age(birth_year: int, on_day: date) -> int:
    """The greatest age a person born in that year can have on that day (born on 1 January)."""
    return on_day.year - birth_year


def may_be_minor(birth_year: int, on_day: date) -> bool:
    return youngest_age(birth_year, on_day) < ADULT


def can_be_born_in(birth_year: int, today: date) -> bool:
    """Old enough by some day of that year, and not older than anybody is.

    Joining looks again, at the youngest age: there a doubt protects the minor.
    """
    return MINIMUM_AGE <= oldest_age(birth_year, today) <= OLDEST


def network_of(address: str | None) -> str:
    """What is counted as one network: an IPv4 address, or the /64 that one IPv6 line is given."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9; spaces and dashes between them go."""
    kept = (letter for letter in text if not letter.isspace() and letter not in "-–.")
    return "".join(str(digit(letter)) if letter.isdecimal() else letter for letter in kept)


def step_at(now: datetime) -> int:
    """Half minutes since 1970, by which a phone and the site count alike (RFC 6238)."""
    return int(now.timestamp() // SECOND_FACTOR_STEP.total_seconds())


def steps_around(now: datetime) -> tuple[int, int, int]:
    """Of which half minutes digits are taken: a phone's clock may be a little off, and typing takes time."""
    step = step_at(now)
    return step, step - 1, step + 1


def in_fours(secret: str) -> list[str]:
    """A long secret as it is typed without losing one's place."""
    return [secret[start : start + 4] for start in range(0, len(secret), 4)]


def is_name(text: str) -> bool:
    """Something that can be read: a letter, a digit or a sign, not marks and joiners alone."""
    return any(category(letter)[0] in "LNS" for letter in text)


def is_easy_pin(pin: str) -> bool:
    """What others try first: hardly any digits, a run up or down, one half twice."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    half = len(pin) // 2
    return len(set(pin)) < 3 or steps in ({1}, {-1}) or pin[:half] == pin[half:]
