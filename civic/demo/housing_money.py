"""Rent support of the demonstration with its payments, the bank's file, and the way to a lease of one's
own."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.demo.housing_shape import DemoFlat, DemoMarket, DemoSupport
from civic.demo.housing_work import HousingWork, Step
from civic.housing.operations import bank, market, payments, support
from civic.housing.operations.bank import Tick
from civic.housing.operations.course import choose_course
from civic.housing.operations.market import FlatWords, Landlord, MarketWords, OwnLease
from civic.housing.operations.payments import NewPayment
from civic.housing.operations.support import NewSupport, planned
from civic.housing.rules.book import code_of, shown_code
from civic.housing.rules.ledger import Payer
from civic.housing.rules.market import SESSIONS_OF_COURSE, FlatState
from civic.housing.rules.support import Instalment
from civic.housing.support_models import BankEntry
from civic.kernel.context import Context

DECIDED, PAID, CAME_IN, KEPT, VIEWED, SIGNED, BROUGHT, CHOSEN = (
    time(10, 15), time(10, 25), time(10, 35), time(15), time(15, 20), time(15, 40), time(17, 30),
    time(17, 40),
)  # fmt: skip
TENANT_PAYS_AFTER = timedelta(days=2)
BROUGHT_BEFORE, CHOSEN_BEFORE, HEARD_OF = 3, 20, 2
"""Days ago."""
FOUR_YEARS = timedelta(days=1461)
FEE, UNKNOWN_AMOUNT = "-1,50", "60,00"

Expected = dict[UUID, list[tuple[date, int, str]]]
"""What only the bank tells: of each decision the day, cents and who paid."""


def money(work: HousingWork) -> list[Step]:
    by_bank: Expected = {}
    steps = [
        *(step for each in work.housing.supports for step in _support(work, each, by_bank)),
        *(step for each in work.housing.markets for step in _market(work, each)),
    ]
    if any(each.by_bank for each in work.housing.supports):
        steps.append((work.at(BROUGHT_BEFORE, BROUGHT), _bring_file(work, by_bank), None))
    return steps


def _support(work: HousingWork, new: DemoSupport, by_bank: Expected) -> list[Step]:
    made: list[UUID] = []

    def as_decided(resident_id: UUID, grant_id: UUID) -> NewSupport:
        return NewSupport(
            resident_id,
            grant_id,
            new.kind,
            new.amount_cents,
            new.months,
            work.day(new.first_due),
            new.curve,
            new.is_monthly,
            placement_id=work.stays.get(new.who) if new.for_stay else None,
            lease_id=None if new.for_stay else work.leases.get(new.who),
        )

    def decide(ctx: Context) -> None:
        asked = as_decided(work.residents[new.who], work.grants[new.grant])
        made.append(support.decide(ctx, asked))
        by_bank[made[0]] = [
            (each.due_on + TENANT_PAYS_AFTER, each.tenant_cents, new.who)
            for each in parts
            if each.number in new.by_bank
        ]

    def pay(payer: Payer, cents: int, day: date) -> Step:
        def step(ctx: Context) -> None:
            payments.pay(ctx, made[0], NewPayment(payer, cents, day))

        clock = PAID if payer is Payer.MUNICIPALITY else CAME_IN
        return work.at((work.today - day).days, clock), step, None

    parts = planned(as_decided(work.city_id, work.city_id))
    return [
        (work.at(new.decided, DECIDED), decide, None),
        *(pay(*each) for each in _paid(parts, new, work.today)),
    ]


def _paid(
    parts: tuple[Instalment, ...], new: DemoSupport, today: date
) -> list[tuple[Payer, int, date]]:
    told_otherwise = {*new.missed, *new.by_bank}
    found = []
    for each in parts:
        if each.support_cents:
            found.append((Payer.MUNICIPALITY, each.support_cents, each.due_on))
        if each.tenant_cents and each.number not in told_otherwise:
            found.append((Payer.TENANT, each.tenant_cents, each.due_on + TENANT_PAYS_AFTER))
    return [paid for paid in found if paid[2] < today]


# The bank's file


def _bring_file(work: HousingWork, by_bank: Expected) -> Callable[[Context], None]:
    """One line without a code is left for whoever looks; the bank's own fee is set aside."""

    def step(ctx: Context) -> None:
        file, source = bank.read(_as_csv(work, by_bank).encode())
        import_id = bank.bring(ctx, work.city_id, file, source)
        lines = ctx.db.execute(
            select(BankEntry.id, BankEntry.booked_on, BankEntry.amount_cents).where(
                BankEntry.import_id == import_id
            )
        ).all()
        found = {(line.booked_on, line.amount_cents): line.id for line in lines}
        ticks = [
            Tick(found[day, cents], decision_id)
            for decision_id, told in by_bank.items()
            for day, cents, _ in told
        ]
        bank.book(ctx, import_id, ticks)
        bank.set_aside(ctx, import_id, [line.id for line in lines if line.amount_cents < 0])

    return step


