"""The codes of the housing room said in the language of the page; money too."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from babel.numbers import format_currency
from flask_babel import get_locale
from flask_babel import gettext as _

from civic.housing.rules import (
    book,
    ledger,
    living,
    market,
    nights,
    placing,
    steps,
    stock,
    support,
    year,
)
from civic.kernel.errors import CivicError

Refusal = TypeVar("Refusal", bound=CivicError)

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
    living.Thing: living.THING_NAMES,
    living.Condition: living.CONDITION_NAMES,
    living.Meter: living.METER_NAMES,
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
    support.SupportKind: support.SUPPORT_NAMES,
    support.CeilingOn: support.CEILING_NAMES,
    ledger.Step: ledger.STEP_NAMES,
    ledger.Payer: book.PAYER_NAMES,
    book.PaymentSource: book.SOURCE_NAMES,
    market.Paper: market.PAPER_NAMES,
    market.FlatState: market.FLAT_NAMES,
    year.Row: year.ROW_NAMES,
}


def housing_name(code: StrEnum) -> str:
    """What a member of one of our enums is called on a page."""
    return _(NAMES[type(code)][code])


LIVING: dict[str, type[StrEnum]] = {
    "thing": living.Thing,
    "condition": living.Condition,
    "meter": living.Meter,
}


def living_name(kind: str, code: str) -> str:
    """Of what stands in an inventory as plain JSON."""
    return housing_name(LIVING[kind](code))


def choices_of(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """For a field in which one of them is chosen."""
    return [(each.value, housing_name(each)) for each in enum]


def euro(cents: int) -> str:
    """1.250,00 € as the page's language writes it; cents are kept."""
    return str(format_currency(Decimal(cents) / 100, "EUR", locale=get_locale()))


def in_euro(refusal: Refusal) -> Refusal:
    """The same refusal with its amounts as the page's language writes them."""
    amounts = {
        name: euro(value) for name, value in refusal.values.items() if isinstance(value, book.Cents)
    }
    return type(refusal)(**(refusal.values | amounts))
