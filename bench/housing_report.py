"""The report of a city with five thousand beds over three years: nights, stays, waits and money."""

import statistics
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import insert

from bench import databases
from bench.counting import counting
from bench.figures import Figure, Measure, at_most
from civic.accounts import operations as accounts
from civic.app import create_app
from civic.housing.models import Bed, Lease, Room, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.placing_models import FollowUp, HousingRequest, Placement, Resident
from civic.housing.rules.nights import Use, VoidReason
from civic.housing.rules.placing import Outcome, RequestState, Source, StayState, Urgency
from civic.housing.rules.stock import Direction, Gender, UnitKind, WorkKind, WorkState
from civic.housing.works_models import Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import count_again, expect_many_rows
from civic.kernel.policy import Role, system_in
from civic.settings import Settings
from civic.web.transaction import EXTENSION
from tests.factories.accounts import make_staff, mark_second_factor
from tests.factories.housing import make_grant
from tests.factories.tenancy import make_city

BEDS, BEDS_IN_UNIT, YEARS = 5_000, 4, 3
ROUNDS = 9
MILLISECONDS = 2_000
STATEMENTS = 20
SEED = 7
KINDS, OUTCOMES = tuple(UnitKind), tuple(Outcome)
Rows = dict[type, list[dict[str, Any]]]


