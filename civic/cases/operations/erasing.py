"""Erasing a file, by two: the lead asks, the data-protection officer confirms.

What is left says nothing of anybody: the row with its dates and states, and its moves without a word,
so that the counts of every month stay right. The data key goes too, which makes what older copies of the
database hold unreadable.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from civic.audit import operations as audit
from civic.cases.errors import FileErased, StillOpen, TwoMustAgree
from civic.cases.keeping_models import CaseArchive, CaseErasure, CaseScrap, RetentionNotice
from civic.cases.models import (
    Appointment,
    CaseAccess,
    CaseAlert,
    CaseArrival,
    CaseConflict,
    CaseConsent,
    CaseDocument,
    CaseEntry,
    CaseFact,
    CaseFile,
    CaseMove,
    CaseReferral,
    CaseSection,
    CaseTask,
    Household,
    HouseholdMember,
)
from civic.cases.operations import trail
from civic.cases.policy import READ_TRAIL
from civic.cases.queries.gate import case_for
from civic.cases.retention import ErasureReason
from civic.cases.states import CaseState
from civic.kernel.context import Context
from civic.kernel.db.after import after_commit
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import Place, system_in
from civic.kernel.vault import Vault

UNKNOWN_LANGUAGE = "und"
"""BCP 47 for a language that is not known."""
LATE_WRITERS = timedelta(days=1)
"""Somebody who had the key in hand may have written a line while the file was erased."""
WITHOUT_TRACE = (
    CaseSection,
    CaseConflict,
    CaseEntry,
    CaseTask,
    CaseAlert,
    CaseDocument,
    CaseAccess,
    CaseFact,
    CaseArchive,
    Appointment,
    HouseholdMember,
)


def ask_erasure(ctx: Context, case_id: UUID, reason: ErasureReason) -> UUID:
    """By the lead, of a closed case; asked twice it is asked once."""
    case = case_for(ctx, case_id)
    case.require_lead()
    if not case.is_closed:
        raise StillOpen
    ctx.db.execute(select(CaseFile.id).where(CaseFile.id == case.id).with_for_update())
    waiting = ctx.db.scalar(
        select(CaseErasure.id)
        .where(CaseErasure.case_id == case.id, CaseErasure.decided_at.is_(None))
        .limit(1)
    )
    if waiting is not None:
        return waiting
    erasure = CaseErasure(
        id=ctx.new_id(),
        municipality_id=case.municipality_id,
        case_id=case.id,
        reason=reason,
        asked_at=ctx.now(),
        asked_by=ctx.actor.own_id,
    )
    ctx.db.add(erasure)
    ctx.db.flush()
    trail.note(ctx, case, "erasure_asked", thing_id=erasure.id, reason=reason.value)
    return erasure.id


def decide_erasure(ctx: Context, erasure_id: UUID, *, is_confirmed: bool) -> None:
    """By the data-protection officer, who is never the one who asked."""
    row = ctx.db.scalars(
        select(CaseErasure)
        .where(CaseErasure.id == erasure_id, CaseErasure.decided_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    READ_TRAIL.require(ctx.actor, Place(municipality_id=row.municipality_id))
    if row.asked_by == ctx.actor.own_id:
        raise TwoMustAgree
    if is_confirmed:
        erase(ctx, row.case_id)
    else:
        audit.record(ctx, row.municipality_id, "case.erasure_declined", thing_id=row.case_id)
    row.decided_at, row.decided_by = ctx.now(), ctx.actor.own_id
    row.is_confirmed = is_confirmed
    ctx.db.flush()


def erase(ctx: Context, case_id: UUID, *, open_too: bool = False) -> None:
    """The file and those that were merged into it. Once this is committed their keys are destroyed;
    where the process ends in between, `finish_erasures` goes on."""
    file = _locked(ctx, CaseFile.id == case_id)[0]
    if file.erased_at is not None:
        raise FileErased
    if file.merged_into_id is not None or not (open_too or file.state is CaseState.CLOSED):
        raise StillOpen
    files = [file, *_locked(ctx, CaseFile.merged_into_id == case_id)]
    strip(ctx, file.municipality_id, [each.id for each in files])
    vault = ctx.vault
    for each in files:
        each.person_id, each.language = None, UNKNOWN_LANGUAGE
        each.erased_at = ctx.now()
        audit.record(ctx, each.municipality_id, "case.erased", thing_id=each.id)
        after_commit(ctx.db, partial(vault.destroy, each.municipality_id, each.id))
    ctx.db.flush()


def _locked(ctx: Context, condition: ColumnElement[bool]) -> list[CaseFile]:
    return list(
        ctx.db.scalars(
            select(CaseFile)
            .where(condition)
            .order_by(CaseFile.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def strip(ctx: Context, municipality_id: UUID, case_ids: Sequence[UUID]) -> None:
    """Everything that says something, and what links to anybody. A referral to another city and the
    consent it stands on stay, as codes and dates: the copy over there is theirs and names it."""
    throw_away(
        ctx,
        municipality_id,
        ctx.db.scalars(select(CaseDocument.file).where(CaseDocument.case_id.in_(case_ids))).all(),
    )
    homes = ctx.db.scalars(
        select(HouseholdMember.household_id).where(HouseholdMember.case_id.in_(case_ids))
    ).all()
    for model in WITHOUT_TRACE:
        ctx.db.execute(delete(model).where(model.case_id.in_(case_ids)))
    lived_in = select(HouseholdMember.id).where(HouseholdMember.household_id == Household.id)
    ctx.db.execute(
        delete(Household).where(Household.id.in_(homes), ~lived_in.exists()),
        execution_options={"synchronize_session": False},
    )
    referred_by = select(CaseReferral.id).where(CaseReferral.consent_id == CaseConsent.id)
    ctx.db.execute(
        delete(CaseConsent).where(CaseConsent.case_id.in_(case_ids), ~referred_by.exists()),
        execution_options={"synchronize_session": False},
    )
    ctx.db.execute(update(CaseMove).where(CaseMove.case_id.in_(case_ids)).values(sealed=None))
    ctx.db.execute(
        update(CaseArrival).where(CaseArrival.case_id.in_(case_ids)).values(case_id=None)
    )
    ctx.db.execute(
        delete(RetentionNotice)
        .where(RetentionNotice.case_id.in_(case_ids))
        .where(RetentionNotice.removed_at.is_(None))
    )


def throw_away(ctx: Context, municipality_id: UUID, files: Sequence[str]) -> None:
    """Stored files, once it is certain that no row names them any more."""
    for file in files:
        ctx.db.add(
            CaseScrap(
                id=ctx.new_id(), municipality_id=municipality_id, file=file, thrown_at=ctx.now()
            )
        )
    ctx.db.flush()


def finish_erasures(database: Database, vault: Vault, store: FileStore) -> int:
    """What a process that ended right after its commit left: keys of erased files, of parcels that
    were answered, stored files without a row. Also what came back with an old copy of the keys."""
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "erased files are finished"):
        _strip_again(ctx)
        subjects = _without_need_of_a_key(ctx)
        scraps = ctx.db.execute(select(CaseScrap.id, CaseScrap.file)).all()
    gone = sum(vault.destroy(*each) for each in subjects if vault.has_key(*each))
    for scrap in scraps:
        store.drop(scrap.file)
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "erased files are finished"):
        ctx.db.execute(delete(CaseScrap).where(CaseScrap.id.in_([each.id for each in scraps])))
    return gone + len(scraps)


def _strip_again(ctx: Context) -> None:
    since: datetime = ctx.now() - LATE_WRITERS
    rows = ctx.db.execute(
        select(CaseFile.municipality_id, CaseFile.id).where(CaseFile.erased_at > since)
    )
    for row in rows.all():
        strip(ctx, row.municipality_id, [row.id])


def _without_need_of_a_key(ctx: Context) -> list[tuple[UUID, UUID]]:
    erased = ctx.db.execute(
        select(CaseFile.municipality_id, CaseFile.id).where(CaseFile.erased_at.is_not(None))
    )
    answered = ctx.db.execute(
        select(CaseArrival.municipality_id, CaseArrival.id)
        .where(CaseArrival.decided_at.is_not(None))
        .where(CaseArrival.sealed.is_(None))
    )
    return [(row.municipality_id, row.id) for each in (erased, answered) for row in each]
