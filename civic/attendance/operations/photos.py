"""The photo on a pass: put there by agreement, taken off at a word."""

from uuid import UUID

from sqlalchemy import delete

from civic.accounts.queries import PersonFile
from civic.attendance.models import PassPhoto
from civic.attendance.policy import PRINT_PASS, SHOW_PASS
from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.policy import Place


def keep_photo(ctx: Context, file: PersonFile, stored_as: str) -> list[str]:
    """The person said yes to this officer, now. Returns the files that nothing names any more."""
    PRINT_PASS.require(ctx.actor, Place(file.municipality_id))
    nameless = _forget(ctx, file.id, file.municipality_id)
    # Refused when another request was faster: its photo goes, the last one stays.
    while not insert_once(
        ctx.db,
        PassPhoto,
        id=ctx.new_id(),
        municipality_id=file.municipality_id,
        person_id=file.id,
        stored_as=stored_as,
        agreed_at=ctx.now(),
        taken_by=ctx.actor.own_id,
    ):
        nameless += _forget(ctx, file.id, file.municipality_id)
    audit.record(ctx, file.municipality_id, "pass.photo_taken", subject_id=file.id)
    return nameless


def remove_photo(ctx: Context, person_id: UUID, municipality_id: UUID) -> list[str]:
    """By the person or at the desk. Returns the files that nothing names any more."""
    SHOW_PASS.require(ctx.actor, Place(municipality_id, person_id=person_id))
    nameless = _forget(ctx, person_id, municipality_id)
    if nameless and ctx.actor.person_id != person_id:
        audit.record(ctx, municipality_id, "pass.photo_removed", subject_id=person_id)
    return nameless


def _forget(ctx: Context, person_id: UUID, municipality_id: UUID) -> list[str]:
    return list(
        ctx.db.scalars(
            delete(PassPhoto)
            .where(PassPhoto.person_id == person_id)
            .where(PassPhoto.municipality_id == municipality_id)
            .returning(PassPhoto.stored_as)
            .execution_options(synchronize_session=False)
        )
    )
