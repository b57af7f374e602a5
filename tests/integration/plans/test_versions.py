"""Versions of a plan: frozen, signed by both, exactly as they were."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.accounts import passwords
from civic.accounts.models import Person, Pin
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from civic.plans import privacy
from civic.plans.errors import PlanClosed
from civic.plans.models import Plan
from civic.plans.operations import plans, versions
from civic.plans.operations.plans import NewGoal
from civic.plans.queries.versions import own_version
from civic.plans.rules import Domain, View
from civic.signatures.errors import AlreadySigned, StillUnsigned
from civic.signatures.models import FrozenPaper
from civic.signatures.queries import Document
from civic.signatures.rules import Means, Side
from tests.factories.accounts import actor_of
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.plans import (
    make_action,
    make_barrier,
    make_goal,
    make_milestone,
    make_paper,
    make_review,
)
from tests.factories.signatures import SCRIBBLE

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
ARABIC = "أريد أن أعمل في الحدائق"


@pytest.fixture
def desk(acting: Acting) -> Desk:
    """A plan with something of everything."""
    with acting(system_in()) as ctx:
        desk = make_desk(ctx)
        goal_id = make_goal(ctx, desk.city, desk.plan_id, ARABIC, language="ar")
        make_milestone(ctx, desk.city, goal_id, due_on=date(2026, 5, 1))
        make_paper(ctx, desk.city, goal_id)
        make_barrier(ctx, desk.city, desk.plan_id)
        make_action(ctx, desk.city, desk.plan_id)
        make_review(
            ctx, desk.city, desk.plan_id, is_open=False, worker={Domain.WORK: 2},
            person={Domain.WORK: 4},
        )  # fmt: skip
        return desk


@pytest.fixture
def version_id(acting: Acting, desk: Desk) -> UUID:
    with acting(desk.worker) as ctx:
        return versions.freeze_version(ctx, desk.plan_id)


def version_of(acting: Acting, desk: Desk, version_id: UUID) -> Document:
    with acting(desk.person) as ctx:
        return own_version(ctx, version_id)[1]


def test_a_version_says_all_that_the_plan_says(
    acting: Acting, desk: Desk, version_id: UUID
) -> None:
    content = version_of(acting, desk, version_id).content
    (goal,) = content["goals"]
    assert (goal["words"], goal["language"]) == (ARABIC, "ar")
    assert goal["milestones"][0]["due_on"] == "2026-05-01"
    assert goal["papers"][0]["level"] == "A2"
    assert content["barriers"][0]["words"] == "Nessun autobus la mattina"
    assert content["actions"][0]["owed_by"] == "person"
    assert content["review"]["scores"] == {
        View.WORKER.value: {"work": 2},
        View.PERSON.value: {"work": 4},
    }
    assert content["person"] == {"name": "أمينة", "birth_year": 1995}
    assert content["language"] == "ar"


def test_frozen_twice_unchanged_it_is_one_version(
    acting: Acting, desk: Desk, version_id: UUID
) -> None:
    with acting(desk.worker) as ctx:
        assert versions.freeze_version(ctx, desk.plan_id) == version_id
        assert ctx.db.scalar(select(func.count(FrozenPaper.id))) == 1


def test_a_later_change_does_not_touch_what_was_frozen_and_is_said(
    acting: Acting, desk: Desk, version_id: UUID
) -> None:
    before = version_of(acting, desk, version_id)
    with acting(desk.worker) as ctx:
        assert not versions.read_versions(ctx, desk.plan_id).has_changed
        plans.set_goal(ctx, desk.plan_id, NewGoal(Domain.HOUSING, "Una casa", "it", ()))
        assert versions.read_versions(ctx, desk.plan_id).has_changed
    assert version_of(acting, desk, version_id) == before
    with pytest.raises(StillUnsigned), acting(desk.worker) as ctx:
        versions.freeze_version(ctx, desk.plan_id)
    with acting(desk.worker) as ctx:
        versions.set_version_aside(ctx, desk.plan_id, version_id, "C'è un obiettivo nuovo")
        newer = versions.freeze_version(ctx, desk.plan_id)
    assert version_of(acting, desk, newer).number == 2


def test_both_sign_and_the_version_is_complete(
    acting: Acting, desk: Desk, version_id: UUID
) -> None:
    with acting(desk.person) as ctx:
        versions.sign_own(ctx, version_id)
    with acting(desk.worker) as ctx:
        versions.sign_for_service(ctx, desk.plan_id, version_id)
    assert version_of(acting, desk, version_id).is_complete
    with pytest.raises(AlreadySigned), acting(desk.person) as ctx:
        versions.sign_own(ctx, version_id)


def test_a_closed_plan_is_signed_no_more_but_read(
    acting: Acting, desk: Desk, version_id: UUID
) -> None:
    with acting(desk.worker) as ctx:
        ctx.db.get_one(Plan, desk.plan_id).closed_at = ctx.now()
    with pytest.raises(PlanClosed), acting(desk.worker) as ctx:
        versions.sign_for_service(ctx, desk.plan_id, version_id)
    with acting(desk.person) as ctx:
        assert own_version(ctx, version_id, closed_too=True)[1].number == 1


def test_nobody_else_reads_or_signs_a_version(acting: Acting, desk: Desk, version_id: UUID) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        others = [actor_of(ctx, each) for each in make_others(ctx, desk).values()]
    for other in others:
        for attempt in (
            lambda ctx: versions.read_version(ctx, desk.plan_id, version_id),
            lambda ctx: versions.sign_for_service(ctx, desk.plan_id, version_id),
            lambda ctx: versions.sign_own(ctx, version_id),
        ):
            with pytest.raises(NotFound), acting(other) as ctx:
                attempt(ctx)
    with pytest.raises(NotFound), acting(desk.worker) as ctx:
        versions.sign_own(ctx, version_id)
    with pytest.raises(NotFound), acting(desk.person) as ctx:
        versions.sign_for_service(ctx, desk.plan_id, version_id)


def test_the_person_is_told_that_a_paper_waits_once_and_not_which(
    acting: Acting, desk: Desk, version_id: UUID, drain: Callable[[], object]
) -> None:
    with acting(desk.worker) as ctx:
        versions.freeze_version(ctx, desk.plan_id)
    drain()
    with acting(system_in()) as ctx:
        (message,) = ctx.db.scalars(select(Message).where(Message.kind == MessageKind.PAPER_WAITS))
        assert "خطة" not in message.body
        assert "Giulia" not in message.body


def test_a_person_takes_their_versions_away(acting: Acting, desk: Desk, version_id: UUID) -> None:
    with acting(desk.person) as ctx:
        versions.sign_own(ctx, version_id)
    with acting(desk.person) as ctx:
        (plan,) = privacy.export(ctx, desk.person.own_id)["plans"]
    (taken,) = plan["versions"]
    assert taken["content"]["goals"][0]["words"] == ARABIC
    assert taken["signatures"][0]["how"] == "session"


# Pages


def text_of(answer: TestResponse) -> str:
    reader = PdfReader(io.BytesIO(answer.data))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_case_worker_makes_a_version_and_signs_and_the_person_signs_by_hand_on_the_tablet(
    client: FlaskClient, sign_in: SignIn, acting: Acting, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker.own_id)
    answer = client.post(f"/en/plans/{desk.plan_id}/versions")
    path = answer.headers["Location"]
    client.post(f"{path}/sign")
    handing = html(client.post(f"{path}/hand-over"))
    (digits,) = re.findall(r'<bdi dir="ltr">(\d{4})</bdi>', handing)
    theirs = path.replace("/en/", "/ar/") + "/person"
    assert theirs in handing
    page = html(client.get(theirs))
    assert ARABIC in page
    assert 'dir="rtl"' in page
    assert client.get(path).status_code == 403
    answer = client.post(theirs, data={"means": "drawn", "drawing": "[]"})
    assert answer.status_code == 422
    answer = client.post(theirs, data={"means": "drawn", "drawing": SCRIBBLE})
    assert answer.headers["Location"] == "/ar/give-back"
    assert client.post(theirs, data={"means": "drawn", "drawing": SCRIBBLE}).status_code == 409
    client.post("/ar/give-back", data={"digits": digits})
    page = html(client.get(path))
    assert "Signed by both" in page
    assert "<polyline" in page
    version = version_of(acting, desk, UUID(path.rsplit("/", 1)[1]))
    assert version.signatures[Side.PERSON].means is Means.DRAWN


def test_the_person_signs_by_the_pin_of_their_card_on_the_tablet(
    client: FlaskClient,
    sign_in: SignIn,
    acting: Acting,
    desk: Desk,
    version_id: UUID,
    html: Html,
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        pin_hash = passwords.hash_password("482913")
        ctx.db.add(Pin(person_id=desk.person.own_id, pin_hash=pin_hash, set_at=ctx.now(), tries=0))
    sign_in(client, desk.worker.own_id)
    path = f"/en/plans/{desk.plan_id}/versions/{version_id}/person"
    assert 'name="pin"' in html(client.get(path))
    answer = client.post(path, data={"means": "pin", "pin": "111222"})
    assert (answer.status_code, "This is not the PIN" in html(answer)) == (422, True)
    assert client.post(path, data={"means": "pin", "pin": "٤٨٢٩١٣"}).status_code == 302
    assert version_of(acting, desk, version_id).signatures[Side.PERSON].means is Means.PIN


def test_the_person_reads_and_signs_on_their_own_phone(
    client: FlaskClient, sign_in: SignIn, acting: Acting, desk: Desk, version_id: UUID, html: Html
) -> None:
    sign_in(client, desk.person.own_id)
    path = f"/fr/me/plan/versions/{version_id}"
    assert path in html(client.get("/fr/me/plan"))
    assert ARABIC in html(client.get(path))
    assert client.post(f"{path}/sign").status_code == 302
    assert Side.PERSON in version_of(acting, desk, version_id).signatures


@pytest.mark.parametrize("whose", ["worker", "person"])
def test_the_pdf_says_it_in_both_languages_and_that_it_waits(
    client: FlaskClient, sign_in: SignIn, desk: Desk, version_id: UUID, whose: str
) -> None:
    if whose == "worker":
        sign_in(client, desk.worker.own_id)
        answer = client.get(f"/it/plans/{desk.plan_id}/versions/{version_id}/plan.pdf")
    else:
        sign_in(client, desk.person.own_id)
        answer = client.get(f"/it/me/plan/versions/{version_id}/plan.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = text_of(answer)
    for words in ("Nessun autobus la mattina", "Giulia", "A2"):
        assert words in text
    catalogue = PdfReader(io.BytesIO(answer.data)).root_object
    assert "/StructTreeRoot" in catalogue
    assert "/MarkInfo" in catalogue


@pytest.mark.parametrize(
    "name",
    ["Aminata Traoré", "Олена Коваль", "Ελένη", "أمينة الحسن", "আমিনা খাতুন", "阿明", "አሚና", "अमीना"],
)
def test_a_name_in_any_script_and_no_birth_year_make_a_paper(
    client: FlaskClient, sign_in: SignIn, acting: Acting, desk: Desk, name: str
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        person = ctx.db.get_one(Person, desk.person.own_id)
        person.name, person.birth_year, person.page_language = name, None, "it"
    with acting(desk.worker) as ctx:
        version = versions.freeze_version(ctx, desk.plan_id)
    sign_in(client, desk.worker.own_id)
    answer = client.get(f"/it/plans/{desk.plan_id}/versions/{version}/plan.pdf")
    assert answer.status_code == 200
    assert len(PdfReader(io.BytesIO(answer.data)).pages) >= 1
    assert "1995" not in text_of(answer)


def test_an_empty_plan_makes_a_paper_too(
    client: FlaskClient, sign_in: SignIn, acting: Acting
) -> None:
    with acting(system_in()) as ctx:
        desk = make_desk(ctx)
    with acting(desk.worker) as ctx:
        version = versions.freeze_version(ctx, desk.plan_id)
    sign_in(client, desk.worker.own_id)
    answer = client.get(f"/it/plans/{desk.plan_id}/versions/{version}/plan.pdf")
    assert answer.status_code == 200
