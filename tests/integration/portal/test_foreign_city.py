"""Every address that names a row, for every role of another city: as if it were not there.

The addresses come from the URL map, so a new route is in this test before anybody thinks of it.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.attendance.models import CheckEvent, Contest, Correction, ScannerDevice
from civic.attendance.rules import Direction, Outcome, Reason
from civic.badges.models import Achievement, Award, AwardReview, Proposal
from civic.badges.rules import ProposalState, ReviewState
from civic.cases.desk_models import Service, Ticket
from civic.cases.rules import Reason as TicketReason
from civic.cases.rules import TicketState
from civic.catalogue.models import Project
from civic.enrolment.models import BookingGroup, InsurancePolicy
from civic.enrolment.rules import EnrolmentState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from civic.plans.endings import ArrivalState, MoveState
from civic.plans.endings import Outcome as EndsIn
from civic.plans.models import Closing, FollowUp, Goal, Plan, PlanArrival, PlanMove
from civic.plans.occupations import OCCUPATIONS
from civic.plans.rules import Domain, GoalState
from civic.recognition.models import RecognitionEvidence, RecognitionGoal, RecognitionPath
from civic.recognition.rules import PathState, Proof
from civic.signatures.operations import Draft, freeze
from civic.signatures.rules import Kind
from civic.tenancy.models import AssociationDocument
from tests.factories.accounts import make_person, make_staff, with_second_factor
from tests.factories.attendance import Ground, make_booked_person, make_ground, make_no_show
from tests.factories.badges import make_award
from tests.factories.cases_whole import case_with_everything
from tests.factories.enrolment import make_enrolment
from tests.factories.housing_whole import housing_with_everything
from tests.factories.plans import make_action, make_barrier, make_milestone, make_paper, make_review
from tests.factories.tenancy import make_association, make_city

OPEN_TO_ALL = {
    "cases_queue.screen",  # the screen in the hall: numbers alone
    "badges_public.about",  # what a badge stands for is of nobody
    "badges_shared.short_address",  # leads on to the page, whatever the token
    "static",
    "catalogue.project",  # public once approved
    "catalogue_feeds.project",
    "catalogue_feeds.projects",
    "catalogue_feeds.association",
    "sitemap.part",
    "calendar_feed.feed",  # whoever has the token
    "attendance_scanned.scan",  # whoever stands before the screen that shows it
    "tenancy_associations.association",  # public once verified
    "tenancy_associations.logo",
    "enrolment.join",  # anybody may join what is public, anywhere
    "enrolment.not_yet",
    "enrolment_places.book",
    "enrolment_places.offer",
    "enrolment_groups.gather",
    "enrolment_groups.group",  # whoever was given its code
    "enrolment_groups.come_along",
}
OWN_ROWS_ONLY = {
    "catalogue_importing.export",  # sessions of the asker's own associations
    "attendance_ledger.of_city",  # the same
    "attendance_months.close",  # a month of the asker's own city; the address names none
    "housing.unit_table",  # the dwellings of the asker's own city
    "housing.works_table",  # the works of the same
    "housing.figures_file",  # the figures of the same
    # These answer kindly whoever asks, and change nothing that is not the asker's own.
    "enrolment_places.give_back",
    "enrolment.leave",
    "enrolment_requests.take_back",
}
NETWORK_WIDE = {
    "notifications.retry_event",  # the administrator's, whatever city the event is of
}


def _rows(ctx: Context, ground: Ground) -> dict[str, UUID | str]:
    """One row of Potenza behind each argument that an address can name."""
    person = make_booked_person(ctx, ground)
    asking = make_enrolment(
        ctx, make_person(ctx, "Bilal", ground.city), ground.project_id,
        state=EnrolmentState.REQUESTED, escalated_at=ctx.now(),
    )  # fmt: skip
    make_no_show(ctx, person, ground.session_id)
    worker = make_staff(ctx, Role.CASE_WORKER, ground.city)
    now = ctx.now()
    plan = Plan(
        id=ctx.new_id(), municipality_id=ground.city.id, person_id=person,
        case_worker_id=worker, agreed_at=now, opened_at=now,
    )  # fmt: skip
    ctx.db.add(plan)
    ctx.db.flush()
    goal = Goal(
        id=ctx.new_id(), municipality_id=ground.city.id, plan_id=plan.id, domain=Domain.WORK,
        words="Un lavoro nel verde", language="it", skills=[], state=GoalState.OPEN, set_at=now,
    )  # fmt: skip
    proposal = Proposal(
        id=ctx.new_id(), municipality_id=ground.city.id, person_id=person,
        achievement_id=ctx.db.scalars(select(Achievement.id)).first(),
        association_id=ground.association.id, state=ProposalState.OPEN,
        minutes=720, sessions=4, opened_at=now,
    )  # fmt: skip
    paper = AssociationDocument(
        id=ctx.new_id(), municipality_id=ground.city.id, association_id=ground.association.id,
        title="Statuto", media_type="application/pdf", size=9, stored_as="0" * 32, uploaded_at=now,
    )  # fmt: skip
    group = BookingGroup(
        id=ctx.new_id(), municipality_id=ground.city.id, session_id=ground.session_id,
        code="ACDEFHJK", leader_id=person, created_at=now,
    )  # fmt: skip
    scan = CheckEvent(
        id=ctx.new_id(), municipality_id=ground.city.id, session_id=ground.session_id,
        direction=Direction.ENTRY, scanned_at=now, told_at=now, received_at=now,
        outcome=Outcome.REFUSED, reason=Reason.INVALID, to_look_at=True, unknown_code="AAAAAA",
        operator_id=ground.organiser_id,
    )  # fmt: skip
    correction = Correction(
        id=ctx.new_id(), municipality_id=ground.city.id, session_id=ground.session_id,
        person_id=person, day=rome_day(now), minutes=60, reason="Il telefono era scarico",
        made_by=worker, made_at=now,
    )  # fmt: skip
    device = ScannerDevice(
        id=ctx.new_id(), municipality_id=ground.city.id, association_id=ground.association.id,
        name="Tablet", language="it", token_hash="0" * 64, scopes=["scan"],
        made_by=ground.organiser_id, made_at=now, expires_at=now,
    )  # fmt: skip
    contest = Contest(
        id=ctx.new_id(), municipality_id=ground.city.id, session_id=ground.session_id,
        association_id=ground.association.id, person_id=person, day=rome_day(now),
        words="Sono rimasta fino alla fine", language="it", made_at=now - timedelta(days=6),
    )  # fmt: skip
    ctx.db.add_all([goal, proposal, paper, group, scan, correction, device, contest])
    ctx.db.flush()
    return {
        "policy_id": ctx.db.scalars(select(InsurancePolicy.id)).one(),
        "session_id": ground.session_id,
        "project_id": ground.project_id,
        "person_id": person,
        "plan_id": plan.id,
        "goal_id": goal.id,
        "proposal_id": proposal.id,
        "association_id": ground.association.id,
        "standing_id": ground.association.standing_id,
        "document_id": paper.id,
        "code": group.code,
        "language": "fr",
        "state": GoalState.REACHED.value,
        "action_id": make_action(ctx, ground.city, plan.id),
        "mark": "done",
        "milestone_id": make_milestone(ctx, ground.city, goal.id),
        "evidence_id": make_paper(ctx, ground.city, goal.id),
        "version_id": _version(ctx, ground, plan),
        **_recognition(ctx, ground, person),
        "ticket_id": _ticket(ctx, ground),
        **case_with_everything(ctx),
        **housing_with_everything(ctx),
        "service_id": _service(ctx, ground),
        "what": "hide",
        "barrier_id": make_barrier(ctx, ground.city, plan.id),
        "review_id": make_review(ctx, ground.city, plan.id),
        **_course(ctx, ground, plan),
        "award_review_id": _award_review(ctx, ground, person),
        "award_id": ctx.db.scalars(select(Award.id).where(Award.person_id == person)).one(),
        "purpose": "revocation",
        "link_id": person,
        "token": "nobody-s",
        "name": "0" * 32,
        "achievement_id": _own_badge(ctx, ground),
        "municipality_id": ground.city.id,
        "event_id": ground.session_id,
        "scan_id": scan.id,
        "correction_id": correction.id,
        "device_id": device.id,
        "contest_id": contest.id,
        "day": contest.day.isoformat(),
        "event": "all",
        "number": "7",
        "enrolment_id": asking,
        "answer": "approve",
        "month": "2026-02",
        "kind": "csv",
        "ending": "csv",
        "slug": ctx.db.get_one(Project, ground.project_id).slug,
    }


def _course(ctx: Context, ground: Ground, plan: Plan) -> dict[str, UUID | str]:
    """What hangs on the way of a plan: its end, and its move from and to."""
    now = ctx.now()
    closing = Closing(
        id=ctx.new_id(), municipality_id=ground.city.id, plan_id=plan.id, outcome=EndsIn.JOB,
        closed_on=rome_day(now), note="", closed_by=plan.case_worker_id, closed_at=now,
    )  # fmt: skip
    follow_up = FollowUp(
        id=ctx.new_id(), municipality_id=ground.city.id, closing_id=closing.id, months=6,
        due_on=rome_day(now),
    )  # fmt: skip
    move = PlanMove(
        id=ctx.new_id(), municipality_id=ground.city.id, plan_id=plan.id,
        to_municipality_id=ground.city.id, proposed_by=plan.case_worker_id, proposed_at=now,
        state=MoveState.PROPOSED, parcel={},
    )  # fmt: skip
    arrival = PlanArrival(
        id=ctx.new_id(), municipality_id=ground.city.id, move_id=move.id,
        person_id=plan.person_id, from_municipality_id=ground.city.id, parcel={}, agreed_at=now,
        arrived_at=now, state=ArrivalState.WAITING,
    )  # fmt: skip
    for row in (closing, follow_up, move, arrival):
        ctx.db.add(row)
        ctx.db.flush()
    return {
        "follow_up_id": follow_up.id,
        "move_id": move.id,
        "arrival_id": arrival.id,
        "occupation": next(iter(OCCUPATIONS)),
    }


def _award_review(ctx: Context, ground: Ground, person_id: UUID) -> UUID:
    award_id = make_award(
        ctx, ground.city, ground.association, person_id, ground.organiser_id, "team"
    )
    review = AwardReview(
        id=ctx.new_id(), municipality_id=ground.city.id, award_id=award_id,
        state=ReviewState.OPEN, minutes=0, sessions=0, opened_at=ctx.now(),
    )  # fmt: skip
    ctx.db.add(review)
    ctx.db.flush()
    return review.id


def _version(ctx: Context, ground: Ground, plan: Plan) -> UUID:
    return freeze(
        ctx, Draft(Kind.PLAN, plan.id, ground.city.id, None, plan.person_id, {"goals": []})
    )


def _recognition(ctx: Context, ground: Ground, person_id: UUID) -> dict[str, UUID | str]:
    """A path with a goal, a photo and a project that waits."""
    now = ctx.now()
    path = RecognitionPath(
        id=ctx.new_id(), municipality_id=ground.city.id, association_id=ground.association.id,
        person_id=person_id, state=PathState.TO_SIGN, is_own_wish=False, opened_at=now,
    )  # fmt: skip
    ctx.db.add(path)
    ctx.db.flush()
    goal = RecognitionGoal(
        id=ctx.new_id(), municipality_id=ground.city.id, path_id=path.id, sector=1,
        words_it="Piantare", words="", language="it", skills=[], set_at=now,
    )  # fmt: skip
    ctx.db.add(goal)
    ctx.db.flush()
    proof = RecognitionEvidence(
        id=ctx.new_id(), municipality_id=ground.city.id, path_id=path.id, goal_id=goal.id,
        kind=Proof.PHOTO, words="", stored_as="0" * 32, agreed_at=now,
        made_by=ground.organiser_id, made_at=now,
    )  # fmt: skip
    ctx.db.add(proof)
    ctx.db.flush()
    paper = freeze(
        ctx,
        Draft(
            Kind.PROJECT, path.id, ground.city.id, ground.association.id, person_id, {"goals": []}
        ),
    )
    return {"path_id": path.id, "paper_id": paper, "proof_id": proof.id}


def _service(ctx: Context, ground: Ground) -> UUID:
    row = Service(
        id=ctx.new_id(), municipality_id=ground.city.id, is_public=True, name="Sportello",
        reason=TicketReason.OTHER, address="Via Verdi", languages=["it"], closed_on_holidays=True,
        changed_at=ctx.now(),
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    return row.id


def _ticket(ctx: Context, ground: Ground) -> UUID:
    row = Ticket(
        id=ctx.new_id(), municipality_id=ground.city.id, day=rome_day(ctx.now()), number=1,
        language="it", reason=TicketReason.OTHER, state=TicketState.CALLED, taken_at=ctx.now(),
    )  # fmt: skip
    ctx.db.add(row)
    ctx.db.flush()
    return row.id


def _own_badge(ctx: Context, ground: Ground) -> UUID:
    badge = Achievement(
        id=ctx.new_id(), code="own", municipality_id=ground.city.id,
        association_id=ground.association.id, area=None, level=1, names={"it": "Nostro"},
        rule={"minutes": 0, "sessions": 1}, skills=[], made_by=ground.organiser_id,
        made_at=ctx.now(),
    )  # fmt: skip
    ctx.db.add(badge)
    ctx.db.flush()
    return badge.id


def _strangers(ctx: Context) -> dict[str, UUID]:
    """One of each role that Potenza has not given."""
    caserta = make_city(ctx, "caserta")
    radici = make_association(ctx, caserta, "Radici di Tufo")
    return {
        "participant": make_person(ctx, "Oksana", caserta),
        "organiser": make_staff(ctx, Role.ORGANISER, caserta, radici),
        "officer": make_staff(ctx, Role.OFFICER, caserta),
        "case_worker": make_staff(ctx, Role.CASE_WORKER, caserta),
        "housing_officer": make_staff(ctx, Role.HOUSING_OFFICER, caserta),
        "coordinator": make_staff(ctx, Role.COORDINATOR),
        "administrator": make_staff(ctx, Role.ADMINISTRATOR),
    }


@pytest.mark.parametrize(
    "role",
    [
        "participant",
        "organiser",
        "officer",
        "case_worker",
        "housing_officer",
        "coordinator",
        "administrator",
    ],
)
def test_no_role_of_another_city_reaches_a_row_by_any_address(
    app: Flask,
    client: FlaskClient,
    database: Database,
    sign_in: Callable[[FlaskClient, UUID], None],
    role: str,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        rows = _rows(ctx, make_ground(ctx, "potenza"))
        stranger = _strangers(ctx)[role]
    sign_in(client, stranger)
    with_second_factor(client)
    reached, unknown, tried = [], [], 0
    for rule in app.url_map.iter_rules():
        arguments = set(rule.arguments) - {"lang"}
        if not arguments or rule.endpoint in OPEN_TO_ALL | OWN_ROWS_ONLY | NETWORK_WIDE:
            continue
        if arguments - rows.keys():
            unknown.append(rule.rule)
            continue
        path = re.sub(
            r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>",
            lambda found: str(rows.get(found[1], "it")),
            rule.rule,
        )
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            tried += 1
            answer = client.open(path, method=method, json={"scans": []})
            # A device's token opens what lies below, and no browser's session: nobody is asked who
            # they are, and nothing is looked up.
            closed = 401 if rule.rule.startswith("/api/") else 404
            if answer.status_code != closed:
                reached.append((method, rule.endpoint, answer.status_code))
    assert unknown == [], "name a row for each new argument"
    assert reached == []
    assert tried > 20
