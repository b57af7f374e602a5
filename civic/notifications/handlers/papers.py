"""Papers that wait to be signed. Phones are read by others: which paper, the message does not say."""

from uuid import UUID

from civic.housing.events import AgreementFrozen
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind
from civic.plans.events import PlanFrozen
from civic.recognition.events import RecognitionPaperFrozen


def on_plan_frozen(ctx: Context, event: PlanFrozen) -> None:
    _tell(ctx, event.person_id, event.version_id)


def on_recognition_paper_frozen(ctx: Context, event: RecognitionPaperFrozen) -> None:
    _tell(ctx, event.person_id, event.document_id)


def on_agreement_frozen(ctx: Context, event: AgreementFrozen) -> None:
    _tell(ctx, event.person_id, event.document_id)


def _tell(ctx: Context, person_id: UUID, paper_id: UUID) -> None:
    letters.send_to_person(
        ctx,
        person_id,
        MessageKind.PAPER_WAITS,
        f"{MessageKind.PAPER_WAITS}:{paper_id.hex}",
        lambda _language: {},
    )
