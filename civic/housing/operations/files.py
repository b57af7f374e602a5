"""Plans, photos and papers of the housing room, sealed before they touch a disk.

Each is sealed under the key of the dwelling, owner or resident that it tells something of, so that it
goes when that key goes.
"""

from dataclasses import dataclass
from uuid import UUID

from civic.housing.models import HousingFile
from civic.housing.operations.trail import Thing, note
from civic.housing.queries.files import file_for
from civic.housing.rules.stock import FileKind
from civic.kernel.context import Context
from civic.kernel.db.after import after_commit
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.vault import Spot

HOUSING_FILES = "housing"
"""The folder of the file store."""


@dataclass(frozen=True)
class Paper:
    media_type: str
    body: bytes


@dataclass(frozen=True)
class About:
    """What a file belongs to: a unit, owner, work, quote or placement, through whose gate whoever
    keeps it has come; and under whose key it is sealed."""

    municipality_id: UUID
    id: UUID
    subject_id: UUID


def keep_file(ctx: Context, store: FileStore, about: About, kind: FileKind, paper: Paper) -> UUID:
    """Without a line in the trail, which is of what is done with the file."""
    file_id = ctx.new_id()
    key = ctx.vault.new_key(about.municipality_id, about.subject_id)
    ctx.db.add(
        HousingFile(
            id=file_id,
            municipality_id=about.municipality_id,
            about_id=about.id,
            kind=kind,
            media_type=paper.media_type,
            stored_as=store.put(key.seal_bytes(_spot(file_id), paper.body)),
            subject_id=about.subject_id,
            added_at=ctx.now(),
            added_by=ctx.actor.person_id,
        )
    )
    ctx.db.flush()
    return file_id


def read_file(ctx: Context, store: FileStore, file_id: UUID) -> Paper:
    """Of a dwelling, owner or stay, for a housing officer who may see it; NotFound else."""
    return opened(ctx, store, file_for(ctx, file_id))


def read_stock_file(ctx: Context, store: FileStore, file_id: UUID) -> Paper:
    """The same, of what names nobody who lives there: that is read with a line in the trail."""
    row = file_for(ctx, file_id)
    if row.kind is FileKind.SIGNED:
        raise NotFound
    return opened(ctx, store, row)


def opened(ctx: Context, store: FileStore, row: HousingFile) -> Paper:
    """For whoever found the row by another gate."""
    key = ctx.vault.key_of(row.municipality_id, row.subject_id)
    return Paper(row.media_type, key.open_bytes(_spot(row.id), store.get(row.stored_as)))


def remove_file(ctx: Context, store: FileStore, file_id: UUID, thing: Thing) -> None:
    """Of a thing that came through its gate: from the pages at once, from the disk when this is
    certain."""
    row = file_for(ctx, file_id)
    if row.about_id != thing.id:
        raise NotFound
    row.removed_at = ctx.now()
    ctx.db.flush()
    stored_as = row.stored_as
    after_commit(ctx.db, lambda: store.drop(stored_as))
    note(ctx, thing, "file_removed", file=file_id)


def _spot(file_id: UUID) -> Spot:
    return Spot("housing_file", file_id, "file")
