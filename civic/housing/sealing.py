"""Names, addresses and free words, sealed under the key of whom they are about.

The subject is a resident, a unit or an owner. Throwing a subject's key away makes every word about
them unreadable, in old backups too; what is counted (nights, cents, states) stands in open columns
and stays right.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.db.base import Base
from civic.kernel.vault import Spot

Words = Mapping[str, Any]


def sealed_of(
    ctx: Context,
    municipality_id: UUID,
    subject_id: UUID,
    model: type[Base],
    row_id: UUID,
    words: Words,
) -> bytes:
    """For the `sealed` column of that row; makes the subject's key if it has none."""
    key = ctx.vault.new_key(municipality_id, subject_id)
    return key.seal(Spot(model.__tablename__, row_id), dict(words))


def words_of(
    ctx: Context,
    municipality_id: UUID,
    subject_id: UUID,
    model: type[Base],
    row_id: UUID,
    sealed: bytes | None,
) -> dict[str, Any]:
    """What was sealed into that row; nothing where nothing was, or where it was erased. Raises
    KeyMissing and Tampered."""
    if not sealed:
        return {}
    key = ctx.vault.key_of(municipality_id, subject_id)
    found: dict[str, Any] = key.open(Spot(model.__tablename__, row_id), sealed)
    return found
