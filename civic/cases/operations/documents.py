"""Papers of a case: sealed under the person's key before they touch a disk."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.cases.access import Access, Data
from civic.cases.models import CaseDocument, CaseFile
from civic.cases.operations import trail
from civic.cases.policy import READ_OWN_CASE
from civic.cases.queries.files import Keys
from civic.cases.queries.gate import case_for
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import Place
from civic.kernel.vault import Spot

PAPERS = "cases"
"""The folder of the file store."""


@dataclass(frozen=True)
class Paper:
    title: str
    media_type: str
    body: bytes


def keep_document(ctx: Context, store: FileStore, case_id: UUID, data: Data, paper: Paper) -> UUID:
    case = case_for(ctx, case_id, data, Access.WRITE)
    document_id = ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    body = key.seal_bytes(Spot("case_document", document_id, "file"), paper.body)
    told = {"title": paper.title, "type": paper.media_type}
    ctx.db.add(
        CaseDocument(
            id=document_id,
            municipality_id=case.municipality_id,
            case_id=case.id,
            data=data,
            file=store.put(body),
            size=len(paper.body),
            kept_at=ctx.now(),
            kept_by=ctx.actor.person_id,
            sealed=key.seal(Spot("case_document", document_id), told),
        )
    )
    ctx.db.flush()
    trail.note(ctx, case, "document_kept", thing_id=document_id, data=data.value)
    return document_id


def read_document(ctx: Context, store: FileStore, case_id: UUID, document_id: UUID) -> Paper:
    case = case_for(ctx, case_id)
    row = _document(ctx, document_id)
    if row is None or row.case_id != case.id:
        raise NotFound
    case.require(row.data, Access.READ)
    trail.note(ctx, case, "document_read", thing_id=document_id, data=row.data.value)
    return _open(ctx, store, row)


def give_document(ctx: Context, case_id: UUID, document_id: UUID) -> None:
    """From now on the person finds it on their page."""
    case = case_for(ctx, case_id)
    row = _document(ctx, document_id)
    if row is None or row.case_id != case.id:
        raise NotFound
    case.require(row.data, Access.WRITE)
    row.given_at = row.given_at or ctx.now()
    trail.note(ctx, case, "document_given", thing_id=document_id)


def own_document(ctx: Context, store: FileStore, document_id: UUID) -> Paper:
    """One that was given to the person who asks."""
    row = _document(ctx, document_id)
    case = ctx.db.get(CaseFile, row.case_id) if row else None
    if row is None or case is None or row.given_at is None or case.person_id is None:
        raise NotFound
    READ_OWN_CASE.require(ctx.actor, Place(person_id=case.person_id))
    return _open(ctx, store, row)


def _document(ctx: Context, document_id: UUID) -> CaseDocument | None:
    return ctx.db.scalars(select(CaseDocument).where(CaseDocument.id == document_id)).first()


def _open(ctx: Context, store: FileStore, row: CaseDocument) -> Paper:
    keys = Keys(ctx, row.municipality_id)
    told = keys.open("case_document", row.case_id, row.id, row.sealed)
    spot = Spot("case_document", row.id, "file")
    body = keys.of(row.case_id).open_bytes(spot, store.get(row.file))
    return Paper(told["title"], told["type"], body)
