"""The two papers of a path: frozen by the association, signed by both, and what follows from it."""

from uuid import UUID

from civic.accounts import queries as accounts
from civic.enrolment.queries.register import volunteer
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.recognition.contents import Known, project_content, transparency_content
from civic.recognition.errors import (
    NoGoals,
    NotUnderWay,
    PathOver,
    ProjectFixed,
    ProjectUnfinished,
    StillMissing,
)
from civic.recognition.events import RecognitionPaperFrozen
from civic.recognition.operations.paths import set_state
from civic.recognition.operations.trail import record_change, record_reading
from civic.recognition.queries.gate import PathFacts, own_path, path_for
from civic.recognition.queries.paths import PathPage, pages
from civic.recognition.rules import WRITABLE, PathState
from civic.signatures import operations as signatures
from civic.signatures import queries as papers
from civic.signatures.operations import Draft
from civic.signatures.queries import Document
from civic.signatures.rules import Kind

KINDS = (Kind.PROJECT, Kind.TRANSPARENCY)


def freeze_project(ctx: Context, path_id: UUID) -> UUID:
    """The same path frozen by two at once waits as one paper."""
    path = path_for(ctx, path_id, holding=True)
    (page,) = pages(ctx, [path])
    if path.state is PathState.TO_SIGN and page.waiting is not None:
        return page.waiting.id
    if not path.is_living:
        raise PathOver
    if path.state not in WRITABLE:
        raise ProjectFixed
    if path.tutor_id is None or path.starts_on is None:
        raise ProjectUnfinished
    if not page.goals:
        raise NoGoals
    document_id = _freeze(ctx, page, Kind.PROJECT)
    set_state(ctx, path, PathState.TO_SIGN)
    return document_id


def freeze_transparency(ctx: Context, path_id: UUID) -> UUID:
    """When nothing is missing. Hours corrected later do not touch it."""
    path = path_for(ctx, path_id, holding=True)
    (page,) = pages(ctx, [path])
    if path.state is PathState.TO_CONCLUDE and page.waiting is not None:
        return page.waiting.id
    if path.state is not PathState.UNDER_WAY:
        raise NotUnderWay
    if page.lacks:
        raise StillMissing
    document_id = _freeze(ctx, page, Kind.TRANSPARENCY)
    set_state(ctx, path, PathState.TO_CONCLUDE)
    return document_id


def _freeze(ctx: Context, page: PathPage, kind: Kind) -> UUID:
    path = page.path
    who = volunteer(ctx, path.person_id)
    known = Known(
        accounts.page_language_of(ctx, path.person_id),
        who.birth_year if who else None,
        who.birth_date if who else None,
    )
    content = (
        project_content(page, known)
        if kind is Kind.PROJECT
        else transparency_content(page, _signed_project(page), known)
    )
    document_id = signatures.freeze(
        ctx,
        Draft(
            kind=kind,
            about_id=path.id,
            municipality_id=path.municipality_id,
            association_id=path.association_id,
            person_id=path.person_id,
            content=content,
        ),
    )
    record_change(ctx, path, f"{kind}_frozen", document=document_id)
    emit(
        ctx,
        RecognitionPaperFrozen(
            municipality_id=path.municipality_id,
            person_id=path.person_id,
            document_id=document_id,
        ),
    )
    return document_id


def _signed_project(page: PathPage) -> Document:
    return next(each for each in page.projects if each.is_complete)


def paper_for(ctx: Context, path_id: UUID, paper_id: UUID) -> tuple[PathFacts, Document]:
    """The gate of the association; the path is held, because signing may move it on."""
    path = path_for(ctx, path_id, holding=True)
    return path, _paper(ctx, path, paper_id)


def read_paper(ctx: Context, path_id: UUID, paper_id: UUID) -> tuple[PathFacts, Document]:
    path, paper = paper_for(ctx, path_id, paper_id)
    record_reading(ctx, path)
    return path, paper


def own_paper(ctx: Context, paper_id: UUID, *, holding: bool = False) -> tuple[PathFacts, Document]:
    """The gate of the person."""
    kind, path_id = papers.about(ctx, paper_id)
    if kind not in KINDS:
        raise NotFound
    path = own_path(ctx, path_id, holding=holding)
    return path, _paper(ctx, path, paper_id)


def _paper(ctx: Context, path: PathFacts, paper_id: UUID) -> Document:
    kind, path_id = papers.about(ctx, paper_id)
    if kind not in KINDS or path_id != path.id:
        raise NotFound
    return papers.document_about(ctx, kind, path.id, paper_id)


def sign_for_association(ctx: Context, path_id: UUID, paper_id: UUID) -> None:
    path, paper = paper_for(ctx, path_id, paper_id)
    is_complete = signatures.sign_as_service(ctx, paper)
    _signed(ctx, path, paper, "signed_by_association", is_complete=is_complete)


def sign_own(ctx: Context, paper_id: UUID) -> None:
    path, paper = own_paper(ctx, paper_id, holding=True)
    is_complete = signatures.sign_as_person(ctx, paper)
    _signed(ctx, path, paper, "signed_by_person", is_complete=is_complete)


def signed_in_person(ctx: Context, path_id: UUID, paper: Document, *, is_complete: bool) -> None:
    """What follows once the person has signed before the tutor, in the same transaction."""
    path = path_for(ctx, path_id, holding=True)
    _signed(ctx, path, paper, "signed_by_person", is_complete=is_complete)


def _signed(
    ctx: Context, path: PathFacts, paper: Document, what: str, *, is_complete: bool
) -> None:
    record_change(ctx, path, what, document=paper.id)
    if is_complete and paper.kind is Kind.PROJECT:
        set_state(ctx, path, PathState.UNDER_WAY)
    elif is_complete:
        set_state(ctx, path, PathState.COMPLETED, ended_at=ctx.now())


def set_paper_aside(ctx: Context, path_id: UUID, paper_id: UUID, reason: str) -> None:
    """The path goes back to where the paper can be written anew."""
    path, paper = paper_for(ctx, path_id, paper_id)
    signatures.set_aside(ctx, paper, reason)
    back = PathState.DRAFT if paper.kind is Kind.PROJECT else PathState.UNDER_WAY
    set_state(ctx, path, back)
    record_change(ctx, path, "set_aside", document=paper_id)
