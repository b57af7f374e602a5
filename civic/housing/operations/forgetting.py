"""What becomes of a person's words once nobody needs them: the name, the reasons, the papers go; nights,
cents and states stay, so that what was counted stays right.

Kept no longer than its purpose needs (GDPR, art. 5.1.e). `YEARS` is what retention schedules of
municipalities mostly say of social housing files; one whose schedule says otherwise changes it here.
"""

from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import exists, or_, select, update

from civic.audit import operations as audit
from civic.housing.market_models import MarketFile
from civic.housing.models import HousingFile
from civic.housing.placing_models import HousingRequest, Placement, RequestMember, Resident
from civic.housing.queries.sealed import ABOUT_PEOPLE
from civic.housing.rules.placing import LIVING, RequestState
from civic.housing.rules.stock import Gender
from civic.housing.support_models import SupportDecision
from civic.kernel.context import Context
from civic.kernel.db.after import after_commit
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in

YEARS = 10
"""After the last stay has ended and the last request was closed."""
GONE = b""
"""What is left in a sealed column that may not be empty."""


def forget_due(database: Database, municipality_ids: list[UUID], files: Path) -> int:
    """A turn of the worker. How many people were forgotten."""
    store, count = FileStore(files), 0
    for city_id in municipality_ids:
        with database.reading(system_in(city_id)) as ctx:
            due = _due(ctx, city_id)
        for resident_id in due:
            with database.unit_of_work(system_in(city_id)) as ctx:
                forget(ctx, store, ctx.db.get_one(Resident, resident_id))
            count += 1
        with database.reading(system_in(city_id)) as ctx:
            _finish(ctx, city_id)
    return count


def _finish(ctx: Context, municipality_id: UUID) -> None:
    """Keys that are still there because a process ended right after it had forgotten somebody."""
    lately = ctx.now() - timedelta(days=30)
    for resident_id in ctx.db.scalars(
        select(Resident.id)
        .where(Resident.municipality_id == municipality_id, Resident.erased_at > lately)
        .order_by(Resident.id)
    ):
        ctx.vault.destroy(municipality_id, resident_id)


def _due(ctx: Context, municipality_id: UUID) -> list[UUID]:
    """Whoever was written down long ago and has neither asked nor stayed since."""
    before = ctx.now() - timedelta(days=YEARS * 365)
    asked = (
        select(RequestMember.resident_id)
        .join(HousingRequest, HousingRequest.id == RequestMember.request_id)
        .outerjoin(Placement, Placement.request_id == HousingRequest.id)
        .where(RequestMember.resident_id == Resident.id)
        .where(
            or_(
                HousingRequest.state == RequestState.WAITING,
                HousingRequest.opened_at > before,
                HousingRequest.closed_at > before,
                Placement.state.in_(LIVING),
                Placement.ended_at > before,
            )
        )
    )
    supported = select(SupportDecision.id).where(
        SupportDecision.resident_id == Resident.id, SupportDecision.decided_at > before
    )
    on_the_way = select(MarketFile.id).where(
        MarketFile.resident_id == Resident.id, MarketFile.updated_at > before
    )
    return list(
        ctx.db.scalars(
            select(Resident.id)
            .where(Resident.municipality_id == municipality_id, Resident.erased_at.is_(None))
            .where(Resident.written_at < before, ~exists(asked))
            .where(~exists(supported), ~exists(on_the_way))
            .order_by(Resident.id)
        )
    )


def forget(ctx: Context, store: FileStore, resident: Resident) -> None:
    """At once in this database; with the key, in every copy of it. Done twice, it is done."""
    for model, subject in ABOUT_PEOPLE.items():
        rows = select(model.id).where(subject == resident.id)
        ctx.db.execute(
            update(model)
            .where(model.id.in_(rows), model.sealed.is_not(None))
            .values(sealed=GONE)
            .execution_options(synchronize_session=False)
        )
    resident.person_id = resident.birth_date = resident.birth_year = None
    resident.gender, resident.needs_no_steps = Gender.UNTOLD, False
    resident.erased_at = ctx.now()
    kept = ctx.db.scalars(
        select(HousingFile)
        .where(HousingFile.subject_id == resident.id, HousingFile.removed_at.is_(None))
        .with_for_update()
    ).all()
    for file in kept:
        file.removed_at = ctx.now()
        after_commit(ctx.db, partial(store.drop, file.stored_as))
    ctx.db.flush()
    city_id, resident_id = resident.municipality_id, resident.id
    audit.record(ctx, city_id, "housing.forgotten", thing_id=resident_id)
    after_commit(ctx.db, lambda: ctx.vault.destroy(city_id, resident_id))
