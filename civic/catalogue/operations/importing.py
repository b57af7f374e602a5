"""Many sessions at once, out of a table: all lines that are good, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.importing import COLUMNS, Fault, SessionLine
from civic.catalogue.models import Project, ProjectSession, ProjectText
from civic.catalogue.operations.indexing import index_project
from civic.catalogue.operations.projects import (
    NewProject,
    ProjectContent,
    ProjectWords,
    draft_project,
)
from civic.catalogue.policy import ORGANISE
from civic.catalogue.rules import EDITABLE, slot_of
from civic.kernel.context import Context
from civic.kernel.i18n import N_
from civic.kernel.policy import Place

LABELS = {column.key: column.label for column in COLUMNS}
NEEDED_FOR_A_NEW_PROJECT = ("what_you_do", "area", "languages")


@dataclass(frozen=True)
class Desk:
    """For whom the table is taken in, and the language it is written in."""

    association_id: UUID
    municipality_id: UUID
    language: str


@dataclass(frozen=True)
class Import:
    """What taking these lines in will do, or did."""

    lines: tuple[SessionLine, ...]
    """Those that bring a session which is not there yet."""
    new_projects: tuple[str, ...]
    """Titles."""
    already_there: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Known:
    id: UUID
    is_editable: bool
    starts: set[datetime]


def compare(ctx: Context, desk: Desk, lines: Sequence[SessionLine]) -> Import:
    """Nothing is changed: a dry run against what the association has in that city."""
    ORGANISE.require(ctx.actor, Place(desk.municipality_id, desk.association_id))
    known = _known_projects(ctx, desk, {line.title for line in lines})
    fresh: list[SessionLine] = []
    faults: list[Fault] = []
    first_lines: dict[str, SessionLine] = {}
    seen: dict[tuple[str, datetime], int] = {}
    already = 0
    for line in lines:
        title = line.title.casefold()
        earlier = seen.setdefault((title, line.starts_at), line.line)
        if earlier != line.line:
            sentence = N_("Line %(line)s has the same project at the same hour.")
            faults.append(Fault(line.line, LABELS["start"], sentence, {"line": earlier}))
        elif title in known and not known[title].is_editable:
            sentence = N_(
                "This project cannot be changed: it is with the municipality, or it is over."
            )
            faults.append(Fault(line.line, LABELS["title"], sentence))
        elif title in known and line.starts_at in known[title].starts:
            already += 1
        elif title not in known and (missing := _missing(first_lines.setdefault(title, line))):
            sentence = N_("A new project needs this in its first line.")
            faults.extend(Fault(line.line, LABELS[key], sentence) for key in missing)
        else:
            fresh.append(line)
    titles = {line.title.casefold(): line.title for line in reversed(fresh)}
    new = tuple(title for folded, title in titles.items() if folded not in known)
    return Import(tuple(fresh), new, already, tuple(faults))


def _missing(line: SessionLine) -> list[str]:
    return [key for key in NEEDED_FOR_A_NEW_PROJECT if not getattr(line, key)]


def _known_projects(ctx: Context, desk: Desk, titles: set[str]) -> dict[str, _Known]:
    rows = ctx.db.execute(
        select(Project.id, Project.state, ProjectText.title)
        .join(
            ProjectText,
            (ProjectText.project_id == Project.id) & (ProjectText.language == Project.language),
        )
        .where(Project.association_id == desk.association_id)
        .where(Project.municipality_id == desk.municipality_id)
        # Of two with one title the newer one is meant.
        .order_by(Project.created_at, Project.id)
    ).all()
    wanted = {title.casefold() for title in titles}
    found = {row.title.casefold(): row for row in rows if row.title.casefold() in wanted}
    starts: dict[UUID, set[datetime]] = {row.id: set() for row in found.values()}
    dates = ctx.db.execute(
        select(ProjectSession.project_id, ProjectSession.starts_at).where(
            ProjectSession.project_id.in_(starts)
        )
    )
    for project_id, starts_at in dates:
        starts[project_id].add(starts_at)
    return {
        title: _Known(row.id, row.state in EDITABLE, starts[row.id]) for title, row in found.items()
    }


def take_in(ctx: Context, desk: Desk, lines: Sequence[SessionLine]) -> Import:
    """Write what `compare` found to be new; a second time there is nothing left to write."""
    found = compare(ctx, desk, lines)
    known = {
        title: each.id
        for title, each in _known_projects(ctx, desk, {line.title for line in found.lines}).items()
    }
    # Locked, so that a date added at this moment on another screen is seen or waits.
    locked = ctx.db.scalars(
        select(Project).where(Project.id.in_(known.values())).order_by(Project.id).with_for_update()
    ).all()
    public = {project.id for project in locked if project.is_public}
    for line in found.lines:
        title = line.title.casefold()
        if title not in known:
            known[title] = draft_project(ctx, _new_project(desk, line))
    ctx.db.add_all(
        ProjectSession(
            id=ctx.new_id(),
            project_id=known[line.title.casefold()],
            municipality_id=desk.municipality_id,
            is_public=known[line.title.casefold()] in public,
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            slot=slot_of(line.starts_at),
            meeting_point=line.meeting_point,
            places=line.places,
        )
        for line in found.lines
    )
    ctx.db.flush()
    for project_id in sorted(public, key=str):
        index_project(ctx, project_id)
    return found


def _new_project(desk: Desk, line: SessionLine) -> NewProject:
    if line.area is None:
        raise ValueError("a line of a new project was found to name its area")
    return NewProject(
        association_id=desk.association_id,
        municipality_id=desk.municipality_id,
        language=desk.language,
        content=ProjectContent(
            words=ProjectWords(line.title, line.what_you_do, line.what_to_bring),
            area=line.area,
            minimum_age=line.minimum_age,
            languages=line.languages,
            district=line.district,
            is_wheelchair_accessible=line.is_wheelchair_accessible,
            needs_no_italian=line.needs_no_italian,
        ),
    )
