"""The tables of case files: who, what, whose turn, and what left the house."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.access import CaseRole, Data
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import (
    AlertKind,
    AppointmentState,
    EntryKind,
    Purpose,
    Recipient,
    ReferralState,
    RefusalReason,
    Relation,
)
from civic.kernel.db.base import (
    Base,
    Id,
    Instant,
    TenantOwned,
    UtcInstant,
    enum_column,
)

# Files


class CaseFile(TenantOwned, Base):
    """A person in the eyes of one municipality, from the first meeting on. Who it is stands sealed in
    its sections; what is open here says nothing of anybody."""

    __tablename__ = "case_file"
    __table_args__ = (Index("ix_case_file_states", "municipality_id", "state"),)

    id: Mapped[Id]
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    """Their account, where they have one and it was linked."""
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState))
    state_since: Mapped[Instant]
    first_counted_on: Mapped[date | None]
    """The day they were first taken in charge: it stays when a case is taken up again."""
    language: Mapped[str] = mapped_column(String(12))
    """In which one speaks with them."""
    is_anonymous: Mapped[bool]
    """Known by a name the mobile unit uses, and not more."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    """The file under which this one is read, since both are about one person."""
    opened_at: Mapped[Instant]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """From then on only its dates and states are left, for the counts."""


class CaseMove(TenantOwned, Base):
    """From one state to another."""

    __tablename__ = "case_move"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    from_state: Mapped[CaseState] = mapped_column(enum_column(CaseState))
    to_state: Mapped[CaseState] = mapped_column(enum_column(CaseState))
    ending: Mapped[Ending | None] = mapped_column(enum_column(Ending))
    moved_at: Mapped[Instant]
    moved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The reason; social data."""


class CaseAccess(TenantOwned, Base):
    """A role on a case: of the team, of the desk for a day, of whoever met them in the street, or in
    an emergency for two hours."""

    __tablename__ = "case_access"
    __table_args__ = (Index("ix_case_access_case_id_person_id", "case_id", "person_id"),)

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Nobody in particular: everybody who holds the role in the city, as the mobile unit's team does."""
    role: Mapped[CaseRole] = mapped_column(enum_column(CaseRole))
    since: Mapped[Instant]
    until: Mapped[datetime | None] = mapped_column(UtcInstant)
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_emergency: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why, in an emergency."""
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    was_right: Mapped[bool | None]


class CaseSection(TenantOwned, Base):
    """One part of a file as somebody wrote it; the highest version is how it stands."""

    __tablename__ = "case_section"
    __table_args__ = (UniqueConstraint("case_id", "data", "version"),)

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    data: Mapped[Data] = mapped_column(enum_column(Data))
    version: Mapped[int]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[Instant]
    """Where and when it was written, in the field too; `received_at` is when it came here."""
    received_at: Mapped[Instant]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseConflict(TenantOwned, Base):
    """What somebody wrote over a version that another had changed meanwhile: kept to be laid beside it."""

    __tablename__ = "case_conflict"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    data: Mapped[Data] = mapped_column(enum_column(Data))
    base_version: Mapped[int]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[Instant]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class CaseFact(TenantOwned, Base):
    """A keyed hash of two facts, or of how a name sounds: by it a file is found, and nothing is read."""

    __tablename__ = "case_fact"

    hash: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True, index=True)
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    """Without an index of its own, which SQLite would take for the better way to one hash."""
    key_version: Mapped[str] = mapped_column(String(12))


class CaseMerge(TenantOwned, Base):
    """Two files are about one person. Nothing is moved, so that it can be undone."""

    __tablename__ = "case_merge"

    id: Mapped[Id]
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    is_same: Mapped[bool]
    """False: somebody looked, and they are two people; nobody is asked again."""
    carried_person: Mapped[bool] = mapped_column(default=False)
    """The other file knew their account and the kept one did not: it does since."""
    decided_at: Mapped[Instant]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Household(TenantOwned, Base):
    __tablename__ = "household"

    id: Mapped[Id]
    made_at: Mapped[Instant]


class HouseholdMember(TenantOwned, Base):
    """Somebody of a household, until they left it; why somebody was split off stands nowhere."""

    __tablename__ = "household_member"

    id: Mapped[Id]
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    relation: Mapped[Relation] = mapped_column(enum_column(Relation))
    since: Mapped[Instant]
    left_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    """Split for safety: neither side's file shows the other any more, not even in what was."""


# Work


