"""From hours to a badge: proposed once, confirmed by those who were there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.attendance.events import HoursCredited
from civic.audit.models import AuditEntry
from civic.badges import operations, privacy, queries
from civic.badges.errors import (
    AlreadyConfirmed,
    HoursNoLongerReached,
    NoSkillChosen,
    OwnBadge,
    SkillNotOfBadge,
)
from civic.badges.models import Achievement, Award, Proposal
from civic.badges.rules import ProposalState, Turns
from civic.badges.shelf import shelf_of
from civic.badges.startup import STARTUP
from civic.catalogue.rules import Area
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import OutboxEvent, emit
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.badges import correct_line, make_award, make_proposal, work_hours
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
GREEN_12 = next(a for a in STARTUP if a.code == "green-12")


@dataclass(frozen=True)
class Town:
    city: City
    gardeners: AssociationRow
    organiser: Actor
    amina: Actor

    @property
    def amina_id(self) -> UUID:
        assert self.amina.person_id is not None
        return self.amina.person_id


@pytest.fixture
def town(acting: Acting) -> Town:
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        organiser = make_staff(ctx, Role.ORGANISER, city, gardeners, "Rosa")
        amina = make_person(ctx, "Amina", city, page_language="fr")
        return Town(city, gardeners, actor_of(ctx, organiser), actor_of(ctx, amina))


def propose(acting: Acting, town: Town) -> int:
    with acting(system_in(town.city.id)) as ctx:
        return operations.propose_earned(ctx, town.amina_id, town.city.id, town.gardeners.id)


def proposed_codes(acting: Acting, town: Town) -> set[str]:
    with acting(town.organiser) as ctx:
        return {row.achievement.code for row in queries.open_proposals(ctx)}


def green_proposal(acting: Acting, town: Town) -> UUID:
    """Twelve hours in four sessions, and the proposal that follows."""
    with acting(system_in(town.city.id)) as ctx:
        work_hours(ctx, town.city, town.gardeners, town.amina_id)
        return make_proposal(ctx, town.city, town.gardeners, town.amina_id)


def emitted(ctx: Context, name: str) -> list[OutboxEvent]:
    return list(ctx.db.scalars(select(OutboxEvent).where(OutboxEvent.name == name)))


def test_migration_and_startup_list_say_the_same(acting: Acting) -> None:
    with acting(system_in()) as ctx:
        rows = {row.id: row for row in ctx.db.scalars(select(Achievement))}
    for wanted in STARTUP:
        row = rows[wanted.id]
        assert (row.code, row.area, row.level) == (wanted.code, wanted.area, wanted.level)
        assert row.rule == {
            "minutes": wanted.minutes,
            "sessions": wanted.sessions,
            **wanted.more,
        }
        assert tuple(row.skills) == wanted.skills
        assert set(row.names) == {"it", "en", "fr", "ar"}


def test_reaching_the_hours_opens_one_proposal_for_each_badge(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        work_hours(ctx, town.city, town.gardeners, town.amina_id)
    assert propose(acting, town) == 3
    assert proposed_codes(acting, town) == {"green-12", "first-day", "italian"}


def test_the_same_hours_told_again_propose_nothing_more(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        work_hours(ctx, town.city, town.gardeners, town.amina_id)
    propose(acting, town)
    assert propose(acting, town) == 0


def test_hours_of_two_cities_do_not_add_up(acting: Acting, town: Town) -> None:
    with acting(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        scouts = make_association(ctx, caserta, "Scout")
        work_hours(ctx, town.city, town.gardeners, town.amina_id, (180, 180))
        work_hours(ctx, caserta, scouts, town.amina_id, (180, 180))
    propose(acting, town)
    assert proposed_codes(acting, town) == {"first-day"}


def test_hours_credited_reach_the_organiser_through_the_outbox(
    acting: Acting, town: Town, drain: Callable[[], int]
) -> None:
    with acting(system_in(town.city.id)) as ctx:
        sessions = work_hours(ctx, town.city, town.gardeners, town.amina_id)
        for session_id in sessions[:2]:
            emit(
                ctx,
                HoursCredited(
                    municipality_id=town.city.id,
                    person_id=town.amina_id,
                    session_id=session_id,
                    association_id=town.gardeners.id,
                    area=Area.GREEN,
                    minutes=180,
                ),
            )
    drain()
    assert proposed_codes(acting, town) == {"green-12", "first-day", "italian"}


def test_a_badge_already_held_is_not_proposed_again(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        work_hours(ctx, town.city, town.gardeners, town.amina_id)
        assert town.organiser.person_id
        make_award(ctx, town.city, town.gardeners, town.amina_id, town.organiser.person_id)
    propose(acting, town)
    assert proposed_codes(acting, town) == {"first-day", "italian"}


def test_confirming_awards_the_badge_once_and_tells_it(acting: Acting, town: Town) -> None:
    proposal_id = green_proposal(acting, town)
    chosen = (GREEN_12.skills[2], GREEN_12.skills[0])
    with acting(town.organiser) as ctx:
        award_id = operations.confirm(ctx, proposal_id, chosen)
        award = ctx.db.get_one(Award, award_id)
        assert award.skills == [GREEN_12.skills[0], GREEN_12.skills[2]]
        assert (award.minutes, award.sessions) == (720, 4)
        assert award.assessor_id == town.organiser.person_id
        (event,) = emitted(ctx, "badges.BadgeAwarded")
        assert event.payload["award_id"] == str(award_id)
        line = ctx.db.scalars(select(AuditEntry)).one()
        assert (line.action, line.subject_id) == ("badge.confirmed", town.amina_id)
    with acting(town.organiser) as ctx:
        assert queries.open_proposals(ctx) == []
    with pytest.raises(AlreadyConfirmed), acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal_id, chosen)
    with acting(town.organiser) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Award)) == 1


def test_a_badge_put_off_can_be_confirmed_later(acting: Acting, town: Town) -> None:
    proposal_id = green_proposal(acting, town)
    with acting(town.organiser) as ctx:
        operations.decline(ctx, proposal_id)
    with acting(town.organiser) as ctx:
        (row,) = queries.open_proposals(ctx)
        assert row.state is ProposalState.DECLINED
        assert operations.confirm(ctx, proposal_id, GREEN_12.skills)


def test_a_confirmed_badge_can_no_longer_be_put_off(acting: Acting, town: Town) -> None:
    proposal_id = green_proposal(acting, town)
    with acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal_id, GREEN_12.skills)
    with pytest.raises(AlreadyConfirmed), acting(town.organiser) as ctx:
        operations.decline(ctx, proposal_id)


def test_hours_corrected_below_the_rule_block_the_confirmation(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        sessions = work_hours(ctx, town.city, town.gardeners, town.amina_id)
        proposal_id = make_proposal(ctx, town.city, town.gardeners, town.amina_id)
        correct_line(ctx, sessions[0], town.amina_id, 60)
    with acting(town.organiser) as ctx:
        (row,) = queries.open_proposals(ctx)
        assert not row.is_reached
        assert row.worked.minutes == 600
    with pytest.raises(HoursNoLongerReached), acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal_id, GREEN_12.skills)
    with acting(town.organiser) as ctx:
        assert ctx.db.get_one(Proposal, proposal_id).state is ProposalState.OPEN


def test_skills_must_be_chosen_and_be_of_the_badge(acting: Acting, town: Town) -> None:
    proposal_id = green_proposal(acting, town)
    with pytest.raises(NoSkillChosen), acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal_id, ())
    with pytest.raises(SkillNotOfBadge), acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal_id, ("no-such-skill",))


def test_nobody_confirms_their_own_badge(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        assert town.organiser.person_id
        work_hours(ctx, town.city, town.gardeners, town.organiser.person_id)
        own = make_proposal(ctx, town.city, town.gardeners, town.organiser.person_id)
    with pytest.raises(OwnBadge), acting(town.organiser) as ctx:
        operations.confirm(ctx, own, GREEN_12.skills)


def test_another_association_or_city_finds_no_proposal(acting: Acting, town: Town) -> None:
    proposal_id = green_proposal(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        scouts = make_association(ctx, town.city, "Scout")
        caserta = make_city(ctx, "caserta")
        away = make_association(ctx, caserta)
        strangers = [
            actor_of(ctx, make_staff(ctx, Role.ORGANISER, town.city, scouts)),
            actor_of(ctx, make_staff(ctx, Role.ORGANISER, caserta, away)),
            actor_of(ctx, make_staff(ctx, Role.OFFICER, town.city)),
        ]
    for stranger in strangers:
        with acting(stranger) as ctx:
            assert queries.open_proposals(ctx) == []
        with pytest.raises(NotFound), acting(stranger) as ctx:
            operations.confirm(ctx, proposal_id, GREEN_12.skills)
        with pytest.raises(NotFound), acting(stranger) as ctx:
            operations.decline(ctx, proposal_id)


def test_a_badge_held_from_another_city_is_settled_without_a_second_award(
    acting: Acting, town: Town
) -> None:
    proposal_id = green_proposal(acting, town)
    with acting(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        away = make_association(ctx, caserta)
        assert town.organiser.person_id
        make_award(ctx, caserta, away, town.amina_id, town.organiser.person_id)
    with acting(town.organiser) as ctx:
        assert operations.confirm(ctx, proposal_id, GREEN_12.skills) is None
        assert emitted(ctx, "badges.BadgeAwarded") == []
    with acting(town.organiser) as ctx:
        assert queries.open_proposals(ctx) == []


def test_the_shelf_shows_what_is_held_and_the_next_of_each_area(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        assert town.organiser.person_id
        work_hours(ctx, town.city, town.gardeners, town.amina_id, (180, 180, 180, 180, 180))
        make_award(ctx, town.city, town.gardeners, town.amina_id, town.organiser.person_id)
        make_proposal(ctx, town.city, town.gardeners, town.amina_id, "first-day")
    with acting(town.amina) as ctx:
        shelf = shelf_of(ctx, town.amina_id)
    (badge,) = shelf.held
    assert badge.achievement.named_in("fr") == ("Soin des espaces verts, 12 heures", "fr")
    assert badge.association_name == town.gardeners.name
    assert [coming.achievement.code for coming in shelf.coming] == [
        "first-day",
        "italian",
        "green-40",
        "care-12",
        "territory-12",
    ]
    assert shelf.coming[0].is_proposed
    assert (shelf.coming[2].missing.minutes, shelf.coming[2].missing.sessions) == (1500, 7)
    assert shelf.coming[2].turns == Turns(9, 5)


def test_nobody_reads_the_shelf_of_another(acting: Acting, town: Town) -> None:
    with pytest.raises(NotFound), acting(town.organiser) as ctx:
        shelf_of(ctx, town.amina_id)


def test_a_language_without_a_name_falls_back_to_english(acting: Acting) -> None:
    with acting(system_in()) as ctx:
        about = queries.achievement(ctx, GREEN_12.id)
    assert about.named_in("bn") == ("Green-space care, 12 hours", "en")


def test_a_person_takes_their_badges_away_and_nobody_else_does(acting: Acting, town: Town) -> None:
    green_proposal(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        assert town.organiser.person_id
        make_award(ctx, town.city, town.gardeners, town.amina_id, town.organiser.person_id)
    with acting(town.amina) as ctx:
        taken = privacy.export(ctx, town.amina_id)
    assert taken["badges"][0]["code"] == "green-12"
    assert taken["proposals"][0]["state"] == "open"
    with pytest.raises(NotFound), acting(town.organiser) as ctx:
        privacy.export(ctx, town.amina_id)
