"""Grants, offers, dwellings, works and closures of the demonstration."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from uuid import UUID

from civic.demo.housing_refits import refit
from civic.demo.housing_shape import (
    DemoClosure,
    DemoGrant,
    DemoIncident,
    DemoOffer,
    DemoUnit,
)
from civic.demo.housing_work import HousingWork, Step
from civic.housing.models import Offer
from civic.housing.operations import (
    checks,
    closures,
    dwellings,
    grants,
    incidents,
    leases,
    offers,
)
from civic.housing.operations.accounts import keep_account
from civic.housing.operations.checks import NewCheck
from civic.housing.operations.dwellings import NewUnit, UnitFacts
from civic.housing.operations.grants import GrantFacts, LineFacts
from civic.housing.operations.incidents import NewIncident
from civic.housing.operations.leases import LeaseFacts
from civic.housing.operations.offers import NewOffer, OfferFacts, OwnerFacts
from civic.housing.operations.rooms import NewRoom, RoomFacts
from civic.housing.operations.support import set_ceilings
from civic.housing.queries.accounts import Account
from civic.housing.rules.stock import Direction
from civic.housing.rules.support import CeilingOn
from civic.kernel.context import Context

GRANTED, OFFERED, VISITED, ANSWERED, OPENED, CLOSED, DONE = (
    time(8), time(8, 20), time(8, 40), time(8, 50), time(9), time(9, 45), time(17),
)  # fmt: skip
EVENING, NEXT_MORNING = time(19), time(9, 10)
BEFORE = 14
"""Days for which money is there before the first dwelling is."""
AFTER = timedelta(days=420)
LEASED = timedelta(days=730)


def stock(work: HousingWork) -> list[Step]:
    housing = work.housing
    began = max(
        *(unit.since for unit in housing.units), *(offer.days for offer in housing.offers), 0
    )
    return [
        *(_grant(work, each, began + BEFORE) for each in housing.grants),
        *(step for each in housing.offers for step in _Offered(work, each).steps()),
        *(step for each in housing.units for step in _unit(work, each)),
        *(step for each in housing.works for step in refit(work, each)),
        *(_closure(work, each) for each in housing.closures),
        *(_incident(work, each) for each in housing.incidents),
    ]


def _grant(work: HousingWork, grant: DemoGrant, days: int) -> Step:
    def step(ctx: Context) -> None:
        facts = GrantFacts(
            grant.code, grant.name, grant.amount_cents, work.day(days), work.today + AFTER
        )
        work.grants[grant.key] = grants.write_grant(ctx, work.city_id, facts)
        for code, name, cents in grant.lines:
            line = LineFacts(code, name, cents)
            work.lines[code] = grants.add_line(ctx, work.grants[grant.key], line)
        if work.housing.ceilings is not None:
            most = zip(CeilingOn, work.housing.ceilings, strict=True)
            set_ceilings(ctx, work.city_id, dict(most))
        if work.housing.account is not None:
            keep_account(ctx, work.city_id, Account(*work.housing.account))

    return work.at(days, GRANTED), step, None


# Owners and what they offer


@dataclass
class _Offered:
    work: HousingWork
    offer: DemoOffer
    visits: list[UUID] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return self.work.offers[self.offer.key]

    def steps(self) -> list[Step]:
        offer, at = self.offer, self.work.at
        steps: list[Step] = [(at(offer.days, OFFERED), self.write, None)]
        if offer.visit is not None:
            steps.append((at(offer.days - 1, VISITED), self.plan, None))
        if offer.visit is not None and offer.visit > 0:
            steps.append((at(offer.visit, VISITED), self.visit, None))
        endings = (
            (offer.accepted, self.accept),
            (offer.refused and offer.refused[0], self.refuse),
            (offer.withdrawn, self.withdraw),
        )
        steps += [(at(days, ANSWERED), step, None) for days, step in endings if days is not None]
        return steps

    def write(self, ctx: Context) -> None:
        offer, owner, work = self.offer, self.offer.owner, self.work
        known = work.owners.get(owner.name)
        facts = OfferFacts(
            offer.quarter,
            offer.rooms,
            offer.rent_cents,
            work.day(offer.days),
            offer.address,
            offer.words,
        )
        new = OwnerFacts(
            owner.kind, owner.name, owner.phone, owner.email, owner.words, owner.guarantees
        )
        made = offers.write_offer(ctx, work.city_id, NewOffer(facts, known, None if known else new))
        work.offers[offer.key] = made
        work.owners[owner.name] = ctx.db.get_one(Offer, made).owner_id

    def plan(self, ctx: Context) -> None:
        day = self.work.day(self.offer.visit or 0)
        self.visits.append(offers.plan_visit(ctx, self.id, day, ctx.actor.own_id))

    def visit(self, ctx: Context) -> None:
        found, is_fit = self.offer.found, self.offer.is_fit
        offers.write_visit(ctx, self.id, self.visits[0], found, is_fit=is_fit)

    def accept(self, ctx: Context) -> None:
        offers.accept_offer(ctx, self.id)

    def refuse(self, ctx: Context) -> None:
        if self.offer.refused is not None:
            offers.refuse_offer(ctx, self.id, *self.offer.refused[1:])

    def withdraw(self, ctx: Context) -> None:
        offers.withdraw_offer(ctx, self.id)


# Dwellings


def _unit(work: HousingWork, unit: DemoUnit) -> list[Step]:
    due: dict[str, UUID] = {}

    def write(ctx: Context) -> None:
        offer_id = work.offers.get(unit.offer)
        owner_id = ctx.db.get_one(Offer, offer_id).owner_id if offer_id else None
        by_day, by_night = unit.contacts
        facts = UnitFacts(
            unit.name,
            unit.kind,
            unit.quarter,
            unit.address,
            unit.entry,
            by_day,
            by_night,
            unit.rules,
            unit.takes,
            is_step_free=unit.is_step_free,
            owner_id=owner_id,
            grant_id=work.grants[unit.grant],
            night_cost_cents=unit.night_cost_cents,
            is_safe_house=unit.is_safe_house,
        )
        rooms = [
            NewRoom(
                RoomFacts(room.name, room.is_step_free, room.only_for),
                [f"Letto {number}" for number in range(1, room.beds + 1)],
            )
            for room in unit.rooms
        ]
        first = work.day(unit.since)
        new = NewUnit(facts, rooms, first, offer_id)
        work.units[unit.key] = dwellings.write_unit(ctx, work.city_id, new)
        work.learn_beds(ctx, unit.key)
        if unit.rent_cents:
            lease = LeaseFacts(
                Direction.IN, first, unit.rent_cents, 2 * unit.rent_cents, first + LEASED, first
            )
            leases.write_lease(ctx, work.units[unit.key], lease)
        for check in unit.checks:
            day = work.day(-check.due_in if check.done is None else check.done)
            new_check = NewCheck(check.kind, check.months, day)
            due[check.kind] = checks.add_check(ctx, work.units[unit.key], new_check)

    def check_done(kind: str, days: int) -> Step:
        def step(ctx: Context) -> None:
            checks.check_done(ctx, due[kind], work.day(days))

        return work.at(days, DONE), step, None

    return [
        (work.at(unit.since, OPENED), write, None),
        *(check_done(each.kind, each.done) for each in unit.checks if each.done is not None),
    ]


def _closure(work: HousingWork, closure: DemoClosure) -> Step:
    def step(ctx: Context) -> None:
        beds = work.beds_in(closure.unit, [closure.room])
        first, until = work.day(closure.first), work.day(closure.until)
        closures.close_beds(ctx, work.units[closure.unit], beds, first, until, closure.reason)

    return work.at(closure.asked, CLOSED), step, None


def _incident(work: HousingWork, incident: DemoIncident) -> Step:
    def step(ctx: Context) -> None:
        new = NewIncident(
            work.units[incident.unit],
            work.stays.get(incident.who),
            incident.kind,
            work.at(incident.days, EVENING),
            incident.words,
            incident.done,
        )
        incidents.write_incident(ctx, new)

    return work.at(incident.days - 1, NEXT_MORNING), step, None
