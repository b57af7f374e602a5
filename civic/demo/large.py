"""`civic demo load --scale city|network`: large data, the same each time it is made on a day."""

from collections.abc import Callable
from datetime import time

from sqlalchemy import Connection, func, select

from civic.catalogue.operations.indexing import index_all
from civic.demo.bulk.city import CityMaker
from civic.demo.bulk.scale import CITY, NETWORK, Scale
from civic.demo.mode import refuse_production
from civic.demo.passes import PassMaker
from civic.kernel.clock import rome_day, rome_instant
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import count_again, expect_many_rows
from civic.kernel.keys import Keys
from civic.kernel.policy import system_in
from civic.settings import Settings
from civic.tenancy.models import Association

SCALES = {scale.name: scale for scale in (CITY, NETWORK)}

Progress = Callable[[str, int], Callable[[int], object]]
"""Given a label and a total, a function that is told how many more are done."""


class OtherScaleLoaded(Exception):
    """The database already holds large data of another size; the two would clash."""


def load_large(database: Database, settings: Settings, scale: Scale, progress: Progress) -> int:
    """Make what is missing, city by city; returns the number of projects made now.

    Each city is one transaction: an interrupted run goes on where it stopped.
    """
    refuse_production(settings)
    pass_maker = PassMaker(Keys(settings.secret_key))
    with database.reading(system_in()) as ctx:
        now = rome_instant(rome_day(ctx.now()), time.min)
        _refuse_other_scales(ctx.db.connection(), scale)
    made = 0
    done = progress(f"{scale.name}: projects", scale.projects)
    for position in range(scale.cities):
        with database.unit_of_work(system_in()) as ctx:
            connection = ctx.db.connection()
            expect_many_rows(connection)
            city = CityMaker(connection, scale, position, now, pass_maker)
            if _is_made(connection, city.mark):
                done(len(city.projects))
            else:
                city.make(done)
                made += len(city.projects)
    if made:
        index_all(database)
        with database.unit_of_work(system_in()) as ctx:
            count_again(ctx.db.connection())
    return made


def _is_made(connection: Connection, mark: str) -> bool:
    table = Association.__table__
    found = select(func.count()).select_from(table).where(table.c.slug.startswith(mark))
    return bool(connection.scalar(found))


def _refuse_other_scales(connection: Connection, scale: Scale) -> None:
    table = Association.__table__
    other = connection.scalar(
        select(func.count())
        .select_from(table)
        .where(table.c.slug.startswith("made-"))
        .where(~table.c.slug.startswith(f"made-{scale.name}-"))
    )
    if other:
        raise OtherScaleLoaded(scale.name)
