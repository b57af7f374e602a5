"""Living somewhere: house rules, what is counted when somebody comes and leaves, and when a stay has
gone beyond its planned end."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from civic.kernel.clock import ROME, rome_day
from civic.kernel.i18n import N_

EVENING = time(18)
"""Whoever leaves today does so in the course of the day; from this hour on they have stayed on."""
LEAVES_SOON = timedelta(days=30)
FOLLOW_UP_MONTHS = (6, 12)
MOST_PIECES = 99


class Thing(StrEnum):
    """What usually stands in a room or flat. None of them has to."""

    KEYS = "keys"
    BED = "bed"
    MATTRESS = "mattress"
    BEDDING = "bedding"
    WARDROBE = "wardrobe"
    TABLE = "table"
    CHAIR = "chair"
    LAMP = "lamp"
    FRIDGE = "fridge"
    COOKER = "cooker"
    WASHING_MACHINE = "washing_machine"
    POTS_AND_PLATES = "pots_and_plates"


class Condition(StrEnum):
    GOOD = "good"
    WORN = "worn"
    BROKEN = "broken"


class Meter(StrEnum):
    ELECTRICITY = "electricity"
    GAS = "gas"
    WATER = "water"


THING_NAMES = {
    Thing.KEYS: N_("Keys"),
    Thing.BED: N_("Beds"),
    Thing.MATTRESS: N_("Mattresses"),
    Thing.BEDDING: N_("Sets of bedding"),
    Thing.WARDROBE: N_("Wardrobes"),
    Thing.TABLE: N_("Tables"),
    Thing.CHAIR: N_("Chairs"),
    Thing.LAMP: N_("Lamps"),
    Thing.FRIDGE: N_("Fridges"),
    Thing.COOKER: N_("Cookers"),
    Thing.WASHING_MACHINE: N_("Washing machines"),
    Thing.POTS_AND_PLATES: N_("Sets of pots and plates"),
}
CONDITION_NAMES = {
    Condition.GOOD: N_("good"),
    Condition.WORN: N_("worn"),
    Condition.BROKEN: N_("broken"),
}
METER_NAMES = {
    Meter.ELECTRICITY: N_("Electricity"),
    Meter.GAS: N_("Gas"),
    Meter.WATER: N_("Water"),
}
HOUSE_RULES = (
    N_("This is your home for now. Close the door well, and keep your keys for yourself."),
    N_("From 10 in the evening until 7 in the morning we let each other sleep."),
    N_("Visitors are welcome by day. Whoever wants to sleep here asks first."),
    N_(
        "We keep kitchen and bathroom as we would like to find them, and take turns with the rubbish."
    ),
    N_("We smoke outside. A fire in the house is a danger to everybody."),
    N_(
        "No violence, no threats, no insults: not for where somebody comes from, what they believe or"
        " whom they love."
    ),
    N_("Whatever breaks, tell us soon. Nobody is scolded for it, and we mend it."),
    N_("Your room is yours: nobody comes in without knocking, unless somebody is in danger."),
    N_("If you are away for more than three nights, tell us, so that nobody worries."),
)
"""Those of every dwelling; its own ones come after them."""


def is_over(until: date, now: datetime) -> bool:
    """Whether somebody who is still there has stayed on after the planned end."""
    today = rome_day(now)
    return until < today or (until == today and now.astimezone(ROME).time() >= EVENING)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
