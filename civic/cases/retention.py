"""How long what stands in a file is kept, and for what reasons a file is erased before that.

Personal data is kept no longer than its purpose needs (GDPR, art. 5.1.e). For how long that is, each
municipality's own retention schedule (massimario di scarto) decides, within the law on archives
(legislative decree 42 of 2004, art. 21 and 30). The numbers of `YEARS` are what such schedules mostly
say: a municipality whose schedule says otherwise changes them there, and nowhere else.
"""

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from civic.cases.access import DATA_NAMES, Data
from civic.cases.states import CaseState
from civic.kernel.i18n import N_


class Kept(StrEnum):
    """What has a clock of its own: each kind of data, the papers, and two kinds of whole files."""

    IDENTITY = "identity"
    LEGAL_STATUS = "legal_status"
    SOCIAL = "social"
    HEALTH = "health"
    LEGAL_ADVICE = "legal_advice"
    PROTECTION = "protection"
    HOUSING = "housing"
    PLAN = "plan"
    DOCUMENTS = "documents"
    ANONYMOUS_CONTACT = "anonymous_contact"
    """Somebody met and never taken in charge, whose name nobody knows: the whole file."""
    REFUSED_INTAKE = "refused_intake"
    """Closed without ever having been taken in charge: the whole file."""


YEARS = {
    Kept.IDENTITY: 10,
    Kept.LEGAL_STATUS: 10,
    Kept.SOCIAL: 10,
    Kept.HEALTH: 10,
    Kept.LEGAL_ADVICE: 10,
    Kept.PROTECTION: 10,
    Kept.HOUSING: 10,
    Kept.PLAN: 10,
    Kept.DOCUMENTS: 5,
    Kept.ANONYMOUS_CONTACT: 1,
    Kept.REFUSED_INTAKE: 2,
}
"""From the day of closing; of an anonymous contact from the last meeting. Change them here."""
WHOLE_FILES = frozenset({Kept.ANONYMOUS_CONTACT, Kept.REFUSED_INTAKE})
LOOK_AHEAD = timedelta(days=90)
"""How far ahead the page lists what will go."""
LISTED_FOR = timedelta(days=30)
"""Nothing goes that was not on the page for so long, so that somebody could say no."""

KEPT_NAMES = {
    **{Kept(data.value): name for data, name in DATA_NAMES.items()},
    Kept.DOCUMENTS: N_("Papers"),
    Kept.ANONYMOUS_CONTACT: N_("The whole file: met, and never taken in charge"),
    Kept.REFUSED_INTAKE: N_("The whole file: an intake that was not taken in charge"),
}


class ErasureReason(StrEnum):
    PERSON_ASKED = "person_asked"
    """GDPR, art. 17."""
    RETENTION_OVER = "retention_over"
    OPENED_BY_MISTAKE = "opened_by_mistake"


ERASURE_NAMES = {
    ErasureReason.PERSON_ASKED: N_("The person asked for it"),
    ErasureReason.RETENTION_OVER: N_("The time for which it is kept is over"),
    ErasureReason.OPENED_BY_MISTAKE: N_("It was opened by mistake"),
}


@dataclass(frozen=True)
class Standing:
    """Of a file, what its clocks go by."""

    state: CaseState
    since: date
    """The day of the state: of a closed case the day of closing."""
    was_in_charge: bool
    is_anonymous: bool
    last_met_on: date
    holds: frozenset[Kept]
    """Of the kinds of data and the papers, those of which there is something."""


def due_days(file: Standing) -> dict[Kept, date]:
    """What of a file goes, and from which day on."""
    if not file.was_in_charge and file.is_anonymous:
        return {Kept.ANONYMOUS_CONTACT: _after(file.last_met_on, Kept.ANONYMOUS_CONTACT)}
    if file.state is not CaseState.CLOSED:
        return {}
    if not file.was_in_charge:
        return {Kept.REFUSED_INTAKE: _after(file.since, Kept.REFUSED_INTAKE)}
    return {each: _after(file.since, each) for each in Kept if each in file.holds}


def takes_all(going: Iterable[Kept], held: Iterable[Kept]) -> bool:
    """Whether nothing is left of a file once these have gone."""
    leaving = set(going)
    return bool(leaving & WHOLE_FILES) or leaving >= set(held)


def data_of(kept: Kept) -> Data | None:
    """The kind of data; None for papers and whole files."""
    return Data(kept.value) if kept.value in set(Data) else None


def _after(day: date, kept: Kept) -> date:
    """The same day so many years later; a 29 February becomes the 1 March."""
    year = day.year + YEARS[kept]
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)
