"""Whether sealed fields open: for whoever runs Civic, by ids alone. Each room says which of its tables
hold sealed fields and whose key opens them."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.vault import KeyMissing, KeyWrong, Spot, SubjectKey, Tampered

BATCH = 500


@dataclass(frozen=True)
class SealFault:
    spot: str
    """`table.column id`; empty where it is a key that is missing."""
    key: str = ""


def sealed_rows(
    ctx: Context,
    municipality_id: UUID,
    model: Any,
    subject: Any,
    content: Any = None,
) -> Iterator[tuple[UUID, UUID, Any]]:
    """In the order of their subjects, so that one key at a time is in hand."""
    what = model.sealed if content is None else content
    statement = (
        select(model.id, subject.label("subject_id"), what)
        .where(model.municipality_id == municipality_id, what.is_not(None))
        .order_by(subject, model.id)
        .execution_options(yield_per=BATCH)
    )
    with ctx.db.execute(statement) as rows:
        for row in rows:
            yield row[0], row[1], row[2]


class Ring:
    """The key in hand, and which keys were found missing."""

    def __init__(self, ctx: Context, municipality_id: UUID) -> None:
        self.ctx, self.city = ctx, municipality_id
        self._held: tuple[UUID, SubjectKey | None] | None = None
        self._missing: dict[str, bool] = {}

    def of(self, subject_id: UUID) -> SubjectKey | None:
        if self._held is None or self._held[0] != subject_id:
            try:
                self._held = (subject_id, self.ctx.vault.key_of(self.city, subject_id))
            except (KeyMissing, KeyWrong) as refusal:
                self._missing.setdefault(str(refusal.values["key"]), False)
                self._held = (subject_id, None)
        return self._held[1]

    def told(self) -> Iterator[SealFault]:
        for key, is_told in self._missing.items():
            if not is_told:
                self._missing[key] = True
                yield SealFault("", key)


def not_opening(ring: Ring, subject_id: UUID, spot: Spot, sealed: bytes) -> Iterator[SealFault]:
    key = ring.of(subject_id)
    yield from ring.told()
    if key is None:
        yield SealFault(str(spot))
        return
    try:
        key.open_bytes(spot, sealed)
    except Tampered:
        yield SealFault(str(spot))


def faults_in_rows(
    ring: Ring, subjects: Mapping[Any, Any], erased: Container[UUID] = ()
) -> Iterator[SealFault]:
    """`subjects` is, of each model with a `sealed` column, the column of whose key opens it."""
    for model, subject in subjects.items():
        for row_id, subject_id, sealed in sealed_rows(ring.ctx, ring.city, model, subject):
            if sealed and subject_id not in erased:
                yield from not_opening(ring, subject_id, Spot(model.__tablename__, row_id), sealed)


def faults_in_files(
    ring: Ring,
    store: FileStore,
    model: Any,
    subject: Any,
    stored_as: Any,
    erased: Container[UUID] = (),
) -> Iterator[SealFault]:
    """The same of what lies sealed in the file store, under the name in the column `stored_as`."""
    rows = sealed_rows(ring.ctx, ring.city, model, subject, stored_as)
    for row_id, subject_id, file in rows:
        spot = Spot(model.__tablename__, row_id, "file")
        try:
            body = store.get(file)
        except NotFound:
            yield SealFault(str(spot))
        else:
            if subject_id not in erased:
                yield from not_opening(ring, subject_id, spot, body)
