"""What the pages of plans hang on, and the words that all of them use."""

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.plans.anchors import anchor
from civic.plans.change import Stairs, stairs
from civic.plans.queries.reviews import ReviewRow
from civic.plans.rules import (
    ACTION_STATE_NAMES,
    DOMAIN_NAMES,
    DUE_NAMES,
    EVIDENCE_NAMES,
    OWED_BY_NAMES,
    STATE_NAMES,
    ActionState,
    Domain,
    Due,
    EvidenceKind,
    GoalState,
    OwedBy,
    View,
)

bp = Blueprint("plans", __name__, url_prefix="/<lang>")


@bp.app_template_global()
def domain_name(domain: Domain) -> str:
    return _(DOMAIN_NAMES[domain])


@bp.app_template_global()
def domains() -> list[Domain]:
    return list(Domain)


@bp.app_template_global()
def goal_state_name(state: GoalState) -> str:
    return _(STATE_NAMES[state])


@bp.app_template_global()
def action_state_name(state: ActionState) -> str:
    return _(ACTION_STATE_NAMES[state])


@bp.app_template_global()
def owed_by_name(owed_by: OwedBy) -> str:
    return _(OWED_BY_NAMES[owed_by])


@bp.app_template_global()
def evidence_name(kind: EvidenceKind) -> str:
    return _(EVIDENCE_NAMES[kind])


@bp.app_template_global()
def evidence_title(kind: EvidenceKind, title: str) -> str:
    """What came by itself was written down as a sentence to be translated."""
    return _(title) if kind == EvidenceKind.HOUSING else title


@bp.app_template_global()
def due_name(due: Due) -> str:
    return _(DUE_NAMES[due])


@bp.app_template_global()
def anchor_words(domain: Domain, score: int) -> str:
    return _(anchor(domain, score))


@bp.app_template_global()
def stairs_of(reviews: tuple[ReviewRow, ...]) -> list[Stairs]:
    return stairs([review.scored for review in reviews])


@bp.app_template_global()
def change_words(stairs: Stairs, view: str) -> str:
    """How far somebody has come in one of the two views, for who reads no drawing."""
    change = stairs.change(View(view))
    if change is None:
        return ""
    if change == 0:
        return _("The same step as the first time.")
    if change > 0:
        return ngettext("%(num)d step up.", "%(num)d steps up.", change)
    return ngettext("%(num)d step down.", "%(num)d steps down.", -change)
