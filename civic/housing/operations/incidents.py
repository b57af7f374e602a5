"""What happened in a dwelling. It stays in the housing room: no case, plan or own page shows it, and
only who works on that dwelling reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.housing.models import Bed, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.operations.trail import note
from civic.housing.placing_models import Incident, Placement, Resident
from civic.housing.queries.gate import member_of, placement_for, unit_for
from civic.housing.rules.nights import SLEPT
from civic.housing.rules.placing import LIVING, IncidentKind
from civic.housing.sealing import sealed_of, words_of
from civic.housing.stay_errors import HappensLater
from civic.kernel.context import Context
from civic.kernel.errors import NotFound

MOST_SHOWN = 100


@dataclass(frozen=True)
class NewIncident:
    unit_id: UUID
    placement_id: UUID | None
    kind: IncidentKind
    happened_at: datetime
    words: str
    done: str
    sent_id: UUID | None = None
    """Of the form: sent twice it is written down once."""


@dataclass(frozen=True)
class IncidentRow:
    id: UUID
    placement_id: UUID | None
    name: str
    """Of who signs for the stay; empty where nobody is named."""
    kind: IncidentKind
    happened_at: datetime
    writer: str
    words: str
    done: str


@dataclass(frozen=True)
class IncidentsPage:
    unit_id: UUID
    unit_name: str
    incidents: tuple[IncidentRow, ...]
    stays: tuple[tuple[UUID, str], ...]
    """Those it can be about: who lives there now."""


def read_incidents(ctx: Context, unit_id: UUID) -> IncidentsPage:
    """Of one dwelling, the latest first; that they were read stands in the trail."""
    unit = unit_for(ctx, unit_id)
    found = ctx.db.execute(
        select(Incident, Placement, Resident)
        .outerjoin(Placement, Placement.id == Incident.placement_id)
        .outerjoin(Resident, Resident.id == Placement.resident_id)
        .where(Incident.unit_id == unit.id)
        .order_by(Incident.happened_at.desc(), Incident.id)
        .limit(MOST_SHOWN)
    ).all()
    writers = accounts.names(ctx, {row.Incident.written_by for row in found} - {None})
    rows = tuple(_row(ctx, incident, resident, writers) for incident, _placement, resident in found)
    page = IncidentsPage(unit.id, unit.name, rows, tuple(_stays_in(ctx, unit)))
    note(ctx, unit, "incidents_read")
    return page


def _row(
    ctx: Context, incident: Incident, resident: Resident | None, writers: dict[UUID, str]
) -> IncidentRow:
    told = _words(ctx, incident, resident.id if resident else incident.unit_id)
    return IncidentRow(
        id=incident.id,
        placement_id=incident.placement_id,
        name=member_of(ctx, resident).name if resident else "",
        kind=incident.kind,
        happened_at=incident.happened_at,
        writer=writers.get(incident.written_by, "") if incident.written_by else "",
        words=told.get("words", ""),
        done=told.get("done", ""),
    )


def _words(ctx: Context, incident: Incident, subject_id: UUID) -> dict[str, str]:
    city = incident.municipality_id
    return words_of(ctx, city, subject_id, Incident, incident.id, incident.sealed)


def _stays_in(ctx: Context, unit: Unit) -> Sequence[tuple[UUID, str]]:
    rows = ctx.db.execute(
        select(Placement.id, Resident)
        .join(Resident, Resident.id == Placement.resident_id)
        .where(Placement.unit_id == unit.id, Placement.state.in_(LIVING))
        .order_by(Placement.first_night, Placement.id)
    )
    return [(placement_id, member_of(ctx, resident).name) for placement_id, resident in rows]


def write_incident(ctx: Context, new: NewIncident) -> UUID:
    """HappensLater; NotFound for a stay that was never in this dwelling."""
    unit = unit_for(ctx, new.unit_id)
    if new.happened_at > ctx.now():
        raise HappensLater
    subject_id = unit.id
    if new.placement_id is not None:
        subject_id = _stay_there(ctx, unit, new.placement_id).resident_id
    incident_id = new.sent_id or ctx.new_id()
    if ctx.db.get(Incident, incident_id) is not None:
        return incident_id
    words = {"words": new.words, "done": new.done}
    ctx.db.add(
        Incident(
            id=incident_id,
            municipality_id=unit.municipality_id,
            unit_id=unit.id,
            placement_id=new.placement_id,
            kind=new.kind,
            happened_at=new.happened_at,
            written_at=ctx.now(),
            written_by=ctx.actor.person_id,
            sealed=sealed_of(ctx, unit.municipality_id, subject_id, Incident, incident_id, words),
        )
    )
    ctx.db.flush()
    note(ctx, unit, "incident_written", incident=incident_id)
    return incident_id


def _stay_there(ctx: Context, unit: Unit, placement_id: UUID) -> Placement:
    placement = placement_for(ctx, placement_id)
    was_there = ctx.db.scalar(
        select(BedSpan.id)
        .join(Bed, Bed.id == BedSpan.bed_id)
        .where(BedSpan.placement_id == placement.id, Bed.unit_id == unit.id)
        .where(BedSpan.use.in_(SLEPT))
        .limit(1)
    )
    if was_there is None:
        raise NotFound
    return placement


def write_what_was_done(ctx: Context, incident_id: UUID, done: str) -> UUID:
    """What happened stays as it was written; what was done about it grows. Returns the dwelling."""
    incident = ctx.db.scalars(
        select(Incident).where(Incident.id == incident_id).with_for_update()
    ).first()
    if incident is None:
        raise NotFound
    unit = unit_for(ctx, incident.unit_id)
    subject_id = unit.id
    if incident.placement_id is not None:
        subject_id = ctx.db.get_one(Placement, incident.placement_id).resident_id
    told = _words(ctx, incident, subject_id) | {"done": done}
    city = incident.municipality_id
    incident.sealed = sealed_of(ctx, city, subject_id, Incident, incident.id, told)
    ctx.db.flush()
    note(ctx, unit, "incident_done", incident=incident.id)
    return unit.id
