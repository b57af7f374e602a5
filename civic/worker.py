"""What happens without anybody asking: events delivered, messages sent, reminders written.

The embedded edition runs this as a thread of the web process, which keeps SQLite's one writing
process; servers run `civic worker` beside their web processes.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from civic.accounts import operations as accounts
from civic.attendance.operations import forgotten, no_shows
from civic.badges import cards, endorsing, issuing
from civic.badges.signing import signer_of
from civic.cases.operations.documents import PAPERS
from civic.cases.operations.erasing import finish_erasures
from civic.cases.operations.keeping import keep_retention
from civic.catalogue.importing import IMPORTS, IMPORTS_LIFE
from civic.catalogue.operations.indexing import index_all
from civic.demo import loader as demo
from civic.enrolment.operations import offers, requests
from civic.housing.agreement_paper import typeset_agreement
from civic.housing.operations.arrears import see_arrears
from civic.housing.operations.files import HOUSING_FILES
from civic.housing.operations.forgetting import forget_due
from civic.housing.operations.late_works import keep_late_works
from civic.housing.operations.overstays import keep_overstays
from civic.kernel.db.engine import make_engine
from civic.kernel.db.leadership import Leadership
from civic.kernel.files import FileStore
from civic.kernel.outbox import Dispatcher, forget_settled
from civic.kernel.policy import system_in
from civic.kernel.vault import vault_of
from civic.notifications import appointments, coming, delivery, reminders
from civic.plans.paper import typeset_plan
from civic.recognition.paper import typeset_paper
from civic.settings import Settings
from civic.signatures.keeping import COPIES, keep_due
from civic.signatures.rules import Kind
from civic.tenancy.queries.standings import municipalities
from civic.web.transaction import EXTENSION, Bindings
from civic.wiring import SUBSCRIPTIONS

log = logging.getLogger(__name__)

Job = Callable[[], object]


class Worker:
    def __init__(self, app: Flask) -> None:
        bindings: Bindings = app.extensions[EXTENSION]
        self._app = app
        self._database = bindings.database
        self._settings: Settings = app.extensions["civic_settings"]
        self._leadership = Leadership(make_engine(self._settings.database_url, pool_size=1))
        self._dispatcher = Dispatcher(self._database, SUBSCRIPTIONS)

    def deliver_events(self) -> int:
        return self._dispatcher.drain()

    def send_messages(self) -> int:
        return delivery.send_due(self._database, self._settings)

    def expire_offers(self) -> None:
        offers.expire_offers(self._database)

    def release_places(self) -> None:
        offers.release_all(self._database)

    def index_projects(self) -> int:
        return index_all(self._database)

    def write_reminders(self) -> None:
        reminders.queue_reminders(self._database)

    def remind_of_appointments(self) -> int:
        return appointments.queue_appointments(self._database)

    def remind_who_is_awaited(self) -> int:
        return coming.queue_near(self._database)

    def finish_erasures(self) -> int:
        """Keys and papers of files that were erased, where a process ended right after it."""
        store = FileStore(Path(self._settings.files, PAPERS))
        vault = self._database.vault or vault_of(self._settings)
        return finish_erasures(self._database, vault, store)

    def keep_retention(self) -> int:
        """What goes of files is listed, and goes once it was listed for long enough."""
        with self._database.reading(system_in()) as ctx:
            cities = [city.id for city in municipalities(ctx)]
        return keep_retention(self._database, cities)

    def see_arrears(self) -> int:
        """Rents that are late: a friendly message first, then somebody to call is shown."""
        return see_arrears(self._database)

    def forget_residents(self) -> int:
        """Who has long left a dwelling of the city: their names and words go, the nights stay."""
        with self._database.reading(system_in()) as ctx:
            cities = [city.id for city in municipalities(ctx)]
        return forget_due(self._database, cities, Path(self._settings.files, HOUSING_FILES))

    def issue_badges(self) -> int:
        signer = signer_of(self._settings)
        issued = issuing.issue_due(self._database, signer)
        issued += endorsing.endorse_due(self._database, signer)
        issued += cards.sign_due(self._database, signer)
        return issued + issuing.sign_lists(self._database, signer)

    def keep_papers(self) -> int:
        """The PDF of each paper that both have signed, as it is typeset now."""
        store = FileStore(Path(self._settings.files, COPIES))
        typesetters = {
            Kind.PLAN: typeset_plan,
            Kind.PROJECT: typeset_paper,
            Kind.TRANSPARENCY: typeset_paper,
            Kind.AGREEMENT: typeset_agreement,
        }
        return keep_due(self._database, store, typesetters)

    def carry_unanswered_requests(self) -> int:
        with self._database.unit_of_work(system_in()) as ctx:
            return requests.carry_unanswered_requests(ctx)

    def keep_overstays(self) -> int:
        """Tonight's nights of those who are still there after their planned end."""
        return keep_overstays(self._database)

    def keep_late_works(self) -> int:
        """Beds in which work goes on past its planned day are nobody's tonight."""
        return keep_late_works(self._database)

    def notice_no_shows(self) -> int:
        with self._database.unit_of_work(system_in()) as ctx:
            return no_shows.notice_no_shows(ctx)

    def propose_forgotten_exits(self) -> int:
        with self._database.unit_of_work(system_in()) as ctx:
            return forgotten.propose_forgotten_exits(ctx)

    def sweep(self) -> None:
        """Throw away what no longer means anything: old codes, counters, sessions, events."""
        with self._database.unit_of_work(system_in()) as ctx:
            accounts.forget_what_is_over(ctx)
            forget_settled(ctx)
            FileStore(Path(self._settings.files, IMPORTS)).drop_older(ctx.now() - IMPORTS_LIFE)

    def keep_demonstration_fresh(self) -> None:
        demo.refresh(self._database, self._settings)

    def start(self, scheduler: BaseScheduler) -> None:
        """Hang the jobs on the scheduler and start it (a blocking one returns at its end)."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        jobs: list[tuple[Job, timedelta]] = [
            (self.deliver_events, timedelta(seconds=1)),
            (self.send_messages, timedelta(seconds=2)),
            (self.index_projects, timedelta(minutes=1)),
            (self.expire_offers, timedelta(minutes=1)),
            (self.release_places, timedelta(minutes=10)),
            (self.issue_badges, timedelta(seconds=20)),
            (self.keep_papers, timedelta(minutes=1)),
            (self.write_reminders, timedelta(minutes=5)),
            (self.remind_of_appointments, timedelta(minutes=15)),
            (self.remind_who_is_awaited, timedelta(minutes=15)),
            (self.carry_unanswered_requests, timedelta(minutes=15)),
            (self.notice_no_shows, timedelta(minutes=15)),
            (self.keep_overstays, timedelta(minutes=30)),
            (self.keep_late_works, timedelta(minutes=30)),
            (self.propose_forgotten_exits, timedelta(minutes=15)),
            (self.finish_erasures, timedelta(minutes=5)),
            (self.keep_retention, timedelta(hours=6)),
            (self.see_arrears, timedelta(hours=1)),
            (self.forget_residents, timedelta(hours=6)),
            (self.sweep, timedelta(hours=6)),
        ]
        if self._settings.is_demonstration:
            jobs.append((self.keep_demonstration_fresh, timedelta(minutes=10)))
        for job, pause in jobs:
            scheduler.add_job(
                self._run_as_leader,
                "interval",
                args=(job,),
                seconds=pause.total_seconds(),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=60,
            )
        scheduler.start()

    def _run_as_leader(self, job: Job) -> None:
        if not self._leadership.hold():
            return
        try:
            with self._app.app_context():
                job()
        except Exception:  # the next turn tries again; the schedule must go on
            log.exception("job failed", extra={"job": job.__name__})


def _one_at_a_time() -> dict[str, DebugExecutor]:
    """Jobs run in the scheduler's own thread: in turn, and gone with the process when it ends."""
    return {"default": DebugExecutor()}


def start_in_thread(app: Flask) -> None:
    Worker(app).start(BackgroundScheduler(executors=_one_at_a_time(), daemon=True))


def run_as_process(app: Flask) -> None:
    Worker(app).start(BlockingScheduler(executors=_one_at_a_time()))
