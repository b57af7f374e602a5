"""Works, budget lines, checks, and a city with a year of spans for the calendar."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import insert

from civic.housing.models import BudgetLine, HousingGrant
from civic.housing.nights_models import BedSpan
from civic.housing.operations import quotes
from civic.housing.operations import works as working
from civic.housing.operations.quotes import NewQuote
from civic.housing.operations.works import NewWork, Plan
from civic.housing.rules.nights import Use, VoidReason
from civic.housing.rules.stock import WorkKind
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.tenancy.queries.standings import City
from tests.factories.housing import Lodge, make_grant, make_unit

UNITS, ROOMS = 60, (2, 2)
SEED = 5


def make_line(
    ctx: Context, city: City, cents: int = 100_000, code: str = "PON-1", ends_on: date | None = None
) -> UUID:
    """A budget line with a grant of its own that runs today, unless told otherwise."""
    grant_id = make_grant(ctx, city, code)
    if ends_on is not None:
        ctx.db.get_one(HousingGrant, grant_id).ends_on = ends_on
    line_id = ctx.new_id()
    ctx.db.add(
        BudgetLine(
            id=line_id,
            municipality_id=city.id,
            grant_id=grant_id,
            code="MAN",
            name="Manutenzione leggera",
            amount_cents=cents,
        )
    )
    ctx.db.flush()
    return line_id


def make_work(
    ctx: Context,
    lodge: Lodge,
    *,
    beds: int = 0,
    first: date | None = None,
    nights: int = 5,
    unit_id: UUID | None = None,
) -> UUID:
    """Asked for by the officer; in so many of the first beds, from today on unless told otherwise."""
    first = first or rome_day(ctx.now())
    plan = Plan(first, first + timedelta(days=nights), lodge.beds[:beds]) if beds else Plan()
    new = NewWork(WorkKind.PAINTING, "Imbiancare la stanza", plan)
    return working.request_work(ctx.acting(lodge.officer), unit_id or lodge.unit_id, new)


def make_quote(
    ctx: Context, lodge: Lodge, work_id: UUID, cents: int = 60_000, firm: str = "Edil Carso"
) -> UUID:
    new = NewQuote(firm, cents, rome_day(ctx.now()))
    return quotes.add_quote(ctx.acting(lodge.officer), work_id, new)


def make_done(ctx: Context, lodge: Lodge, line_id: UUID, *, beds: int = 0) -> UUID:
    """A work that was approved, began and ended today, and waits for somebody to look at it."""
    work_id = make_work(ctx, lodge, beds=beds)
    quote_id = make_quote(ctx, lodge, work_id)
    officer, today = ctx.acting(lodge.officer), rome_day(ctx.now())
    quotes.approve(officer, work_id, quote_id, line_id)
    working.begin(officer, work_id, today)
    working.end(officer, work_id, today)
    return work_id


def make_full_city(
    ctx: Context, city: City, *, units: int = UNITS, shortest: int = 5, longest: int = 90
) -> int:
    """Dwellings of four beds whose year is full: stays with a night to make the bed ready between
    them, now and then works, a closure or a free week. Spans alone, which is what the calendar
    reads. Returns how many."""
    random = Random(SEED)
    rows = []
    start = rome_day(ctx.now()) - timedelta(days=120)
    for number in range(units):
        name = f"Casa {number:02} dei Giacinti"
        _unit_id, beds = make_unit(ctx, city, name, rooms=ROOMS)
        for bed_id in beds:
            night = start + timedelta(days=random.randint(0, 30))
            while night < start + timedelta(days=520):
                use = random.choices((Use.STAY, Use.WORKS, Use.VOID, None), weights=(85, 5, 3, 7))[
                    0
                ]
                until = night + timedelta(days=random.randint(shortest, longest))
                if use is Use.STAY:
                    rows.append(_span(ctx, city, bed_id, night, until, Use.STAY))
                    ready = until + timedelta(days=1)
                    rows.append(_span(ctx, city, bed_id, until, ready, Use.TURNAROUND))
                    until = ready
                elif use is not None:
                    until = min(until, night + timedelta(days=10))
                    rows.append(_span(ctx, city, bed_id, night, until, use))
                night = until
    ctx.db.connection().execute(insert(BedSpan), rows)
    return len(rows)


def _span(
    ctx: Context, city: City, bed_id: UUID, first: date, until: date, use: Use
) -> dict[str, object]:
    return {
        "id": ctx.new_id(),
        "municipality_id": city.id,
        "bed_id": bed_id,
        "first_night": first,
        "until_night": until,
        "use": use,
        "reason": VoidReason.DAMAGE if use is Use.VOID else None,
        "placement_id": None,
        "resident_id": None,
        "work_id": None,
        "made_at": ctx.now(),
        "made_by": None,
    }
