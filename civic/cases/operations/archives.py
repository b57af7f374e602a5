"""A person's copy of their file (GDPR, art. 15): they ask, the lead looks at whom to black out, and for
two weeks the person alone takes it from their own session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.audit import operations as audit
from civic.cases.blackout import Blackout, names_in
from civic.cases.errors import NotAsked
from civic.cases.keeping_models import CaseArchive
from civic.cases.models import CaseDocument, CaseFile
from civic.cases.operations import trail
from civic.cases.operations.documents import Paper
from civic.cases.policy import READ_OWN_CASE
from civic.cases.queries.archive import all_of_file, archive_of, third_names
from civic.cases.queries.files import Keys, ids_of
from civic.cases.queries.gate import CaseFacts, case_for, own_case
from civic.cases.queries.openings import openings_of
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.vault import Spot

NAMING = frozenset({"said", "by"})
"""Of a line of the copy."""
STAYS = timedelta(days=14)
"""After the lead released it; then the person may ask again."""


@dataclass(frozen=True)
class OwnRequest:
    case_id: UUID
    municipality_id: UUID
    asked_at: datetime | None
    """None where nothing was asked, or what was asked is over."""
    ends_at: datetime | None
    """Until when it may be taken; None while it waits for the lead."""


def own_requests(ctx: Context) -> list[OwnRequest]:
    READ_OWN_CASE.require(ctx.actor)
    return [_own_request(ctx, case) for case in own_case(ctx)]


def _own_request(ctx: Context, case: CaseFacts) -> OwnRequest:
    row = _standing(ctx, case.id)
    if row is None:
        return OwnRequest(case.id, case.municipality_id, None, None)
    return OwnRequest(case.id, case.municipality_id, row.asked_at, row.ends_at)


def _standing(ctx: Context, case_id: UUID, *, lock: bool = False) -> CaseArchive | None:
    row = archive_of(ctx, case_id, lock=lock)
    if row is None or (row.ends_at is not None and row.ends_at <= ctx.now()):
        return None
    return row


def ask_archive(ctx: Context, case_id: UUID) -> None:
    """By the person alone; asked twice it is asked once."""
    case = _own(ctx, case_id)
    ctx.db.execute(
        select(CaseFile.id).where(CaseFile.id == case.id).with_for_update(key_share=True)
    )
    if _standing(ctx, case.id) is not None:
        return
    ctx.db.add(
        CaseArchive(
            id=ctx.new_id(),
            municipality_id=case.municipality_id,
            case_id=case.id,
            person_id=ctx.actor.own_id,
            asked_at=ctx.now(),
        )
    )
    ctx.db.flush()
    _note(ctx, case, "archive_asked")


def _own(ctx: Context, case_id: UUID) -> CaseFacts:
    READ_OWN_CASE.require(ctx.actor)
    found = next((case for case in own_case(ctx) if case.id == case_id), None)
    if found is None:
        raise NotFound
    return found


def _note(ctx: Context, case: CaseFacts, action: str) -> None:
    audit.record(
        ctx,
        case.municipality_id,
        f"case.{action}",
        subject_id=case.person_id,
        thing_id=case.id,
    )


@dataclass(frozen=True)
class ToRelease:
    case: CaseFacts
    asked_at: datetime | None
    released_at: datetime | None
    ends_at: datetime | None
    names: list[str]
    """Of other people, who will be blacked out."""
    papers_along: int
    papers_not: int


def look_at_release(ctx: Context, case_id: UUID) -> ToRelease:
    """For the lead: who else stands in the file. They may not see every discipline's notes, but must see
    every name that somebody listed there."""
    case = case_for(ctx, case_id)
    case.require_lead()
    ids, row = ids_of(ctx, case), _standing(ctx, case.id)
    file = ctx.db.get_one(CaseFile, case.id)
    given = ctx.db.scalars(select(CaseDocument.given_at).where(CaseDocument.case_id.in_(ids))).all()
    along = sum(at is not None for at in given)
    trail.note(ctx, case, "archive_looked")
    return ToRelease(
        case,
        row.asked_at if row else None,
        row.released_at if row else None,
        row.ends_at if row else None,
        third_names(ctx, file, ids),
        along,
        len(given) - along,
    )


def release_archive(ctx: Context, case_id: UUID, more_names: str) -> None:
    """By the lead, after looking; `more_names` stand in the texts and in no list."""
    case = case_for(ctx, case_id)
    case.require_lead()
    row = _standing(ctx, case.id, lock=True)
    if row is None or row.released_at is not None or row.person_id != case.person_id:
        raise NotAsked
    names = names_in(more_names)
    key = ctx.vault.key_of(case.municipality_id, case.id)
    row.sealed = key.seal(Spot("case_archive", row.id), names) if names else None
    row.released_at, row.released_by = ctx.now(), ctx.actor.own_id
    row.ends_at = ctx.now() + STAYS
    ctx.db.flush()
    trail.note(ctx, case, "archive_released", thing_id=row.id, more_names=len(names))


@dataclass(frozen=True)
class WaitingRow:
    case_id: UUID
    reference: str
    asked_at: datetime


def waiting_archives(ctx: Context, municipality_id: UUID) -> list[WaitingRow]:
    """Those that wait for the actor, who leads the case."""
    rows = ctx.db.scalars(
        select(CaseArchive)
        .where(CaseArchive.municipality_id == municipality_id)
        .where(CaseArchive.released_at.is_(None))
        .order_by(CaseArchive.asked_at, CaseArchive.id)
    ).all()
    found = []
    for row in rows:
        try:
            case = case_for(ctx, row.case_id)
        except NotFound:
            continue
        if case.leads:
            found.append(WaitingRow(case.id, case.reference, row.asked_at))
    return found


@dataclass(frozen=True)
class Archive:
    reference: str
    values: dict[str, Any]
    papers: list[Paper]


def take_archive(ctx: Context, store: FileStore, case_id: UUID) -> Archive:
    """By the person alone, while it stands. Made anew each time, of the file as it is now, and kept
    nowhere."""
    case = _own(ctx, case_id)
    row = _standing(ctx, case.id)
    if row is None or row.released_at is None or row.person_id != ctx.actor.own_id:
        raise NotFound
    file, ids = ctx.db.get_one(CaseFile, case.id), ids_of(ctx, case)
    opened = all_of_file(ctx, file, ids)
    values = {**opened.values, "openings": _openings(ctx, case, ids)}
    keys = Keys(ctx, case.municipality_id)
    more = keys.open("case_archive", case.id, row.id, row.sealed) if row.sealed else []
    blackout = Blackout([*third_names(ctx, file, ids), *more], opened.own_names)
    papers = [
        Paper(blackout.text(paper.title), paper.media_type, paper.body)
        for paper in _papers(ctx, store, keys, ids)
    ]
    _note(ctx, case, "archive_taken")
    return Archive(case.reference, _blacked(values, blackout), papers)


def _blacked(values: dict[str, Any], blackout: Blackout) -> dict[str, Any]:
    """What somebody wrote and whom it names. Codes, days and counts name nobody, and a friend called
    Social must not take away the kind of data."""
    return {
        name: [
            {key: blackout.values(each) if key in NAMING else each for key, each in row.items()}
            for row in rows
        ]
        if isinstance(rows, list)
        else rows
        for name, rows in values.items()
    }


def _openings(ctx: Context, case: CaseFacts, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    return [
        {"at": row.at.isoformat(), "by": row.name, "roles": list(row.roles), "action": row.action}
        for row in openings_of(ctx, case.municipality_id, ids)
    ]


def _papers(ctx: Context, store: FileStore, keys: Keys, ids: Sequence[UUID]) -> list[Paper]:
    """Those that were given to the person: no machine blacks out what stands on a paper, so somebody
    has said of each that it is theirs."""
    rows = ctx.db.scalars(
        select(CaseDocument)
        .where(CaseDocument.case_id.in_(ids), CaseDocument.given_at.is_not(None))
        .order_by(CaseDocument.kept_at, CaseDocument.id)
    )
    found = []
    for row in rows:
        told = keys.open("case_document", row.case_id, row.id, row.sealed)
        body = keys.of(row.case_id).open_bytes(
            Spot("case_document", row.id, "file"), store.get(row.file)
        )
        found.append(Paper(told["title"], told["type"], body))
    return found
