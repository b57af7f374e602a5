"""Frozen papers with who signed them. Whose business a paper is, its plan or path knows: every
caller stands behind a gate of its own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.accounts.pins import pin_state
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.signatures.models import FrozenPaper, KeptCopy, PaperSetAside, Signature
from civic.signatures.rules import Drawing, Kind, Means, Side


@dataclass(frozen=True)
class Signed:
    side: Side
    signer_id: UUID
    signer_name: str
    means: Means
    witness_name: str
    """Of whoever sat in front of them; empty when they signed on a device of their own."""
    signed_at: datetime
    drawing: Drawing


@dataclass(frozen=True)
class Document:
    id: UUID
    kind: Kind
    number: int
    municipality_id: UUID
    association_id: UUID | None
    person_id: UUID
    about_id: UUID
    content: Mapping[str, Any]
    content_hash: str
    hash: str
    frozen_at: datetime
    frozen_by: UUID | None
    signatures: Mapping[Side, Signed]
    set_aside_at: datetime | None
    set_aside_reason: str

    @property
    def is_complete(self) -> bool:
        return len(self.signatures) == len(Side)

    @property
    def is_waiting(self) -> bool:
        return not self.is_complete and self.set_aside_at is None


def documents_about(
    ctx: Context, kind: Kind, about_ids: Sequence[UUID]
) -> dict[UUID, list[Document]]:
    """The newest first; two statements, and one for the names."""
    return papers_about(ctx, (kind,), about_ids)


def papers_about(
    ctx: Context, kinds: Sequence[Kind], about_ids: Sequence[UUID]
) -> dict[UUID, list[Document]]:
    """Of several kinds, the newest of each first."""
    rows = ctx.db.execute(
        select(FrozenPaper, PaperSetAside.set_aside_at, PaperSetAside.reason)
        .outerjoin(PaperSetAside, PaperSetAside.paper_id == FrozenPaper.id)
        .where(FrozenPaper.kind.in_(kinds), FrozenPaper.about_id.in_(about_ids))
        .order_by(FrozenPaper.number.desc())
    ).all()
    signed = _signatures(ctx, [row.FrozenPaper.id for row in rows]) if rows else {}
    found: dict[UUID, list[Document]] = defaultdict(list)
    for paper, set_aside_at, reason in rows:
        found[paper.about_id].append(
            Document(
                id=paper.id,
                kind=paper.kind,
                number=paper.number,
                municipality_id=paper.municipality_id,
                association_id=paper.association_id,
                person_id=paper.person_id,
                about_id=paper.about_id,
                content=paper.content,
                content_hash=paper.content_hash,
                hash=paper.hash,
                frozen_at=paper.frozen_at,
                frozen_by=paper.frozen_by,
                signatures=signed.get(paper.id, {}),
                set_aside_at=set_aside_at,
                set_aside_reason=reason or "",
            )
        )
    return found


def document_about(ctx: Context, kind: Kind, about_id: UUID, document_id: UUID) -> Document:
    """One paper of the plan or path that the caller has the right to see."""
    papers = documents_about(ctx, kind, [about_id]).get(about_id, [])
    found = next((paper for paper in papers if paper.id == document_id), None)
    if found is None:
        raise NotFound
    return found


def about(ctx: Context, document_id: UUID) -> tuple[Kind, UUID]:
    """Which plan or path a paper belongs to, so that its gate can be asked."""
    row = ctx.db.execute(
        select(FrozenPaper.kind, FrozenPaper.about_id).where(FrozenPaper.id == document_id)
    ).first()
    if row is None:
        raise NotFound
    return row.kind, row.about_id


def _signatures(ctx: Context, paper_ids: list[UUID]) -> dict[UUID, dict[Side, Signed]]:
    rows = ctx.db.scalars(select(Signature).where(Signature.paper_id.in_(paper_ids))).all()
    people = {row.signer_id for row in rows} | {row.witness_id for row in rows if row.witness_id}
    names = accounts.names(ctx, people) if people else {}
    signed: dict[UUID, dict[Side, Signed]] = defaultdict(dict)
    for row in rows:
        signed[row.paper_id][row.side] = Signed(
            side=row.side,
            signer_id=row.signer_id,
            signer_name=names.get(row.signer_id, ""),
            means=row.means,
            witness_name=names.get(row.witness_id, "") if row.witness_id else "",
            signed_at=row.signed_at,
            drawing=tuple(tuple((x, y) for x, y in stroke) for stroke in row.drawing),
        )
    return signed


@dataclass(frozen=True)
class Ways:
    """What somebody can sign with in front of a witness, beside drawing."""

    has_pin: bool
    has_contact: bool


def ways_to_sign(ctx: Context, person_id: UUID) -> Ways:
    pin = pin_state(ctx, person_id)
    return Ways(
        has_pin=pin is not None and not pin.is_locked,
        has_contact=accounts.reachable(ctx, person_id) is not None,
    )


def kept_copy(ctx: Context, document_id: UUID) -> tuple[str, str] | None:
    """Name in the file store and hash of a complete paper's PDF, once it is kept."""
    row = ctx.db.execute(
        select(KeptCopy.file_name, KeptCopy.sha256).where(KeptCopy.paper_id == document_id)
    ).first()
    return (row.file_name, row.sha256) if row else None
