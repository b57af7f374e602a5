"""The directory of services: for everybody, and for who keeps it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.cases.desk_models import Service, ServiceHours, ServiceText
from civic.cases.opening import Span, Standing, standing
from civic.cases.policy import KEEP_SERVICES
from civic.cases.rules import Reason
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class Words:
    language: str
    what: str
    bring: str


@dataclass(frozen=True)
class ServiceRow:
    id: UUID
    municipality_id: UUID
    municipality_name: str
    name: str
    reason: Reason
    address: str
    phone: str
    languages: tuple[str, ...]
    closed_on_holidays: bool
    is_public: bool
    texts: Mapping[str, Words]
    week: tuple[Span, ...]
    standing: Standing

    def words_in(self, language: str) -> Words:
        """In the reader's language, else Italian, else English, else whatever there is."""
        for tag in (language, "it", "en", *self.texts):
            if tag in self.texts:
                return self.texts[tag]
        return Words("it", "", "")


@dataclass(frozen=True)
class Wanted:
    city_id: UUID | None = None
    language: str = ""
    reason: Reason | None = None
    open_now: bool = False


def services(ctx: Context, wanted: Wanted) -> list[ServiceRow]:
    """Those that everybody may see: of one's own cities first, then what is open, then by name. Three
    statements and names."""
    rows = select(Service).where(Service.is_public.is_(True))
    if wanted.city_id is not None:
        rows = rows.where(Service.municipality_id == wanted.city_id)
    if wanted.reason is not None:
        rows = rows.where(Service.reason == wanted.reason)
    found = [
        row
        for row in _rows(ctx, ctx.db.scalars(rows.order_by(Service.name, Service.id)).all())
        if not wanted.language or wanted.language in row.languages
    ]
    if wanted.open_now:
        found = [row for row in found if row.standing.is_open]
    own = ctx.actor.municipalities
    return sorted(found, key=lambda row: (row.municipality_id not in own, not row.standing.is_open))


def services_kept(ctx: Context, municipality_id: UUID) -> list[ServiceRow]:
    """Of a city, hidden ones too, for its officers."""
    KEEP_SERVICES.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.scalars(
        select(Service)
        .where(Service.municipality_id == municipality_id)
        .order_by(Service.is_public.desc(), Service.name, Service.id)
    ).all()
    return _rows(ctx, rows)


def service_for(ctx: Context, service_id: UUID) -> ServiceRow:
    """The gate of who keeps the directory of its city."""
    row = ctx.db.scalars(select(Service).where(Service.id == service_id)).first()
    if row is None:
        raise NotFound
    KEEP_SERVICES.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return _rows(ctx, [row])[0]


def _rows(ctx: Context, rows: Sequence[Service]) -> list[ServiceRow]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    texts: dict[UUID, dict[str, Words]] = defaultdict(dict)
    for text in ctx.db.scalars(select(ServiceText).where(ServiceText.service_id.in_(ids))):
        texts[text.service_id][text.language] = Words(text.language, text.what, text.bring)
    weeks: dict[UUID, list[Span]] = defaultdict(list)
    for span in ctx.db.scalars(select(ServiceHours).where(ServiceHours.service_id.in_(ids))):
        weeks[span.service_id].append(Span(span.weekday, span.opens, span.closes))
    cities = tenancy.city_names(ctx, {row.municipality_id for row in rows})
    return [_row(row, texts[row.id], sorted(weeks[row.id]), cities, ctx.now()) for row in rows]


def _row(
    row: Service,
    texts: Mapping[str, Words],
    week: Sequence[Span],
    cities: Mapping[UUID, str],
    now: datetime,
) -> ServiceRow:
    return ServiceRow(
        id=row.id,
        municipality_id=row.municipality_id,
        municipality_name=cities.get(row.municipality_id, ""),
        name=row.name,
        reason=row.reason,
        address=row.address,
        phone=row.phone,
        languages=tuple(row.languages),
        closed_on_holidays=row.closed_on_holidays,
        is_public=row.is_public,
        texts=texts,
        week=tuple(week),
        standing=standing(week, now, closed_on_holidays=row.closed_on_holidays),
    )
