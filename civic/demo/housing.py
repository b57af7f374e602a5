"""The homes of the demonstration: Trieste's co-housing, Latina's flats, Napoli's beds for a night. Through
the room's own operations, as whoever would have done it, at the moments at which they would have."""

from sqlalchemy import select

from civic.accounts.models import StaffCredential
from civic.demo import founding
from civic.demo import stage as stages
from civic.demo.housing_latina import LATINA
from civic.demo.housing_money import choose, money
from civic.demo.housing_napoli import NAPOLI
from civic.demo.housing_stays import stays
from civic.demo.housing_stock import stock
from civic.demo.housing_trieste import TRIESTE
from civic.demo.housing_work import HousingWork
from civic.demo.participants import Participants
from civic.demo.staff import ON_HOUSING
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.kernel.context import Context
from civic.kernel.files import FileStore

CITIES = (TRIESTE, LATINA, NAPOLI)


def begin(timeline: Timeline, stage: Stage, people: Participants, store: FileStore) -> None:
    for housing in CITIES:
        _house(HousingWork(timeline, stage, people, store, housing))


def _house(work: HousingWork) -> None:
    steps = [*stock(work), *stays(work), *money(work)]
    with work.timeline.acting(work.stage.everywhere) as ctx:
        courses = [
            made.id
            for project, made in stages.published(ctx, work.stage)
            if project.key == work.housing.course
        ]
    work.run([*steps, *(choose(work, each) for each in courses)])


def is_stale(ctx: Context) -> bool:
    """Whether there are no homes yet, as in a demonstration of before."""
    names = [person.sign_in_name for person in ON_HOUSING]
    first = select(StaffCredential.person_id).where(StaffCredential.sign_in_name.in_(names))
    return ctx.db.scalars(first.limit(1)).first() is None


def renew(timeline: Timeline, stage: Stage, people: Participants, store: FileStore) -> None:
    """Who lives somewhere stays there: stays that were to end are kept by the worker, night after
    night, until somebody writes down that they have left."""
    with timeline.acting(stage.everywhere) as ctx:
        if not is_stale(ctx):
            return
        for person in ON_HOUSING:
            founding.employ(ctx, person, stage.cities, stage.associations)
        # With those who were employed for the cases just before, too.
        stage = stages.find(ctx)
    begin(timeline, stage, people, store)
