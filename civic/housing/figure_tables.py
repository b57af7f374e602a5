"""The report as a table for a spreadsheet: one row for the whole, each kind, grant and month."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from civic.housing.queries.figures import ExcludedNights, Report
from civic.housing.rules.figures import LOSSES, Days, Figures, Loss, NightFigures
from civic.housing.rules.nights import Use
from civic.housing.rules.placing import Outcome
from civic.housing.words import housing_name
from civic.web.sheets import Cell

Row = list[Cell]


def loss_name(loss: Loss) -> str:
    """Why a night was lost; a closure with its reason."""
    use, reason = loss
    if reason is None:
        return housing_name(use)
    return _("closed: %(reason)s", reason=housing_name(reason))


def header() -> list[str]:
    return [
        _("What is counted"),
        _("Name"),
        *_night_names(),
        _("Stays that ended"),
        _("Days of a stay, median"),
        _("Days of a stay, mean"),
        _("Requests that found a place"),
        _("Days of waiting, median"),
        _("Days of waiting, mean"),
        *(_("Left: %(outcome)s", outcome=housing_name(outcome)) for outcome in Outcome),
        _("Running the beds, €"),
        _("Rent to owners, €"),
        _("Works done, €"),
        _("Cost of a night used, €"),
        _("Rent supports in arrears"),
        _("Arrears, €"),
    ]


def _night_names() -> list[str]:
    return [
        _("Nights offered"),
        _("Nights used: %(use)s", use=housing_name(Use.STAY)),
        _("Nights used: %(use)s", use=housing_name(Use.OVERSTAY)),
        *(_("Nights lost: %(reason)s", reason=loss_name(loss)) for loss in LOSSES),
        _("Nights free"),
        _("Nights excluded"),
        _("Use of the nights offered, percent"),
        _("Use without excluded nights, percent"),
    ]


def rows(report: Report) -> Iterator[Row]:
    yield [_("everything"), "", *_cells(report.total)]
    for kind, figures in report.by_kind.items():
        name = housing_name(kind) if kind else _("flats outside the stock")
        yield [_("kind"), name, *_cells(figures)]
    for grant, figures in report.by_grant:
        yield [_("grant"), grant.code if grant else _("no grant"), *_cells(figures)]
    for month, nights in report.months.items():
        yield [_("month"), month.name, *_night_cells(nights)]


def _cells(figures: Figures) -> Row:
    costs, per_night = figures.costs, figures.cost_per_night
    return [
        *_night_cells(figures.nights),
        *_days(figures.length_of_stay),
        *_days(figures.waiting),
        *(figures.exits[outcome] for outcome in Outcome),
        *(_euro(cents) for cents in (costs.running, costs.rent, costs.works)),
        None if per_night is None else _euro(per_night),
        figures.arrears.supports,
        _euro(figures.arrears.cents),
    ]


def _night_cells(nights: NightFigures) -> Row:
    return [
        nights.offered,
        nights.by_use[Use.STAY],
        nights.by_use[Use.OVERSTAY],
        *(nights.by_loss[loss] for loss in LOSSES),
        nights.free,
        nights.excluded,
        nights.rate_of_offered,
        nights.rate_of_usable,
    ]


def _days(days: Days | None) -> Row:
    return [days.count, days.median, days.mean] if days else [0, None, None]


def _euro(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def excluded_header() -> list[str]:
    return [
        _("Dwelling"),
        _("Bed"),
        _("First night"),
        _("Last night"),
        _("Reason"),
        _("Nights"),
    ]


def excluded_rows(excluded: Sequence[ExcludedNights]) -> Iterator[Row]:
    for each in excluded:
        yield [each.unit, each.bed, each.first, each.last, loss_name(each.loss), each.nights]
