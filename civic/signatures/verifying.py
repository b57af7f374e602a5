"""Whether the frozen papers of a city are as they were signed."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.signatures.models import (
    FrozenPaper,
    KeptCopy,
    PaperSeries,
    PaperSetAside,
    Signature,
    WaitingPaper,
)
from civic.signatures.rules import START, Kind, Paper, Side, content_hash, paper_hash


class Fault(StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    UNCHAINED = "unchained"
    SIGNED_OTHERWISE = "signed otherwise"
    SIGNATURE_GONE = "signature gone"
    COPY_GONE = "copy gone"
    COPY_CHANGED = "copy changed"


@dataclass(frozen=True)
class Found:
    kind: Kind
    number: int
    fault: Fault


@dataclass(frozen=True)
class Verified:
    papers: int
    faults: tuple[Found, ...]


def verify_papers(ctx: Context, municipality_id: UUID, store: FileStore) -> Verified:
    """Each series from its first paper to its last, in a snapshot: numbers without a gap, hashes
    recomputed, what was signed, and the copies that were kept."""
    signed: dict[UUID, list[str]] = defaultdict(list)
    for signature in ctx.db.execute(
        select(Signature.paper_id, Signature.paper_hash).where(
            Signature.municipality_id == municipality_id
        )
    ):
        signed[signature.paper_id].append(signature.paper_hash)
    copies = {
        row.paper_id: row
        for row in ctx.db.scalars(
            select(KeptCopy).where(KeptCopy.municipality_id == municipality_id)
        )
    }
    unsigned = {
        *ctx.db.scalars(select(WaitingPaper.paper_id)),
        *ctx.db.scalars(select(PaperSetAside.paper_id)),
    }
    papers: dict[str, list[FrozenPaper]] = defaultdict(list)
    for row in ctx.db.scalars(
        select(FrozenPaper)
        .where(FrozenPaper.municipality_id == municipality_id)
        .order_by(FrozenPaper.series, FrozenPaper.number)
    ):
        papers[row.series].append(row)
    ends = {
        row.series: row.last_number
        for row in ctx.db.scalars(
            select(PaperSeries).where(PaperSeries.municipality_id == municipality_id)
        )
    }
    faults: list[Found] = []
    for series, last_number in ends.items():
        faults += _read(series, last_number, papers.get(series, []))
    for paper in (each for series in papers.values() for each in series):
        if len(signed[paper.id]) < len(Side) and paper.id not in unsigned:
            faults.append(Found(paper.kind, paper.number, Fault.SIGNATURE_GONE))
        if set(signed[paper.id]) - {paper.hash}:
            faults.append(Found(paper.kind, paper.number, Fault.SIGNED_OTHERWISE))
        fault = _of_copy(store, copies.get(paper.id))
        if fault is not None:
            faults.append(Found(paper.kind, paper.number, fault))
    return Verified(sum(map(len, papers.values())), tuple(faults))


def _read(series: str, last_number: int, papers: list[FrozenPaper]) -> list[Found]:
    """Goes on from a paper as it stands, so that one changed paper is not a hundred faults."""
    kind = Kind(series.partition(":")[0])
    by_number = {paper.number: paper for paper in papers}
    faults, previous = [], START
    for number in range(1, max(last_number, *by_number, 0) + 1):
        paper = by_number.get(number)
        if paper is None:
            faults.append(Found(kind, number, Fault.MISSING))
            continue
        if paper.previous_hash != previous and number - 1 in {0, *by_number}:
            faults.append(Found(kind, number, Fault.UNCHAINED))
        if _hash_again(paper) != paper.hash or content_hash(paper.content) != paper.content_hash:
            faults.append(Found(kind, number, Fault.CHANGED))
        previous = paper.hash
    return faults


def _hash_again(row: FrozenPaper) -> str:
    return paper_hash(Paper(*(getattr(row, name) for name in Paper._fields)))


def _of_copy(store: FileStore, copy: KeptCopy | None) -> Fault | None:
    if copy is None:
        return None
    try:
        pdf = store.get(copy.file_name)
    except NotFound:
        return Fault.COPY_GONE
    return None if hashlib.sha256(pdf).hexdigest() == copy.sha256 else Fault.COPY_CHANGED
