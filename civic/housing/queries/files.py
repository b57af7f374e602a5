"""Plans, photos and papers: which there are of a thing, and who may open one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.housing.models import HousingFile, Unit
from civic.housing.placing_models import Placement
from civic.housing.queries.gate import placement_for, unit_for
from civic.housing.queries.stock_gate import owner_papers_for
from civic.housing.queries.work_gate import work_for
from civic.housing.rules.stock import FileKind
from civic.housing.works_models import Work, WorkQuote
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


@dataclass(frozen=True)
class FileRow:
    id: UUID
    kind: FileKind
    media_type: str
    added_at: datetime

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


def files_of(ctx: Context, about_ids: Iterable[UUID]) -> dict[UUID, list[FileRow]]:
    """Of things that whoever asks may see: their gates were asked before. Oldest first."""
    rows = ctx.db.scalars(
        select(HousingFile)
        .where(HousingFile.about_id.in_(list(about_ids)), HousingFile.removed_at.is_(None))
        .order_by(HousingFile.added_at, HousingFile.id)
    )
    found: dict[UUID, list[FileRow]] = {}
    for row in rows:
        file = FileRow(row.id, row.kind, row.media_type, row.added_at)
        found.setdefault(row.about_id, []).append(file)
    return found


def file_for(ctx: Context, file_id: UUID) -> HousingFile:
    """One of a dwelling, a stay, a work, a quote or an owner, still there, that whoever asks may see.
    Each has a gate of its own."""
    row = ctx.db.scalars(
        select(HousingFile).where(HousingFile.id == file_id, HousingFile.removed_at.is_(None))
    ).first()
    if row is None:
        raise NotFound
    about_id = row.about_id
    work_id = ctx.db.scalar(select(WorkQuote.work_id).where(WorkQuote.id == about_id)) or about_id
    if _is_there(ctx, Unit, about_id):
        unit_for(ctx, about_id)
    elif _is_there(ctx, Placement, about_id):
        placement_for(ctx, about_id)
    elif _is_there(ctx, Work, work_id):
        work_for(ctx, work_id)
    else:
        owner_papers_for(ctx, about_id)
    return row


def _is_there(ctx: Context, model: type[Unit | Placement | Work], row_id: UUID) -> bool:
    return ctx.db.scalar(select(model.id).where(model.id == row_id)) is not None
