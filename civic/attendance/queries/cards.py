"""Printed cards: whose they are, and the photo on them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.attendance.models import Pass, PassPhoto
from civic.attendance.policy import SHOW_PASS
from civic.attendance.rules import read_code
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import Place


@dataclass(frozen=True)
class KeptPhoto:
    stored_as: str
    agreed_at: datetime
    taken_by: UUID


def holder_of_card(ctx: Context, municipality_id: UUID, typed: str) -> UUID | None:
    """Whose living pass has this short code. It proves nothing yet: the PIN does."""
    with unscoped(ctx.db, "sign-in: whose card this is"):
        return ctx.db.scalar(
            select(Pass.person_id)
            .where(Pass.municipality_id == municipality_id)
            .where(Pass.short_code == read_code(typed))
            .where(Pass.revoked_at.is_(None))
        )


def photo_of(ctx: Context, person_id: UUID, municipality_id: UUID) -> KeptPhoto | None:
    """For the person themselves and for the desk of that city."""
    SHOW_PASS.require(ctx.actor, Place(municipality_id, person_id=person_id))
    row = ctx.db.execute(
        select(PassPhoto.stored_as, PassPhoto.agreed_at, PassPhoto.taken_by)
        .where(PassPhoto.person_id == person_id)
        .where(PassPhoto.municipality_id == municipality_id)
    ).first()
    return KeptPhoto(*row) if row else None
