"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.recognition.models import RecognitionInformation
from civic.recognition.queries.paths import PathPage, own_pages
from civic.signatures.queries import Document


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        paths = own_pages(ctx)
        informed = ctx.db.scalars(
            select(RecognitionInformation).where(RecognitionInformation.person_id == person_id)
        ).all()
    return {
        "information": [
            {"how": row.how.value, "language": row.language, "given": row.given_on.isoformat()}
            for row in informed
        ],
        "paths": [_path(page) for page in paths],
    }


def _path(page: PathPage) -> dict[str, Any]:
    path = page.path
    return {
        "association": page.association_name,
        "municipality": page.municipality_name,
        "tutor": page.tutor_name,
        "state": path.state.value,
        "own_wish": path.is_own_wish,
        "minutes_planned": path.minutes_planned,
        "starts": path.starts_on.isoformat() if path.starts_on else None,
        "ends": path.ends_on.isoformat() if path.ends_on else None,
        "end_reason": path.end_reason,
        "minutes": page.minutes,
        "goals": [
            {
                "sector": goal.sector,
                "words_it": goal.words_it,
                "words": goal.words,
                "language": goal.language,
                "skills": list(goal.skills),
            }
            for goal in page.goals
        ],
        "evidence": [
            {
                "kind": row.kind.value,
                "words": row.words,
                "skill": row.skill,
                "rating": row.rating.value if row.rating else None,
                "photo": row.has_photo,
                "made": row.made_at.isoformat(),
            }
            for row in page.proofs
        ],
        "papers": [_paper(each) for each in (*page.projects, *page.statements)],
    }


def _paper(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind.value,
        "number": document.number,
        "sha256": document.hash,
        "content": document.content,
        "signatures": [
            {
                "side": signed.side.value,
                "name": signed.signer_name,
                "how": signed.means.value,
                "at": signed.signed_at.isoformat(),
                "drawing": signed.drawing,
            }
            for signed in document.signatures.values()
        ],
    }
