"""The small demonstration: six cities, their associations, people and ten weeks of activity.

load(database, settings)     once; brings it up to today when it is there already
refresh(database, settings)  sessions for the coming weeks, and one that is under way now
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from civic.accounts.rules import Discipline
from civic.catalogue.operations.indexing import index_all
from civic.demo import (
    cases,
    desks,
    founding,
    growth,
    history,
    housing,
    learning,
    offering,
    participants,
    plan_work,
    registers,
    renewal,
    today,
)
from civic.demo import stage as stages
from civic.demo.journal import Journal
from civic.demo.mode import refuse_production
from civic.demo.passes import PassMaker
from civic.demo.people import PEOPLE, WALKER, contact_of
from civic.demo.rows import Rows
from civic.demo.shape import WEEK, DemoStaff
from civic.demo.staff import WITH_SIGN_IN
from civic.demo.timeline import Timeline
from civic.housing.operations.files import HOUSING_FILES
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from civic.settings import Settings

SEED = "Civic demonstration"
BEGAN_BEFORE = offering.WEEKS_BACK * WEEK + timedelta(days=6)
JOINED_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class SignIn:
    role: str
    name: str
    password: str


ROLES = {
    Role.ORGANISER: "organiser",
    Role.OFFICER: "officer",
    Role.DESK: "desk",
    Role.MOBILE_UNIT: "mobile unit",
    Role.CASE_WORKER: "case worker",
    Role.HOUSING_OFFICER: "housing officer",
    Role.CITY_COORDINATOR: "city coordinator",
    Role.DATA_PROTECTION: "data protection",
    Role.COORDINATOR: "coordinator",
    Role.ADMINISTRATOR: "administrator",
}
TRADES = {
    Discipline.PSYCHOLOGIST: "psychologist",
    Discipline.LEGAL_ADVISER: "legal adviser",
}
"""What a case worker is called by, where that is not the one who leads cases."""


def _called(person: DemoStaff) -> str:
    trade = TRADES.get(person.discipline) if person.discipline else None
    return trade or ROLES[person.role]


BY_CODE = "(a code in the mailbox)"

SIGN_INS = (
    SignIn("participant", contact_of(PEOPLE.index(WALKER))[1], BY_CODE),
    *(
        SignIn(
            _called(person) + (f", {person.city.capitalize()}" if person.city else ""),
            person.sign_in_name,
            person.password,
        )
        for person in WITH_SIGN_IN
    ),
)
"""For the command line to print."""


def load(database: Database, settings: Settings) -> bool:
    """True when it was loaded now; all of it or nothing."""
    refuse_production(settings)
    with database.unit_of_work(system_in()) as ctx:
        is_new = not stages.is_set(ctx)
        if is_new:
            timeline = Timeline(ctx.db.connection(), ctx.now(), database.vault)
            _load(timeline, Keys(settings.secret_key), _store(settings))
    if not is_new:
        refresh(database, settings)
    index_all(database)
    return is_new


def _store(settings: Settings) -> FileStore:
    return FileStore(Path(settings.files, HOUSING_FILES))


def _load(timeline: Timeline, keys: Keys, store: FileStore) -> None:
    began_at = timeline.now - BEGAN_BEFORE
    rows = Rows(timeline.connection)
    journal = Journal(rows)
    stage = founding.found(timeline, began_at)
    people = participants.sign_up(timeline, stage, began_at, rows, PassMaker(keys))
    offering.offer(timeline, stage, began_at)
    past = history.History(journal, people, Random(SEED), timeline.now, began_at + JOINED_AFTER)
    with timeline.acting(stage.everywhere) as ctx:
        pairs = stages.published(ctx, stage)
        past.write(pairs, history.sessions_of(ctx, [made for _, made in pairs]))
        rows.write()
        past.count_places(ctx)
    registers.tell(timeline, stage, people)
    growth.recognise(timeline, stage, people, journal, timeline.now - timedelta(days=1))
    plan_work.work_on(timeline, stage, growth.agree_on_plans(timeline, stage, people))
    learning.begin_path(timeline, stage)
    learning.define_badges(timeline, stage)
    desks.open_desks(timeline, stage)
    cases.begin(timeline, stage, people)
    housing.begin(timeline, stage, people, store)
    garden = today.garden_in(pairs)
    if garden:
        today.hold(timeline, stage, people, garden)


def refresh(database: Database, settings: Settings) -> None:
    """Cheap when there is nothing to do, so that a worker may call it often."""
    refuse_production(settings)
    with database.reading(system_in()) as ctx:
        if not stages.is_set(ctx) or not renewal.is_stale(ctx):
            return
    with database.unit_of_work(system_in()) as ctx:
        timeline = Timeline(ctx.db.connection(), ctx.now(), database.vault)
        renewal.renew(timeline, _store(settings))
