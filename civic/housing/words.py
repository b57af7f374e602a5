"""The codes of the housing room said in the language of the page; money too."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel.numbers import format_currency
from flask_babel import get_locale
from flask_babel import gettext as _

from civic.housing.rules import nights, placing, steps, stock

NAMES: dict[type[StrEnum], Mapping[Any, str]] = {
    stock.OwnerKind: stock.OWNER_NAMES,
    stock.OfferState: stock.OFFER_NAMES,
    stock.OfferRefusal: stock.OFFER_REFUSALS,
    stock.Guarantee: stock.GUARANTEE_NAMES,
    stock.UnitKind: stock.UNIT_NAMES,
    stock.Who: stock.WHO_NAMES,
    stock.Gender: stock.GENDER_NAMES,
    stock.WorkState: stock.WORK_NAMES,
    stock.WorkKind: stock.WORK_KINDS,
    stock.CheckKind: stock.CHECK_NAMES,
    stock.FileKind: stock.FILE_NAMES,
    nights.Use: nights.USE_NAMES,
    nights.VoidReason: nights.VOID_NAMES,
    placing.Criterion: placing.CRITERION_NAMES,
    placing.Need: placing.NEED_NAMES,
    placing.Urgency: placing.URGENCY_NAMES,
    placing.RequestState: placing.REQUEST_NAMES,
    placing.ProposalState: placing.PROPOSAL_NAMES,
    placing.RefusedFor: placing.REFUSED_FOR_NAMES,
    placing.StayState: placing.STAY_NAMES,
    placing.Outcome: placing.OUTCOME_NAMES,
    placing.IncidentKind: placing.INCIDENT_NAMES,
    steps.Step: steps.STEP_NAMES,
}


def housing_name(code: StrEnum) -> str:
    """What a member of one of our enums is called on a page."""
    return _(NAMES[type(code)][code])


def choices_of(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """For a field in which one of them is chosen."""
    return [(each.value, housing_name(each)) for each in enum]


def euro(cents: int) -> str:
    """1.250,00 € as the page's language writes it; cents are kept."""
    return str(format_currency(Decimal(cents) / 100, "EUR", locale=get_locale()))
