"""What the tests of agreements share: making one, and where it is for whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from flask.testing import FlaskClient

from civic.housing.placing_models import Placement
from civic.housing.queries.stay_page import documents_of
from civic.kernel.context import Context
from civic.kernel.policy import Actor
from civic.signatures.queries import Document
from tests.factories.housing_stays import Home

Acting = Callable[[Actor], AbstractContextManager[Context]]
TERMS = {"pays": "120", "deposit": "250,50"}


def stay_of(home: Home) -> str:
    return f"/en/housing/stays/{home.stay_id}"


def made(officer: FlaskClient, home: Home, terms: dict[str, str] = TERMS) -> str:
    """Where the paper is."""
    answer = officer.post(f"{stay_of(home)}/agreement", data=terms)
    assert answer.status_code == 302
    return answer.headers["Location"]


def own(paper: str) -> str:
    return f"/en/me/home/agreements/{paper.rsplit('/', 1)[1]}"


def papers(acting: Acting, home: Home) -> tuple[Document, ...]:
    with acting(home.officer) as ctx:
        return documents_of(ctx, home.stay_id)


def signed_on(acting: Acting, home: Home) -> date | None:
    with acting(home.officer) as ctx:
        return ctx.db.get_one(Placement, home.stay_id).signed_on
