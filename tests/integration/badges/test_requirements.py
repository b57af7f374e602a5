"""Badges that a project asks for: chosen by the organiser, shown by whoever was awarded them."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.badges import operations, queries
from civic.badges.models import Proposal
from civic.catalogue.models import Project, ProjectRequirement
from civic.catalogue.rules import ProjectState, RequirementKind
from civic.enrolment.models import Qualification
from civic.enrolment.operations import joining
from civic.enrolment.rules import EnrolmentState
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, on_ground, signed_in
from tests.factories.badges import work_hours

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


def asked_for(database: Database, ground: Ground) -> list[str]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(ProjectRequirement.value)))


def test_organiser_chooses_badges_and_the_page_of_the_project_says_which(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    sign_in(client, ground.organiser_id)
    url = f"/en/organise/projects/{ground.project_id}/badges"
    assert "Most projects ask for none." in html(client.get(url))

    done = client.post(url, data={"badges": ["green-12"]}, follow_redirects=True)

    assert "Whoever has joined already stays in." in html(done)
    assert asked_for(database, ground) == ["green-12"]
    client.post(url, data={"csrf_token": "as every form sends"})
    assert asked_for(database, ground) == []


def test_skills_asked_for_stay_when_badges_change(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.add(
            ProjectRequirement(
                project_id=ground.project_id, kind=RequirementKind.SKILL, value="some-skill"
            )
        )
    sign_in(client, ground.organiser_id)

    client.post(f"/en/organise/projects/{ground.project_id}/badges", data={"badges": ["care-12"]})

    assert sorted(asked_for(database, ground)) == ["care-12", "some-skill"]


def test_a_made_up_badge_and_a_project_with_the_officer_are_refused(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    sign_in(client, ground.organiser_id)
    url = f"/en/organise/projects/{ground.project_id}/badges"

    assert client.post(url, data={"badges": ["gold-999"]}).status_code == 422

    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(Project, ground.project_id).state = ProjectState.SUBMITTED
    assert client.post(url, data={"badges": ["green-12"]}).status_code == 422
    assert asked_for(database, ground) == []


def test_an_awarded_badge_opens_the_projects_that_ask_for_it_or_for_its_skills(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        amina = make_person(ctx, "Amina", ground.city)
        assessor = make_staff(ctx, Role.ORGANISER, ground.city, ground.association)
        work_hours(ctx, ground.city, ground.association, amina)
        operations.propose_earned(ctx, amina, ground.city.id, ground.association.id)
        achievement = next(a for a in queries.achievements(ctx) if a.code == "green-12")
        proposal = ctx.db.scalars(
            select(Proposal.id).where(Proposal.achievement_id == achievement.id)
        ).one()
        shown, unseen = achievement.skills[0], achievement.skills[1]
        for kind, value in (
            (RequirementKind.BADGE, "green-12"),
            (RequirementKind.SKILL, shown),
        ):
            ctx.db.add(ProjectRequirement(project_id=ground.project_id, kind=kind, value=value))

    with database.unit_of_work(signed_in(database, assessor)) as ctx:
        operations.confirm(ctx, proposal, [shown])

    with database.reading(system_in()) as ctx:
        held = set(ctx.db.scalars(select(Qualification.value)))
    assert held == {"green-12", shown}
    assert unseen not in held
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        assert joining.enrol(ctx, ground.project_id) is EnrolmentState.ACTIVE
