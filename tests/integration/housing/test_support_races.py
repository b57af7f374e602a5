"""What two officers do at the same moment, with real commits: a grant is never spent twice, a person's
ceiling never passed, a payment of the bank never booked twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.book_errors import (
    EntryGone,
    GrantPassed,
    MoreThanDecided,
    PaymentUndone,
    PersonCeilingPassed,
    UnitCeilingPassed,
)
from civic.housing.operations import arrears, bank
from civic.housing.operations.bank import Tick
from civic.housing.operations.payments import undo
from civic.housing.operations.support import NewSupport, decide, set_ceilings
from civic.housing.queries.bank import look_at
from civic.housing.rules.ledger import Payer
from civic.housing.rules.support import CeilingOn, Curve, SupportKind
from civic.housing.support_models import (
    ArrearsNotice,
    BankEntry,
    SupportDecision,
    SupportPayment,
)
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import system_in
from tests.factories.housing import make_grant, make_resident
from tests.factories.housing_support import (
    FIRST_DUE,
    Line,
    Tenancy,
    csv_of,
    make_payment,
    make_support,
    make_tenancy,
    reference,
)

AT_ONCE = 8
TODAY = date(2026, 3, 14)


@pytest.fixture
def tenancy(real_database: Database) -> Tenancy:
    with real_database.unit_of_work(system_in()) as ctx:
        return make_tenancy(ctx, grant_cents=100_000)


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Each in a thread of its own, all let go together; what each answered or was refused with."""
    gate = Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        gate.wait(timeout=20)
        try:
            return work()
        except CivicError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def _decide(
    database: Database,
    tenancy: Tenancy,
    resident_id: UUID,
    grant_id: UUID | None = None,
    unit_id: UUID | None = None,
) -> str:
    """600 euro of the city."""
    with database.unit_of_work(tenancy.officer) as ctx:
        decide(
            ctx,
            NewSupport(
                resident_id,
                grant_id or tenancy.grant_id,
                SupportKind.DEPOSIT,
                60_000,
                1,
                FIRST_DUE,
                Curve(),
                is_monthly=False,
                unit_id=unit_id,
            ),
        )
    return "decided"


def _bound(database: Database, tenancy: Tenancy) -> int:
    with database.reading(tenancy.officer) as ctx:
        return int(ctx.db.scalar(select(func.sum(SupportDecision.bound_cents))) or 0)


def test_of_eight_who_decide_on_the_last_of_a_grant_one_does(
    real_database: Database, tenancy: Tenancy
) -> None:
    """For eight people, so that nothing but the grant is the same."""
    with real_database.unit_of_work(system_in(tenancy.city.id)) as ctx:
        people = [make_resident(ctx, tenancy.city, f"Persona {n}") for n in range(AT_ONCE)]
    answers = at_once([partial(_decide, real_database, tenancy, each) for each in people])
    assert sorted(map(str, answers)) == sorted(
        map(str, ["decided", *[GrantPassed] * (AT_ONCE - 1)])
    )
    assert _bound(real_database, tenancy) == 60_000


def test_of_eight_grants_for_one_person_one_stays_below_the_ceiling(
    real_database: Database, tenancy: Tenancy
) -> None:
    with real_database.unit_of_work(system_in(tenancy.city.id)) as ctx:
        grants = [make_grant(ctx, tenancy.city, f"G-{n}") for n in range(AT_ONCE)]
    with real_database.unit_of_work(tenancy.officer) as ctx:
        set_ceilings(ctx, tenancy.city.id, {CeilingOn.PERSON: 100_000})
    answers = at_once(
        [partial(_decide, real_database, tenancy, tenancy.resident_id, each) for each in grants]
    )
    assert answers.count("decided") == 1
    assert answers.count(PersonCeilingPassed) == AT_ONCE - 1
    assert _bound(real_database, tenancy) == 60_000


