"""Why somebody waits where they wait, in their own language; and why a dwelling suits them."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.housing.rules.fitting import CAUTIONS, SENTENCES, Reason
from civic.housing.rules.placing import CRITERION_REASONS, WAITING_POINTS_AT_MOST, Priority
from civic.kernel.i18n import PageLanguage, best_language
from civic.web.locale import speaking


def reasons_in(priority: Priority, language: str) -> tuple[PageLanguage, list[str]]:
    """One sentence for each, the weightiest first, and the language they are in: the one that is asked
    for where we speak it, else ours."""
    spoken = best_language([language])
    with speaking(spoken):
        found = [_(CRITERION_REASONS[each]) for each in priority.criteria]
        if not found:
            found.append(_("Nothing special was written down: you wait by the day you asked."))
        if priority.weeks:
            found.append(
                ngettext(
                    "You have waited for %(num)d week. Each week counts.",
                    "You have waited for %(num)d weeks. Each week counts.",
                    priority.weeks,
                )
            )
        if priority.weeks == WAITING_POINTS_AT_MOST:
            found.append(_("Waiting counts as much as it can by now."))
    return spoken, found


def fit_words(reasons: Iterable[Reason]) -> list[tuple[str, bool]]:
    """Each reason as a sentence, and whether it is one to be careful about."""
    return [(_(SENTENCES[each]), each in CAUTIONS) for each in reasons]
