"""The account that people in a city pay their part to."""

from uuid import UUID

from sqlalchemy import select

from civic.audit import operations as audit
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.accounts import Account
from civic.housing.rules.iban import read_iban
from civic.housing.support_models import RentAccount
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.policy import Place


def keep_account(ctx: Context, municipality_id: UUID, account: Account) -> None:
    """From now on it stands on everybody's page. IbanWrong. The trail keeps who changed it: money
    would go elsewhere."""
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    values = {
        "holder": account.holder,
        "iban": read_iban(account.iban),
        "written_at": ctx.now(),
        "written_by": ctx.actor.person_id,
    }
    new = {"id": ctx.new_id(), "municipality_id": municipality_id, **values}
    if not insert_once(ctx.db, RentAccount, **new):
        row = ctx.db.scalars(
            select(RentAccount)
            .where(RentAccount.municipality_id == municipality_id)
            .with_for_update()
        ).one()
        for name, value in values.items():
            setattr(row, name, value)
        ctx.db.flush()
    audit.record(ctx, municipality_id, "housing.rent_account_changed")
