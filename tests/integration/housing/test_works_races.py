"""Works at the same moment, with real commits: a budget line is never overrun, a bed never had twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.errors import BedTaken
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import quotes, stays
from civic.housing.operations import works as working
from civic.housing.operations.stays import NewStay
from civic.housing.operations.works import Plan
from civic.housing.rules.nights import Use
from civic.housing.works_errors import AlreadyApproved, LineTooSmall, WorkMoved
from civic.housing.works_models import Work
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from tests.factories.housing import Lodge, make_lodge, make_request, members_of
from tests.factories.housing_works import make_done, make_line, make_quote, make_work

TODAY = date(2026, 3, 14)
AT_ONCE = 8
ROUNDS = 5


@pytest.fixture
def lodge(real_database: Database) -> Lodge:
    with real_database.unit_of_work(system_in()) as ctx:
        return make_lodge(ctx)


def at_once(database: Database, lodge: Lodge, *works: Callable[[Context], object]) -> list[object]:
    """Each in a thread and a transaction of its own, all let go together; what each was told."""
    gate = Barrier(len(works))

    def begin(work: Callable[[Context], object]) -> object:
        gate.wait(timeout=20)
        try:
            with database.unit_of_work(lodge.officer) as ctx:
                work(ctx)
        except CivicError as refusal:
            return type(refusal)
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def test_of_eight_approvals_that_a_line_has_money_for_once_one_goes_through(
    real_database: Database, lodge: Lodge
) -> None:
    """Each is of a work of its own: nothing but the line stands between them."""
    for number in range(ROUNDS):
        with real_database.unit_of_work(lodge.officer) as ctx:
            line_id = make_line(ctx, lodge.city, 100_000, code=f"G{number}")
            asked = [make_work(ctx, lodge) for _ in range(AT_ONCE)]
            pairs = [(work_id, make_quote(ctx, lodge, work_id, 60_000)) for work_id in asked]
        acts = [
            partial(quotes.approve, work_id=work_id, quote_id=quote_id, line_id=line_id)
            for work_id, quote_id in pairs
        ]
        answers = at_once(real_database, lodge, *acts)
        assert sorted(map(str, answers)) == sorted(
            map(str, ["done", *[LineTooSmall] * (AT_ONCE - 1)])
        )
        with real_database.reading(lodge.officer) as ctx:
            assert quotes.booked_on(ctx, line_id) == 60_000


def test_of_eight_who_approve_a_quote_of_one_work_one_does(
    real_database: Database, lodge: Lodge
) -> None:
    with real_database.unit_of_work(lodge.officer) as ctx:
        line_id = make_line(ctx, lodge.city, 1_000_000)
        work_id = make_work(ctx, lodge)
        of_work = [make_quote(ctx, lodge, work_id, 60_000 + each) for each in range(AT_ONCE)]
    acts = [
        partial(quotes.approve, work_id=work_id, quote_id=quote_id, line_id=line_id)
        for quote_id in of_work
    ]
    answers = at_once(real_database, lodge, *acts)
    assert answers.count("done") == 1
    assert answers.count(AlreadyApproved) == AT_ONCE - 1
    with real_database.reading(lodge.officer) as ctx:
        booked = quotes.booked_on(ctx, line_id)
        assert booked == ctx.db.get_one(Work, work_id).approved_cents


def test_a_work_and_a_stay_in_one_bed_at_once_are_never_both_there(
    real_database: Database, lodge: Lodge
) -> None:
    for number in range(ROUNDS):
        first = TODAY + timedelta(days=10 * number)
        with real_database.unit_of_work(lodge.officer) as ctx:
            request_id = make_request(ctx, lodge.city)
            (resident_id,) = members_of(ctx, request_id)
            work_id = make_work(ctx, lodge)
        plan = Plan(first, first + timedelta(days=3), lodge.beds)
        chosen = {resident_id: lodge.beds[0]}
        stay = NewStay(request_id, lodge.unit_id, chosen, first, first + timedelta(days=3))
        answers = at_once(
            real_database,
            lodge,
            partial(working.plan_work, work_id=work_id, plan=plan),
            partial(stays.place, new=stay),
        )
        assert sorted(map(str, answers)) == sorted(map(str, ["done", BedTaken]))
        with real_database.reading(lodge.officer) as ctx:
            taken = _nights(ctx, work_id)
            assert taken in (0, 6)
            assert (taken == 6) == (answers[0] == "done")


def test_a_work_that_is_moved_and_inspected_at_once_leaves_no_night_behind(
    real_database: Database, lodge: Lodge
) -> None:
    """Whichever comes first, a closed work occupies nothing."""
    for _number in range(ROUNDS):
        with real_database.unit_of_work(lodge.officer) as ctx:
            line_id = make_line(ctx, lodge.city, code=str(ctx.new_id())[-12:])
            work_id = make_done(ctx, lodge, line_id, beds=2)
        plan = Plan(TODAY, TODAY + timedelta(days=9), lodge.beds)
        answers = at_once(
            real_database,
            lodge,
            partial(working.inspect, work_id=work_id, is_well=True, words=""),
            partial(working.plan_work, work_id=work_id, plan=plan),
        )
        assert answers == ["done", WorkMoved]
        with real_database.reading(lodge.officer) as ctx:
            assert _nights(ctx, work_id) == 0


def _nights(ctx: Context, work_id: UUID) -> int:
    return int(
        ctx.db.scalar(
            select(func.count())
            .select_from(BedNight)
            .join(BedSpan, BedSpan.id == BedNight.span_id)
            .where(BedSpan.work_id == work_id, BedSpan.use == Use.WORKS)
        )
        or 0
    )
