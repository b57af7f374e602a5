"""Who asks for a home, what is proposed to them, and the life of a stay."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.housing.rules.placing import (
    IncidentKind,
    InventoryKind,
    Outcome,
    ProposalState,
    RefusedFor,
    RequestState,
    Source,
    StayState,
    Urgency,
)
from civic.housing.rules.stock import Gender
from civic.kernel.db.base import Base, Id, Instant, Json, TenantOwned, UtcInstant, enum_column


class Resident(TenantOwned, Base):
    """Somebody who lives in the city's dwellings, or asks to. The same person all their stays long."""

    __tablename__ = "resident"
    __table_args__ = (UniqueConstraint("municipality_id", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Their account, where they have one; a child has none."""
    gender: Mapped[Gender] = mapped_column(enum_column(Gender))
    birth_year: Mapped[int | None]
    birth_date: Mapped[date | None]
    needs_no_steps: Mapped[bool] = mapped_column(default=False)
    died_on: Mapped[date | None]
    departed_on: Mapped[date | None]
    """Left the city; taken back when they return."""
    erased_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """From then on only nights, cents and states are left, for the counts."""
    written_at: Mapped[Instant]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """name, phone; under their own key."""


class HousingRequest(TenantOwned, Base):
    """A household asks for a home."""

    __tablename__ = "housing_request"
    __table_args__ = (Index("ix_housing_request_list", "municipality_id", "state", "points"),)

    id: Mapped[Id]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"), index=True)
    """Who asks, for all of them."""
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    source: Mapped[Source] = mapped_column(enum_column(Source))
    state: Mapped[RequestState] = mapped_column(enum_column(RequestState))
    language: Mapped[str] = mapped_column(String(12))
    """In which they read why they wait where they wait."""
    size: Mapped[int]
    """How many people; a view of the members, kept so that the list is one statement."""
    urgency: Mapped[Urgency] = mapped_column(enum_column(Urgency))
    needs: Mapped[list[str]]
    """`placing.Need` by value."""
    criteria: Mapped[list[str]]
    """`placing.Criterion` by value; changed only with a `PriorityChange`."""
    points: Mapped[int]
    """Of the criteria alone; waiting is added when the list is read."""
    wanted_from: Mapped[date]
    wanted_until: Mapped[date | None]
    opened_at: Mapped[Instant]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """words; under the key of who asks."""


class RequestMember(TenantOwned, Base):
    __tablename__ = "housing_request_member"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("housing_request.id"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(
        ForeignKey("resident.id"), primary_key=True, index=True
    )


class PriorityChange(TenantOwned, Base):
    """The criteria as they were and as they became; the first one at the opening. Never changed."""

    __tablename__ = "priority_change"

    id: Mapped[Id]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("housing_request.id"), index=True)
    before: Mapped[list[str]]
    after: Mapped[list[str]]
    points_before: Mapped[int]
    points_after: Mapped[int]
    changed_at: Mapped[Instant]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why; under the key of who asks."""


class Proposal(TenantOwned, Base):
    """Beds that an officer proposes to a household. It holds none of them: whoever says yes first
    has them, and the others hear of it."""

    __tablename__ = "housing_proposal"

    id: Mapped[Id]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("housing_request.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    first_night: Mapped[date]
    until_night: Mapped[date]
    is_open_ended: Mapped[bool]
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState))
    made_at: Mapped[Instant]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    refused_for: Mapped[RefusedFor | None] = mapped_column(enum_column(RefusedFor))
    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What they said; under the key of who asks."""


class ProposalBed(TenantOwned, Base):
    __tablename__ = "housing_proposal_bed"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("housing_proposal.id"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"), primary_key=True)
    bed_id: Mapped[UUID] = mapped_column(ForeignKey("bed.id"), index=True)


class Placement(TenantOwned, Base):
    """A person or household in a unit for dates. Who sleeps in which bed stands in `bed_span`."""

    __tablename__ = "placement"
    __table_args__ = (Index("ix_placement_state", "municipality_id", "state"),)

    id: Mapped[Id]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("housing_request.id"), index=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"), index=True)
    """Who signs for the household."""
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    """Where they live now; where they were before a transfer, their spans tell."""
    state: Mapped[StayState] = mapped_column(enum_column(StayState))
    first_night: Mapped[date]
    until_night: Mapped[date]
    """The planned end; an open-ended stay has one too."""
    is_open_ended: Mapped[bool]
    is_emergency: Mapped[bool]
    pays_cents: Mapped[int] = mapped_column(default=0)
    """A month, as the agreement says."""
    deposit_cents: Mapped[int] = mapped_column(default=0)
    placed_at: Mapped[Instant]
    placed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    signed_on: Mapped[date | None]
    """The agreement, by both."""
    moved_in_on: Mapped[date | None]
    moved_out_on: Mapped[date | None]
    overstay_until: Mapped[date | None]
    """Until when staying on was authorised."""
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_clean: Mapped[bool | None]
    deposit_back_cents: Mapped[int | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Words at the end; under the key of who signs."""


class Extension(TenantOwned, Base):
    """The planned end moved, and why."""

    __tablename__ = "placement_extension"

    id: Mapped[Id]
    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placement.id"), index=True)
    from_night: Mapped[date]
    to_night: Mapped[date]
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("review.id"))
    """The review of the plan in which it was agreed; None for who has no plan."""
    made_at: Mapped[Instant]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The reason; under the key of who signs."""


class Inventory(TenantOwned, Base):
    """What stood in a room, and what the meters showed, on the day somebody came or left."""

    __tablename__ = "placement_inventory"
    __table_args__ = (UniqueConstraint("placement_id", "kind"),)

    id: Mapped[Id]
    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placement.id"))
    kind: Mapped[InventoryKind] = mapped_column(enum_column(InventoryKind))
    things: Mapped[list[Any]] = mapped_column(Json)
    """[{thing, count, state}]."""
    meters: Mapped[dict[str, str]]
    """electricity, gas, water: as read."""
    made_on: Mapped[date]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_agreed: Mapped[bool]
    """By who moves in or out, standing beside."""


class Incident(TenantOwned, Base):
    """Something that happened in a dwelling. Kept here, and never among the notes of a case."""

    __tablename__ = "housing_incident"

    id: Mapped[Id]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"), index=True)
    kind: Mapped[IncidentKind] = mapped_column(enum_column(IncidentKind))
    happened_at: Mapped[Instant]
    written_at: Mapped[Instant]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """words, done; under the key of who signed the stay, else of the unit."""


class FollowUp(TenantOwned, Base):
    """Asking, months later, how it went."""

    __tablename__ = "placement_follow_up"
    __table_args__ = (UniqueConstraint("placement_id", "months"),)

    id: Mapped[Id]
    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placement.id"))
    months: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    asked_on: Mapped[date | None]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    found: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
