"""What a credential says, in words: in Italian, which employers here read, or else in the language
in which the badge was defined."""

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from civic.badges.addresses import Addresses
from civic.badges.credentials.documents import (
    AchievementFacts,
    Evidence,
    Level,
    Related,
    Skill,
)
from civic.badges.explaining import Explained
from civic.badges.issuing import Described, Shown, Vouched, ledger_hash
from civic.badges.models import Award
from civic.badges.queries import AchievementFacts as Known
from civic.badges.rules import Rating, Rule
from civic.catalogue.skills import SKILLS
from civic.catalogue.words import area_name, skill_name
from civic.kernel.clock import rome_day
from civic.kernel.i18n import BY_TAG, N_
from civic.web.words import minutes_as_hours

ITALIAN = "it"
SEEN_WORDS = {
    Rating.OBSERVED: N_("seen at work"),
    Rating.WITH_HELP: N_("with some help"),
    Rating.ALONE: N_("alone"),
}
"""How an assessor saw a skill, after its name."""


def describer(addresses: Addresses) -> Described:
    def describe(explained: Explained, award: Award) -> tuple[AchievementFacts, Evidence]:
        about = explained.achievement
        language = language_of(about)
        with force_locale(language if language in BY_TAG else ITALIAN):
            return _facts(addresses, about, award, language), _evidence(explained, award)

    return describe


def language_of(about: Known) -> str:
    return ITALIAN if ITALIAN in about.names else next(iter(about.names), ITALIAN)


def _facts(addresses: Addresses, about: Known, award: Award, language: str) -> AchievementFacts:
    name = about.names.get(language, about.code)
    return AchievementFacts(
        id=addresses.achievement(about.id, language),
        name=name,
        description=about.descriptions.get(language, name),
        criteria=about.criteria.get(language) or rule_words(about.rule),
        language=language,
        related=tuple(
            Related(addresses.achievement(about.id, other), other)
            for other in sorted(about.names)
            if other != language and other in BY_TAG
        ),
        image=addresses.picture(about.picture) if about.picture else None,
        image_caption=about.picture_alt,
        skills=tuple(Skill(SKILLS[skill].address, skill_name(skill)) for skill in award.skills),
        level=Level(about.level, _("Level %(number)s", number=about.level)),
        minutes_name=_("Minutes"),
        sessions_name=_("Sessions"),
    )


def _evidence(explained: Explained, award: Award) -> Evidence:
    days = [line.day for line in explained.lines] or [rome_day(award.awarded_at)]
    time = minutes_as_hours(award.minutes)
    return Evidence(
        name=_("Hours of civic engagement"),
        narrative=ngettext(
            "%(time)s in %(num)d session, from check-in and check-out. Somebody who was there"
            " confirmed the skills.",
            "%(time)s in %(num)d sessions, from check-in and check-out. Somebody who was there"
            " confirmed the skills.",
            award.sessions,
            time=time,
        ),
        minutes=award.minutes,
        sessions=award.sessions,
        ledger_hash=ledger_hash(explained),
        first_day=min(days),
        last_day=max(days),
    )


def vouched(about: Known, award: Award, association: str) -> Vouched:
    """What an endorsement says. It names the assessor's part and not their name, as the badge itself
    does: the file goes from hand to hand for years, whoever assessed did not agree to that, and it is
    the association that answers for it. Who it was, the association finds in its own records."""
    language = language_of(about)
    with force_locale(language if language in BY_TAG else ITALIAN):
        badge = about.names.get(language, about.code)
        seen = "; ".join(skill_seen(skill, award.ratings.get(skill)) for skill in award.skills)
        comment = _(
            "Whoever assesses for %(association)s was there and saw these skills. %(seen)s.",
            association=association,
            seen=seen,
        )
        return Vouched(_("What was seen for the badge: %(badge)s", badge=badge), comment)


def skill_seen(skill: str, rating: str | None) -> str:
    """A skill with how it was seen; badges of before tell the skill alone."""
    if rating is None:
        return skill_name(skill)
    return _(
        "%(skill)s: %(how)s",
        skill=skill_name(skill),
        how=_(SEEN_WORDS[Rating(rating)]),
    )


def shown(about: Known, award: Award) -> Shown:
    """What a card says, in the language of the badge."""
    language = language_of(about)
    with force_locale(language if language in BY_TAG else ITALIAN):
        skills = tuple(skill_name(skill) for skill in award.skills)
        return Shown(about.names.get(language, about.code), skills)


def rule_words(rule: Rule) -> str:
    """What it takes, a sentence for each thing asked."""
    said = [_what_is_counted(rule)]
    if rule.area:
        said.append(_("They count in the area: %(area)s.", area=area_name(rule.area)))
    if rule.months:
        said.append(
            ngettext(
                "In at least %(num)d month.", "In at least %(num)d different months.", rule.months
            )
        )
    if rule.kept:
        said.append(_("At least %(number)s of a hundred places taken are kept.", number=rule.kept))
    said.append(_("Somebody who was there confirms what they saw."))
    return " ".join(said)


def _what_is_counted(rule: Rule) -> str:
    if not rule.minutes:
        return ngettext("At least %(num)d session.", "At least %(num)d sessions.", rule.sessions)
    return ngettext(
        "At least %(time)s in at least %(num)d session.",
        "At least %(time)s in at least %(num)d sessions.",
        rule.sessions,
        time=minutes_as_hours(rule.minutes),
    )
