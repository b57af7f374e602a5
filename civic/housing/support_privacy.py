"""What rent support and the way to a lease say of a person, for them to take away."""

from typing import Any

from sqlalchemy import select

from civic.housing.placing_models import Resident
from civic.housing.queries.books import Book, books_of
from civic.housing.queries.market import FlatRow, flats_of, leases_of, means_of, steps_of
from civic.housing.rules.book import shown_code
from civic.housing.support_models import SupportDecision
from civic.kernel.context import Context


def support_of(ctx: Context, resident: Resident) -> list[dict[str, Any]]:
    """Decisions with all their instalments and payments. Asked by the resident themselves."""
    rows = ctx.db.scalars(
        select(SupportDecision)
        .where(SupportDecision.resident_id == resident.id)
        .order_by(SupportDecision.decided_at, SupportDecision.id)
    ).all()
    books = books_of(ctx, [row.id for row in rows])
    return [_decision(row, books[row.id]) for row in rows]


def _decision(row: SupportDecision, book: Book) -> dict[str, Any]:
    return {
        "code": shown_code(row.code),
        "kind": row.kind.value,
        "decided": row.decided_on.isoformat(),
        "cancelled": row.cancelled_at.isoformat() if row.cancelled_at else None,
        "total_cents": row.total_cents,
        "municipality_cents": row.support_cents,
        "instalments": [
            {
                "due": each.due_on.isoformat(),
                "municipality_cents": each.support_cents,
                "own_cents": each.tenant_cents,
                "ended": each in book.ended,
            }
            for each in sorted((*book.instalments, *book.ended), key=lambda part: part.number)
        ],
        "payments": [
            {
                "by": each.payer.value,
                "cents": each.amount_cents,
                "paid": each.paid_on.isoformat(),
                "takes_back": each.undoes is not None,
            }
            for each in book.payments
        ],
    }


def market_of(ctx: Context, resident: Resident) -> dict[str, Any]:
    """The landlord of a flat is somebody else: of them nothing goes along but that there is one."""
    means = means_of(ctx, resident)
    return {
        "means": None
        if means is None
        else {
            "income_cents_a_month": means.income_cents,
            "debts_cents_a_month": means.debts_cents,
            "affordable_cents_a_month": means.affordable_cents,
            "rooms_wanted": means.rooms_wanted,
            "papers": [each.value for each in means.papers],
            "written": means.updated_on.isoformat(),
        },
        "flats": [_flat(each) for each in flats_of(ctx, resident)],
        "leases": [
            {
                "starts": each.starts_on.isoformat(),
                "ends": each.ends_on.isoformat() if each.ends_on else None,
                "rent_cents": each.rent_cents,
                "deposit_cents": each.deposit_cents,
                "registered": each.registered_on.isoformat() if each.registered_on else None,
            }
            for each in leases_of(ctx, resident.id)
        ],
        "steps": [
            {"step": each.step.value, "day": each.on_day.isoformat()}
            for each in steps_of(ctx, resident.id)
        ],
    }


def _flat(row: FlatRow) -> dict[str, Any]:
    return {
        "quarter": row.quarter,
        "address": row.address,
        "rent_cents": row.rent_cents,
        "day": row.on_day.isoformat() if row.on_day else None,
        "state": row.state.value,
        "questions": row.questions,
        "answers": row.answers,
        "words": row.words,
    }
