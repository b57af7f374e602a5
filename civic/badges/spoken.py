"""What stands on a badge's card, in whole sentences, for those who would rather listen."""

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.badges.queries import Badge
from civic.badges.rules import Rating
from civic.catalogue.words import skill_name
from civic.web.words import local_date, minutes_as_hours

Sentence = tuple[str, str]
"""Its language and its words."""


def read_aloud(badge: Badge, language: str) -> list[Sentence]:
    """In the language of the page, but for a badge whose name nobody has put into it."""
    name, tag = badge.achievement.named_in(language)
    did = ngettext(
        "You worked %(time)s in %(num)d session.",
        "You worked %(time)s in %(num)d sessions.",
        badge.sessions,
        time=minutes_as_hours(badge.minutes),
    )
    skills = "; ".join(skill_practised(skill, badge.ratings.get(skill)) for skill in badge.skills)
    said = [did, _("You practised: %(skills)s.", skills=skills)]
    if badge.is_under_review:
        said.append(
            _(
                "Your hours were corrected. The association looks at this badge again; until then it"
                " stays yours."
            )
        )
    said.append(
        _(
            "%(association)s confirmed it on %(day)s.",
            association=badge.association_name,
            day=local_date(badge.awarded_at),
        )
    )
    if badge.valid_until:
        said.append(_("It is valid until %(day)s.", day=local_date(badge.valid_until)))
    return [(tag, f"{name}."), *((language, words) for words in said)]


def skill_practised(skill: str, rating: str | None) -> str:
    name = skill_name(skill)
    if rating == Rating.ALONE.value:
        return f"{name} {_('(alone)')}"
    return f"{name} {_('(with some help)')}" if rating == Rating.WITH_HELP.value else name
