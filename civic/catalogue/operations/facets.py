from uuid import UUID

from sqlalchemy import literal, select, true

from civic.catalogue.models import FacetsStamp, Project
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert


def note_facets(ctx: Context, project_id: UUID) -> None:
    """Tell every process that what this project's city offers is no longer what it was.

    At the end of whatever changes a project's facts, state or sessions: the row of its city is
    held from here to the commit.
    """
    found = select(Project.municipality_id, true(), literal(ctx.new_id())).where(
        Project.id == project_id
    )
    statement = insert(ctx.db, FacetsStamp).from_select(
        ["municipality_id", "is_public", "stamp"], found
    )
    ctx.db.flush()
    ctx.db.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["municipality_id"], set_={"stamp": statement.excluded.stamp}
        )
    )
