"""Badges that an association and a city defined for themselves, and a path of recognition under way."""

from datetime import timedelta

from sqlalchemy import select

from civic.accounts.queries import actor_of_person
from civic.badges import operations as badges
from civic.badges.defining import NewAchievement, define
from civic.badges.evaluating import propose_one
from civic.badges.models import Proposal
from civic.badges.rules import Rule
from civic.catalogue.rules import Area
from civic.demo.shape import skills
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.kernel.clock import rome_day
from civic.kernel.policy import Actor, system_in
from civic.recognition.operations import informing, papers, paths
from civic.recognition.operations.informing import Told
from civic.recognition.operations.paths import NewGoal, ProjectDraft
from civic.recognition.queries.gate import Body
from civic.recognition.queries.people import participants
from civic.recognition.rules import How

PATH_BODY = ("vicoli", "potenza")
SINCE = timedelta(days=50)
GIVEN = 2
"""Of what a new badge finds, so many are confirmed; the rest wait for a word."""
SERVICES = 18
"""The Atlante's sector of public utilities, to which keeping the lanes clean belongs."""


def begin_path(timeline: Timeline, stage: Stage) -> None:
    """Told, a project written and signed by both; the hours since then fill it."""
    association, city = PATH_BODY
    tutor = stage.organisers[association, city]
    body = Body(stage.associations[association], stage.cities[city])
    at = timeline.now - SINCE
    with timeline.acting(tutor, at) as ctx:
        person_id = participants(ctx, body)[0].id
        person = actor_of_person(ctx, person_id)
        today = rome_day(at)
        informing.record_information(ctx, body, Told([person_id], How.GROUP, "it", today))
        path_id = paths.open_path(ctx, body, person_id)
        paths.write_project(
            ctx,
            path_id,
            ProjectDraft(tutor.own_id, 60, today, today + timedelta(days=240)),
        )
        paths.add_goal(
            ctx,
            path_id,
            NewGoal(
                SERVICES,
                "Tenere pulito un luogo pubblico e usare le protezioni giuste",
                "",
                "it",
                skills("clean public furniture", "use personal protection equipment"),
            ),
        )
        paper_id = papers.freeze_project(ctx, path_id)
        papers.sign_for_association(ctx, path_id, paper_id)
    with timeline.acting(person, at + timedelta(hours=2)) as ctx:
        papers.sign_own(ctx, paper_id)


def define_badges(timeline: Timeline, stage: Stage) -> None:
    gardeners = stage.organisers["filo-verde", "potenza"]
    city_id = stage.cities["potenza"]
    _define(
        timeline,
        gardeners,
        NewAchievement(
            city_id,
            stage.associations["filo-verde"],
            "Amico dei nostri giardini",
            "Conosce i giardini della città e torna volentieri.",
            "Due turni con noi.",
            "it",
            Area.GREEN,
            1,
            Rule(0, 2, Area.GREEN, association_id=stage.associations["filo-verde"]),
            skills("work in outdoor conditions"),
            None,
        ),
        gardeners,
    )
    _define(
        timeline,
        stage.officers["potenza"],
        NewAchievement(
            city_id,
            None,
            "Potenza insieme",
            "Ha fatto qualcosa per la città, con chi c'era.",
            "Cinque turni, con qualunque associazione.",
            "it",
            None,
            1,
            Rule(0, 5),
            skills("participate actively in civic life"),
            24,
        ),
        gardeners,
    )


def _define(timeline: Timeline, by: Actor, new: NewAchievement, assessor: Actor) -> None:
    with timeline.acting(by) as ctx:
        achievement_id = define(ctx, new)
    with timeline.acting(system_in(new.municipality_id)) as ctx:
        propose_one(ctx, new.municipality_id, achievement_id)
        ours = ctx.db.scalars(
            select(Proposal.id)
            .where(Proposal.achievement_id == achievement_id)
            .where(Proposal.association_id.in_([each.association_id for each in assessor.grants]))
            .order_by(Proposal.id)
            .limit(GIVEN)
        ).all()
    for proposal_id in ours:
        with timeline.acting(assessor) as ctx:
            badges.confirm(ctx, proposal_id, new.skills)
