from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ProjectSubmitted(Event):
    project_id: UUID
    author_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProjectPublished(Event):
    project_id: UUID
    author_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProjectSentBack(Event):
    project_id: UUID
    author_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionMoved(Event):
    """Another time or meeting point; the new ones stand in the session."""

    session_id: UUID
    old_starts_at: datetime
    old_ends_at: datetime
    old_meeting_point: str


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(Event):
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlacesAdded(Event):
    """The organiser made room: whoever waits may move up."""

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeriesMoved(Event):
    """Several sessions of a project at once: where each was before, in the same order."""

    project_id: UUID
    session_ids: tuple[UUID, ...]
    old_starts_at: tuple[datetime, ...]
    old_ends_at: tuple[datetime, ...]
    old_meeting_points: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SeriesCancelled(Event):
    """Several sessions of a project at once."""

    project_id: UUID
    session_ids: tuple[UUID, ...]
