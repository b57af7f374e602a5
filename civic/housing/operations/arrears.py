"""Rents that are late: seen after five days, a friendly message first, then a call, then a letter."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.events import ArrearsSeen
from civic.housing.market_models import HousingStep
from civic.housing.operations.steps import see_on_time
from civic.housing.operations.trail import note
from civic.housing.placing_models import Resident
from civic.housing.queries.arrears import steps_done
from civic.housing.queries.books import Book, books_of
from civic.housing.queries.support_gate import decision_for
from civic.housing.rules.ledger import Arrear, Step, arrears_seen, next_step
from civic.housing.rules.steps import Step as HomeStep
from civic.housing.support_models import ArrearsNotice, SupportDecision, SupportInstalment
from civic.kernel.clock import ROME, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import system_in
from civic.tenancy.queries.standings import municipalities

AWAKE = range(9, 20)
"""Hours on Italian clocks at which somebody is told that a rent is late."""


def see_arrears(database: Database) -> int:
    """A turn of the worker through all cities, not at night; how many steps were taken that nobody had
    taken before. A second turn on the same day takes none."""
    with database.reading(system_in()) as ctx:
        if ctx.now().astimezone(ROME).hour not in AWAKE:
            return 0
        cities = [city.id for city in municipalities(ctx)]
    seen = 0
    for city_id in cities:
        with database.unit_of_work(system_in(city_id)) as ctx:
            seen += _see_in_city(ctx, city_id)
    return seen


def _see_in_city(ctx: Context, municipality_id: UUID) -> int:
    decisions = ctx.db.scalars(
        select(SupportDecision)
        .where(SupportDecision.municipality_id == municipality_id)
        .order_by(SupportDecision.id)
    ).all()
    books = books_of(ctx, [each.id for each in decisions])
    _see_on_time(ctx, decisions, books)
    today = rome_day(ctx.now())
    late = {each: arrears_seen(book.on(today)) for each, book in books.items()}
    done = steps_done(ctx, [each for each, found in late.items() if found])
    told: set[UUID] = set()
    return sum(_see(ctx, each, late[each.id], done, told) for each in decisions if late[each.id])


def _see_on_time(
    ctx: Context, decisions: Sequence[SupportDecision], books: Mapping[UUID, Book]
) -> None:
    known = set(
        ctx.db.scalars(
            select(HousingStep.about_id)
            .where(HousingStep.step == HomeStep.RENT_ON_TIME)
            .where(HousingStep.about_id.in_(books))
        )
    )
    for each in decisions:
        if each.id not in known:
            see_on_time(ctx, each, books[each.id])


def _see(
    ctx: Context,
    decision: SupportDecision,
    arrears: tuple[Arrear, ...],
    done: Mapping[UUID, set[Step]],
    told: set[UUID],
) -> int:
    parts = {
        row.number: row.id
        for row in ctx.db.scalars(
            select(SupportInstalment).where(SupportInstalment.decision_id == decision.id)
        )
    }
    taken = 0
    for arrear in arrears:
        part_id = parts[arrear.instalment.number]
        step = next_step(arrear.days_late, done.get(part_id, set()))
        if step is not None:
            taken += _take(ctx, decision, part_id, step, told)
    return taken


def _take(
    ctx: Context, decision: SupportDecision, part_id: UUID, step: Step, told: set[UUID]
) -> bool:
    """A message is on its way at once, one a day however many parts are late; whoever has no account
    is told by an officer. A call and a letter wait for one in any case."""
    today = rome_day(ctx.now())
    resident = ctx.db.get_one(Resident, decision.resident_id)
    person_id = resident.person_id if resident.died_on is None else None
    by_message = step is Step.FRIENDLY and person_id is not None
    notice_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        ArrearsNotice,
        id=notice_id,
        municipality_id=decision.municipality_id,
        instalment_id=part_id,
        decision_id=decision.id,
        step=step,
        seen_on=today,
        done_on=today if by_message else None,
    )
    if is_new and by_message and person_id is not None and resident.id not in told:
        told.add(resident.id)
        emit(
            ctx,
            ArrearsSeen(
                municipality_id=decision.municipality_id, notice_id=notice_id, person_id=person_id
            ),
        )
    return is_new


def mark_done(ctx: Context, notice_id: UUID, on_day: date | None = None) -> UUID:
    """Somebody told them, called or wrote. A second time it stays as it is. Returns the decision."""
    notice = ctx.db.scalars(
        select(ArrearsNotice).where(ArrearsNotice.id == notice_id).with_for_update()
    ).first()
    if notice is None:
        raise NotFound
    decision = decision_for(ctx, notice.decision_id)
    if notice.done_on is None:
        notice.done_on = on_day or rome_day(ctx.now())
        notice.done_by = ctx.actor.person_id
        ctx.db.flush()
        person_id = ctx.db.get_one(Resident, decision.resident_id).person_id
        note(ctx, decision, f"arrears_{notice.step.value}", person_id=person_id)
    return decision.id
