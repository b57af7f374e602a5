"""Keeping the directory of services of a city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update

from civic.audit import operations as audit
from civic.cases.desk_models import Service, ServiceHours, ServiceText
from civic.cases.opening import Span
from civic.cases.policy import KEEP_SERVICES
from civic.cases.queries.directory import service_for
from civic.cases.rules import Reason
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place


@dataclass(frozen=True)
class Facts:
    """What everybody reads of a service."""

    name: str
    reason: Reason
    address: str
    phone: str
    languages: Sequence[str]
    closed_on_holidays: bool
    texts: Mapping[str, tuple[str, str]]
    """By language: what is done there, and what to bring."""
    week: Sequence[Span]
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def add_service(ctx: Context, municipality_id: UUID, facts: Facts) -> UUID:
    """Shown to everybody at once."""
    KEEP_SERVICES.require(ctx.actor, Place(municipality_id=municipality_id))
    service_id = facts.id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Service,
        id=service_id,
        municipality_id=municipality_id,
        is_public=True,
        **_columns(ctx, facts),
    )
    if not is_new:
        there = ctx.db.scalars(
            select(Service.municipality_id).where(Service.id == service_id)
        ).first()
        if there != municipality_id:
            raise NotFound
        return service_id
    _write_below(ctx, municipality_id, service_id, facts, is_public=True)
    audit.record(ctx, municipality_id, "service.written", thing_id=service_id)
    return service_id


def change_service(ctx: Context, service_id: UUID, facts: Facts) -> None:
    """Whoever changes it at the same moment comes before or after, not in between."""
    service = service_for(ctx, service_id)
    ctx.db.execute(
        update(Service)
        .where(Service.id == service_id)
        .values(**_columns(ctx, facts))
        .execution_options(synchronize_session=False)
    )
    for model in (ServiceText, ServiceHours):
        ctx.db.execute(
            delete(model)
            .where(model.service_id == service_id)
            .execution_options(synchronize_session=False)
        )
    _write_below(ctx, service.municipality_id, service_id, facts, is_public=service.is_public)
    audit.record(ctx, service.municipality_id, "service.written", thing_id=service_id)


def show_service(ctx: Context, service_id: UUID, *, is_public: bool) -> None:
    """Hidden it is found by nobody but who keeps it."""
    service = service_for(ctx, service_id)
    ctx.db.execute(
        update(Service)
        .where(Service.id == service_id)
        .values(is_public=is_public, changed_at=ctx.now(), changed_by=ctx.actor.own_id)
        .execution_options(synchronize_session=False)
    )
    for model in (ServiceText, ServiceHours):
        ctx.db.execute(
            update(model)
            .where(model.service_id == service_id)
            .values(is_public=is_public)
            .execution_options(synchronize_session=False)
        )
    what = "service.shown" if is_public else "service.hidden"
    audit.record(ctx, service.municipality_id, what, thing_id=service_id)


def _columns(ctx: Context, facts: Facts) -> dict[str, object]:
    return {
        "name": facts.name,
        "reason": facts.reason,
        "address": facts.address,
        "phone": facts.phone,
        "languages": list(facts.languages),
        "closed_on_holidays": facts.closed_on_holidays,
        "changed_at": ctx.now(),
        "changed_by": ctx.actor.own_id,
    }


def _write_below(
    ctx: Context, municipality_id: UUID, service_id: UUID, facts: Facts, *, is_public: bool
) -> None:
    shared = {
        "municipality_id": municipality_id,
        "service_id": service_id,
        "is_public": is_public,
    }
    for language, (what, bring) in facts.texts.items():
        ctx.db.add(
            ServiceText(id=ctx.new_id(), language=language, what=what, bring=bring, **shared)
        )
    for span in facts.week:
        ctx.db.add(
            ServiceHours(
                id=ctx.new_id(),
                weekday=span.weekday,
                opens=span.opens,
                closes=span.closes,
                **shared,
            )
        )
    ctx.db.flush()
