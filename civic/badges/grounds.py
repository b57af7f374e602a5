"""What badges rest on: lines of the ledger, places not kept, and badges that are held already.

Hours of one city count for that city's associations alone: no city looks into another's ledger.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from civic.attendance.models import HoursLine, NoShow
from civic.badges.models import Achievement, Award
from civic.badges.rules import Grounds, Missed, Worked
from civic.catalogue.models import Project, ProjectSession
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

Ledgers = dict[tuple[UUID, UUID], Grounds]
"""By person and city."""


def ledgers(ctx: Context, people: Iterable[UUID]) -> Ledgers:
    """Of these people, within the reach of the context; three statements."""
    people = set(people)
    lines, missed, held = _lines(ctx, people), _missed(ctx, people), _held(ctx, people)
    return {
        key: Grounds(lines[key], missed[key], frozenset(held[key[0]]))
        for key in lines.keys() | missed.keys()
    }


def grounds_in(ctx: Context, person_id: UUID, municipality_id: UUID) -> Grounds:
    """Of a person in one city."""
    return ledgers(ctx, [person_id]).get((person_id, municipality_id), Grounds())


def _lines(ctx: Context, people: set[UUID]) -> dict[tuple[UUID, UUID], list[Worked]]:
    line = HoursLine
    rows = ctx.db.execute(
        select(
            line.person_id,
            line.municipality_id,
            line.area,
            line.minutes,
            line.association_id,
            line.session_id,
            line.project_id,
            line.day,
        ).where(line.person_id.in_(people))
    )
    found: dict[tuple[UUID, UUID], list[Worked]] = defaultdict(list)
    for row in rows:
        found[row.person_id, row.municipality_id].append(
            Worked(
                row.area,
                row.minutes,
                row.association_id,
                row.session_id,
                row.project_id,
                row.day,
            )
        )
    return found


def _missed(ctx: Context, people: set[UUID]) -> dict[tuple[UUID, UUID], list[Missed]]:
    rows = ctx.db.execute(
        select(
            NoShow.person_id,
            NoShow.municipality_id,
            ProjectSession.starts_at,
            ProjectSession.project_id,
            Project.area,
            Project.association_id,
        )
        .join(ProjectSession, ProjectSession.id == NoShow.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(NoShow.person_id.in_(people))
    )
    found: dict[tuple[UUID, UUID], list[Missed]] = defaultdict(list)
    for row in rows:
        found[row.person_id, row.municipality_id].append(
            Missed(row.area, row.association_id, row.project_id, rome_day(row.starts_at))
        )
    return found


def _held(ctx: Context, people: set[UUID]) -> dict[UUID, set[str]]:
    rows = ctx.db.execute(
        select(Award.person_id, Achievement.code)
        .join(Achievement, Achievement.id == Award.achievement_id)
        .where(Award.person_id.in_(people), Award.revoked_at.is_(None))
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for person_id, code in rows:
        found[person_id].add(code)
    return found
