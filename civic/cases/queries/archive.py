"""Everything of a file, opened by the system for the person it is about. Nobody else is ever handed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from civic.accounts import queries as accounts
from civic.cases.access import Data
from civic.cases.blackout import LISTED, names_in
from civic.cases.keeping_models import CaseArchive
from civic.cases.models import (
    Appointment,
    CaseAccess,
    CaseAlert,
    CaseConflict,
    CaseConsent,
    CaseDocument,
    CaseEntry,
    CaseFile,
    CaseMove,
    CaseReferral,
    CaseSection,
    CaseTask,
    HouseholdMember,
)
from civic.cases.queries.files import Keys, latest
from civic.cases.queries.gate import reference_of
from civic.kernel.context import Context
from civic.tenancy.queries.standings import city_names

NAMES = ("given", "family", "called")
# What of a row goes along as it is; `by` are people of the staff, shown by name.
PLAIN: tuple[tuple[str, Any, tuple[str, ...], str | None], ...] = (
    ("parts", CaseSection, ("data", "version", "written_at"), "written_by"),
    ("other_versions", CaseConflict, ("data", "written_at"), "written_by"),
    ("timeline", CaseEntry, ("data", "kind", "happened_at", "written_at"), "written_by"),
    ("tasks", CaseTask, ("due_on", "agreed_at", "set_at", "done_at", "dropped"), "set_by"),
    ("alerts", CaseAlert, ("data", "kind", "about_on", "expires_on", "ended_at"), "set_by"),
    ("states", CaseMove, ("from_state", "to_state", "ending", "moved_at"), "moved_by"),
    ("appointments", Appointment, ("at", "minutes", "state", "made_at"), "with_id"),
    ("documents", CaseDocument, ("data", "size", "kept_at", "given_at"), "kept_by"),
    ("team", CaseAccess, ("role", "since", "until", "is_emergency", "was_right"), "person_id"),
    (
        "consents",
        CaseConsent,
        (
            "purpose",
            "recipient",
            "given_on",
            "language",
            "with_mediator",
            "recorded_at",
            "withdrawn_at",
        ),
        "recorded_by",
    ),
    (
        "referrals",
        CaseReferral,
        ("carried", "state", "refused_for", "sent_at", "decided_at", "done_at"),
        "sent_by",
    ),
)


@dataclass(frozen=True)
class Opened:
    """A file as it stands, before any name is taken out."""

    values: dict[str, Any]
    own_names: tuple[str, ...]


def all_of_file(ctx: Context, file: CaseFile, ids: Sequence[UUID]) -> Opened:
    """Codes, instants and what was written, of every discipline; the file and those merged into it."""
    keys = Keys(ctx, file.municipality_id)
    rows = {
        name: list(ctx.db.scalars(select(model).where(model.case_id.in_(ids)).order_by(model.id)))
        for name, model, _columns, _by in PLAIN
    }
    wrote = {
        who for name, _m, _c, by in PLAIN if by for row in rows[name] if (who := getattr(row, by))
    }
    names = accounts.names(ctx, wrote)
    values: dict[str, Any] = {
        "reference": reference_of(file.id),
        "municipality": city_names(ctx, {file.municipality_id})[file.municipality_id],
        "state": file.state.value,
        "opened_at": file.opened_at.isoformat(),
        "language": file.language,
    }
    for name, model, columns, by in PLAIN:
        values[name] = [_row(row, model, columns, by, names, keys) for row in rows[name]]
    values["household"] = _relations(ctx, ids)
    kept = latest(ctx, ids, [Data.IDENTITY]).values()
    return Opened(values, _names_of(keys, [each[Data.IDENTITY] for each in kept]))


def _row(
    row: Any,
    model: Any,
    columns: Sequence[str],
    by: str | None,
    names: dict[UUID, str],
    keys: Keys,
) -> dict[str, Any]:
    told = {name: _plain(getattr(row, name)) for name in columns}
    if by is not None:
        told["by"] = names.get(getattr(row, by), "")
    sealed = getattr(row, "sealed", None)
    if sealed is not None:
        told["said"] = keys.open(model.__tablename__, row.case_id, row.id, sealed)
    return told


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _relations(ctx: Context, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """That somebody lives or lived with them, and not who: that is the other's to tell. Whoever was
    split off for safety is not even counted."""
    return [
        {"relation": row.relation.value, "since": _plain(row.since), "left_at": _plain(row.left_at)}
        for row in _housemates(ctx, ids, HouseholdMember.is_hidden.is_(False))
        if not row.is_hidden
    ]


def _housemates(
    ctx: Context, ids: Sequence[UUID], *own: ColumnElement[bool]
) -> Sequence[HouseholdMember]:
    """Of every home that the person lived in, as far as their own line is such a one."""
    homes = select(HouseholdMember.household_id).where(HouseholdMember.case_id.in_(ids), *own)
    return ctx.db.scalars(
        select(HouseholdMember)
        .where(HouseholdMember.household_id.in_(homes))
        .where(HouseholdMember.case_id.not_in(ids))
        .order_by(HouseholdMember.since, HouseholdMember.id)
    ).all()


def third_names(ctx: Context, file: CaseFile, ids: Sequence[UUID]) -> list[str]:
    """Everybody who stands in the file and is not the person: those that the staff listed, in every
    version of a part and in notes, and who lives or lived with them."""
    keys = Keys(ctx, file.municipality_id)
    found: dict[str, None] = {}
    for model in (CaseSection, CaseConflict, CaseEntry):
        for row in ctx.db.execute(
            select(model.id, model.case_id, model.sealed).where(model.case_id.in_(ids))
        ):
            said = keys.open(model.__tablename__, row.case_id, row.id, row.sealed)
            found.update(dict.fromkeys(_listed(said)))
    others = {row.case_id for row in _housemates(ctx, ids)}
    alive = ctx.db.scalars(
        select(CaseFile.id).where(CaseFile.id.in_(others), CaseFile.erased_at.is_(None))
    ).all()
    versions = ctx.db.execute(
        select(CaseSection.id, CaseSection.case_id, CaseSection.sealed)
        .where(CaseSection.case_id.in_(alive))
        .where(CaseSection.data == Data.IDENTITY)
    ).all()
    found.update(dict.fromkeys(_names_of(keys, versions)))
    return sorted(found)


def _listed(said: Any) -> list[str]:
    return names_in(str(said.get(LISTED) or "")) if isinstance(said, dict) else []


def _names_of(keys: Keys, sections: Sequence[Any]) -> tuple[str, ...]:
    """Whole names and each part of them."""
    found = []
    for row in sections:
        said = keys.open("case_section", row.case_id, row.id, row.sealed)
        parts = [str(said.get(kind) or "").strip() for kind in NAMES]
        found += [" ".join(filter(None, parts[:2])), *parts]
    return tuple(dict.fromkeys(filter(None, found)))


def archive_of(ctx: Context, case_id: UUID, *, lock: bool = False) -> CaseArchive | None:
    """The newest request."""
    statement = (
        select(CaseArchive)
        .where(CaseArchive.case_id == case_id)
        .order_by(CaseArchive.asked_at.desc(), CaseArchive.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return ctx.db.scalars(statement.with_for_update() if lock else statement).first()
