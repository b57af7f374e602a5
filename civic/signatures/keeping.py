"""The PDF of a paper that both have signed, kept as it was first typeset: templates and words of
the program change, what somebody took home does not."""

import hashlib
from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import func, select

from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import insert_once
from civic.kernel.db.scope import unscoped
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from civic.signatures.models import FrozenPaper, KeptCopy, Signature
from civic.signatures.queries import Document, document_about, kept_copy
from civic.signatures.rules import Kind, Side

COPIES = "papers"
"""The folder of the file store."""
BATCH = 50

Typesetter = Callable[[Document], bytes]


def keep_due(database: Database, store: FileStore, typesetters: Mapping[Kind, Typesetter]) -> int:
    """Keep a copy of each complete paper that has none yet; returns how many are new."""
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "papers of all cities"):
        due = _due(ctx, list(typesetters))
        papers = [document_about(ctx, kind, about_id, id_) for id_, kind, about_id in due]
    return sum(_keep(database, store, each, typesetters[each.kind](each)) for each in papers)


def _due(ctx: Context, kinds: list[Kind]) -> list[tuple[UUID, Kind, UUID]]:
    complete = (
        select(Signature.paper_id)
        .group_by(Signature.paper_id)
        .having(func.count(Signature.id) == len(Side))
    )
    rows = ctx.db.execute(
        select(FrozenPaper.id, FrozenPaper.kind, FrozenPaper.about_id)
        .outerjoin(KeptCopy, KeptCopy.paper_id == FrozenPaper.id)
        .where(KeptCopy.paper_id.is_(None), FrozenPaper.kind.in_(kinds))
        .where(FrozenPaper.id.in_(complete))
        .order_by(FrozenPaper.frozen_at, FrozenPaper.id)
        .limit(BATCH)
    )
    return [(row.id, row.kind, row.about_id) for row in rows]


def _keep(database: Database, store: FileStore, document: Document, pdf: bytes) -> bool:
    name = store.put(pdf)
    with database.unit_of_work(system_in(document.municipality_id)) as ctx:
        is_new = insert_once(
            ctx.db,
            KeptCopy,
            paper_id=document.id,
            municipality_id=document.municipality_id,
            file_name=name,
            sha256=hashlib.sha256(pdf).hexdigest(),
            kept_at=ctx.now(),
        )
    if not is_new:
        store.drop(name)
    return is_new


def pdf_of(ctx: Context, store: FileStore, document: Document, typeset: Typesetter) -> bytes:
    """The kept copy, or for a paper that has none yet what would be kept."""
    kept = kept_copy(ctx, document.id) if document.is_complete else None
    return store.get(kept[0]) if kept else typeset(document)
