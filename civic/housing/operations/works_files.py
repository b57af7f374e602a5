"""Photos of works and papers of their quotes."""

from uuid import UUID

from civic.housing.models import Unit
from civic.housing.operations.files import About, Paper, keep_file
from civic.housing.operations.trail import note
from civic.housing.queries.work_gate import quote_for, work_file_for, work_for
from civic.housing.rules.stock import FileKind
from civic.kernel.context import Context
from civic.kernel.db.after import after_commit
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore

PHOTOS = (FileKind.BEFORE, FileKind.AFTER, FileKind.FAULT)


def keep_photo(ctx: Context, store: FileStore, work_id: UUID, kind: FileKind, photo: Paper) -> UUID:
    """Before or after, or of what is broken."""
    if kind not in PHOTOS:
        raise NotFound
    work, unit = work_for(ctx, work_id)
    file_id = keep_file(ctx, store, of_unit(unit, work.id), kind, photo)
    note(ctx, unit, "work_photo_kept", work=work.id, file=file_id)
    return file_id


def keep_quote_paper(
    ctx: Context, store: FileStore, work_id: UUID, quote_id: UUID, paper: Paper
) -> UUID:
    work, unit = work_for(ctx, work_id)
    quote = quote_for(ctx, work, quote_id)
    file_id = keep_file(ctx, store, of_unit(unit, quote.id), FileKind.QUOTE, paper)
    note(ctx, unit, "quote_paper_kept", work=work.id, file=file_id)
    return file_id


def remove_photo(ctx: Context, store: FileStore, work_id: UUID, file_id: UUID) -> None:
    """One that shows somebody, or another flat. Papers of quotes stay, for whoever audits the grant."""
    work, unit = work_for(ctx, work_id, holding=True)
    row = work_file_for(ctx, work, file_id)
    if row.kind not in PHOTOS:
        raise NotFound
    row.removed_at = ctx.now()
    ctx.db.flush()
    stored_as = row.stored_as
    after_commit(ctx.db, lambda: store.drop(stored_as))
    note(ctx, unit, "work_photo_removed", work=work.id, file=row.id)


def of_unit(unit: Unit, about_id: UUID) -> About:
    """Under the dwelling's key."""
    return About(unit.municipality_id, about_id, unit.id)
