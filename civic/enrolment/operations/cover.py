"""Cover for those who take part (Third-Sector Code, art. 18)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from civic.audit import operations as audit
from civic.enrolment.errors import (
    NobodyCovered,
    NoRiskCovered,
    PolicyEndNotEarlier,
    PolicyEndReasonMissing,
    PolicyEndsBeforeStart,
    PolicyTooLong,
)
from civic.enrolment.events import CoverAdded, CoverEnded
from civic.enrolment.models import InsurancePolicy, PolicyBasis
from civic.enrolment.policy import END_POLICY, INSURE, INSURE_CITY
from civic.enrolment.rules import ASSOCIATIONS_OWN, LONGEST_POLICY, LegalBasis, Risk
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Place

ALL_RISKS = frozenset(Risk)


@dataclass(frozen=True)
class NewPolicy:
    association_id: UUID | None
    """None for the municipality's own."""
    municipality_id: UUID
    insurer: str
    number: str
    starts_on: date
    ends_on: date
    risks: frozenset[Risk] = ALL_RISKS
    bases: tuple[LegalBasis, ...] = ASSOCIATIONS_OWN


def add_policy(ctx: Context, new: NewPolicy) -> UUID:
    """An organiser enters the association's cover, or an officer the municipality's; whoever
    waited for it gets their place. Policies already written down stay as they were."""
    permission = INSURE_CITY if new.association_id is None else INSURE
    permission.require(ctx.actor, Place(new.municipality_id, new.association_id))
    _check(new)
    policy = InsurancePolicy(
        id=ctx.new_id(),
        municipality_id=new.municipality_id,
        association_id=new.association_id,
        insurer=new.insurer,
        number=new.number,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        covers_accident=Risk.ACCIDENT in new.risks,
        covers_illness=Risk.ILLNESS in new.risks,
        covers_liability=Risk.LIABILITY in new.risks,
    )
    ctx.db.add(policy)
    ctx.db.flush()
    ctx.db.add_all(PolicyBasis(policy_id=policy.id, legal_basis=basis) for basis in new.bases)
    ctx.db.flush()
    audit.record(ctx, new.municipality_id, "policy.added", thing_id=policy.id)
    emit(
        ctx,
        CoverAdded(
            municipality_id=new.municipality_id,
            association_id=new.association_id,
            starts_on=new.starts_on,
            ends_on=new.ends_on,
        ),
    )
    return policy.id


def _check(new: NewPolicy) -> None:
    if new.ends_on < new.starts_on:
        raise PolicyEndsBeforeStart
    if new.ends_on - new.starts_on > LONGEST_POLICY:
        raise PolicyTooLong
    if not new.risks:
        raise NoRiskCovered
    if not new.bases or (new.association_id and not set(new.bases) <= set(ASSOCIATIONS_OWN)):
        raise NobodyCovered


def end_policy(ctx: Context, policy_id: UUID, last_day: date, reason: str) -> None:
    """It covers up to that day only. What had been agreed stays beside it, with the reason; whose
    place it was to cover after that day waits again, unless another policy covers them."""
    policy = ctx.db.get(InsurancePolicy, policy_id, with_for_update=True)
    if policy is None:
        raise NotFound
    END_POLICY.require(ctx.actor, Place(policy.municipality_id, policy.association_id))
    if not policy.starts_on <= last_day < policy.ends_on:
        raise PolicyEndNotEarlier(first=policy.starts_on, last=policy.ends_on)
    if not reason:
        raise PolicyEndReasonMissing
    lost = CoverEnded(
        municipality_id=policy.municipality_id,
        association_id=policy.association_id,
        starts_on=last_day + timedelta(days=1),
        ends_on=policy.ends_on,
    )
    details = {"was": policy.ends_on.isoformat(), "is": last_day.isoformat()}
    policy.was_to_end_on = policy.was_to_end_on or policy.ends_on
    policy.ends_on, policy.end_reason = last_day, reason
    ctx.db.flush()
    audit.record(
        ctx,
        policy.municipality_id,
        "policy.ended",
        thing_id=policy.id,
        reason=reason,
        details=details,
    )
    emit(ctx, lost)
