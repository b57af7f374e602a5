from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select, update

from civic.attendance.events import HoursCredited
from civic.attendance.models import CheckEvent, HoursLine, Pass
from civic.attendance.operations.scans import Scan, record_scan
from civic.attendance.rules import Direction
from civic.badges import handlers, queries
from civic.badges.models import Achievement
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.outbox import Dispatcher, OutboxEvent
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import actor_of
from tests.factories.attendance import ONE, TEN, make_booked_person, make_ground

Acting = Callable[[Actor], AbstractContextManager[Context]]
CODE = "AC4D7E"


def set_rule(acting: Acting, sessions: int) -> None:
    with acting(system_in()) as ctx:
        ctx.db.execute(
            update(Achievement)
            .where(Achievement.code == "first-day")
            .values(rule={"minutes": 0, "sessions": sessions})
        )


def test_a_broken_badge_rule_loses_neither_the_scan_nor_the_badge(
    acting: Acting, database: Database, clock: FrozenClock
) -> None:
    with acting(system_in()) as ctx:
        ground = make_ground(ctx)
        person_id = make_booked_person(ctx, ground)
        ctx.db.add(
            Pass(
                id=ctx.new_id(),
                municipality_id=ground.city.id,
                person_id=person_id,
                token_hash="0" * 64,
                short_code=CODE,
                issued_at=ctx.now(),
            )
        )
        organiser = actor_of(ctx, ground.organiser_id)
    set_rule(acting, 0)
    for direction, at in ((Direction.ENTRY, TEN), (Direction.EXIT, ONE)):
        clock.instant = at
        with acting(organiser) as ctx:
            record_scan(ctx, ground.session_id, Scan(uuid4(), CODE, direction, at))

    dispatcher = Dispatcher(database, {HoursCredited: [handlers.on_hours_credited]})
    dispatcher.drain()
    with acting(organiser) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(CheckEvent)) == 2
        assert ctx.db.scalar(select(HoursLine.minutes)) == 180
        failures = ctx.db.scalars(
            select(OutboxEvent.failure).where(OutboxEvent.name == HoursCredited.name())
        ).all()
        assert failures == ["RuleContradicts"]

    set_rule(acting, 1)
    clock.advance(timedelta(minutes=1))
    dispatcher.drain()
    with acting(organiser) as ctx:
        (proposal,) = queries.open_proposals(ctx)
        assert proposal.achievement.code == "first-day"
