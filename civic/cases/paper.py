"""A case on paper and for machines: made of the view its reader was given, so that neither can hold
more than the page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from civic.cases.access import Access, Data
from civic.cases.operations.reading import CaseView
from civic.cases.queries.files import Part
from civic.cases.sections import SECTIONS
from civic.cases.words import CASE_WORDS
from civic.web.locale import page_language
from civic.web.paper import isolated, typeset
from civic.web.words import local_date


def view_as_values(view: CaseView) -> dict[str, Any]:
    """Codes and what was written, for a program."""
    return {
        "reference": view.case.reference,
        "name": view.name,
        "state": view.case.state.value,
        "parts": {
            data.value: {
                "access": part.access.name.lower(),
                "is_there": part.is_there,
                "values": dict(part.values),
            }
            for data, part in view.parts.items()
            if part.access > Access.NONE
        },
        "timeline": [
            {
                "data": row.data.value,
                "kind": row.kind.value,
                "at": row.happened_at.isoformat(),
                "words": row.words,
            }
            for row in view.timeline.entries
        ],
        "tasks": [
            {"words": task.words, "due": task.due_on.isoformat() if task.due_on else None}
            for task in view.tasks
        ],
        "tasks_open": len(view.tasks) or view.open_tasks,
        "alerts": [
            {"data": row.data.value, "kind": row.kind.value, "words": row.words}
            for row in view.alerts
        ],
    }


def typeset_case(view: CaseView, names: Mapping[UUID, str], reader: str) -> bytes:
    """With the reader's name on every page: a copy found somewhere tells whose it was."""
    return typeset(
        "cases/case",
        {
            "lang": page_language().tag,
            "dir": page_language().direction,
            "title": _("Case %(reference)s", reference=view.case.reference),
            "name": view.name,
            "state": CASE_WORDS.state(view.case.state),
            "printed_for": _(
                "Printed for %(name)s. Keep it under lock, then destroy it.", name=reader
            ),
            "blocks": [*_parts(view), *_tasks(view), *_timeline(view, names)],
        },
    )


def _parts(view: CaseView) -> list[dict[str, str]]:
    blocks = []
    for data, section in SECTIONS.items():
        part = view.parts[data]
        if not part.is_there:
            continue
        blocks.append({"kind": "section", "text": _(section.title), "label": ""})
        if part.access < Access.READ:
            blocks.append({"kind": "note", "text": _there_is(part), "label": ""})
            continue
        for field in section.fields:
            words = CASE_WORDS.value(field, part.values.get(field.name))
            if words:
                blocks.append({"kind": "fact", "label": _(field.label), "text": isolated(words)})
    return blocks


def _there_is(part: Part) -> str:
    if part.data is Data.IDENTITY:
        return str(part.values.get("initials", ""))
    if part.data is Data.LEGAL_STATUS and part.access is Access.MASKED:
        return (
            _("There is a permit.") if part.values.get("has_permit") else _("No permit is known.")
        )
    return _("Something is written here. It is not for your role.")


def _tasks(view: CaseView) -> list[dict[str, str]]:
    if not view.tasks:
        return []
    lines = [{"kind": "section", "text": _("To do"), "label": ""}]
    for task in view.tasks:
        due = local_date(task.due_on) if task.due_on else ""
        lines.append({"kind": "fact", "label": due, "text": isolated(task.words)})
    return lines


def _timeline(view: CaseView, names: Mapping[UUID, str]) -> list[dict[str, str]]:
    if not view.timeline.entries:
        return []
    lines = [{"kind": "section", "text": _("What happened"), "label": ""}]
    for row in view.timeline.entries:
        who = names.get(row.written_by, "") if row.written_by else ""
        label = f"{local_date(row.happened_at)} · {CASE_WORDS.data(row.data)}"
        label = f"{label} · {who}" if who else label
        said = CASE_WORDS.entry(row.words) if row.words is not None else _("A sealed note.")
        lines.append({"kind": "words", "label": label, "text": isolated(said)})
    return lines
