"""A path from the first word to the document of transparency, and what keeps it from there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from civic.badges.rules import Rating
from civic.badges.startup import PLANTING, PRUNING
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.recognition.errors import (
    DayToCome,
    GoalNotOfPath,
    NobodyChosen,
    NoGoals,
    NotUnderWay,
    NoTutorOfOurs,
    PeriodTooLong,
    PhotoNotAgreed,
    ProjectFixed,
    ProjectUnfinished,
    SessionNotTheirs,
    SkillNotOfGoal,
    TooFewHours,
)
from civic.recognition.models import RecognitionInformation
from civic.recognition.operations import informing, papers, paths, proofs
from civic.recognition.operations.informing import Told
from civic.recognition.operations.paths import NewGoal, ProjectDraft
from civic.recognition.operations.proofs import NewProof
from civic.recognition.queries.gate import Body
from civic.recognition.queries.paths import PathPage, own_pages
from civic.recognition.queries.people import offers_to_me, participants
from civic.recognition.rules import How, PathState, Proof
from tests.factories.accounts import make_person
from tests.factories.recognition import (
    Way,
    begin,
    draft,
    goal_of,
    make_way,
    prove,
    sign_project,
    tell,
)
from tests.factories.reporting import make_hours
from tests.factories.tenancy import make_association

Acting = Callable[[Actor], AbstractContextManager[Context]]


@pytest.fixture
def way(acting: Acting) -> Way:
    with acting(system_in()) as ctx:
        return make_way(ctx)


@pytest.fixture
def path_id(acting: Acting, way: Way) -> UUID:
    with acting(way.tutor) as ctx:
        tell(ctx, way)
        return draft(ctx, way)


def page_of(acting: Acting, way: Way) -> PathPage:
    with acting(way.person) as ctx:
        (page,) = own_pages(ctx)
        return page


def sign(acting: Acting, way: Way, paper_id: UUID) -> None:
    with acting(way.person) as ctx:
        papers.sign_own(ctx, paper_id)


# Information


def test_who_was_told_is_on_record_with_day_language_and_how(acting: Acting, way: Way) -> None:
    with acting(way.tutor) as ctx:
        tell(ctx, way)
        (person,) = participants(ctx, way.body)
        row = ctx.db.scalars(select(RecognitionInformation)).one()
    assert person.is_informed
    assert (row.how, row.language, row.recorded_by) == (How.ALONE, "ar", way.tutor.person_id)


def test_told_twice_the_first_time_stays(acting: Acting, way: Way, clock: FrozenClock) -> None:
    with acting(way.tutor) as ctx:
        tell(ctx, way)
    clock.advance(timedelta(days=7))
    with acting(way.tutor) as ctx:
        today = rome_day(ctx.now())
        told = Told([way.person.own_id], How.GROUP, "it", today)
        assert informing.record_information(ctx, way.body, told) == 0
        assert ctx.db.scalars(select(RecognitionInformation.how)).one() is How.ALONE


def test_only_people_of_the_association_and_no_day_to_come(acting: Acting, way: Way) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        stranger = make_person(ctx, "Oleh", way.ground.city)
        today = rome_day(ctx.now())
    for people in ([], [stranger], [way.person.own_id, stranger]):
        with pytest.raises(NobodyChosen), acting(way.tutor) as ctx:
            informing.record_information(ctx, way.body, Told(people, How.GROUP, "it", today))
    with pytest.raises(DayToCome), acting(way.tutor) as ctx:
        informing.record_information(
            ctx,
            way.body,
            Told([way.person.own_id], How.GROUP, "it", today + timedelta(days=1)),
        )


def test_a_person_reads_it_themselves_and_asks_for_a_path_once(acting: Acting, way: Way) -> None:
    for _ in range(2):
        with acting(way.person) as ctx:
            informing.confirm_reading(ctx, way.body, "ar")
            paths.ask_for_path(ctx, way.body)
    page = page_of(acting, way)
    assert page.path.state is PathState.ASKED
    assert page.path.is_own_wish
    assert page.informed is not None
    assert page.informed.how is How.ONLINE
    with acting(way.person) as ctx:
        assert offers_to_me(ctx) == []


def test_nobody_asks_an_association_they_take_no_part_with(acting: Acting, way: Way) -> None:
    with acting(system_in()) as ctx:
        other = make_association(ctx, way.ground.city, "Altra")
    with pytest.raises(NotFound), acting(way.person) as ctx:
        paths.ask_for_path(ctx, Body(other.id, way.ground.city.id))


# The project


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"hours": 59}, TooFewHours),
        ({"hours": 2001}, TooFewHours),
        ({"days": 366}, PeriodTooLong),
        ({"days": -1}, PeriodTooLong),
        ({"tutor": "the person"}, NoTutorOfOurs),
    ],
)
def test_a_project_has_sixty_hours_twelve_months_and_a_tutor_of_the_association(
    acting: Acting, way: Way, path_id: UUID, change: dict[str, object], error: type[Exception]
) -> None:
    with acting(way.tutor) as ctx:
        today = rome_day(ctx.now())
    days = change.get("days", 100)
    assert isinstance(days, int)
    bad = ProjectDraft(
        way.person.own_id if "tutor" in change else way.tutor.own_id,
        int(str(change.get("hours", 60))),
        today,
        today + timedelta(days=days),
    )
    with pytest.raises(error), acting(way.tutor) as ctx:
        paths.write_project(ctx, path_id, bad)


def test_a_project_without_goals_or_without_a_tutor_is_not_signed(acting: Acting, way: Way) -> None:
    with acting(way.tutor) as ctx:
        bare = paths.open_path(ctx, way.body, way.person.own_id)
    with pytest.raises(ProjectUnfinished), acting(way.tutor) as ctx:
        papers.freeze_project(ctx, bare)
    with acting(way.tutor) as ctx:
        assert draft(ctx, way) == bare
        paths.take_goal_out(ctx, bare, goal_of(ctx, bare))
    with pytest.raises(NoGoals), acting(way.tutor) as ctx:
        papers.freeze_project(ctx, bare)


def test_both_sign_the_project_and_the_path_is_under_way(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with acting(way.tutor) as ctx:
        paper_id = sign_project(ctx, path_id)
    assert page_of(acting, way).path.state is PathState.TO_SIGN
    sign(acting, way, paper_id)
    page = page_of(acting, way)
    assert page.path.state is PathState.UNDER_WAY
    (paper,) = page.projects
    assert paper.is_complete
    (goal,) = paper.content["goals"]
    assert (goal["sector"], goal["skills"]) == (1, [PLANTING])
    assert goal["words"] == "زراعة الأشجار والعناية بها"
    assert paper.content["informed"]["language"] == "ar"


def test_what_waits_to_be_signed_is_not_changed_but_set_aside(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with acting(way.tutor) as ctx:
        paper_id = papers.freeze_project(ctx, path_id)
        assert papers.freeze_project(ctx, path_id) == paper_id
    with pytest.raises(ProjectFixed), acting(way.tutor) as ctx:
        paths.add_goal(ctx, path_id, NewGoal(2, "Altro", "", "it", [PLANTING]))
    with acting(way.tutor) as ctx:
        papers.set_paper_aside(ctx, path_id, paper_id, "Manca un obiettivo")
        paths.add_goal(ctx, path_id, NewGoal(2, "Altro", "", "it", [PLANTING]))
        assert papers.freeze_project(ctx, path_id) != paper_id


# Evidence


def test_evidence_names_a_goal_of_the_path_and_a_session_of_the_person(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        begin(ctx, path_id)
        make_hours(ctx, way.ground, way.person.own_id, 60, rome_day(ctx.now()))
        goal_id = goal_of(ctx, path_id)
    with acting(way.tutor) as ctx:
        proofs.add_proof(
            ctx, path_id, NewProof(Proof.PRODUCT, goal_id, way.ground.session_id, "Una siepe")
        )
    tries: list[tuple[NewProof, type[Exception]]] = [
        (NewProof(Proof.NOTE, uuid4(), words="x"), GoalNotOfPath),
        (NewProof(Proof.NOTE, goal_id, uuid4(), "x"), SessionNotTheirs),
        (NewProof(Proof.ASSESSMENT, goal_id, skill=PRUNING, rating=Rating.ALONE), SkillNotOfGoal),
        (NewProof(Proof.ASSESSMENT, goal_id, skill=PLANTING), SkillNotOfGoal),
        (NewProof(Proof.PHOTO, goal_id, stored_as="0" * 32), PhotoNotAgreed),
        (NewProof(Proof.PHOTO, goal_id, is_agreed=True), PhotoNotAgreed),
    ]
    for new, error in tries:
        with pytest.raises(error), acting(way.tutor) as ctx:
            proofs.add_proof(ctx, path_id, new)
    (row,) = page_of(acting, way).proofs
    assert (row.words, row.session_id) == ("Una siepe", way.ground.session_id)


def test_evidence_comes_only_while_the_path_is_under_way(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with pytest.raises(NotUnderWay), acting(way.tutor) as ctx:
        prove(ctx, path_id)


def test_the_same_evidence_sent_twice_is_one(acting: Acting, way: Way, path_id: UUID) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        begin(ctx, path_id)
        goal_id = goal_of(ctx, path_id)
    new = NewProof(Proof.NOTE, goal_id, words="Una volta", id=uuid4())
    answers = []
    for _ in range(2):
        with acting(way.tutor) as ctx:
            answers.append(proofs.add_proof(ctx, path_id, new))
    assert answers == [True, False]
    assert len(page_of(acting, way).proofs) == 1


def test_a_photo_goes_when_the_person_takes_their_agreement_back(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        begin(ctx, path_id)
        goal_id = goal_of(ctx, path_id)
    photo = NewProof(Proof.PHOTO, goal_id, stored_as="a" * 32, is_agreed=True)
    with acting(way.tutor) as ctx:
        proofs.add_proof(ctx, path_id, photo)
    (row,) = page_of(acting, way).proofs
    with acting(way.tutor) as ctx:
        assert proofs.photo_of(ctx, path_id, row.id, is_own=False) == "a" * 32
    with pytest.raises(NotFound), acting(way.tutor) as ctx:
        proofs.withdraw_photo(ctx, path_id, row.id)
    for expected in ("a" * 32, None):
        with acting(way.person) as ctx:
            assert proofs.withdraw_photo(ctx, path_id, row.id) == expected
    with pytest.raises(NotFound), acting(way.tutor) as ctx:
        proofs.photo_of(ctx, path_id, row.id, is_own=False)
