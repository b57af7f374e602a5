"""What is missing of a path, its document of transparency, and who may read and sign."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from civic.audit.models import AuditEntry
from civic.badges.startup import PLANTING
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from civic.recognition import privacy
from civic.recognition.contents import ledger_hash
from civic.recognition.errors import (
    PathOver,
    StillMissing,
)
from civic.recognition.models import RecognitionPath
from civic.recognition.operations import papers, paths
from civic.recognition.queries.paths import PathPage, own_pages
from civic.recognition.rules import Missing, PathState
from civic.signatures.queries import Document
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.recognition import (
    Way,
    draft,
    make_way,
    prove,
    sign_project,
    tell,
    work,
)
from tests.factories.reporting import make_hours
from tests.factories.tenancy import make_association, make_city

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


# What is missing, and the document


def test_the_tutor_sees_what_is_missing_and_it_grows_less(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    def missing() -> list[Missing]:
        with acting(way.tutor) as ctx:
            return [lack.kind for lack in paths.read_path(ctx, path_id).lacks]

    assert missing() == [Missing.PROJECT, Missing.HOURS, Missing.EVIDENCE, Missing.ASSESSMENT]
    with acting(way.tutor) as ctx:
        paper_id = sign_project(ctx, path_id)
    sign(acting, way, paper_id)
    assert missing() == [Missing.HOURS, Missing.EVIDENCE, Missing.ASSESSMENT]
    with acting(way.tutor) as ctx:
        prove(ctx, path_id)
    assert missing() == [Missing.HOURS]
    with pytest.raises(StillMissing), acting(way.tutor) as ctx:
        papers.freeze_transparency(ctx, path_id)
    with acting(system_in(way.ground.city.id)) as ctx:
        work(ctx, way)
    assert missing() == []


def test_hours_with_another_association_do_not_count(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        work(ctx, way)
        other = make_association(ctx, way.ground.city, "Altra")
        ctx.db.execute(
            RecognitionPath.__table__.update().values(association_id=other.id)  # type: ignore[attr-defined]
        )
    assert page_of(acting, way).minutes == 0


def concluded(acting: Acting, way: Way, path_id: UUID) -> Document:
    with acting(way.tutor) as ctx:
        paper_id = sign_project(ctx, path_id)
    sign(acting, way, paper_id)
    with acting(system_in(way.ground.city.id)) as ctx:
        work(ctx, way)
    with acting(way.tutor) as ctx:
        prove(ctx, path_id)
        document_id = papers.freeze_transparency(ctx, path_id)
        assert papers.freeze_transparency(ctx, path_id) == document_id
        papers.sign_for_association(ctx, path_id, document_id)
    sign(acting, way, document_id)
    (document,) = page_of(acting, way).statements
    return document


def test_the_document_says_what_was_practised_and_completes_the_path(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    document = concluded(acting, way, path_id)
    page = page_of(acting, way)
    assert page.path.state is PathState.COMPLETED
    assert document.is_complete
    content = document.content
    assert (content["minutes"], content["sessions"]) == (3600, 1)
    assert content["skills"] == [{"skill": PLANTING, "rating": "alone"}]
    assert content["goals"][0]["evidence"][0]["words"] == "Ha scavato bene"
    assert content["project"]["hash"] == page.projects[0].hash
    assert content["ledger_hash"] == ledger_hash(page.lines)


def test_hours_corrected_later_do_not_touch_the_document(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    before = concluded(acting, way, path_id)
    with acting(system_in(way.ground.city.id)) as ctx:
        day = rome_day(ctx.now())
        make_hours(ctx, way.ground, way.person.own_id, 600, day)
    (after,) = page_of(acting, way).statements
    assert after == before


def test_a_second_path_may_begin_after_the_first(acting: Acting, way: Way, path_id: UUID) -> None:
    with acting(way.tutor) as ctx:
        assert paths.open_path(ctx, way.body, way.person.own_id) == path_id
    concluded(acting, way, path_id)
    with acting(way.tutor) as ctx:
        assert paths.open_path(ctx, way.body, way.person.own_id) != path_id


def test_a_path_ends_before_time_at_no_cost_and_what_waits_is_set_aside(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with acting(way.tutor) as ctx:
        papers.freeze_project(ctx, path_id)
        paths.interrupt(ctx, path_id, "Ha trovato lavoro")
    page = page_of(acting, way)
    assert page.path.state is PathState.INTERRUPTED
    assert page.projects[0].set_aside_reason == "Ha trovato lavoro"
    for attempt in (
        lambda ctx: paths.interrupt(ctx, path_id, "Ancora"),
        lambda ctx: papers.freeze_project(ctx, path_id),
        lambda ctx: paths.take_goal_out(ctx, path_id, uuid4()),
    ):
        with pytest.raises(PathOver), acting(way.tutor) as ctx:
            attempt(ctx)


# Who may


def test_nobody_else_reaches_a_path_or_its_papers(acting: Acting, way: Way, path_id: UUID) -> None:
    with acting(way.tutor) as ctx:
        paper_id = papers.freeze_project(ctx, path_id)
    with acting(system_in()) as ctx:
        city = way.ground.city
        elsewhere = make_city(ctx, "caserta")
        others = [
            actor_of(ctx, each)
            for each in (
                make_staff(ctx, Role.ORGANISER, city, make_association(ctx, city, "Altra")),
                make_staff(ctx, Role.ORGANISER, elsewhere, way.ground.association),
                make_staff(ctx, Role.OFFICER, city),
                make_staff(ctx, Role.CASE_WORKER, city),
                make_staff(ctx, Role.COORDINATOR),
                make_person(ctx, "Oleh", city),
            )
        ]
    for other in (*others, way.person):
        for attempt in (
            lambda ctx: paths.read_path(ctx, path_id),
            lambda ctx: papers.read_paper(ctx, path_id, paper_id),
            lambda ctx: papers.sign_for_association(ctx, path_id, paper_id),
            lambda ctx: paths.interrupt(ctx, path_id, "x"),
        ):
            with pytest.raises(NotFound), acting(other) as ctx:
                attempt(ctx)
    for other in (*others, way.tutor):
        with pytest.raises(NotFound), acting(other) as ctx:
            papers.sign_own(ctx, paper_id)


def test_the_trail_says_of_which_thing_and_never_its_words(
    acting: Acting, way: Way, path_id: UUID
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        lines = ctx.db.scalars(select(AuditEntry)).all()
    assert {"recognition.information", "recognition.changed"} <= {line.action for line in lines}
    assert not any("Piantare" in str(line.details) for line in lines)


def test_the_person_is_told_once_that_a_paper_waits(
    acting: Acting, way: Way, path_id: UUID, drain: Callable[[], int]
) -> None:
    for _ in range(2):
        with acting(way.tutor) as ctx:
            papers.freeze_project(ctx, path_id)
        drain()
    with acting(system_in()) as ctx:
        waits = select(func.count()).where(Message.kind == MessageKind.PAPER_WAITS)
        assert ctx.db.scalar(waits) == 1


def test_a_person_takes_their_path_away(acting: Acting, way: Way, path_id: UUID) -> None:
    concluded(acting, way, path_id)
    with acting(way.person) as ctx:
        taken = privacy.export(ctx, way.person.own_id)
    assert taken["information"][0]["how"] == "alone"
    (path,) = taken["paths"]
    assert [paper["kind"] for paper in path["papers"]] == ["project", "transparency"]
    assert "Ha scavato bene" in str(path["evidence"])
