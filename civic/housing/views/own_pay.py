"""What somebody pays for their home: a panel on their own page."""

from uuid import UUID

from flask import render_template

from civic.housing.queries.accounts import accounts_of
from civic.housing.queries.support import own_pay
from civic.housing.queries.support_gate import own_ids
from civic.housing.rules.iban import in_fours
from civic.kernel.db.scope import unscoped
from civic.web.transaction import reading


def pay_panel(resident_id: UUID | None, municipality_id: UUID | None) -> str:
    """Empty for anybody but the resident themselves, and where nothing is supported. Without an id,
    of all that the actor is: who rents outside of the stock has no stay to hang it on."""
    with reading() as ctx, unscoped(ctx.db, "a person reads what they pay"):
        rows = own_pay(ctx, own_ids(ctx, resident_id, municipality_id))
        accounts = accounts_of(ctx, {row.municipality_id for row in rows})
    if not rows:
        return ""
    return render_template("housing/own_pay.html", rows=rows, accounts=accounts, in_fours=in_fours)