def test_of_eight_people_in_one_flat_with_a_grant_each_one_stays_below_its_ceiling(
    real_database: Database, tenancy: Tenancy
) -> None:
    with real_database.unit_of_work(system_in(tenancy.city.id)) as ctx:
        people = [make_resident(ctx, tenancy.city, f"Persona {n}") for n in range(AT_ONCE)]
        grants = [make_grant(ctx, tenancy.city, f"G-{n}") for n in range(AT_ONCE)]
    with real_database.unit_of_work(tenancy.officer) as ctx:
        set_ceilings(ctx, tenancy.city.id, {CeilingOn.UNIT: 100_000})
    answers = at_once(
        [
            partial(_decide, real_database, tenancy, who, grant, tenancy.lodge.unit_id)
            for who, grant in zip(people, grants, strict=True)
        ]
    )
    assert answers.count("decided") == 1
    assert answers.count(UnitCeilingPassed) == AT_ONCE - 1


def test_of_eight_who_pay_the_rest_of_the_citys_part_one_does(
    real_database: Database, tenancy: Tenancy
) -> None:
    with real_database.unit_of_work(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)

    def pay() -> str:
        with real_database.unit_of_work(tenancy.officer) as ctx:
            make_payment(ctx, tenancy, decision_id, 60_000, TODAY, Payer.MUNICIPALITY)
        return "paid"

    answers = at_once([pay] * AT_ONCE)
    assert answers.count("paid") == 1
    assert answers.count(MoreThanDecided) == AT_ONCE - 1


def test_of_eight_who_take_one_payment_back_one_does(
    real_database: Database, tenancy: Tenancy
) -> None:
    with real_database.unit_of_work(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
        payment_id = make_payment(ctx, tenancy, decision_id, 10_000, TODAY)

    def take_back() -> str:
        with real_database.unit_of_work(tenancy.officer) as ctx:
            undo(ctx, decision_id, payment_id)
        return "undone"

    answers = at_once([take_back] * AT_ONCE)
    assert answers.count("undone") == 1
    assert answers.count(PaymentUndone) == AT_ONCE - 1


def test_of_eight_who_book_one_line_of_the_bank_one_does(
    real_database: Database, tenancy: Tenancy
) -> None:
    with real_database.unit_of_work(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
    import_id = _bring(real_database, tenancy, decision_id)
    with real_database.unit_of_work(tenancy.officer) as ctx:
        entry_id = look_at(ctx, import_id).proposed[0].id

    def book() -> str:
        with real_database.unit_of_work(tenancy.officer) as ctx:
            bank.book(ctx, import_id, [Tick(entry_id, decision_id)])
        return "booked"

    answers = at_once([book] * AT_ONCE)
    assert answers.count("booked") == 1
    assert answers.count(EntryGone) == AT_ONCE - 1
    with real_database.reading(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(SupportPayment.amount_cents)).all() == [10_000]


def _bring(database: Database, tenancy: Tenancy, decision_id: UUID) -> UUID:
    line = Line(TODAY, "100.00", reference(decision_id), "Awa Sarr", "CRO000111")
    file, source = bank.read(csv_of([line]))
    with database.unit_of_work(tenancy.officer) as ctx:
        return bank.bring(ctx, tenancy.city.id, file, source)


def test_a_file_that_eight_bring_at_once_holds_its_payment_once(
    real_database: Database, tenancy: Tenancy
) -> None:
    with real_database.unit_of_work(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
    at_once([partial(_bring, real_database, tenancy, decision_id)] * AT_ONCE)
    with real_database.reading(tenancy.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(BankEntry)) == 1


def test_two_workers_that_see_a_late_rent_at_once_tell_once(
    real_database: Database, tenancy: Tenancy
) -> None:
    with real_database.unit_of_work(tenancy.officer) as ctx:
        make_support(ctx, tenancy, first_due=date(2026, 3, 1))
    at_once([partial(arrears.see_arrears, real_database)] * 4)
    with real_database.reading(tenancy.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(ArrearsNotice)) == 1
        told = select(func.count()).select_from(OutboxEvent)
        assert ctx.db.scalar(told.where(OutboxEvent.name == "housing.ArrearsSeen")) == 1
