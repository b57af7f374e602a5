"""Telling people what the recognition of competences is, so that everybody has the same chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.audit import operations as audit
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.recognition.errors import DayToCome, NobodyChosen
from civic.recognition.models import RecognitionInformation
from civic.recognition.queries.gate import Body, body_for
from civic.recognition.queries.people import is_participant, participants
from civic.recognition.rules import How


@dataclass(frozen=True)
class Told:
    people: Sequence[UUID]
    how: How
    language: str
    given_on: date


def record_information(ctx: Context, body: Body, told: Told) -> int:
    """By an organiser; who was told before stays as it was. Returns how many are new."""
    body = body_for(ctx, body.association_id, body.municipality_id)
    ours = {person.id for person in participants(ctx, body)}
    if not told.people or not set(told.people) <= ours:
        raise NobodyChosen
    if told.given_on > rome_day(ctx.now()):
        raise DayToCome
    return sum(_record(ctx, body, person_id, told) for person_id in told.people)


def _record(ctx: Context, body: Body, person_id: UUID, told: Told) -> bool:
    is_new = insert_once(
        ctx.db,
        RecognitionInformation,
        id=ctx.new_id(),
        municipality_id=body.municipality_id,
        association_id=body.association_id,
        person_id=person_id,
        how=told.how,
        language=told.language,
        given_on=told.given_on,
        recorded_by=ctx.actor.own_id,
        recorded_at=ctx.now(),
    )
    if is_new:
        audit.record(ctx, body.municipality_id, "recognition.information", subject_id=person_id)
    return is_new


def confirm_reading(ctx: Context, body: Body, language: str) -> None:
    """By the person, on their own page: they have read what it is, in that language."""
    person_id = ctx.actor.own_id
    if not is_participant(ctx, body, person_id):
        raise NotFound
    _record(
        ctx,
        body,
        person_id,
        Told([person_id], How.ONLINE, language, rome_day(ctx.now())),
    )
