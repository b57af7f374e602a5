"""The PDF of a plan in two languages, as somebody waits for it at the desk: a long plan, each time with
other words, so that nothing is remembered from the time before."""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bench import databases
from bench.figures import Figure, Measure, at_most
from civic.settings import Settings

MOST_SECONDS = 1.0
MADE = 15
GOALS, ACTIONS = 12, 24


def typesetting() -> Iterator[Figure]:
    from civic.app import create_app
    from civic.plans.paper import typeset_plan
    from civic.signatures.queries import Document
    from civic.signatures.rules import Kind

    app = create_app(Settings.from_env(databases.settings(databases.small("plans"))))
    taken = []
    with app.app_context():
        for number in range(MADE):
            document = Document(
                id=UUID(int=1),
                kind=Kind.PLAN,
                number=number,
                municipality_id=UUID(int=2),
                association_id=None,
                person_id=UUID(int=3),
                about_id=UUID(int=4),
                content=_content(number),
                content_hash="",
                hash=f"{number:064x}",
                frozen_at=datetime(2026, 11, 28, 9, tzinfo=UTC),
                frozen_by=None,
                signatures={},
                set_aside_at=None,
                set_aside_reason="",
            )
            began = time.perf_counter()
            typeset_plan(document)
            taken.append(time.perf_counter() - began)
    yield at_most("plans.pdf", statistics.median(taken), "s", MOST_SECONDS)
    yield at_most("plans.pdf_slowest", max(taken), "s", MOST_SECONDS)


def _content(number: int) -> dict[str, Any]:
    """In Arabic and Italian."""
    goals = [
        {
            "domain": "work",
            "words": f"أريد أن أعمل في حدائق المدينة {number} {place}",
            "language": "ar",
            "words_it": f"Voglio lavorare nei giardini della città {number} {place}",
            "state": "open",
            "skills": ["8ce4a4af-969b-4d1c-8bfe-891cff82f913"],
            "milestones": [
                {
                    "words": "Prendere la patente",
                    "language": "it",
                    "due_on": "2027-01-31",
                    "reached_on": None,
                }
            ]
            * 2,
            "badges": [
                {
                    "names": {"it": "Cura del verde", "ar": "العناية بالخضرة"},
                    "association": "Orti in Comune",
                    "awarded_on": "2026-10-11",
                }
            ],
            "papers": [
                {"kind": "italian", "title": "CPIA", "level": "A2", "dated_on": "2026-06-20"}
            ],
        }
        for place in range(GOALS)
    ]
    actions = [
        {
            "owed_by": "person" if place % 2 else "service",
            "words": f"Telefonare alla scuola {place}",
            "language": "it",
            "due_on": "2026-12-20",
            "state": "open",
        }
        for place in range(ACTIONS)
    ]
    return {
        "language": "ar",
        "municipality": "Potenza",
        "case_worker": "Giulia",
        "person": {"name": "أمينة", "birth_year": 1995},
        "agreed_on": "2026-03-01",
        "goals": goals,
        "occupations": ["a48b9a5a-5ded-482d-8cda-7fd097a32c16"],
        "barriers": [],
        "actions": actions,
        "review": {
            "held_on": "2026-11-01",
            "next_on": "2027-02-01",
            "scores": {"worker": {"work": 2}, "person": {"work": 3}},
        },
    }


MEASURES = (Measure(("plans.pdf", "plans.pdf_slowest"), typesetting),)
