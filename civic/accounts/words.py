"""Roles and parts of the week in plain words."""

from babel.dates import get_day_names
from flask_babel import get_locale, gettext

from civic.accounts.rules import PARTS_A_DAY
from civic.kernel.i18n import N_
from civic.kernel.policy import Role

ROLE_NAMES = {
    Role.ORGANISER: N_("organiser of an association"),
    Role.OFFICER: N_("officer of the municipality"),
    Role.DESK: N_("who works at the desk"),
    Role.MOBILE_UNIT: N_("the mobile unit"),
    Role.CASE_WORKER: N_("case worker"),
    Role.HOUSING_OFFICER: N_("housing officer"),
    Role.CITY_COORDINATOR: N_("coordinator of the city"),
    Role.DATA_PROTECTION: N_("data-protection officer"),
    Role.COORDINATOR: N_("coordinator of the network"),
    Role.ADMINISTRATOR: N_("administrator"),
}

PART_NAMES = (N_("Morning"), N_("Afternoon"), N_("Evening"))


def weekday_name(weekday: int) -> str:
    """0 is Monday."""
    return str(get_day_names("wide", "stand-alone", get_locale())[weekday])


def slot_name(slot: int) -> str:
    """A part of the week: "Saturday, Morning"."""
    weekday, part = divmod(slot, PARTS_A_DAY)
    return gettext(
        "%(weekday)s, %(part)s", weekday=weekday_name(weekday), part=gettext(PART_NAMES[part])
    )


def role_name(role: Role) -> str:
    return gettext(ROLE_NAMES[role])
