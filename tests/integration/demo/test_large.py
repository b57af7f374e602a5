"""Large data at a tiny scale, on both databases."""

import pytest
from sqlalchemy import func, select

from civic.attendance.models import CheckEvent, HoursLine, Pass
from civic.attendance.queries.gate import hold_by_code
from civic.badges.models import Award
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.rules import Filters
from civic.demo.bulk.scale import Scale
from civic.demo.large import OtherScaleLoaded, load_large
from civic.demo.loader import load, refresh
from civic.demo.mode import NotADemonstration
from civic.demo.passes import PassMaker
from civic.enrolment.models import Booking
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR
from civic.settings import Settings
from tests.conftest import SETTINGS
from tests.integration.demo import truth

TINY = Scale("tiny", projects=30, participants=400, check_events=900, cities=3)


class Told:
    """What a progress bar would show."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def __call__(self, _label: str, total: int) -> "Told":
        self.total = total
        return self

    def update(self, more: int) -> None:
        self.done += more


def load_tiny(database: Database) -> int:
    return load_large(database, SETTINGS, TINY, lambda _label, _total: lambda _more: None)


def fingerprint(database: Database) -> list[object]:
    with truth.everywhere(database) as ctx:
        return [
            sorted(ctx.db.scalars(select(model.id)))
            for model in (Project, ProjectSession, Booking, CheckEvent, HoursLine, Pass, Award)
        ]


def test_large_data_has_its_size_and_keeps_the_rules(database: Database) -> None:
    assert load_tiny(database) == TINY.projects
    with truth.everywhere(database) as ctx:
        events = ctx.db.scalar(select(func.count()).select_from(CheckEvent))
        passes = ctx.db.scalar(select(func.count()).select_from(Pass))
        truth.check(ctx)
    assert events == TINY.check_events
    assert passes == TINY.participants


def test_most_projects_have_sessions_to_come(database: Database) -> None:
    load_tiny(database)
    with database.reading(VISITOR) as ctx:
        page = find_projects(ctx, Filters(), "en", limit=TINY.projects)
    assert len(page.cards) > TINY.projects * 0.7


def test_a_second_load_makes_nothing(database: Database) -> None:
    load_tiny(database)
    before = fingerprint(database)
    assert load_tiny(database) == 0
    assert fingerprint(database) == before


def test_the_same_day_gives_the_same_data(database: Database) -> None:
    seen = []
    for _ in range(2):
        with database.unit_of_work(VISITOR) as ctx:
            attempt = ctx.db.connection().begin_nested()
            load_tiny(Database.within(ctx.db.connection(), database.clock))
            seen.append(fingerprint(Database.within(ctx.db.connection(), database.clock)))
            attempt.rollback()
    assert seen[0] == seen[1]


def test_progress_is_told_up_to_the_end(database: Database) -> None:
    told = Told()
    load_large(database, SETTINGS, TINY, lambda label, total: told(label, total).update)
    assert told.done == told.total == TINY.projects


def test_another_scale_beside_it_is_refused(database: Database) -> None:
    load_tiny(database)
    other = Scale("other", projects=3, participants=90, check_events=30, cities=3)
    with pytest.raises(OtherScaleLoaded):
        load_large(database, SETTINGS, other, lambda _label, _total: lambda _more: None)


def test_it_stands_beside_the_small_demonstration(
    database: Database, demo_settings: Settings
) -> None:
    load_tiny(database)
    assert load(database, demo_settings)
    with truth.everywhere(database) as ctx:
        truth.places_are_counted(ctx)
        truth.hours_follow_from_scans(ctx)


def test_a_made_pass_is_known_at_the_gate(database: Database) -> None:
    load_tiny(database)
    with truth.everywhere(database) as ctx:
        made = ctx.db.scalars(select(Pass).limit(1)).one()
        token = PassMaker(Keys(SETTINGS.secret_key)).token(made.id)
        found = hold_by_code(ctx, [made.municipality_id], {token: made.token_hash})
    assert found == {made.person_id}


def test_production_is_refused(database: Database) -> None:
    production = Settings("a key for tests, long enough to be taken", smtp_url="smtp://localhost")
    with pytest.raises(NotADemonstration):
        load_large(database, production, TINY, lambda _label, _total: lambda _more: None)
    for bring in (load, refresh):
        with pytest.raises(NotADemonstration):
            bring(database, production)
    with truth.everywhere(database) as ctx:
        assert not ctx.db.scalar(select(func.count()).select_from(Project))
