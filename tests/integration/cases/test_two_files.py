"""Two files about one person, households, and emergencies."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.audit.models import AuditEntry
from civic.cases.access import Access, CaseRole, Data
from civic.cases.errors import AlreadyOnCase, NotYours, ReasonMissing, SameFile
from civic.cases.models import CaseEntry, CaseFile, CaseSection, HouseholdMember
from civic.cases.operations.emergency import break_glass, review
from civic.cases.operations.entries import NewEntry, add_entry
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.households import add_member, split
from civic.cases.operations.merging import keep_apart, merge, undo_merge
from civic.cases.operations.mine import read_own
from civic.cases.operations.reading import read_around, read_case, read_likely
from civic.cases.vocabulary import EntryKind, Relation
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import actor_of
from tests.factories.cases import House, in_charge, make_house, participant, plant

Acting = Callable[[Actor], AbstractContextManager[Context]]
WHY = "È in ospedale e serve sapere che cosa prende."


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


def two(acting: Acting, house: House) -> tuple[UUID, UUID]:
    with acting(house.lead) as ctx:
        one = in_charge(ctx, house, {"given": "Mohamed", "family": "Diallo", "born": "1998"})
        other = open_case(ctx, NewCase(house.city.id, {"given": "Muhammad", "born": "1998"}))
        add_entry(ctx, one, note("Del primo"))
        add_entry(ctx, other, note("Del secondo"))
    return one, other


def note(words: str) -> NewEntry:
    return NewEntry(Data.SOCIAL, EntryKind.NOTE, {"words": words})


def test_a_second_file_with_a_missing_surname_is_proposed(acting: Acting, house: House) -> None:
    one, other = two(acting, house)
    with acting(house.lead) as ctx:
        _, _, found = read_likely(ctx, one)
        assert [(each.case_id, each.is_open_to_me) for each in found] == [(other, True)]
        assert "born_in" in found[0].likeness.grounds


def test_of_a_file_that_is_not_theirs_only_its_reference_is_told(
    acting: Acting, house: House
) -> None:
    with acting(house.desk) as ctx:
        other = open_case(ctx, NewCase(house.city.id, {"given": "Muhammad", "born": "1998"}))
    with acting(house.lead) as ctx:
        one = in_charge(ctx, house, {"given": "Mohamed", "born": "1998"})
        _, _, (found,) = read_likely(ctx, one)
    assert (found.case_id, found.is_open_to_me, found.name) == (other, False, found.reference)


def test_merged_files_are_read_as_one_and_each_keeps_what_it_had(
    acting: Acting, house: House
) -> None:
    one, other = two(acting, house)
    with acting(house.lead) as ctx:
        merge(ctx, one, other)
        view = read_case(ctx, other)
        assert view.case.id == one
        words = [row.words and row.words["words"] for row in view.timeline.entries]
        assert set(words) == {"Del primo", "Del secondo"}
        assert read_likely(ctx, one)[2] == []


def test_undoing_a_merge_leaves_everything_as_it_was(acting: Acting, house: House) -> None:
    one, other = two(acting, house)

    def everything(ctx: Context) -> list[object]:
        tables = (CaseFile, CaseSection, CaseEntry)
        return [
            tuple(getattr(row, column.key) for column in model.__table__.columns)
            for model in tables
            for row in ctx.db.scalars(select(model).order_by(model.id))
        ]

    with acting(house.lead) as ctx:
        before = everything(ctx)
        merge_id = merge(ctx, one, other)
        undo_merge(ctx, one, merge_id)
        ctx.db.expire_all()
        assert everything(ctx) == before
        assert len(read_case(ctx, other).timeline.entries) == 1
        with pytest.raises(NotFound):
            undo_merge(ctx, one, merge_id)


def test_the_person_s_own_page_follows_a_merge_and_its_undoing(
    acting: Acting, house: House
) -> None:
    with acting(house.lead) as ctx:
        awa = participant(ctx, house)
        one = in_charge(ctx, house, {"given": "Awa"})
        other = in_charge(ctx, house, {"given": "Aua"}, person_id=awa)
        merge_id = merge(ctx, one, other)
    with acting(system_in(house.city.id)) as ctx:
        me = replace(actor_of(ctx, awa), municipalities=frozenset({house.city.id}))
    with acting(me) as ctx:
        assert [file.case.id for file in read_own(ctx)] == [one]
        assert len(read_own(ctx)[0].consents) == 2
    with acting(house.lead) as ctx:
        undo_merge(ctx, one, merge_id)
    with acting(me) as ctx:
        assert [file.case.id for file in read_own(ctx)] == [other]


def test_two_people_who_were_looked_at_are_not_proposed_again(acting: Acting, house: House) -> None:
    one, other = two(acting, house)
    with acting(house.lead) as ctx:
        keep_apart(ctx, one, other)
        assert read_likely(ctx, one)[2] == []
        assert read_likely(ctx, other)[2] == []


def test_a_file_is_not_merged_with_itself_nor_by_who_has_only_one(
    acting: Acting, house: House
) -> None:
    one, other = two(acting, house)
    with acting(house.lead) as ctx, pytest.raises(SameFile):
        merge(ctx, one, one)
    with acting(house.tutor) as ctx, pytest.raises(NotYours):
        merge(ctx, one, other)


def test_a_chain_of_merges_leads_to_the_one_that_is_kept(acting: Acting, house: House) -> None:
    one, other = two(acting, house)
    with acting(house.lead) as ctx:
        third = open_case(ctx, NewCase(house.city.id, {"given": "Mohammed"}))
        merge(ctx, other, third)
        merge(ctx, one, other)
        assert read_case(ctx, third).case.id == one
        assert len(read_case(ctx, one).timeline.entries) == 2


def test_a_household_is_seen_from_each_of_its_files(acting: Acting, house: House) -> None:
    one, other = two(acting, house)
    with acting(house.lead) as ctx:
        add_member(ctx, one, other, Relation.SIBLING)
        seen = read_around(ctx, other).household
        assert {row.case_id for row in seen} == {one, other}
        with pytest.raises(SameFile):
            add_member(ctx, one, other, Relation.SIBLING)


def test_after_a_split_for_safety_neither_file_shows_the_other(
    acting: Acting, house: House
) -> None:
    one, other = two(acting, house)
    with acting(house.lead) as ctx:
        add_member(ctx, one, other, Relation.PARTNER)
        split(ctx, other, is_for_safety=True)
        assert [row.case_id for row in read_around(ctx, one).household] == [one]
        assert read_around(ctx, other).household == []
        left = ctx.db.scalars(select(HouseholdMember).where(HouseholdMember.case_id == other)).one()
        assert left.is_hidden
        line = ctx.db.scalars(
            select(AuditEntry).where(AuditEntry.action == "case.household_split")
        ).one()
        assert str(one) not in str(line.details)


def stranger(acting: Acting, house: House) -> tuple[UUID, House]:
    """A case, and colleagues of the same city who are not on it."""
    with acting(system_in()) as ctx:
        case_id = in_charge(ctx, house)
        plant(ctx.acting(system_in(house.city.id)), case_id, house, Data.SOCIAL, {"story": "Vede"})
        plant(ctx, case_id, house, Data.HEALTH, {"mind_words": "Sigillato"})
        return case_id, make_house(ctx)


def test_an_emergency_opens_one_case_for_two_hours_to_be_read_alone(
    acting: Acting, house: House, clock: FrozenClock
) -> None:
    case_id, others = stranger(acting, house)
    with acting(others.lead) as ctx:
        break_glass(ctx, case_id, WHY)
        view = read_case(ctx, case_id)
        assert view.case.is_in_emergency
        assert view.parts[Data.SOCIAL].values == {"story": "Vede"}
        assert Access.WRITE not in view.case.access.values()
        with pytest.raises(NotYours):
            add_entry(ctx, case_id, note("No"))
    clock.advance(timedelta(hours=2, seconds=-1))
    with acting(others.lead) as ctx:
        read_case(ctx, case_id)
    clock.advance(timedelta(seconds=1))
    with acting(others.lead) as ctx, pytest.raises(NotYours):
        read_case(ctx, case_id)


def test_the_seal_of_a_discipline_holds_in_an_emergency_too(acting: Acting, house: House) -> None:
    case_id, others = stranger(acting, house)
    with acting(others.lead) as ctx:
        break_glass(ctx, case_id, WHY)
        assert read_case(ctx, case_id).parts[Data.HEALTH].values == {}
    with acting(others.psychologist) as ctx:
        break_glass(ctx, case_id, WHY)
        assert read_case(ctx, case_id).parts[Data.HEALTH].values == {"mind_words": "Sigillato"}


def test_an_emergency_needs_a_reason_and_tells_the_team_at_once(
    acting: Acting, house: House
) -> None:
    case_id, others = stranger(acting, house)
    with acting(others.lead) as ctx:
        with pytest.raises(ReasonMissing):
            break_glass(ctx, case_id, " subito ")
        break_glass(ctx, case_id, WHY)
        told = ctx.db.scalars(
            select(OutboxEvent).where(OutboxEvent.name == "cases.GlassBroken")
        ).one()
        assert told.payload["case_id"] == str(case_id)
        assert WHY not in str(told.payload)
        with pytest.raises(AlreadyOnCase):
            break_glass(ctx, case_id, WHY)


def test_the_lead_looks_at_an_emergency_afterwards_and_nobody_at_their_own(
    acting: Acting, house: House
) -> None:
    case_id, others = stranger(acting, house)
    with acting(others.lead) as ctx:
        break_glass(ctx, case_id, WHY)
    with acting(house.lead) as ctx:
        row = next(each for each in read_around(ctx, case_id).team if each.is_emergency)
        assert (row.reason, row.role) == (WHY, CaseRole.CASE_LEAD)
        review(ctx, case_id, row.id, was_right=False)
        (row,) = [each for each in read_around(ctx, case_id).team if each.is_emergency]
        assert row.was_right is False
    with acting(house.tutor) as ctx:
        (row,) = [each for each in read_around(ctx, case_id).team if each.is_emergency]
        assert row.reason == ""


def test_nobody_enters_a_case_of_another_city_in_an_emergency(acting: Acting, house: House) -> None:
    case_id, _ = stranger(acting, house)
    with acting(system_in()) as ctx:
        abroad = make_house(ctx, "latina")
    for who in (abroad.lead, house.coordinator, house.officer, house.dpo):
        with acting(who) as ctx, pytest.raises(NotFound):
            break_glass(ctx, case_id, WHY)
