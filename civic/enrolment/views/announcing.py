"""An organiser writes to all who come to a session."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.enrolment.forms import CONFIRMED_ONLY, WITH_WAITING, AnnouncementForm
from civic.enrolment.operations.announcing import MOST_A_DAY, NewAnnouncement, announce
from civic.enrolment.policy import ANNOUNCE
from civic.enrolment.queries.announcements import Audience, MessageDesk, message_desk
from civic.kernel.errors import Conflict, Throttled
from civic.kernel.ids import uuid7
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import bindings, reading, unit_of_work

bp = Blueprint("enrolment_announcing", __name__, url_prefix="/<lang>/organise/sessions")


@bp.route("/<uuid:session_id>/announce", methods=["GET", "POST"])
@requires(ANNOUNCE)
def write(session_id: UUID) -> ResponseReturnValue:
    """First a look at what will arrive, in each language; only then the button that sends it."""
    with reading() as ctx:
        desk = message_desk(ctx, session_id)
    form = AnnouncementForm(_choices(desk))
    if request.method == "GET":
        form.announcement_id.data = str(_new_id())
        form.language.data = page_language().tag
        form.audience.data = CONFIRMED_ONLY
        return _page(desk, form), 200
    if not form.validate():
        return _page(desk, form), 422
    if "send" not in request.form:
        return _page(desk, form, is_previewed=True), 200
    try:
        with unit_of_work() as ctx:
            people = announce(ctx, _new(session_id, form))
    except (Conflict, Throttled) as refusal:
        show_refusal(form, refusal)
        return _page(desk, form), status_of(refusal)
    flash(_sent(people), "success")
    return redirect(url_for("attendance.roster", session_id=session_id))


def _new(session_id: UUID, form: AnnouncementForm) -> NewAnnouncement:
    return NewAnnouncement(
        id=_id_on(form),
        session_id=session_id,
        language=str(form.language.data),
        words=form.words.data or "",
        with_waiting=form.is_with_waiting,
    )


def _id_on(form: AnnouncementForm) -> UUID:
    """The id that came with the page; another one if somebody spoiled it."""
    try:
        return UUID(form.announcement_id.data or "")
    except ValueError:
        return _new_id()


def _new_id() -> UUID:
    return uuid7(bindings().database.clock.now())


def _choices(desk: MessageDesk) -> list[tuple[str, str]]:
    return [
        (CONFIRMED_ONLY, _("Those who have a place (%(num)s)", num=desk.confirmed.people)),
        (WITH_WAITING, _("Also those who wait for one (%(num)s)", num=desk.with_waiting.people)),
    ]


def _page(desk: MessageDesk, form: AnnouncementForm, *, is_previewed: bool = False) -> str:
    audience: Audience = desk.with_waiting if form.is_with_waiting else desk.confirmed
    return render_template(
        "enrolment/announce.html",
        desk=desk,
        facts=desk.facts,
        form=form,
        audience=audience,
        is_previewed=is_previewed,
        most=MOST_A_DAY,
    )


def _sent(people: int) -> str:
    return str(
        ngettext(
            "Your message is on its way to %(num)d person.",
            "Your message is on its way to %(num)d people.",
            people,
        )
    )
