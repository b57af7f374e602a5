"""Asking others: what goes along is what the person agreed to, and it is a copy."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.cases.access import Data
from civic.cases.errors import CannotCarry, NothingAgreed, ReferralMoved
from civic.cases.models import CaseArrival, CaseFile
from civic.cases.operations.consents import withdraw
from civic.cases.operations.files import write_section
from civic.cases.operations.reading import read_around, read_case
from civic.cases.operations.referrals import (
    NewReferral,
    answer_arrival,
    mark_referral,
    read_arrivals,
    refer,
)
from civic.cases.vocabulary import Purpose, Recipient, ReferralState, RefusalReason
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.kernel.vault import KeyMissing, Vault
from tests.factories.cases import House, consent, in_charge, make_house

Acting = Callable[[Actor], AbstractContextManager[Context]]


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


@pytest.fixture
def abroad(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx, "latina")


def sent(acting: Acting, house: House, abroad: House, *carried: Data) -> tuple[UUID, UUID]:
    with acting(system_in()) as ctx:
        case_id = in_charge(ctx, house)
    with acting(house.lead) as ctx:
        told = {"story": "Cammino lungo", "third_parties": "Zio Bo"}
        write_section(ctx, case_id, Data.SOCIAL, told, 0)
        write_section(ctx, case_id, Data.LEGAL_STATUS, {"permit": "I123"}, 0)
        yes = consent(ctx, case_id, Purpose.SHARING, Recipient.OTHER_CITY, abroad.city.id)
        referral_id = refer(ctx, case_id, NewReferral(yes, carried, None, "Si trasferisce da voi"))
    return case_id, referral_id


def test_a_copy_arrives_under_the_other_city_s_own_key_with_what_was_agreed(
    acting: Acting, house: House, abroad: House
) -> None:
    case_id, _ = sent(acting, house, abroad, Data.IDENTITY, Data.SOCIAL)
    with acting(abroad.desk) as ctx:
        (arrived,) = read_arrivals(ctx, abroad.city.id)
        assert arrived.parcel == {"words": "Si trasferisce da voi", "parts": ["identity", "social"]}
        taken = answer_arrival(ctx, arrived.id, accepted=True)
        assert taken is not None
        assert taken != case_id
        view = read_case(ctx, taken)
    assert view.parts[Data.IDENTITY].values["family"] == "Sarr"
    with acting(abroad.lead) as ctx, pytest.raises(NotFound):
        read_case(ctx, case_id)
    with acting(house.lead) as ctx:
        (row,) = read_around(ctx, case_id).referrals
        assert row.state is ReferralState.ACCEPTED
        with pytest.raises(NotFound):
            read_case(ctx, taken)


def test_what_was_not_agreed_to_and_names_of_others_stay_here(
    acting: Acting, house: House, abroad: House
) -> None:
    sent(acting, house, abroad, Data.IDENTITY, Data.SOCIAL)
    with acting(abroad.desk) as ctx:
        (arrived,) = read_arrivals(ctx, abroad.city.id)
        taken = answer_arrival(ctx, arrived.id, accepted=True)
        assert taken is not None
        assert read_case(ctx, taken).parts[Data.LEGAL_STATUS].is_there is False
    with acting(abroad.lead) as ctx:
        row = ctx.db.get_one(CaseFile, taken)
        assert row.municipality_id == abroad.city.id
        from civic.cases.queries.files import Keys, latest

        kept = latest(ctx, [taken], [Data.SOCIAL])[taken][Data.SOCIAL]
        told = Keys(ctx, abroad.city.id).open("case_section", taken, kept.id, kept.sealed)
    assert told == {"story": "Cammino lungo"}


def test_nothing_is_handed_on_without_a_standing_consent(
    acting: Acting, house: House, abroad: House
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        team = consent(ctx, case_id)
        with pytest.raises(NothingAgreed):
            refer(ctx, case_id, NewReferral(team, [Data.IDENTITY]))
        yes = consent(ctx, case_id, Purpose.SHARING, Recipient.SCHOOL)
        withdraw(ctx, case_id, yes)
        with pytest.raises(NothingAgreed):
            refer(ctx, case_id, NewReferral(yes, [Data.IDENTITY]))


def test_what_the_sender_may_not_read_cannot_go_along(
    acting: Acting, house: House, abroad: House
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        yes = consent(ctx, case_id, Purpose.SHARING, Recipient.HEALTH_SERVICE)
        for data in (Data.HEALTH, Data.LEGAL_ADVICE, Data.PLAN):
            with pytest.raises(CannotCarry):
                refer(ctx, case_id, NewReferral(yes, [data]))


def test_a_refusal_carries_a_code_and_leaves_nothing_behind(
    acting: Acting, house: House, abroad: House, vault: Vault
) -> None:
    case_id, _ = sent(acting, house, abroad, Data.IDENTITY)
    with acting(abroad.lead) as ctx:
        (arrived,) = read_arrivals(ctx, abroad.city.id)
        answer_arrival(ctx, arrived.id, accepted=False, reason=RefusalReason.NO_PLACE)
        row = ctx.db.scalars(select(CaseArrival)).one()
        assert row.sealed is None
        with pytest.raises(ReferralMoved):
            answer_arrival(ctx, arrived.id, accepted=True)
    with pytest.raises(KeyMissing):
        vault.key_of(abroad.city.id, arrived.id)
    with acting(house.lead) as ctx:
        (referral,) = read_around(ctx, case_id).referrals
    assert (referral.state, referral.refused_for) == (
        ReferralState.REFUSED, RefusalReason.NO_PLACE,
    )  # fmt: skip


def test_what_was_not_opened_yet_can_be_called_back(
    acting: Acting, house: House, abroad: House
) -> None:
    case_id, referral_id = sent(acting, house, abroad, Data.IDENTITY)
    with acting(house.lead) as ctx:
        mark_referral(ctx, case_id, referral_id, ReferralState.CALLED_BACK)
    with acting(abroad.desk) as ctx:
        assert read_arrivals(ctx, abroad.city.id) == []
        arrival = ctx.db.scalars(select(CaseArrival)).one()
        with pytest.raises(ReferralMoved):
            answer_arrival(ctx, arrival.id, accepted=True)


def test_only_the_other_city_says_what_it_does_with_it(
    acting: Acting, house: House, abroad: House
) -> None:
    case_id, referral_id = sent(acting, house, abroad, Data.IDENTITY)
    with acting(house.lead) as ctx:
        for state in (ReferralState.ACCEPTED, ReferralState.DONE):
            with pytest.raises(ReferralMoved):
                mark_referral(ctx, case_id, referral_id, state)
    with acting(house.desk) as ctx:
        arrival_id = UUID(int=0)
        with pytest.raises(NotFound):
            answer_arrival(ctx, arrival_id, accepted=True)


def test_a_service_of_the_city_accepts_and_is_done(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        yes = consent(ctx, case_id, Purpose.SHARING, Recipient.SCHOOL)
        referral_id = refer(ctx, case_id, NewReferral(yes, [Data.IDENTITY], None, "Corso A1"))
        with pytest.raises(ReferralMoved):
            mark_referral(ctx, case_id, referral_id, ReferralState.DONE)
        mark_referral(ctx, case_id, referral_id, ReferralState.ACCEPTED)
        mark_referral(ctx, case_id, referral_id, ReferralState.DONE)
        with pytest.raises(ReferralMoved):
            mark_referral(ctx, case_id, referral_id, ReferralState.ACCEPTED)
