"""An association's sessions as lines of a table that can be taken in again."""

from sqlalchemy import and_, or_, select

from civic.catalogue.importing import AREA_LABELS, SessionLine
from civic.catalogue.models import Project, ProjectSession, ProjectText
from civic.catalogue.queries.texts import all_spoken, in_order
from civic.catalogue.rules import SessionState
from civic.kernel.clock import ROME
from civic.kernel.context import Context
from civic.kernel.i18n import language_name
from civic.kernel.policy import Role

MOST = 10_000


def own_lines(ctx: Context) -> list[SessionLine]:
    """Sessions of all the actor's associations that were not cancelled, the latest first."""
    held = [
        and_(
            Project.association_id == grant.association_id,
            Project.municipality_id == grant.municipality_id,
        )
        for grant in ctx.actor.grants
        if grant.role is Role.ORGANISER
    ]
    if not held:
        return []
    rows = ctx.db.execute(
        select(Project, ProjectText, ProjectSession, all_spoken())
        .join(ProjectSession, ProjectSession.project_id == Project.id)
        .join(
            ProjectText,
            and_(ProjectText.project_id == Project.id, ProjectText.language == Project.language),
        )
        .where(or_(*held))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .order_by(ProjectSession.starts_at.desc(), ProjectSession.id)
        .limit(MOST)
    )
    return [
        SessionLine(
            line=number,
            title=text.title,
            what_you_do=text.what_you_do,
            what_to_bring=text.what_to_bring,
            area=project.area,
            languages=in_order(spoken),
            minimum_age=project.minimum_age,
            district=project.district,
            is_wheelchair_accessible=project.is_wheelchair_accessible,
            needs_no_italian=project.needs_no_italian,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            meeting_point=session.meeting_point,
            places=session.places,
        )
        for number, (project, text, session, spoken) in enumerate(rows, start=2)
    ]


def cells(line: SessionLine) -> list[str | int]:
    """In the order of `importing.COLUMNS`, in the words that reading understands."""
    starts, ends = line.starts_at.astimezone(ROME), line.ends_at.astimezone(ROME)
    return [
        line.title,
        line.what_you_do,
        line.what_to_bring,
        AREA_LABELS[line.area] if line.area else "",
        ", ".join(language_name(tag, "it") for tag in line.languages),
        line.minimum_age,
        line.district,
        "sì" if line.is_wheelchair_accessible else "no",
        "sì" if line.needs_no_italian else "no",
        f"{starts:%d/%m/%Y}",
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        line.meeting_point,
        line.places,
    ]