def _as_csv(work: HousingWork, by_bank: Expected) -> str:
    day = work.day(BROUGHT_BEFORE + 1)
    rows = [
        (when, _euro(cents), who, f"Affitto {shown_code(code_of(decision_id))}")
        for decision_id, told in by_bank.items()
        for when, cents, who in told
    ]
    rows += [(day, UNKNOWN_AMOUNT, "F. Camara", "Contributo casa"), (day, FEE, "", "Commissioni")]
    lines = ["Data contabile;Importo;Controparte;Descrizione;TRN"]
    for number, (when, amount, who, words) in enumerate(rows, start=1):
        lines.append(f"{when:%d/%m/%Y};{amount};{who};{words};PROVA{work.today:%Y%m}{number:04}")
    return "\n".join(lines)


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


# Towards a lease of one's own


def _market(work: HousingWork, new: DemoMarket) -> list[Step]:
    def keep(ctx: Context) -> None:
        words = MarketWords(new.income_cents, new.debts_cents, new.rooms, new.papers)
        market.keep_file(ctx, work.residents[new.who], words)

    def view(flat: DemoFlat) -> Step:
        def step(ctx: Context) -> None:
            market.keep_flat(ctx, work.residents[new.who], _flat(work, flat))

        is_to_come = flat.state is FlatState.TO_VIEW
        return work.at(HEARD_OF if is_to_come else flat.days, VIEWED), step, None

    def sign(ctx: Context) -> None:
        if new.lease is None:
            return
        days, rent, deposit = new.lease
        day = work.day(days)
        lease = OwnLease(day, day + FOUR_YEARS, rent, deposit, registered_on=day)
        work.leases[new.who] = market.sign_lease(ctx, work.residents[new.who], lease)

    steps: list[Step] = [
        (work.at(new.days, KEPT), keep, None),
        *(view(each) for each in new.flats),
    ]
    if new.lease is not None:
        steps.append((work.at(new.lease[0], SIGNED), sign, None))
    return steps


def _flat(work: HousingWork, flat: DemoFlat) -> FlatWords:
    owner = flat.landlord
    known = work.owners.get(owner.name) if owner else None
    new = None
    if owner is not None and known is None:
        new = Landlord(owner.kind, owner.name, owner.phone, owner.email)
    return FlatWords(
        flat.quarter,
        flat.rent_cents,
        flat.state,
        work.day(flat.days),
        flat.address,
        flat.questions,
        flat.answers,
        flat.words,
        new,
        known,
    )


def choose(work: HousingWork, project_id: UUID) -> Step:
    """The project that is the course, once there were hours in it."""

    def step(ctx: Context) -> None:
        choose_course(ctx, work.city_id, project_id, SESSIONS_OF_COURSE)

    return work.at(CHOSEN_BEFORE, CHOSEN), step, None
