"""Names of areas, skills and days in the reader's language, for templates and forms."""

from dataclasses import replace

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext

from civic.catalogue.fit import Reason, ReasonKind
from civic.catalogue.queries.fit import Fitting
from civic.catalogue.queries.listing import Card
from civic.catalogue.rhythm import Frequency, Rhythm
from civic.catalogue.rules import AREA_NAMES, SLOTS_A_DAY, Area
from civic.catalogue.skills import SKILLS
from civic.kernel.i18n import N_
from civic.web.words import local_number, shown_language


def area_name(area: Area | str) -> str:
    name: str = gettext(AREA_NAMES[Area(area)])
    return name


def skill_name(skill_id: str) -> str:
    """The skill's name; its id when an older list knew it."""
    skill = SKILLS.get(skill_id)
    return gettext(skill.label) if skill else skill_id


def skill_choices(area: Area | None = None) -> list[tuple[str, str]]:
    """Skills to pick from: those of the area first, then those any project can teach."""
    chosen = [skill for skill in SKILLS.values() if area is None or skill.area in (area, None)]
    return [(skill.id, gettext(skill.label)) for skill in chosen]


def weekday_name(number: int) -> str:
    """0 is Monday."""
    return str(get_day_names("wide", context="stand-alone", locale=get_locale())[number])


WEEK_NAMES = {
    1: N_("First time in the month"),
    2: N_("Second time in the month"),
    3: N_("Third time in the month"),
    4: N_("Fourth time in the month"),
    -1: N_("Last time in the month"),
}
"""Which of its weekdays in the month: said so that no language bends it to the day's name."""


def week_name(number: int) -> str:
    name: str = gettext(WEEK_NAMES[number])
    return name


def rhythm_words(rhythm: Rhythm) -> str:
    """How something repeats: “Every 2 weeks: Monday and Saturday”."""
    days = format_list([weekday_name(number) for number in rhythm.weekdays], locale=get_locale())
    if rhythm.frequency is Frequency.WEEKLY:
        said = ngettext(
            "Every week: %(days)s", "Every %(num)d weeks: %(days)s", rhythm.every, days=days
        )
    else:
        said = ngettext(
            "Every month: %(days)s (%(week)s)",
            "Every %(num)d months: %(days)s (%(week)s)",
            rhythm.every,
            days=days,
            week=week_name(rhythm.week or 1),
        )
    return str(said)


FREE_THEN = (
    N_("%(weekday)s morning: you have time"),
    N_("%(weekday)s afternoon: you have time"),
    N_("%(weekday)s evening: you have time"),
)


def reason_words(reason: Reason) -> str:
    """Why a project fits the reader, in a few words."""
    match reason.kind:
        case ReasonKind.FREE_THEN:
            weekday, part = divmod(int(reason.data), SLOTS_A_DAY)
            said = gettext(FREE_THEN[part], weekday=sentence_start(weekday_name(weekday)))
        case ReasonKind.GOAL:
            said = gettext("For your plan: %(skill)s", skill=skill_name(str(reason.data)))
        case ReasonKind.LANGUAGE:
            said = gettext("You speak %(language)s", language=shown_language(str(reason.data)))
        case ReasonKind.NEAR:
            said = _distance(float(reason.data))
        case ReasonKind.NO_ITALIAN:
            said = gettext("You need no Italian there")
        case ReasonKind.BADGE:
            said = gettext("It counts for your badge: %(area)s", area=area_name(str(reason.data)))
    return str(said)


def worded(fitting: Fitting) -> Card:
    """A card that says why it suits the reader."""
    return replace(fitting.card, reasons=tuple(map(reason_words, fitting.reasons)))


def _distance(kilometres: float) -> str:
    if kilometres < 1:
        return str(gettext("Less than 1 km from you"))
    said = gettext("%(kilometres)s km from you", kilometres=local_number(round(kilometres)))
    return str(said)


def sentence_start(words: str) -> str:
    """With a capital, where the script has any."""
    return words[:1].upper() + words[1:]