class CaseEntry(TenantOwned, Base):
    """A line of the timeline."""

    __tablename__ = "case_entry"
    __table_args__ = (Index("ix_case_entry_timeline", "case_id", "happened_at", "id"),)

    id: Mapped[Id]
    """Made by the form or the phone, so that what is sent twice stands once."""
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    data: Mapped[Data] = mapped_column(enum_column(Data))
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind))
    happened_at: Mapped[Instant]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[Instant]
    received_at: Mapped[Instant]
    outing_id: Mapped[UUID | None] = mapped_column(ForeignKey("outing.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseTask(TenantOwned, Base):
    """Something to do by a day: by one of the team, or by the person, who agreed to it."""

    __tablename__ = "case_task"
    __table_args__ = (Index("ix_case_task_due", "case_id", "done_at", "due_on"),)

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Nobody of the team: the person themselves."""
    due_on: Mapped[date | None]
    agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When the person said yes to it; before that they do not see it."""
    set_at: Mapped[Instant]
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    dropped: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseAlert(TenantOwned, Base):
    """Something to keep in mind until it expires: a permit's end, a danger."""

    __tablename__ = "case_alert"
    __table_args__ = (Index("ix_case_alert_standing", "case_id", "expires_on"),)

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    data: Mapped[Data] = mapped_column(enum_column(Data))
    kind: Mapped[AlertKind] = mapped_column(enum_column(AlertKind))
    about_on: Mapped[date | None]
    """The day itself, for a permit."""
    expires_on: Mapped[date]
    """The last day on which it is shown."""
    set_at: Mapped[Instant]
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseDocument(TenantOwned, Base):
    """A paper, sealed in the file store; its title is sealed here."""

    __tablename__ = "case_document"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    data: Mapped[Data] = mapped_column(enum_column(Data))
    file: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    kept_at: Mapped[Instant]
    kept_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When it was given to the person: from then on they find it on their page."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseConsent(TenantOwned, Base):
    """A yes for one purpose and one recipient; the ground in law of a purpose stands apart from it."""

    __tablename__ = "case_consent"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    recipient: Mapped[Recipient] = mapped_column(enum_column(Recipient))
    recipient_city_id: Mapped[UUID | None] = mapped_column(ForeignKey("municipality.id"))
    given_on: Mapped[date]
    language: Mapped[str] = mapped_column(String(12))
    """In which it was explained."""
    with_mediator: Mapped[bool]
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Appointment(TenantOwned, Base):
    """When somebody is awaited; what for stands sealed, and no reminder says it."""

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_of_day", "municipality_id", "at"),)

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    at: Mapped[Instant]
    minutes: Mapped[int]
    with_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="SET NULL"))
    """Where, of the places in the directory."""
    state: Mapped[AppointmentState] = mapped_column(enum_column(AppointmentState))
    made_at: Mapped[Instant]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


# Handing on


class CaseReferral(TenantOwned, Base):
    """Asked of another service or city; what went along is what the person agreed to."""

    __tablename__ = "case_referral"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("case_consent.id"))
    to_municipality_id: Mapped[UUID | None] = mapped_column(ForeignKey("municipality.id"))
    to_service_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service.id", ondelete="SET NULL")
    )
    carried: Mapped[list[str]]
    """Which data went along."""
    state: Mapped[ReferralState] = mapped_column(enum_column(ReferralState))
    refused_for: Mapped[RefusalReason | None] = mapped_column(enum_column(RefusalReason))
    sent_at: Mapped[Instant]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CaseArrival(TenantOwned, Base):
    """What another city sent: a copy under this city's own key, which it may take in or refuse."""

    __tablename__ = "case_arrival"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("case_referral.id"), unique=True)
    from_municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    """The file it became here."""
    arrived_at: Mapped[Instant]
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Emptied once it is taken in or refused."""


# The street


class Outing(TenantOwned, Base):
    """The mobile unit went out: where, when, and how many people it met."""

    __tablename__ = "outing"
    __table_args__ = (Index("ix_outing_started", "municipality_id", "started_at"),)

    id: Mapped[Id]
    team: Mapped[str] = mapped_column(String(80))
    area: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    tally: Mapped[dict[str, Any]]
    """How many women, men, minors and others were met."""
    sequence: Mapped[int]
    """Counted up by the phone: an older state that arrives late changes nothing."""
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[Instant]


class OutingPass(Base):
    """Lets a phone send what it kept, and nothing else, after its sign-in is over."""

    __tablename__ = "outing_pass"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    expires_at: Mapped[Instant]
