from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class JoiningRequested(Event):
    """Somebody asks the association to join one of its projects."""

    enrolment_id: UUID
    project_id: UUID
    person_id: UUID
    association_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestCarried(Event):
    """The association was silent for too long: now the municipality is asked."""

    enrolment_id: UUID
    project_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(Event):
    """Yes, or not now; which of them stands in the enrolment."""

    enrolment_id: UUID
    project_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class WrittenIn(Event):
    """The municipality's desk wrote somebody into a project, asked for them, or for a place."""

    enrolment_id: UUID
    project_id: UUID
    person_id: UUID
    session_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PlaceConfirmed(Event):
    """A place is theirs: at once, or because one came free."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceWaiting(Event):
    """The session was full; they stand on the waiting list."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceGivenBack(Event):
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceCancelled(Event):
    """The session was cancelled under somebody who had a place or waited for one."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlacesCancelled(Event):
    """Several sessions of a project were cancelled under somebody at once."""

    session_ids: tuple[UUID, ...]
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceOffered(Event):
    """A place came free and is held for them."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferLapsed(Event):
    """They did not take it in time; it went on to the next."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceOpened(Event):
    """A place came free too late to hold it for anybody: whoever asks first has it."""

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceRemoved(Event):
    """The organiser took the place of somebody back and said why."""

    session_id: UUID
    person_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CoverAdded(Event):
    """A policy protects people on these days; with no association, the municipality's."""

    association_id: UUID | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class AnnouncementMade(Event):
    """An organiser wrote to those who come to a session; the words stand in its row."""

    announcement_id: UUID


@dataclass(frozen=True, kw_only=True)
class CoverEnded(Event):
    """A policy that was to protect people on these days ends before them."""

    association_id: UUID | None
    starts_on: date
    ends_on: date
