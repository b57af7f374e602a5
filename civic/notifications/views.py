from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.queries.announcements import Audience
from civic.kernel.errors import NotFound
from civic.kernel.i18n import BY_TAG
from civic.notifications import letters, operations, queries
from civic.notifications.letters import settings
from civic.notifications.policy import LOOK_AFTER
from civic.notifications.rules import MessageKind
from civic.web.fields import clean_line
from civic.web.guard import public, requires
from civic.web.transaction import reading, unit_of_work

bp = Blueprint("notifications", __name__, url_prefix="/<lang>")


@bp.get("/mailbox")
@public
def mailbox() -> ResponseReturnValue:
    """Everybody's messages, which is why the page exists in demonstrations alone."""
    if not settings().is_demonstration:
        raise NotFound
    address = clean_line(request.args.get("address", ""))[:254]
    with reading() as ctx:
        messages = queries.mailbox(ctx, address)
    return render_template("notifications/mailbox.html", messages=messages, address=address)


def announcement_preview(
    facts: SessionFacts, words: str, words_language: str, audience: Audience
) -> str:
    """The panel beside an organiser's message: the letter as it arrives in each language."""
    shown = []
    with reading() as ctx:
        for tag, people in audience.languages:
            values = letters.announcement_values(ctx, facts.id, tag, words, words_language)
            letter = letters.write(MessageKind.ANNOUNCEMENT, BY_TAG[tag], values)
            shown.append((tag, people, letter))
    return render_template("notifications/announcement.html", letters=shown)


@bp.get("/admin")
@requires(LOOK_AFTER)
def failures() -> ResponseReturnValue:
    with reading() as ctx:
        found = queries.failures(ctx)
    return render_template("notifications/failures.html", failures=found)


@bp.post("/admin/events/<uuid:event_id>/retry")
@requires(LOOK_AFTER)
def retry_event(event_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        operations.retry_event(ctx, event_id)
    flash(_("It will be tried again in a moment."), "success")
    return redirect(url_for("notifications.failures"))
