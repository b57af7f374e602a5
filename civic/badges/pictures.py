"""Which pictures of badges the world may see."""

from sqlalchemy import or_, select

from civic.badges.models import Achievement, Credential
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped


def is_shown(ctx: Context, name: str) -> bool:
    """One that a badge has now, or that a badge was signed with."""
    with unscoped(ctx.db, "the picture of a badge is public and tells of nobody"):
        found = ctx.db.scalar(
            select(1).where(
                or_(
                    select(Achievement.id).where(Achievement.picture == name).exists(),
                    select(Credential.id).where(Credential.picture == name).exists(),
                )
            )
        )
    return found is not None
