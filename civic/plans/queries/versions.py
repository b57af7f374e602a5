"""Versions of a plan: what was frozen to be signed, and what the plan says today."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from civic.accounts import queries as accounts
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.plans.contents import plan_content
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, own_plan, plan_for
from civic.plans.queries.occupations import occupations_of
from civic.plans.queries.plans import PlanPage
from civic.signatures import queries as signatures
from civic.signatures.queries import Document
from civic.signatures.rules import Kind


def versions_of(ctx: Context, plan_ids: Sequence[UUID]) -> dict[UUID, list[Document]]:
    """Of plans that came through a gate, the newest first."""
    return signatures.documents_about(ctx, Kind.PLAN, plan_ids)


def content_today(ctx: Context, page: PlanPage) -> Mapping[str, Any]:
    """What would be frozen now."""
    plan = page.plan
    return plan_content(
        page,
        occupations_of(ctx, [plan.id]).get(plan.id, ()),
        language=accounts.page_language_of(ctx, plan.person_id),
        birth_year=accounts.birth_year(ctx, plan.person_id),
    )


def version_for(
    ctx: Context, plan_id: UUID, version_id: UUID, *, closed_too: bool = False
) -> tuple[PlanFacts, Document]:
    """The gate of the case worker: a version of a plan of theirs."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=closed_too)
    return plan, signatures.document_about(ctx, Kind.PLAN, plan.id, version_id)


def own_version(
    ctx: Context, version_id: UUID, *, closed_too: bool = False
) -> tuple[PlanFacts, Document]:
    """The gate of the person: a version of a plan about them."""
    kind, plan_id = signatures.about(ctx, version_id)
    if kind is not Kind.PLAN:
        raise NotFound
    plan = own_plan(ctx, plan_id, closed_too=closed_too)
    return plan, signatures.document_about(ctx, Kind.PLAN, plan.id, version_id)
