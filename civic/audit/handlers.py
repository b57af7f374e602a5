"""What lower rooms tell is written into the trail."""

from civic.audit import operations
from civic.kernel.context import Context
from civic.tenancy.events import AssociationDecided


def on_association_decided(ctx: Context, event: AssociationDecided) -> None:
    assert event.municipality_id is not None  # noqa: S101 - the event always has its city
    operations.record(
        ctx,
        event.municipality_id,
        f"association.{event.verification}",
        thing_id=event.association_id,
        actor_id=event.decided_by,
    )