class Years:
    """Three whole years that are over: stays of about 45 nights with a night in between to make the
    bed ready, and now and then works or a closure."""

    def __init__(self, ctx: Context, city_id: UUID, grants: list[UUID]) -> None:
        self.ctx, self.city_id, self.grants = ctx, city_id, grants
        self.random = Random(SEED)
        this_year = rome_day(ctx.now()).year
        self.first, self.until = date(this_year - YEARS, 1, 1), date(this_year, 1, 1)
        self.rows: Rows = {
            model: []
            for model in (
                Unit, Room, Bed, Lease, Work, Resident, HousingRequest, Placement, BedSpan, FollowUp,
            )
        }  # fmt: skip

    def add(self, model: type, **values: Any) -> UUID:
        row_id = self.ctx.new_id()
        self.rows[model].append({"id": row_id, "municipality_id": self.city_id, **values})
        return row_id

    def lay(self) -> None:
        for number in range(BEDS // BEDS_IN_UNIT):
            self._unit(number)
        connection = self.ctx.db.connection()
        for model, rows in self.rows.items():
            connection.execute(insert(model), rows)

    def _unit(self, number: int) -> None:
        unit_id = self.add(
            Unit, name=f"Casa {number}", kind=KINDS[number % len(KINDS)], quarter="Centro",
            takes=[], is_step_free=False, is_safe_house=number % 100 == 99, owner_id=None,
            grant_id=(*self.grants, None)[number % (len(self.grants) + 1)], turnaround_nights=1,
            night_cost_cents=850, closed_on=None, sealed=b"",
        )  # fmt: skip
        self.add(
            Lease, unit_id=unit_id, direction=Direction.IN, resident_id=None,
            starts_on=self.first + timedelta(days=number % 40), ends_on=None, rent_cents=62_000,
            deposit_cents=0, registered_on=None, written_at=self.ctx.now(),
        )  # fmt: skip
        room_id = self.add(
            Room, unit_id=unit_id, name="Stanza 1", is_step_free=False, only_for=None
        )
        for place in range(BEDS_IN_UNIT):
            bed_id = self.add(
                Bed, unit_id=unit_id, room_id=room_id, name=f"letto {place}",
                from_night=self.first, until_night=None,
            )  # fmt: skip
            self._bed(unit_id, bed_id)

    def _bed(self, unit_id: UUID, bed_id: UUID) -> None:
        night = self.first + timedelta(days=self.random.randrange(10))
        while night < self.until:
            left = night + timedelta(days=self.random.randint(30, 60))
            self._stay(unit_id, bed_id, night, left)
            night = left + timedelta(days=1)
            chance = self.random.random()
            if chance < 0.06:
                until = night + timedelta(days=self.random.randint(2, 12))
                work = self._work(unit_id, night, until) if chance < 0.03 else None
                use, reason = (Use.WORKS, None) if work else (Use.VOID, VoidReason.DAMAGE)
                self._span(bed_id, night, until, use, reason=reason, work_id=work)
                night = until

    def _stay(self, unit_id: UUID, bed_id: UUID, first: date, left: date) -> None:
        opened = datetime.combine(first, datetime.min.time(), self.ctx.now().tzinfo)
        opened -= timedelta(hours=self.random.randrange(24 * 60))
        who = self.add(
            Resident, person_id=None, gender=Gender.UNTOLD, birth_year=None, birth_date=None,
            needs_no_steps=False, died_on=None, departed_on=None, written_at=opened, sealed=b"",
        )  # fmt: skip
        request_id = self.add(
            HousingRequest, resident_id=who, case_id=None, source=Source.DESK,
            state=RequestState.PLACED, language="it", size=1, urgency=Urgency.CAN_WAIT, needs=[],
            criteria=[], points=0, wanted_from=first, wanted_until=None, opened_at=opened,
            opened_by=None, closed_at=None, sealed=b"",
        )  # fmt: skip
        placement_id = self.add(
            Placement, request_id=request_id, resident_id=who, unit_id=unit_id,
            state=StayState.ENDED, first_night=first, until_night=left, is_open_ended=False,
            is_emergency=False, deposit_cents=0, placed_at=opened, placed_by=None, signed_on=None,
            moved_in_on=first, moved_out_on=left, overstay_until=None,
            outcome=self.random.choice(OUTCOMES), ended_at=opened, is_clean=True,
            deposit_back_cents=None, sealed=None,
        )  # fmt: skip
        self._span(bed_id, first, left, Use.STAY, placement_id=placement_id, resident_id=who)
        ready = left + timedelta(days=1)
        self._span(bed_id, left, ready, Use.TURNAROUND, placement_id=placement_id)
        for months in (6, 12):
            self.add(
                FollowUp, placement_id=placement_id, months=months,
                due_on=left + timedelta(days=months * 30), asked_on=None, asked_by=None, found=None,
            )  # fmt: skip

    def _work(self, unit_id: UUID, first: date, until: date) -> UUID:
        return self.add(
            Work, unit_id=unit_id, kind=WorkKind.PAINTING, state=WorkState.CLOSED, beds=[],
            first_night=first, until_night=until, resident_id=None, requested_at=self.ctx.now(),
            requested_by=None, budget_line_id=None, approved_cents=48_000, approved_at=None,
            approved_by=None, started_on=first, done_on=until, inspected_on=until,
            inspected_by=None, sealed=b"",
        )  # fmt: skip

    def _span(self, bed_id: UUID, first: date, until: date, use: Use, **more: Any) -> None:
        nothing = dict.fromkeys(("reason", "placement_id", "resident_id", "work_id"))
        self.add(
            BedSpan, bed_id=bed_id, first_night=first, until_night=until, use=use,
            made_at=self.ctx.now(), made_by=None, **(nothing | more),
        )  # fmt: skip


def report() -> Iterator[Figure]:
    """The page itself, with everything it shows."""
    client, years = _large_city()
    page = f"/it/housing/figures?first={years.first}&last={years.until - timedelta(days=1)}"
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        response = client.get(page)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.status
    yield at_most("housing.report", statistics.median(taken), "ms", MILLISECONDS)
    with counting() as asked:
        client.get(page)
    yield at_most("housing.report_statements", len(asked.statements), "statements", STATEMENTS)


def _large_city() -> tuple[FlaskClient, Years]:
    url = databases.bare("housing_report", lambda _database: None)
    app = create_app(Settings.from_env(databases.settings(url)))
    database: Database = app.extensions[EXTENSION].database
    with database.unit_of_work(system_in()) as ctx:
        expect_many_rows(ctx.db.connection())
        city = make_city(ctx, "trieste")
        officer = make_staff(ctx, Role.HOUSING_OFFICER, city)
        years = Years(ctx, city.id, [make_grant(ctx, city, f"G-{n}") for n in range(3)])
        years.lay()
        token = accounts.open_session(ctx, officer)
        mark_second_factor(ctx, token)
    with database.unit_of_work(system_in()) as ctx:
        count_again(ctx.db.connection())
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client, years


MEASURES = (Measure(("housing.report", "housing.report_statements"), report),)
