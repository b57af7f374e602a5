"""What of a file its reader may see, opened and cut to measure here: nothing that is more than that
ever leaves this module, so no page, list, export or message can show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select

from civic.cases.access import Access, Data
from civic.cases.models import CaseConflict, CaseFile, CaseSection
from civic.cases.queries.gate import CaseFacts, reference_of
from civic.kernel.context import Context
from civic.kernel.vault import Spot, SubjectKey


@dataclass(frozen=True)
class Part:
    """One kind of data of a file, as far as its reader may see it."""

    data: Data
    access: Access
    is_there: bool
    """Whether anything was written; false also where the reader may not even know."""
    values: Mapping[str, Any]
    """Empty below `READ`, but for the mask of an identity or a permit."""
    version: int
    written_at: datetime | None
    written_by: UUID | None


@dataclass(frozen=True)
class Kept:
    """A section as it is sealed."""

    id: UUID
    case_id: UUID
    data: Data
    version: int
    written_by: UUID | None
    written_at: datetime
    sealed: bytes


class Keys:
    """The data keys of the cases at hand, each unwrapped once."""

    def __init__(self, ctx: Context, municipality_id: UUID) -> None:
        self._ctx, self._city, self._known = ctx, municipality_id, dict[UUID, SubjectKey]()

    def of(self, case_id: UUID) -> SubjectKey:
        if case_id not in self._known:
            self._known[case_id] = self._ctx.vault.key_of(self._city, case_id)
        return self._known[case_id]

    def open(self, table: str, case_id: UUID, row_id: UUID, sealed: bytes) -> Any:
        return self.of(case_id).open(Spot(table, row_id), sealed)


def ids_of(ctx: Context, case: CaseFacts) -> list[UUID]:
    """The file and those that were merged into it."""
    merged = ctx.db.scalars(select(CaseFile.id).where(CaseFile.merged_into_id == case.id))
    return [case.id, *merged]


KINDS = CaseSection.data.type
_TOP = (
    select(CaseSection.case_id, CaseSection.data, func.max(CaseSection.version).label("top"))
    .where(CaseSection.case_id.in_(bindparam("cases", type_=Uuid(), expanding=True)))
    .where(CaseSection.data.in_(bindparam("kinds", type_=KINDS, expanding=True)))
    .group_by(CaseSection.case_id, CaseSection.data)
    .subquery()
)
_LATEST = select(
    CaseSection.id,
    CaseSection.case_id,
    CaseSection.data,
    CaseSection.version,
    CaseSection.written_by,
    CaseSection.written_at,
    CaseSection.sealed,
).join(
    _TOP,
    and_(
        CaseSection.case_id == _TOP.c.case_id,
        CaseSection.data == _TOP.c.data,
        CaseSection.version == _TOP.c.top,
    ),
)
"""Built once; the same is asked with every page."""
_CASE_ID = bindparam("case_id", type_=Uuid())
OF_CASE = or_(CaseFile.id == _CASE_ID, CaseFile.merged_into_id == _CASE_ID)
"""The file and those that were merged into it, inside another statement."""


def latest(
    ctx: Context, case_ids: Sequence[UUID], only: Iterable[Data] = tuple(Data)
) -> dict[UUID, dict[Data, Kept]]:
    """Each part's highest version, still sealed. One statement."""
    rows = ctx.db.execute(_LATEST, {"cases": list(case_ids), "kinds": list(only)})
    found: dict[UUID, dict[Data, Kept]] = {}
    for row in rows:
        found.setdefault(row.case_id, {})[row.data] = Kept(*row)
    return found


def parts_of(ctx: Context, case: CaseFacts, keys: Keys | None = None) -> dict[Data, Part]:
    keys = keys or Keys(ctx, case.municipality_id)
    visible = case.readable(Access.EXISTENCE)
    kept = latest(ctx, [case.id], visible).get(case.id, {})
    return {data: part_of(case, data, kept.get(data), keys) for data in Data}


def part_of(case: CaseFacts, data: Data, kept: Kept | None, keys: Keys) -> Part:
    access = case.access[data]
    if kept is None or access is Access.NONE:
        return Part(data, access, False, {}, 0, None, None)
    values: Mapping[str, Any] = {}
    if access >= Access.MASKED:
        opened = keys.open("case_section", kept.case_id, kept.id, kept.sealed)
        values = opened if access >= Access.READ else masked(data, opened)
    is_read = access >= Access.READ
    return Part(
        data,
        access,
        True,
        values,
        kept.version if is_read else 0,
        kept.written_at if is_read else None,
        kept.written_by if is_read else None,
    )


def masked(data: Data, values: Mapping[str, Any]) -> dict[str, Any]:
    """The shape alone: initials of a name, whether there is a permit."""
    if data is Data.IDENTITY:
        return {"initials": initials(values)}
    if data is Data.LEGAL_STATUS:
        return {"has_permit": values.get("permit_kind") not in ("", None, "none", "unknown")}
    return {}


def initials(identity: Mapping[str, Any]) -> str:
    names = [str(identity.get(kind) or "") for kind in ("given", "family")]
    if not any(names):
        names = str(identity.get("called") or "").split()[:2]
    return " ".join(f"{name.strip()[0].upper()}." for name in names if name.strip())


def name_in(identity: Part | Mapping[str, Any], case_id: UUID) -> str:
    """What a case is called on a page: the name for who may read it, initials, or its reference."""
    values = identity.values if isinstance(identity, Part) else identity
    whole = " ".join(str(values.get(kind) or "") for kind in ("given", "family")).strip()
    return whole or str(values.get("called") or values.get("initials") or reference_of(case_id))


def version_of(ctx: Context, case: CaseFacts, data: Data) -> int:
    top = ctx.db.scalar(
        select(func.max(CaseSection.version))
        .where(CaseSection.case_id == case.id)
        .where(CaseSection.data == data)
    )
    return int(top or 0)


@dataclass(frozen=True)
class ConflictRow:
    """A version that lost the race, beside the one that stands."""

    id: UUID
    data: Data
    written_by: UUID | None
    written_at: datetime
    values: Mapping[str, Any]


_CONFLICTS = (
    select(CaseConflict)
    .where(
        CaseConflict.case_id == bindparam("case_id", type_=Uuid()),
        CaseConflict.settled_at.is_(None),
    )
    .where(CaseConflict.data.in_(bindparam("kinds", type_=KINDS, expanding=True)))
    .order_by(CaseConflict.written_at, CaseConflict.id)
)


def conflicts_of(ctx: Context, case: CaseFacts, keys: Keys) -> list[ConflictRow]:
    asked = {"case_id": case.id, "kinds": case.readable(Access.WRITE)}
    rows = ctx.db.scalars(_CONFLICTS, asked).all()
    return [
        ConflictRow(
            row.id,
            row.data,
            row.written_by,
            row.written_at,
            keys.open("case_conflict", row.case_id, row.id, row.sealed),
        )
        for row in rows
    ]
