"""Do you still come? After a session moved: the person's answer, and who has not given one."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.operations import reconfirming
from civic.enrolment.policy import OWN_BOOKINGS
from civic.enrolment.queries.reconfirming import (
    AskedAgain,
    asked_again,
    unanswered,
    unanswered_names,
)
from civic.kernel.context import Context
from civic.web.guard import is_own_path, requires
from civic.web.locale import page_language
from civic.web.transaction import actor, reading, unit_of_work

bp = Blueprint("enrolment_reconfirming", __name__, url_prefix="/<lang>")
T = TypeVar("T")


@bp.get("/me/changes")
@requires(OWN_BOOKINGS)
def changes() -> ResponseReturnValue:
    """Where the message leads: everything that is asked, old and new side by side."""
    with reading() as ctx:
        asked = asked_again(ctx, page_language().tag)
    return render_template("enrolment/changes.html", asked=asked)


@bp.post("/me/changes/still-come")
@requires(OWN_BOOKINGS)
def still_come_to_all() -> ResponseReturnValue:
    with unit_of_work() as ctx:
        number = reconfirming.still_come_to_all(ctx)
    if number:
        said = ngettext(
            "Thank you. See you there.", "Thank you. See you on all %(num)d days.", number
        )
        flash(said, "success")
    return redirect(url_for("portal.me"))


@bp.post("/sessions/<uuid:session_id>/still-come")
@requires(OWN_BOOKINGS)
def still_come(session_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        is_held = reconfirming.still_come(ctx, session_id)
    if is_held:
        flash(_("Thank you. See you there."), "success")
    else:
        flash(
            _("You no longer have a place in this session. You can ask for one again."), "warning"
        )
    wanted = request.form.get("next")
    return redirect(wanted if is_own_path(wanted) and wanted else url_for(".changes"))


def reconfirm_panel(session_id: UUID) -> str:
    """The question beside one of the reader's own sessions; nothing where nothing is asked."""
    if not actor().is_signed_in:
        return ""
    asked = _once_a_page("civic_asked_again", _asked_by_session).get(session_id)
    if asked is None:
        return ""
    return render_template("enrolment/reconfirm_panel.html", asked=asked, path=request.path)


def _asked_by_session(ctx: Context) -> dict[UUID, AskedAgain]:
    return {asked.facts.id: asked for asked in asked_again(ctx, page_language().tag)}


def unanswered_panel(session: SessionFacts) -> str:
    """For those who run a session that moved: how many have not answered yet."""
    waiting = _once_a_page(
        f"civic_unanswered_{session.project_id.hex}",
        lambda ctx: unanswered(ctx, session.project_id),
    )
    number = waiting.get(session.id, 0)
    return render_template("enrolment/unanswered.html", number=number) if number else ""


def unanswered_names_panel(session: SessionFacts) -> str:
    """The same above the list of who comes, by name: somebody can call them."""
    with reading() as ctx:
        names = unanswered_names(ctx, session.id)
    return render_template("enrolment/unanswered_names.html", names=names) if names else ""


def _once_a_page(name: str, ask: Callable[[Context], T]) -> T:
    """Asked for each session of a page, but read once."""
    if name not in g:
        with reading() as ctx:
            setattr(g, name, ask(ctx))
    found: T = getattr(g, name)
    return found
