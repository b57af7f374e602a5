"""What the two papers of the recognition path say, as plain JSON, frozen when they are signed.

Both:         language of the person's pages; municipality, association, tutor; person {name, birth_year or
              null, birth_date or null}; starts_on, ends_on; hours_planned; goals [{sector, words_it,
              words, language, skills}]
Project:      informed {how, language, given_on}
Transparency: project {number, hash}; minutes, sessions, first_day, last_day, ledger_hash (SHA-256 over
              the lines `session day minutes`); goals have besides: evidence [{kind, words, day or null}];
              skills [{skill, rating}]

Days are ISO dates, minutes whole numbers. It is a statement of what was practised and certifies nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from civic.kernel.clock import rome_day
from civic.recognition.queries.paths import GoalRow, LineRow, PathPage, ProofRow
from civic.recognition.rules import Proof
from civic.signatures.queries import Document


class Known(NamedTuple):
    """Of the person, beside their name; nothing of it is demanded."""

    language: str
    birth_year: int | None
    birth_date: date | None


def project_content(page: PathPage, known: Known) -> Mapping[str, Any]:
    content = _both(page, known)
    informed = page.informed
    content["goals"] = [_goal(goal) for goal in page.goals]
    content["informed"] = informed and {
        "how": informed.how.value,
        "language": informed.language,
        "given_on": informed.given_on.isoformat(),
    }
    return content


def transparency_content(page: PathPage, project: Document, known: Known) -> Mapping[str, Any]:
    content = _both(page, known)
    days = sorted(line.day for line in page.lines)
    content |= {
        "project": {"number": project.number, "hash": project.hash},
        "minutes": page.minutes,
        "sessions": len({line.session_id for line in page.lines}),
        "first_day": days[0].isoformat() if days else None,
        "last_day": days[-1].isoformat() if days else None,
        "ledger_hash": ledger_hash(page.lines),
        "goals": [_goal(goal) | {"evidence": _evidence(page, goal.id)} for goal in page.goals],
        "skills": [
            {"skill": skill, "rating": rating} for skill, rating in sorted(page.ratings.items())
        ],
    }
    return content


def ledger_hash(lines: Sequence[LineRow]) -> str:
    """So that a doubt can be settled with the association's ledger of that day."""
    ordered = sorted(f"{line.session_id} {line.day.isoformat()} {line.minutes}" for line in lines)
    return hashlib.sha256("\n".join(ordered).encode()).hexdigest()


def _both(page: PathPage, known: Known) -> dict[str, Any]:
    path = page.path
    return {
        "language": known.language,
        "municipality": page.municipality_name,
        "association": page.association_name,
        "tutor": page.tutor_name,
        "person": {
            "name": page.person_name,
            "birth_year": known.birth_year,
            "birth_date": known.birth_date.isoformat() if known.birth_date else None,
        },
        "starts_on": path.starts_on.isoformat() if path.starts_on else None,
        "ends_on": path.ends_on.isoformat() if path.ends_on else None,
        "hours_planned": path.minutes_planned // 60,
    }


def _goal(goal: GoalRow) -> dict[str, Any]:
    return {
        "sector": goal.sector,
        "words_it": goal.words_it,
        "words": goal.words or goal.words_it,
        "language": goal.language if goal.words else "it",
        "skills": list(goal.skills),
    }


def _evidence(page: PathPage, goal_id: object) -> list[dict[str, Any]]:
    """Photos are counted and not shown: a paper goes where its reader takes it."""
    behind = [row for row in reversed(page.proofs) if row.goal_id == goal_id]
    return [
        {"kind": row.kind.value, "words": row.words, "day": _day(page, row)}
        for row in behind
        if row.kind is not Proof.ASSESSMENT
    ]


def _day(page: PathPage, row: ProofRow) -> str:
    """Of the session it comes from, else of its writing."""
    days = [line.day for line in page.lines if line.session_id == row.session_id]
    return (days[0] if days else rome_day(row.made_at)).isoformat()
