"""The page of one goal for its case worker: steps on the way, and what stands behind it."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.plans.goal_forms import EvidenceForm, ItalianWordsForm, MilestoneForm, TakeOffForm
from civic.plans.operations import goal_content
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.views.blueprint import bp
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import unit_of_work


@bp.get("/plans/<uuid:plan_id>/goals/<uuid:goal_id>")
@requires(WORK_ON_PLANS)
def goal(plan_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    return _page(plan_id, goal_id)


@bp.post("/plans/<uuid:plan_id>/goals/<uuid:goal_id>/italian")
@requires(WORK_ON_PLANS)
def write_in_italian(plan_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    form = ItalianWordsForm(prefix=ITALIAN)

    def write(ctx: Context) -> None:
        goal_content.write_in_italian(ctx, plan_id, goal_id, form.words_it.data or "")

    return _answer(
        plan_id, goal_id, Typed(ITALIAN, form), write, _("The goal is written in Italian too.")
    )


@bp.post("/plans/<uuid:plan_id>/goals/<uuid:goal_id>/milestones")
@requires(WORK_ON_PLANS)
def add_milestone(plan_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    form = MilestoneForm(prefix=MILESTONE)
    form.offer(page_language().tag)

    def write(ctx: Context) -> None:
        goal_content.add_milestone(ctx, plan_id, goal_id, form.to_request())

    return _answer(plan_id, goal_id, Typed(MILESTONE, form), write, _("The step is in the plan."))


@bp.post(
    "/plans/<uuid:plan_id>/goals/<uuid:goal_id>/milestones/<uuid:milestone_id>"
    "/<any(done,open):mark>"
)
@requires(WORK_ON_PLANS)
def mark_milestone(
    plan_id: UUID, goal_id: UUID, milestone_id: UUID, mark: str
) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        goal_content.mark_milestone(ctx, plan_id, goal_id, milestone_id, is_reached=mark == "done")
    return redirect(url_for("plans.goal", plan_id=plan_id, goal_id=goal_id))


@bp.post("/plans/<uuid:plan_id>/goals/<uuid:goal_id>/evidence")
@requires(WORK_ON_PLANS)
def put_behind(plan_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    form = EvidenceForm(prefix=EVIDENCE)
    form.offer()

    def write(ctx: Context) -> None:
        goal_content.put_behind(ctx, plan_id, goal_id, form.to_request())

    return _answer(
        plan_id, goal_id, Typed(EVIDENCE, form), write, _("It stands behind the goal now.")
    )


@bp.post("/plans/<uuid:plan_id>/goals/<uuid:goal_id>/evidence/<uuid:evidence_id>/off")
@requires(WORK_ON_PLANS)
def take_off(plan_id: UUID, goal_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    form = TakeOffForm(prefix=evidence_id.hex)

    def write(ctx: Context) -> None:
        goal_content.take_off(ctx, plan_id, goal_id, evidence_id, form.reason.data or "")

    return _answer(
        plan_id,
        goal_id,
        Typed(evidence_id.hex, form),
        write,
        _("It is taken off; the reason is kept."),
    )


ITALIAN, MILESTONE, EVIDENCE = "italian-", "milestone-", "evidence-"
"""The forms of the page share names of fields."""


class Typed(NamedTuple):
    """The one form of the page that was sent."""

    name: str
    form: FlaskForm


def _answer(
    plan_id: UUID, goal_id: UUID, typed: Typed, write: Callable[[Context], None], done: str
) -> ResponseReturnValue:
    """Write what the form asks for; what is wrong is said at the form, with what was typed."""
    if not typed.form.validate():
        return _page(plan_id, goal_id, typed), 422
    try:
        with unit_of_work() as ctx:
            write(ctx)
    except (Invalid, Conflict) as refusal:
        show_refusal(typed.form, refusal)
        return _page(plan_id, goal_id, typed), status_of(refusal)
    flash(done, "success")
    return redirect(url_for("plans.goal", plan_id=plan_id, goal_id=goal_id))


def _page(plan_id: UUID, goal_id: UUID, typed: Typed | None = None) -> str:
    """Each showing leaves a line in the trail."""
    with unit_of_work() as ctx:
        plan, row = goal_content.read_goal(ctx, plan_id, goal_id)
    milestone = MilestoneForm(formdata=None, prefix=MILESTONE)
    milestone.offer(page_language().tag)
    evidence = EvidenceForm(formdata=None, prefix=EVIDENCE)
    evidence.offer()
    forms: dict[str, FlaskForm] = {
        ITALIAN: ItalianWordsForm(formdata=None, prefix=ITALIAN, data={"words_it": row.words_it}),
        MILESTONE: milestone,
        EVIDENCE: evidence,
    }
    for each in (*row.evidence_ids.values(), *(paper.id for paper in row.by_hand)):
        forms[each.hex] = TakeOffForm(formdata=None, prefix=each.hex)
    if typed is not None:
        forms[typed.name] = typed.form
    return render_template(
        "plans/goal.html",
        plan=plan,
        row=row,
        italian=forms[ITALIAN],
        milestone=forms[MILESTONE],
        evidence=forms[EVIDENCE],
        forms=forms,
        typed=typed.form if typed else None,
    )
