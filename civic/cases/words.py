"""The codes of case work said in the language of the page."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from civic.accounts.rules import Discipline
from civic.accounts.words import role_name
from civic.cases.access import CASE_ROLE_NAMES, DATA_NAMES, CaseRole, Data
from civic.cases.retention import ERASURE_NAMES, KEPT_NAMES
from civic.cases.screening import URGENCY_NAMES, Screening, Urgency, screened
from civic.cases.sections import AGE_BANDS, HELP, MANY, NEEDS, SECTIONS, Ask
from civic.cases.sections import Field as Asked
from civic.cases.states import ENDING_NAMES, MOVE_WORDS, STATE_NAMES, CaseState, Ending
from civic.cases.vocabulary import (
    ALERT_NAMES,
    APPOINTMENT_NAMES,
    BASIS_NAMES,
    ENTRY_NAMES,
    INTERVENTIONS,
    PURPOSE_NAMES,
    PURPOSE_WORDS,
    RECIPIENT_NAMES,
    REFERRAL_NAMES,
    REFUSAL_NAMES,
    RELATION_NAMES,
)
from civic.kernel.i18n import N_
from civic.kernel.policy import Role
from civic.web.words import local_date, shown_language


def value_words(field: Asked, value: Any) -> str:
    """What was answered, in the language of the page."""
    if not value:
        return ""
    if field.ask is Ask.LANGUAGES:
        return _(", ").join(shown_language(tag) for tag in value)
    if field.ask is Ask.COUNTRY:
        return country_name(str(value))
    if field.ask in (Ask.DAY, Ask.BIRTH) and len(str(value)) == len("2001-05-30"):
        return local_date(date.fromisoformat(str(value)))
    if field.choices is not None:
        codes = value if field.ask in MANY else [value]
        return _(", ").join(_(field.choices[code]) for code in codes if code in field.choices)
    return str(value)


def country_name(code: str) -> str:
    if code == "XX":
        return _("Stateless")
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def intervention_name(code: str) -> str:
    return next((_(codes[code]) for codes in INTERVENTIONS.values() if code in codes), "")


def _all_of(names: Mapping[str, str], codes: Iterable[str]) -> str:
    return _(", ").join(_(names[code]) for code in codes if code in names)


class CaseWords:
    """Codes said in the language of the page."""

    sections = SECTIONS
    value = staticmethod(value_words)
    intervention = staticmethod(intervention_name)

    def data(self, code: Data | str) -> str:
        return _(DATA_NAMES[Data(code)])

    def role(self, code: CaseRole) -> str:
        return _(CASE_ROLE_NAMES[code])

    def state(self, code: CaseState) -> str:
        return _(STATE_NAMES[code])

    def move(self, code: CaseState) -> str:
        return _(MOVE_WORDS[code])

    def ending(self, code: Ending) -> str:
        return _(ENDING_NAMES[code])

    def screened(self, answers: Mapping[str, Any]) -> Screening:
        return screened(answers)

    def urgency(self, code: Urgency) -> str:
        return _(URGENCY_NAMES[code])

    def entry(self, told: Mapping[str, Any]) -> str:
        """A line of the timeline in words: an intervention's name, what was seen and given, the note."""
        parts = []
        if told.get("code"):
            parts.append(intervention_name(str(told["code"])))
        if told.get("needs"):
            parts.append(_("Needs: %(needs)s", needs=_all_of(NEEDS, told["needs"])))
        if told.get("help"):
            parts.append(_("Given: %(help)s", help=_all_of(HELP, told["help"])))
        parts += [str(told[name]) for name in ("where", "words") if told.get(name)]
        if told.get("follow_up"):
            parts.append(_("Next: %(step)s", step=told["follow_up"]))
        return "\n".join(parts)

    def age_band(self, code: str) -> str:
        return _(AGE_BANDS[code]) if code in AGE_BANDS else ""

    def trade(self, role: Role, discipline: str) -> str:
        return _(DISCIPLINE_NAMES[discipline]) if discipline else role_name(role)

    def ground(self, code: str) -> str:
        return _(GROUND_NAMES[code])

    def of(self, table: str, code: Any) -> str:
        return _(TABLES[table][code])


TABLES: dict[str, Mapping[Any, str]] = {
    "entry": ENTRY_NAMES,
    "alert": ALERT_NAMES,
    "relation": RELATION_NAMES,
    "purpose": PURPOSE_NAMES,
    "purpose_words": PURPOSE_WORDS,
    "basis": BASIS_NAMES,
    "recipient": RECIPIENT_NAMES,
    "appointment": APPOINTMENT_NAMES,
    "referral": REFERRAL_NAMES,
    "refusal": REFUSAL_NAMES,
    "erasure": ERASURE_NAMES,
    "kept": KEPT_NAMES,
}
DISCIPLINE_NAMES = {
    Discipline.SOCIAL_WORKER.value: N_("social worker"),
    Discipline.PSYCHOLOGIST.value: N_("psychologist"),
    Discipline.LEGAL_ADVISER.value: N_("legal adviser"),
    Discipline.MEDIATOR.value: N_("cultural mediator"),
    Discipline.EDUCATOR.value: N_("educator"),
}
GROUND_NAMES = {
    "names": N_("The names are written alike."),
    "names_sound": N_("The names sound alike."),
    "phone": N_("The phone is the same."),
    "fiscal_code": N_("The fiscal code is the same."),
    "permit": N_("The permit has the same number."),
    "born_on": N_("Born on the same day."),
    "born_in": N_("Born in the same year."),
    "born_otherwise": N_("But born in another year."),
    "gender_otherwise": N_("But another gender is written."),
}
CASE_WORDS = CaseWords()
