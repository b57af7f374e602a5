"""Requests to join: who asks hears what happens, who is asked hears that somebody waits.

Organisers and officers get at most one such message a day: the page shows all who wait, and a
message for each would soon be read by nobody.
"""

from typing import Any
from uuid import UUID

from civic.accounts import queries as accounts
from civic.catalogue.models import Project, ProjectText
from civic.enrolment.events import JoiningRequested, RequestAnswered, RequestCarried, WrittenIn
from civic.enrolment.models import Enrolment
from civic.enrolment.obstacles import may_ask_again_on
from civic.enrolment.rules import EnrolmentState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Role
from civic.notifications import letters
from civic.notifications.rules import MessageKind
from civic.tenancy.models import Association, Municipality


def on_joining_requested(ctx: Context, event: JoiningRequested) -> None:
    enrolment = _enrolment(ctx, event.enrolment_id)
    if enrolment is None or enrolment.state is not EnrolmentState.REQUESTED:
        return
    # Who asks again after a "not now" asks another time.
    asked = int(enrolment.joined_at.timestamp())
    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.REQUEST_RECEIVED,
        f"{MessageKind.REQUEST_RECEIVED}:{enrolment.id.hex}:{asked}",
        lambda language: _about(ctx, event.project_id, language),
    )
    for person_id in accounts.holders_of(
        ctx, Role.ORGANISER, enrolment.municipality_id, event.association_id
    ):
        _tell_once_a_day(ctx, person_id, MessageKind.REQUESTS_WAIT, event.project_id)


def on_request_carried(ctx: Context, event: RequestCarried) -> None:
    enrolment = _enrolment(ctx, event.enrolment_id)
    if enrolment is None or enrolment.state is not EnrolmentState.REQUESTED:
        return
    for person_id in accounts.holders_of(ctx, Role.OFFICER, enrolment.municipality_id):
        _tell_once_a_day(ctx, person_id, MessageKind.REQUESTS_CARRIED, event.project_id)


def on_request_answered(ctx: Context, event: RequestAnswered) -> None:
    enrolment = _enrolment(ctx, event.enrolment_id)
    if enrolment is None or enrolment.decided_at is None:
        return
    kind = _ANSWERS.get(enrolment.state)
    if kind is None:
        return
    more = {
        "reason": enrolment.decision_reason,
        "again_on": may_ask_again_on(enrolment.decided_at),
    }
    letters.send_to_person(
        ctx,
        event.person_id,
        kind,
        f"{kind}:{enrolment.id.hex}:{int(enrolment.decided_at.timestamp())}",
        lambda language: _about(ctx, event.project_id, language) | more,
    )


_ANSWERS = {
    EnrolmentState.ACTIVE: MessageKind.REQUEST_APPROVED,
    EnrolmentState.REJECTED: MessageKind.REQUEST_PUT_OFF,
}


def on_written_in(ctx: Context, event: WrittenIn) -> None:
    enrolment = _enrolment(ctx, event.enrolment_id)
    if enrolment is None or enrolment.state is EnrolmentState.WITHDRAWN:
        return
    is_asking = enrolment.state is EnrolmentState.REQUESTED

    def values(language: str) -> dict[str, Any]:
        found = _about(ctx, event.project_id, language) | {"is_asking": is_asking, "session": None}
        if event.session_id:
            found["session"] = letters.session_values(ctx, event.session_id, language)
        return found

    since = int(enrolment.joined_at.timestamp())
    session = event.session_id.hex if event.session_id else ""
    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.WRITTEN_IN,
        f"{MessageKind.WRITTEN_IN}:{enrolment.id.hex}:{since}:{session}",
        values,
    )


def _tell_once_a_day(ctx: Context, person_id: UUID, kind: MessageKind, project_id: UUID) -> None:
    letters.send_to_person(
        ctx,
        person_id,
        kind,
        f"{kind}:{person_id.hex}:{rome_day(ctx.now()).isoformat()}",
        lambda language: _about(ctx, project_id, language),
    )


def _enrolment(ctx: Context, enrolment_id: UUID) -> Enrolment | None:
    return ctx.db.get(Enrolment, enrolment_id)


def _about(ctx: Context, project_id: UUID, language: str) -> dict[str, Any]:
    """The project's title in the reader's language if there is one, and who runs it where."""
    project = ctx.db.get_one(Project, project_id)
    text = ctx.db.get(ProjectText, (project_id, language)) or ctx.db.get_one(
        ProjectText, (project_id, project.language)
    )
    association = ctx.db.get_one(Association, project.association_id)
    city = ctx.db.get_one(Municipality, project.municipality_id)
    return {
        "title": letters.isolated(text.title, text.language, language),
        "slug": project.slug,
        "association": letters.isolated(association.name, "it", language),
        "city": city.name,
        "city_slug": city.slug,
    }
