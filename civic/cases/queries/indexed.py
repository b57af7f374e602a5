"""Looking into the blind index while the city's keys may be turned over."""

from collections.abc import Callable, Collection
from typing import TypeVar
from uuid import UUID

from civic.kernel.context import Context

T = TypeVar("T")


def under_every_key(
    ctx: Context, municipality_id: UUID, look: Callable[[Collection[bytes]], T]
) -> T:
    """Asks again where a key came or went meanwhile: what was looked for may have been hashed anew
    between reading the keys and reading the rows."""
    while True:
        keys = ctx.vault.index_keys(municipality_id)
        found = look(keys.values())
        if ctx.vault.index_keys(municipality_id).keys() == keys.keys():
            return found
