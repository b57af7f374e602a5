"""A path of recognition as a factory lays it: a tutor, a person, and how far they have come."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from civic.badges.rules import Rating
from civic.badges.startup import PLANTING
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Actor
from civic.recognition.models import RecognitionGoal, RecognitionPath
from civic.recognition.operations import informing, papers, paths, proofs
from civic.recognition.operations.informing import Told
from civic.recognition.operations.paths import NewGoal, ProjectDraft
from civic.recognition.operations.proofs import NewProof
from civic.recognition.queries.gate import Body
from civic.recognition.rules import How, PathState, Proof
from tests.factories.accounts import actor_of
from tests.factories.attendance import Ground, make_booked_person, make_ground
from tests.factories.enrolment import make_enrolment
from tests.factories.reporting import make_hours

HOURS = 60
SESSION = 6
"""Hours of one session here."""


@dataclass(frozen=True)
class Way:
    ground: Ground
    body: Body
    tutor: Actor
    person: Actor


def make_way(ctx: Context) -> Way:
    """Two people who know each other from a project, and nothing written down yet."""
    ground = make_ground(ctx)
    person_id = make_booked_person(ctx, ground, "أمينة", page_language="ar", phone="+393331112233")
    make_enrolment_once(ctx, person_id, ground.project_id)
    return Way(
        ground,
        Body(ground.association.id, ground.city.id),
        actor_of(ctx, ground.organiser_id),
        actor_of(ctx, person_id),
    )


def make_enrolment_once(ctx: Context, person_id: UUID, project_id: UUID) -> None:
    from sqlalchemy import select

    from civic.enrolment.models import Enrolment

    if ctx.db.scalar(select(Enrolment.id).where(Enrolment.person_id == person_id)) is None:
        make_enrolment(ctx, person_id, project_id)


def tell(ctx: Context, way: Way) -> None:
    today = rome_day(ctx.now())
    informing.record_information(ctx, way.body, Told([way.person.own_id], How.ALONE, "ar", today))


def draft(ctx: Context, way: Way) -> UUID:
    """A project with one goal, begun three months ago."""
    path_id = paths.open_path(ctx, way.body, way.person.own_id)
    begun = rome_day(ctx.now()) - timedelta(days=90)
    paths.write_project(
        ctx,
        path_id,
        ProjectDraft(way.tutor.own_id, HOURS, begun, begun + timedelta(days=300)),
    )
    paths.add_goal(
        ctx,
        path_id,
        NewGoal(1, "Piantare e curare alberi", "زراعة الأشجار والعناية بها", "ar", [PLANTING]),
    )
    return path_id


def work(ctx: Context, way: Way, hours: int = HOURS) -> None:
    """Done with the association, in sessions of six hours, one a week until now."""
    first = rome_day(ctx.now()) - timedelta(days=80)
    for place in range(hours // SESSION):
        make_hours(
            ctx,
            way.ground,
            way.person.own_id,
            SESSION * 60,
            first + timedelta(days=7 * place),
        )


def goal_of(ctx: Context, path_id: UUID) -> UUID:
    from sqlalchemy import select

    return ctx.db.scalars(
        select(RecognitionGoal.id).where(RecognitionGoal.path_id == path_id)
    ).one()


def prove(ctx: Context, path_id: UUID) -> None:
    goal_id = goal_of(ctx, path_id)
    proofs.add_proof(ctx, path_id, NewProof(Proof.NOTE, goal_id, words="Ha scavato bene"))
    proofs.add_proof(
        ctx, path_id, NewProof(Proof.ASSESSMENT, goal_id, skill=PLANTING, rating=Rating.ALONE)
    )


def begin(ctx: Context, path_id: UUID) -> None:
    """As if both had signed the project."""
    ctx.db.get_one(RecognitionPath, path_id).state = PathState.UNDER_WAY
    ctx.db.flush()


def sign_project(tutor: Context, path_id: UUID) -> UUID:
    """By the association alone; the person signs in their own context."""
    paper_id = papers.freeze_project(tutor, path_id)
    papers.sign_for_association(tutor, path_id, paper_id)
    return paper_id
