"""Policies through the pages of organisers and officers."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.enrolment.models import InsurancePolicy, PolicyBasis
from civic.enrolment.rules import LegalBasis
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, on_ground
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_enrolment

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

POLICY = {
    "insurer": "Mutua dei Volontari",
    "number": "RC 118/2026",
    "starts_on": "2027-01-01",
    "ends_on": "2027-12-31",
    "risks": ["accident", "illness", "liability"],
    "bases": ["volunteer"],
}
NOBODY = "Nobody can get a place on these days."
NOT_ALL = "On these days not everybody can get a place."


@pytest.fixture
def ground(database: Database) -> Ground:
    """With a session in February 2027, for which nobody is insured yet."""
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_session(
            ctx,
            ground.project_id,
            datetime(2027, 2, 6, 9, tzinfo=UTC),
            datetime(2027, 2, 6, 12, tzinfo=UTC),
        )
    return ground


@pytest.fixture
def own(ground: Ground) -> str:
    return f"{ground.association.id}.{ground.city.id}"


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city)


def policies(database: Database, ground: Ground) -> list[InsurancePolicy]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(InsurancePolicy)))


def test_organiser_reads_early_what_a_day_without_cover_means_and_adds_a_policy(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground, own: str
) -> None:
    sign_in(client, ground.organiser_id)
    page = html(client.get("/en/organise/insurance"))
    assert NOBODY in page
    assert "Saturday 6 February" in page

    answer = client.post(
        "/en/organise/insurance", data={**POLICY, "association": own}, follow_redirects=True
    )

    assert "RC 118/2026" in html(answer)
    assert NOBODY not in html(answer)
    with database.reading(system_in(ground.city.id)) as ctx:
        assert "policy.added" in ctx.db.scalars(select(AuditEntry.action)).all()


def test_a_policy_without_illness_says_what_is_not_covered(
    client: FlaskClient, html: Html, sign_in: SignIn, ground: Ground, own: str
) -> None:
    sign_in(client, ground.organiser_id)
    given = {**POLICY, "association": own, "risks": ["accident", "liability"]}
    page = html(client.post("/en/organise/insurance", data=given, follow_redirects=True))
    assert NOBODY in page
    assert "Not covered: Illness." in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_on": "2026-12-31"}, "The last day must not come before the first."),
        ({"ends_on": "2099-12-31"}, "at most five years"),
        ({"starts_on": "yesterday"}, "Choose a day, like"),
        ({"insurer": "\x00"}, "Write the name of the insurance company."),
        ({"insurer": "x" * 300}, "at most 160 letters"),
        ({"association": "another"}, "Choose for which association."),
        ({"risks": ["flood"]}, "Choose at least one thing that the policy covers."),
        ({"bases": []}, "Choose whom the policy covers."),
        ({"bases": ["puc"]}, "Choose whom the policy covers."),
    ],
)
def test_wrong_policy_is_refused_and_what_was_typed_is_kept(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    own: str,
    change: dict[str, object],
    sentence: str,
) -> None:
    sign_in(client, ground.organiser_id)
    given = {**POLICY, "association": own, **change}
    answer = client.post("/en/organise/insurance", data=given)
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert "RC 118/2026" in html(answer)
    assert len(policies(database, ground)) == 1


def test_officer_insures_whom_the_municipality_sends(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    officer: UUID,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_enrolment(
            ctx,
            make_person(ctx, "Yusuf", ground.city),
            ground.project_id,
            legal_basis=LegalBasis.ASYLUM_SEEKER,
        )
    sign_in(client, officer)
    page = html(client.get("/en/city/insurance"))
    assert NOT_ALL in page
    assert "Asylum seekers under an agreement" in page
    assert "Yusuf" not in page
    assert client.post("/en/city/insurance", data={**POLICY, "bases": []}).status_code == 422
    given = {**POLICY, "starts_on": "2026-01-01", "bases": ["asylum_seeker", "puc", "volunteer"]}

    answer = client.post("/en/city/insurance", data=given, follow_redirects=True)

    assert "RC 118/2026" in html(answer)
    assert NOT_ALL not in html(answer)
    [cities] = [line for line in policies(database, ground) if line.association_id is None]
    with database.reading(system_in(ground.city.id)) as ctx:
        named = ctx.db.scalars(
            select(PolicyBasis.legal_basis).where(PolicyBasis.policy_id == cities.id)
        ).all()
    assert set(named) == {LegalBasis.ASYLUM_SEEKER, LegalBasis.PUC, LegalBasis.VOLUNTEER}


def test_organiser_reads_nothing_of_whom_the_municipality_sends(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        sent = make_person(ctx, "Yusuf", ground.city)
        make_enrolment(ctx, sent, ground.project_id, legal_basis=LegalBasis.ASYLUM_SEEKER)
    sign_in(client, ground.organiser_id)
    page = html(client.get("/en/organise/insurance"))
    assert "sylum" not in page
    assert "PUC" not in page


def test_a_policy_ends_earlier_with_its_reason_beside_it(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    [policy] = policies(database, ground)
    url = f"/en/organise/policies/{policy.id}/end"
    sign_in(client, ground.organiser_id)
    assert url in html(client.get("/en/organise/insurance"))
    assert client.get(url).status_code == 200
    wrong = client.post(url, data={"last_day": "2027-06-30", "reason": "Cambio"})
    assert wrong.status_code == 422
    assert "can only end earlier" in html(wrong)
    assert "Write why it ends earlier." in html(client.post(url, data={"last_day": "2026-06-30"}))

    answer = client.post(
        url, data={"last_day": "2026-03-20", "reason": "Cambio"}, follow_redirects=True
    )

    page = html(answer)
    assert "Ended earlier (was to end on 31 December 2026):" in page
    assert "Cambio" in page
    assert "Saturday 21 March" in page  # the ground's first session, covered until now


def test_officer_ends_the_citys_policy_and_comes_back_to_its_list(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    officer: UUID,
) -> None:
    sign_in(client, officer)
    client.post("/en/city/insurance", data=POLICY)
    [policy] = [line for line in policies(database, ground) if line.association_id is None]
    answer = client.post(
        f"/en/organise/policies/{policy.id}/end",
        data={"last_day": "2027-01-31", "reason": "Nuova gara"},
        follow_redirects=True,
    )
    assert "Nuova gara" in html(answer)
    assert answer.request.path == "/en/city/insurance"
