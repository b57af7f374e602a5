"""Where people pay their part to."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.housing.support_models import RentAccount
from civic.kernel.context import Context


@dataclass(frozen=True)
class Account:
    holder: str
    iban: str


def accounts_of(ctx: Context, municipality_ids: Collection[UUID]) -> dict[UUID, Account]:
    """By city, of those that have named one."""
    rows = ctx.db.scalars(
        select(RentAccount).where(RentAccount.municipality_id.in_(municipality_ids))
    )
    return {row.municipality_id: Account(row.holder, row.iban) for row in rows}
