"""Joining a project and leaving it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as people
from civic.accounts.rules import youngest_age
from civic.catalogue.queries.projects import project_page
from civic.enrolment.errors import (
    AgeUnknown,
    AnsweredNotNow,
    ConsentMissing,
    RequirementMissing,
    TooYoung,
)
from civic.enrolment.forms import AskForm
from civic.enrolment.obstacles import ObstacleKind
from civic.enrolment.operations import joining, leaving
from civic.enrolment.policy import JOIN
from civic.enrolment.queries import enrolments
from civic.enrolment.queries.requests import joining_stand, projects_teaching
from civic.enrolment.rules import EnrolmentState
from civic.kernel.clock import rome_day
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work

NOT_YET = (AgeUnknown, TooYoung, RequirementMissing, AnsweredNotNow, ConsentMissing)
"""Refusals that a page explains, one by one, with the next step."""

bp = Blueprint("enrolment", __name__, url_prefix="/<lang>")


@bp.post("/projects/<slug>/join")
@requires(JOIN)
def join(slug: str) -> ResponseReturnValue:
    form = AskForm()
    if not form.validate():
        with reading() as ctx:
            page = project_page(ctx, slug, page_language().tag)
        return render_template("enrolment/requests_ask.html", form=form, page=page), 422
    try:
        with unit_of_work() as ctx:
            project = enrolments.project_to_join(ctx, slug=slug)
            state = joining.enrol(ctx, project.id, form.words.data or "")
    except NOT_YET:
        return redirect(url_for("enrolment.not_yet", slug=slug))
    if state is EnrolmentState.REQUESTED:
        flash(_("Your request is with the association. We tell you what it answers."), "success")
    else:
        flash(_("You are in. Now choose a date and take a place."), "success")
    return redirect(url_for("catalogue.project", slug=slug))


@bp.get("/projects/<slug>/not-yet")
@requires(JOIN)
def not_yet(slug: str) -> ResponseReturnValue:
    """Instead of a bare no: each thing that is missing, and how one gets there."""
    language = page_language().tag
    with reading() as ctx:
        page = project_page(ctx, slug, language)
        stand = joining_stand(ctx, page)
        wanted = [o.value for o in stand.obstacles if o.kind is ObstacleKind.SKILL]
        teaching = projects_teaching(ctx, page, wanted, language) if wanted else {}
        birth_year = people.birth_year(ctx, ctx.actor.own_id)
        age = youngest_age(birth_year, rome_day(ctx.now())) if birth_year else None
    if not stand.obstacles:
        return redirect(url_for("catalogue.project", slug=slug))
    ages_url = url_for("catalogue.project_list", municipality=page.municipality_slug, age=age)
    return render_template(
        "enrolment/not_yet.html", page=page, stand=stand, teaching=teaching, ages_url=ages_url
    )


@bp.post("/projects/<slug>/leave")
@requires(JOIN)
def leave(slug: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        project = enrolments.project_to_join(ctx, slug=slug)
        leaving.leave(ctx, project.id)
    flash(_("You have left the project. You can come back whenever you like."), "success")
    return redirect(url_for("catalogue.project", slug=slug))
