"""Steps on the way to a home of one's own, each taken once for the thing it is about."""

from datetime import date
from uuid import UUID

from civic.housing.events import StepTaken
from civic.housing.market_models import HousingStep
from civic.housing.placing_models import Resident
from civic.housing.queries.books import Book, book_of
from civic.housing.rules.book import is_on_time
from civic.housing.rules.steps import Step
from civic.housing.support_models import SupportDecision
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.outbox import emit


def take_step(
    ctx: Context, resident_id: UUID, step: Step, on_day: date, about_id: UUID | None = None
) -> bool:
    """True if it was new. Whoever has an account finds it in their plan. The caller has come through
    a gate to the resident or to what the step is about."""
    resident = ctx.db.get_one(Resident, resident_id)
    step_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        HousingStep,
        id=step_id,
        municipality_id=resident.municipality_id,
        resident_id=resident_id,
        step=step,
        on_day=on_day,
        about_id=about_id or resident_id,
        taken_at=ctx.now(),
    )
    if is_new and resident.person_id is not None:
        emit(
            ctx,
            StepTaken(
                municipality_id=resident.municipality_id,
                step_id=step_id,
                person_id=resident.person_id,
                step=step.value,
                on_day=on_day,
            ),
        )
    return is_new


def see_on_time(ctx: Context, decision: SupportDecision, book: Book | None = None) -> bool:
    """Three parts of their own in a row, each by the end of its days of grace: once a decision."""
    book, today = book or book_of(ctx, decision.id), rome_day(ctx.now())
    if not is_on_time(book.instalments, book.payments, today):
        return False
    return take_step(ctx, decision.resident_id, Step.RENT_ON_TIME, today, decision.id)
