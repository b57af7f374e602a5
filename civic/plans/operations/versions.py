"""Freezing what a plan says, and signing exactly that."""

from dataclasses import dataclass
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.outbox import emit
from civic.plans.events import PlanFrozen
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, plan_for
from civic.plans.queries.plans import PlanPage, plan_pages
from civic.plans.queries.versions import content_today, own_version, version_for, versions_of
from civic.signatures import operations as signatures
from civic.signatures.operations import Draft
from civic.signatures.queries import Document
from civic.signatures.rules import Kind, content_hash


@dataclass(frozen=True)
class Versions:
    page: PlanPage
    versions: tuple[Document, ...]
    """The newest first."""
    has_changed: bool
    """Since the newest that was not set aside; True as well while there is none."""


def read_versions(ctx: Context, plan_id: UUID) -> Versions:
    """That they were read is on record, so this is a change."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    record_reading(ctx, plan)
    (page,) = plan_pages(ctx, [plan])
    versions = versions_of(ctx, [plan.id]).get(plan.id, [])
    newest = next((each for each in versions if each.set_aside_at is None), None)
    today = content_hash(content_today(ctx, page))
    return Versions(page, tuple(versions), newest is None or newest.content_hash != today)


def freeze_version(ctx: Context, plan_id: UUID) -> UUID:
    """What the plan says now; the version that waits already, when it says the same."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    (page,) = plan_pages(ctx, [plan])
    version_id = signatures.freeze(
        ctx,
        Draft(
            kind=Kind.PLAN,
            about_id=plan.id,
            municipality_id=plan.municipality_id,
            association_id=None,
            person_id=plan.person_id,
            content=content_today(ctx, page),
        ),
    )
    record_change(ctx, plan, "frozen", version=version_id)
    emit(
        ctx,
        PlanFrozen(
            municipality_id=plan.municipality_id,
            person_id=plan.person_id,
            version_id=version_id,
        ),
    )
    return version_id


def read_version(ctx: Context, plan_id: UUID, version_id: UUID) -> tuple[PlanFacts, Document]:
    plan, version = version_for(ctx, plan_id, version_id, closed_too=True)
    record_reading(ctx, plan)
    return plan, version


def sign_for_service(ctx: Context, plan_id: UUID, version_id: UUID) -> None:
    plan, version = version_for(ctx, plan_id, version_id)
    signatures.sign_as_service(ctx, version)
    record_change(ctx, plan, "signed_by_worker", version=version_id)


def sign_own(ctx: Context, version_id: UUID) -> None:
    """The person, on their own phone."""
    plan, version = own_version(ctx, version_id)
    signatures.sign_as_person(ctx, version)
    record_change(ctx, plan, "signed_by_person", version=version_id)


def record_signed_in_person(ctx: Context, plan_id: UUID, version: Document) -> None:
    plan, _version = version_for(ctx, plan_id, version.id)
    record_change(ctx, plan, "signed_by_person", version=version.id)


def set_version_aside(ctx: Context, plan_id: UUID, version_id: UUID, reason: str) -> None:
    plan, version = version_for(ctx, plan_id, version_id, closed_too=True)
    signatures.set_aside(ctx, version, reason)
    record_change(ctx, plan, "set_aside", version=version_id)
