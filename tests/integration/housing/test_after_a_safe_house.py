"""What is left of a safe house once somebody has moved on: nothing that tells where or that it was."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from civic.housing.errors import RequestClosed
from civic.housing.operations import stays
from civic.housing.operations.agreements import Terms, agreement_for, write_agreement
from civic.housing.operations.proposals import NewProposal, propose
from civic.housing.operations.stays import leave_beds
from civic.housing.operations.tonight import read_place
from civic.housing.placing_models import Placement
from civic.housing.queries.stay_page import stay_page
from civic.housing.queries.waiting import waiting_list
from civic.housing.rules.nights import Nights
from civic.housing.rules.placing import StayState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.housing import (
    Lodge,
    make_lodge,
    make_request,
    make_resident,
    make_stay,
    make_unit,
    members_of,
)


@pytest.fixture
def ctx(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx:
        yield ctx


@pytest.fixture
def lodge(ctx: Context) -> Lodge:
    return make_lodge(ctx)


@pytest.fixture
def hidden(ctx: Context, lodge: Lodge) -> Lodge:
    """The safe house of somebody else."""
    staff = make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Ines Inside")
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Riparo", team=[staff])
    return Lodge(lodge.city, actor_of(ctx, staff), unit_id, beds)


def _moved_out_of(ctx: Context, lodge: Lodge, hidden: Lodge) -> tuple[UUID, UUID]:
    """The stay, in an ordinary dwelling now, and the agreement that was made in the safe house."""
    person_id = make_person(ctx, "Awa", lodge.city, phone="+393331112299")
    resident_id = make_resident(ctx, lodge.city, "Awa Sarr", person_id=person_id)
    stay_id = make_stay(ctx, hidden, make_request(ctx, lodge.city, [resident_id]), nights=20)
    inside = ctx.acting(hidden.officer)
    paper_id = write_agreement(inside, stay_id, Terms(0, 0))
    assert paper_id is not None
    moves_on = rome_day(ctx.now()) + timedelta(days=5)
    stays.transfer(inside, stay_id, lodge.unit_id, {resident_id: lodge.beds[0]}, moves_on)
    return stay_id, paper_id


def test_its_papers_stay_closed_to_others_after_a_move(
    ctx: Context, lodge: Lodge, hidden: Lodge
) -> None:
    stay_id, paper_id = _moved_out_of(ctx, lodge, hidden)
    for actor, is_let_in in ((hidden.officer, True), (lodge.officer, False)):
        there = ctx.acting(actor)
        page = stay_page(there, there.db.get_one(Placement, stay_id))
        assert bool(page.documents) is is_let_in
        if is_let_in:
            assert agreement_for(there, stay_id, paper_id)[1].id == paper_id
        else:
            with pytest.raises(NotFound):
                agreement_for(there, stay_id, paper_id)


def test_that_one_is_proposed_is_on_no_list_of_others(
    ctx: Context, lodge: Lodge, hidden: Lodge
) -> None:
    request_id = make_request(ctx, lodge.city)
    (resident_id,) = members_of(ctx, request_id)
    today = rome_day(ctx.now())
    nights = Nights(today, today + timedelta(days=9))
    beds = {resident_id: hidden.beds[0]}
    inside = ctx.acting(hidden.officer)
    propose(inside, NewProposal(request_id, hidden.unit_id, beds, nights, is_open_ended=False))
    assert _open_proposals(ctx, hidden.officer, lodge) == [1]
    assert _open_proposals(ctx, lodge.officer, lodge) == [0]


def _open_proposals(ctx: Context, actor: Actor, lodge: Lodge) -> list[int]:
    return [row.proposed for row in waiting_list(ctx.acting(actor), lodge.city.id).rows]


def test_the_way_to_a_bed_for_tonight_is_shown_no_longer_once_they_have_left(
    ctx: Context, lodge: Lodge
) -> None:
    stay_id = make_stay(ctx, lodge, make_request(ctx, lodge.city), nights=20)
    row = ctx.db.get_one(Placement, stay_id)
    row.is_emergency = True
    officer = ctx.acting(lodge.officer)
    assert read_place(officer, stay_id).address
    leave_beds(officer, stay_id, rome_day(ctx.now()) + timedelta(days=2))
    row.state = StayState.ENDED
    ctx.db.flush()
    with pytest.raises(RequestClosed):
        read_place(officer, stay_id)
