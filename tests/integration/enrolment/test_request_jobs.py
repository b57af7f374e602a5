"""What the worker does about requests and missed sessions without anybody asking."""

from datetime import timedelta

from flask import Flask

from civic.catalogue.models import Project
from civic.enrolment.rules import EnrolmentState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from civic.worker import Worker
from tests.factories.accounts import make_person
from tests.factories.attendance import on_ground
from tests.factories.enrolment import make_enrolment


def test_the_worker_carries_on_what_nobody_answered_in_any_city(
    app: Flask, database: Database, clock: FrozenClock
) -> None:
    for slug in ("potenza", "caserta"):
        ground = on_ground(database, slug=slug)
        with database.unit_of_work(system_in(ground.city.id)) as ctx:
            ctx.db.get_one(Project, ground.project_id).needs_approval = True
            asking = make_person(ctx, "Amina")
            make_enrolment(ctx, asking, ground.project_id, state=EnrolmentState.REQUESTED)
    clock.advance(timedelta(days=5))
    worker = Worker(app)

    assert [worker.carry_unanswered_requests(), worker.carry_unanswered_requests()] == [2, 0]
    assert worker.notice_no_shows() == 0
