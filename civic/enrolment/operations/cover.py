"""An association's cover for its volunteers (Third-Sector Code, art. 18)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.audit import operations as audit
from civic.enrolment.errors import PolicyEndsBeforeStart, PolicyTooLong
from civic.enrolment.models import InsurancePolicy
from civic.enrolment.policy import INSURE
from civic.enrolment.rules import LONGEST_POLICY
from civic.kernel.context import Context
from civic.kernel.policy import Place


@dataclass(frozen=True)
class NewPolicy:
    association_id: UUID
    municipality_id: UUID
    insurer: str
    number: str
    starts_on: date
    ends_on: date


def add_policy(ctx: Context, new: NewPolicy) -> None:
    """An organiser enters the association's cover; days already entered stay as they were."""
    INSURE.require(ctx.actor, Place(new.municipality_id, new.association_id))
    if new.ends_on < new.starts_on:
        raise PolicyEndsBeforeStart
    if new.ends_on - new.starts_on > LONGEST_POLICY:
        raise PolicyTooLong
    policy = InsurancePolicy(
        id=ctx.new_id(),
        municipality_id=new.municipality_id,
        association_id=new.association_id,
        insurer=new.insurer,
        number=new.number,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
    )
    ctx.db.add(policy)
    ctx.db.flush()
    audit.record(ctx, new.municipality_id, "policy.added", thing_id=policy.id)
