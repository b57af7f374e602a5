"""Something is broken where somebody lives: they say so from their own page."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from civic.housing.models import Bed, Lease, Unit
from civic.housing.nights_models import BedNight
from civic.housing.operations.files import Paper, keep_file
from civic.housing.operations.trail import note
from civic.housing.operations.works import NewWork, add_work
from civic.housing.operations.works_files import of_unit
from civic.housing.placing_models import Resident
from civic.housing.policy import OWN_HOME
from civic.housing.rules.stock import Direction, FileKind, WorkKind
from civic.housing.works_errors import FaultEmpty, TooManyFaults
from civic.housing.works_models import Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import Place

MOST_A_DAY = 10
LONGEST = 2000


def report_fault(
    ctx: Context,
    unit_id: UUID,
    resident_id: UUID,
    words: str,
    photo: bytes | None = None,
    *,
    store: FileStore | None = None,
    sent_id: UUID | None = None,
) -> UUID:
    """A work is asked for by somebody who lives there. NotFound for whoever does not, or for another
    person; FaultEmpty; TooManyFaults after ten in a day. `photo` is a JPEG made anew, and goes into
    `store`. The same report sent twice, by its `sent_id`, is one."""
    unit = _home_of(ctx, unit_id, resident_id)
    if not words.strip():
        raise FaultEmpty
    before = None if sent_id is None else ctx.db.get(Work, sent_id)
    if before is not None:
        if before.resident_id != resident_id:
            raise NotFound
        return before.id
    _check_how_many(ctx, resident_id)
    new = NewWork(WorkKind.FAULT, words.strip()[:LONGEST], id=sent_id)
    work = add_work(ctx, unit, new, resident_id)
    if photo is not None and store is not None:
        paper = Paper("image/jpeg", photo)
        keep_file(ctx, store, of_unit(unit, work.id), FileKind.FAULT, paper)
    note(ctx, unit, "fault_reported", work=work.id)
    return work.id


def _home_of(ctx: Context, unit_id: UUID, resident_id: UUID) -> Unit:
    """Whoever lives in a safe house knows of it, and is not on its team."""
    resident = ctx.db.scalars(select(Resident).where(Resident.id == resident_id)).first()
    unit = ctx.db.scalars(select(Unit).where(Unit.id == unit_id)).first()
    if resident is None or unit is None or resident.person_id is None:
        raise NotFound
    OWN_HOME.require(ctx.actor, Place(person_id=resident.person_id))
    if not _lives_there(ctx, unit.id, resident.id):
        raise NotFound
    return unit


def _lives_there(ctx: Context, unit_id: UUID, resident_id: UUID) -> bool:
    """Tonight in one of its beds, since last night (today they move out), or by a lease of their own."""
    today = rome_day(ctx.now())
    sleeps = (
        select(BedNight.bed_id)
        .join(Bed, Bed.id == BedNight.bed_id)
        .where(BedNight.resident_id == resident_id, Bed.unit_id == unit_id)
        .where(BedNight.night.in_((today - timedelta(days=1), today)))
    )
    lease = (
        select(Lease.id)
        .where(Lease.unit_id == unit_id, Lease.resident_id == resident_id)
        .where(Lease.direction == Direction.OUT, Lease.starts_on <= today)
        .where(or_(Lease.ends_on.is_(None), Lease.ends_on >= today))
    )
    return bool(ctx.db.scalar(select(or_(exists(sleeps), exists(lease)))))


def _check_how_many(ctx: Context, resident_id: UUID) -> None:
    since = ctx.now() - timedelta(days=1)
    told = ctx.db.scalar(
        select(func.count())
        .select_from(Work)
        .where(Work.resident_id == resident_id, Work.requested_at > since)
    )
    if (told or 0) >= MOST_A_DAY:
        raise TooManyFaults
