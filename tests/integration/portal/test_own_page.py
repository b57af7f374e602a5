"""The front page of a participant."""

from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from civic.catalogue.models import Project, ProjectText
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.attendance import make_booked_person, make_ground

ARABIC = "تشجير فيلا جاكوينتو"


def test_titles_are_in_the_language_of_the_page_not_of_the_messages(
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    database: Database,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        ground = make_ground(ctx)
        person_id = make_booked_person(ctx, ground, page_language="it")
        original = ctx.db.scalars(
            select(ProjectText).where(ProjectText.project_id == ground.project_id)
        ).one()
        ctx.db.add(
            ProjectText(
                project_id=ground.project_id,
                language="ar",
                revision=ctx.db.get_one(Project, ground.project_id).revision,
                title=ARABIC,
                what_you_do=original.what_you_do,
            )
        )
        italian = original.title
    sign_in(client, person_id)
    assert ARABIC in client.get("/ar/me").text
    assert ARABIC not in client.get("/it/me").text
    assert italian in client.get("/it/me").text
