"""What one can expect of an association, on its projects' pages and at the municipality's desk."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, render_template

from civic.catalogue.queries.projects import ProjectPage
from civic.enrolment.measures import Plain, plain, share_held
from civic.enrolment.queries.measures import measure_of, measures_in
from civic.web.transaction import bindings, reading

KEPT = "civic_measures"
LIFE = timedelta(minutes=10)
"""Months are looked at: what happened in the last minutes can wait."""
MOST_KEPT = 2000


def association_panel(page: ProjectPage) -> str:
    """In plain words, for visitors; nothing where too little is known."""
    said = _said(page.association_id, page.municipality_id)
    return "" if said.is_silent else render_template("enrolment/measure.html", said=said)


def _said(association_id: UUID, municipality_id: UUID) -> Plain:
    """Each process asks once in ten minutes for each association."""
    kept: OrderedDict[tuple[UUID, UUID], tuple[datetime, Plain]]
    kept = current_app.extensions.setdefault(KEPT, OrderedDict())
    key, now = (association_id, municipality_id), bindings().database.clock.now()
    at, said = kept.get(key, (None, None))
    if at is not None and said is not None and timedelta(0) <= now - at < LIFE:
        return said
    with reading() as ctx:
        said = plain(measure_of(ctx, *key))
    kept[key] = now, said
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return said


def city_panel(rows: Sequence[Any]) -> str:
    """In figures, for officers; `rows` are the associations that their page lists."""
    with reading() as ctx:
        found = measures_in(ctx, {row.municipality_id for row in rows})
    lines = [
        (row, measure, share_held(measure))
        for row in rows
        if (measure := found.get((row.id, row.municipality_id))) is not None
    ]
    return render_template("enrolment/measures.html", lines=lines) if lines else ""
