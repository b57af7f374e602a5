"""A guardian's consent for a minor."""

from uuid import UUID

from sqlalchemy import update

from civic.accounts import queries as people
from civic.audit import operations as audit
from civic.enrolment.errors import GuardianNameMissing
from civic.enrolment.models import GuardianConsent
from civic.enrolment.policy import RECORD_CONSENT
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place


def record_consent(
    ctx: Context, person_id: UUID, municipality_id: UUID, guardian_name: str
) -> None:
    """An officer writes down that the guardian agreed; a later consent takes the earlier's place."""
    place = Place(municipality_id=municipality_id, person_id=person_id)
    RECORD_CONSENT.require(ctx.actor, place)
    if not people.is_known_in(ctx, person_id, municipality_id):
        raise NotFound
    if not guardian_name:
        raise GuardianNameMissing
    insert_once(
        ctx.db,
        GuardianConsent,
        id=ctx.new_id(),
        municipality_id=municipality_id,
        person_id=person_id,
        guardian_name=guardian_name,
        recorded_by=ctx.actor.person_id,
        recorded_at=ctx.now(),
    )
    ctx.db.execute(
        update(GuardianConsent)
        .where(GuardianConsent.person_id == person_id)
        .where(GuardianConsent.municipality_id == municipality_id)
        .values(
            guardian_name=guardian_name,
            recorded_by=ctx.actor.person_id,
            recorded_at=ctx.now(),
            withdrawn_at=None,
        )
    )
    audit.record(ctx, municipality_id, "consent.recorded", subject_id=person_id)
