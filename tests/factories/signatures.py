"""Papers as they are frozen, about a plan that need not exist."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from civic.kernel.context import Context
from civic.signatures import operations
from civic.signatures.operations import Draft
from civic.signatures.queries import Document, document_about
from civic.signatures.rules import Kind
from tests.factories.plan_desk import Desk

SCRIBBLE = "[[[10,10],[20,30],[30,60],[40,90],[60,120]],[[200,10],[210,30],[220,60],[230,90]]]"


def draft_of(
    desk: Desk, about_id: UUID | None = None, content: Mapping[str, Any] | None = None
) -> Draft:
    return Draft(
        kind=Kind.PLAN,
        about_id=about_id or uuid4(),
        municipality_id=desk.city.id,
        association_id=None,
        person_id=desk.person.own_id,
        content=content or {"language": "ar", "goals": ["أريد أن أعمل", "Voglio lavorare"]},
    )


def freeze(ctx: Context, draft: Draft) -> Document:
    return document_about(ctx, draft.kind, draft.about_id, operations.freeze(ctx, draft))
