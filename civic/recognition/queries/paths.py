"""Paths with all that stands on their pages, for whoever came through a gate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.attendance.models import HoursLine
from civic.badges.rules import Rating
from civic.kernel.context import Context
from civic.recognition.models import (
    RecognitionEvidence,
    RecognitionGoal,
    RecognitionInformation,
    RecognitionPath,
)
from civic.recognition.policy import OWN_PATHS
from civic.recognition.queries.gate import Body, PathFacts, facts
from civic.recognition.rules import (
    LEAST_MINUTES,
    How,
    Lack,
    PathState,
    Proof,
    Standing,
    best_ratings,
    lacking,
    minutes_within,
)
from civic.signatures import queries as signatures
from civic.signatures.queries import Document
from civic.signatures.rules import Kind
from civic.tenancy.queries import standings as tenancy

RANKS = {rating.value: rating.rank for rating in Rating}
SIGNED = frozenset({PathState.UNDER_WAY, PathState.TO_CONCLUDE, PathState.COMPLETED})


@dataclass(frozen=True)
class GoalRow:
    id: UUID
    sector: int
    words_it: str
    words: str
    language: str
    skills: tuple[str, ...]


@dataclass(frozen=True)
class ProofRow:
    id: UUID
    goal_id: UUID
    session_id: UUID | None
    kind: Proof
    words: str
    skill: str
    rating: Rating | None
    has_photo: bool
    made_at: datetime


@dataclass(frozen=True)
class Informed:
    how: How
    language: str
    given_on: date


@dataclass(frozen=True)
class LineRow:
    """Minutes of one session and day with the association, within the period."""

    session_id: UUID
    day: date
    minutes: int


@dataclass(frozen=True)
class PathPage:
    path: PathFacts
    person_name: str
    association_name: str
    municipality_name: str
    tutor_name: str
    informed: Informed | None
    goals: tuple[GoalRow, ...]
    proofs: tuple[ProofRow, ...]
    """The newest first."""
    lines: tuple[LineRow, ...]
    projects: tuple[Document, ...]
    """Versions of the personalised project, the newest first."""
    statements: tuple[Document, ...]
    """Of the document of transparency."""

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def minutes_wanted(self) -> int:
        return max(LEAST_MINUTES, self.path.minutes_planned)

    @property
    def ratings(self) -> dict[str, str]:
        return best_ratings(
            ((row.skill, row.rating.value) for row in self.proofs if row.skill and row.rating),
            RANKS,
        )

    @property
    def lacks(self) -> list[Lack]:
        return lacking(
            Standing(
                is_informed=self.informed is not None,
                is_project_signed=self.path.state in SIGNED,
                minutes=self.minutes,
                minutes_planned=self.path.minutes_planned,
                goals=frozenset(str(goal.id) for goal in self.goals),
                proven=frozenset(str(row.goal_id) for row in self.proofs),
                skills=frozenset(skill for goal in self.goals for skill in goal.skills),
                assessed=frozenset(self.ratings),
            )
        )

    @property
    def waiting(self) -> Document | None:
        return next((each for each in (*self.statements, *self.projects) if each.is_waiting), None)


@dataclass(frozen=True)
class PathRow:
    id: UUID
    person_name: str
    association_name: str
    state: PathState
    opened_at: datetime
    ends_on: date | None


def paths_of_bodies(ctx: Context, bodies: Sequence[Body]) -> list[PathRow]:
    """Of the associations of the actor: living ones first, then the newest."""
    rows = [
        row
        for row in ctx.db.scalars(
            select(RecognitionPath)
            .where(RecognitionPath.association_id.in_([each.association_id for each in bodies]))
            .order_by(RecognitionPath.ended_at.is_not(None), RecognitionPath.opened_at.desc())
        )
        if Body(row.association_id, row.municipality_id) in bodies
    ]
    people = accounts.names(ctx, (row.person_id for row in rows))
    names = tenancy.association_names(ctx, {row.association_id for row in rows})
    return [
        PathRow(
            row.id,
            people.get(row.person_id, ""),
            names.get(row.association_id, ""),
            row.state,
            row.opened_at,
            row.ends_on,
        )
        for row in rows
    ]


def own_pages(ctx: Context) -> list[PathPage]:
    OWN_PATHS.require(ctx.actor)
    rows = ctx.db.scalars(
        select(RecognitionPath)
        .where(RecognitionPath.person_id == ctx.actor.person_id)
        .order_by(RecognitionPath.ended_at.is_not(None), RecognitionPath.opened_at.desc())
    )
    return pages(ctx, [facts(row) for row in rows])


def pages(ctx: Context, paths: Iterable[PathFacts]) -> list[PathPage]:
    paths = list(paths)
    ids = [path.id for path in paths]
    goals, proofs = _goals(ctx, ids), _proofs(ctx, ids)
    informed, lines = _informed(ctx, paths), _lines(ctx, paths)
    papers = signatures.papers_about(ctx, (Kind.PROJECT, Kind.TRANSPARENCY), ids)
    people = accounts.names(
        ctx, {each for path in paths for each in (path.person_id, path.tutor_id) if each}
    )
    bodies = tenancy.association_names(ctx, {path.association_id for path in paths})
    cities = tenancy.city_names(ctx, {path.municipality_id for path in paths})
    return [
        PathPage(
            path=path,
            person_name=people.get(path.person_id, ""),
            association_name=bodies.get(path.association_id, ""),
            municipality_name=cities.get(path.municipality_id, ""),
            tutor_name=people.get(path.tutor_id, "") if path.tutor_id else "",
            informed=informed.get((path.person_id, path.association_id, path.municipality_id)),
            goals=tuple(goals.get(path.id, ())),
            proofs=tuple(proofs.get(path.id, ())),
            lines=tuple(lines.get(path.id, ())),
            projects=_of_kind(Kind.PROJECT, papers.get(path.id, ())),
            statements=_of_kind(Kind.TRANSPARENCY, papers.get(path.id, ())),
        )
        for path in paths
    ]


def _of_kind(kind: Kind, papers: Iterable[Document]) -> tuple[Document, ...]:
    return tuple(each for each in papers if each.kind is kind)


def _goals(ctx: Context, path_ids: list[UUID]) -> dict[UUID, list[GoalRow]]:
    found: dict[UUID, list[GoalRow]] = defaultdict(list)
    for row in ctx.db.scalars(
        select(RecognitionGoal)
        .where(RecognitionGoal.path_id.in_(path_ids))
        .order_by(RecognitionGoal.set_at, RecognitionGoal.id)
    ):
        found[row.path_id].append(
            GoalRow(row.id, row.sector, row.words_it, row.words, row.language, tuple(row.skills))
        )
    return found


def _proofs(ctx: Context, path_ids: list[UUID]) -> dict[UUID, list[ProofRow]]:
    found: dict[UUID, list[ProofRow]] = defaultdict(list)
    for row in ctx.db.scalars(
        select(RecognitionEvidence)
        .where(RecognitionEvidence.path_id.in_(path_ids))
        .order_by(RecognitionEvidence.made_at.desc(), RecognitionEvidence.id)
    ):
        found[row.path_id].append(
            ProofRow(
                id=row.id,
                goal_id=row.goal_id,
                session_id=row.session_id,
                kind=row.kind,
                words=row.words,
                skill=row.skill,
                rating=row.rating,
                has_photo=bool(row.stored_as),
                made_at=row.made_at,
            )
        )
    return found


def _informed(
    ctx: Context, paths: Sequence[PathFacts]
) -> Mapping[tuple[UUID, UUID, UUID], Informed]:
    rows = ctx.db.scalars(
        select(RecognitionInformation).where(
            RecognitionInformation.person_id.in_({path.person_id for path in paths})
        )
    )
    return {
        (row.person_id, row.association_id, row.municipality_id): Informed(
            row.how, row.language, row.given_on
        )
        for row in rows
    }


def _lines(ctx: Context, paths: Sequence[PathFacts]) -> dict[UUID, list[LineRow]]:
    """The ledger of each person with that association in that city, within the path's days."""
    rows = ctx.db.execute(
        select(
            HoursLine.person_id,
            HoursLine.association_id,
            HoursLine.municipality_id,
            HoursLine.session_id,
            HoursLine.day,
            HoursLine.minutes,
        )
        .where(HoursLine.person_id.in_({path.person_id for path in paths}))
        .where(HoursLine.minutes > 0)
        .order_by(HoursLine.day, HoursLine.session_id)
    ).all()
    found: dict[UUID, list[LineRow]] = {}
    for path in paths:
        if path.starts_on is None or path.ends_on is None:
            continue
        found[path.id] = [
            LineRow(row.session_id, row.day, row.minutes)
            for row in rows
            if row.person_id == path.person_id
            and row.association_id == path.association_id
            and row.municipality_id == path.municipality_id
            and minutes_within([(row.day, row.minutes)], path.starts_on, path.ends_on)
        ]
    return found
