"""A case with a row behind everything that an address of its pages can name."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.cases.access import Data
from civic.cases.keeping_models import CaseErasure
from civic.cases.models import CaseAccess, CaseAlert, CaseConflict, CaseDocument, CaseTask
from civic.cases.operations.appointments import NewAppointment, make_appointment
from civic.cases.operations.entries import NewAlert, NewTask, add_alert, add_task
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.merging import merge
from civic.cases.operations.referrals import NewReferral, refer
from civic.cases.retention import ErasureReason
from civic.cases.vocabulary import AlertKind, Purpose, Recipient
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.vault import Spot
from tests.factories.cases import consent, in_charge, make_house


def case_with_everything(ctx: Context) -> dict[str, UUID | str]:
    """A case of the city with something of everything that an address can name."""
    house = make_house(ctx, "potenza")
    case_id = in_charge(ctx, house)
    ctx = ctx.acting(house.lead)
    add_task(ctx, case_id, NewTask("Chiamare la scuola"))
    day = rome_day(ctx.now()) + timedelta(days=9)
    add_alert(ctx, case_id, NewAlert(Data.SOCIAL, AlertKind.OTHER, "Cane in casa", day))
    sharing = consent(ctx, case_id, Purpose.SHARING, Recipient.SCHOOL)
    referral = refer(ctx, case_id, NewReferral(sharing, [Data.IDENTITY], None, "Un posto"))
    at = ctx.now() + timedelta(days=2)
    appointment = make_appointment(ctx, case_id, NewAppointment(at, 30))
    other_id = open_case(ctx, NewCase(house.city.id, {"given": "Aua"}))
    document_id, conflict_id, erasure_id = ctx.new_id(), ctx.new_id(), ctx.new_id()
    key = ctx.vault.key_of(house.city.id, case_id)
    of_case = {"municipality_id": house.city.id, "case_id": case_id}
    ctx.db.add_all([
        CaseDocument(id=document_id, data=Data.SOCIAL, file="0" * 32, size=1, kept_at=ctx.now(),
                     sealed=key.seal(Spot("case_document", document_id), {}), **of_case),
        CaseConflict(id=conflict_id, data=Data.SOCIAL, base_version=0, written_at=ctx.now(),
                     sealed=key.seal(Spot("case_conflict", conflict_id), {}), **of_case),
        CaseErasure(id=erasure_id, reason=ErasureReason.PERSON_ASKED, asked_at=ctx.now(), **of_case),
    ])  # fmt: skip
    ctx.db.flush()
    merge_id = merge(ctx, case_id, other_id)

    def first(model: Any) -> UUID:
        found: UUID = ctx.db.scalars(select(model.id).where(model.case_id == case_id)).all()[0]
        return found

    return {
        "case_id": case_id, "other_id": other_id, "merge_id": merge_id, "consent_id": sharing,
        "referral_id": referral, "appointment_id": appointment, "document_id": document_id,
        "conflict_id": conflict_id, "task_id": first(CaseTask), "alert_id": first(CaseAlert),
        "access_id": first(CaseAccess), "data": "identity", "to": "intake", "how": "split",
        "judged": "right", "outcome": "came", "step": "called_back", "verdict": "merge",
        "reply": "take", "erasure_id": erasure_id, "decision": "confirm",
    }  # fmt: skip
