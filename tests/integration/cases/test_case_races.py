"""What two people do at the same moment, with real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.cases.access import Data
from civic.cases.errors import MoveNotAllowed, NothingAgreed, ReferralMoved
from civic.cases.models import CaseAccess, CaseArrival, CaseFile, CaseMove, CaseReferral
from civic.cases.operations.consents import withdraw
from civic.cases.operations.referrals import NewReferral, answer_arrival, refer
from civic.cases.operations.states import hand_to_lead, move
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import Purpose, Recipient
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import system_in
from tests.factories.cases import House, consent, in_charge, make_house

AT_ONCE = 8


@pytest.fixture
def house(real_database: Database) -> House:
    with real_database.unit_of_work(system_in()) as ctx:
        return make_house(ctx)


def at_once(*works: Callable[[], object]) -> list[object]:
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


def test_of_eight_who_close_a_case_one_does(real_database: Database, house: House) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        case_id = in_charge(ctx, house)

    def close() -> str:
        with real_database.unit_of_work(house.lead) as ctx:
            move(ctx, case_id, CaseState.CLOSED, ending=Ending.AUTONOMY)
        return "closed"

    answers = at_once(*[close] * AT_ONCE)
    assert answers.count("closed") == 1
    assert answers.count(MoveNotAllowed) == AT_ONCE - 1
    with real_database.unit_of_work(house.lead) as ctx:
        closings = select(func.count()).select_from(CaseMove)
        assert ctx.db.scalar(closings.where(CaseMove.to_state == CaseState.CLOSED)) == 1


def test_of_eight_who_take_in_what_another_city_sent_one_does(
    real_database: Database, house: House
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        abroad = make_house(ctx, "latina")
        case_id = in_charge(ctx, house)
    with real_database.unit_of_work(house.lead) as ctx:
        yes = consent(ctx, case_id, Purpose.SHARING, Recipient.OTHER_CITY, abroad.city.id)
        refer(ctx, case_id, NewReferral(yes, [Data.IDENTITY], None, "Si trasferisce"))
    with real_database.unit_of_work(abroad.desk) as ctx:
        arrival_id = ctx.db.scalars(select(CaseArrival.id)).one()

    def take() -> str:
        with real_database.unit_of_work(abroad.desk) as ctx:
            answer_arrival(ctx, arrival_id, accepted=True)
        return "taken"

    answers = at_once(*[take] * AT_ONCE)
    assert answers.count("taken") == 1
    assert answers.count(ReferralMoved) == AT_ONCE - 1
    with real_database.unit_of_work(abroad.desk) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(CaseFile)) == 1


def test_nothing_is_handed_on_after_a_consent_was_taken_back(
    real_database: Database, house: House
) -> None:
    """Whichever comes first, no referral is younger than the withdrawal."""
    for number in range(6):
        with real_database.unit_of_work(system_in()) as ctx:
            case_id = in_charge(ctx, house, {"given": f"Persona {number}"})
        with real_database.unit_of_work(house.lead) as ctx:
            yes = consent(ctx, case_id, Purpose.SHARING, Recipient.SCHOOL)
        answers = at_once(
            partial(_take_back, real_database, house, case_id, yes),
            partial(_refer, real_database, house, case_id, yes),
        )
        with real_database.unit_of_work(house.lead) as ctx:
            sent = ctx.db.scalars(select(CaseReferral).where(CaseReferral.case_id == case_id)).all()
        assert answers[0] == "taken back"
        assert (answers[1], len(sent)) in (("sent", 1), (NothingAgreed, 0))


def _take_back(database: Database, house: House, case_id: UUID, consent_id: UUID) -> str:
    with database.unit_of_work(house.lead) as ctx:
        withdraw(ctx, case_id, consent_id)
    return "taken back"


def _refer(database: Database, house: House, case_id: UUID, consent_id: UUID) -> str:
    with database.unit_of_work(house.lead) as ctx:
        refer(ctx, case_id, NewReferral(consent_id, [Data.IDENTITY], None, "Un posto"))
    return "sent"


def test_a_case_that_two_are_handed_at_once_has_one_lead(
    real_database: Database, house: House
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        case_id = in_charge(ctx, house)

    def hand(to: UUID | None) -> str:
        assert to is not None
        with real_database.unit_of_work(house.lead) as ctx:
            hand_to_lead(ctx, case_id, to)
        return "handed"

    answers = at_once(
        lambda: hand(house.tutor.person_id), lambda: hand(house.psychologist.person_id)
    )
    assert "handed" in answers
    assert all(answer == "handed" or issubclass(answer, NotFound) for answer in answers)  # type: ignore[arg-type]
    with real_database.unit_of_work(house.lead) as ctx:
        leads = ctx.db.scalars(
            select(CaseAccess)
            .where(CaseAccess.case_id == case_id, CaseAccess.role == "case_lead")
            .where(CaseAccess.until.is_(None))
        ).all()
    assert len(leads) == 1
