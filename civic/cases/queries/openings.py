"""Who saw what files say, out of the trail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.accounts.models import RoleGrant
from civic.audit import queries as lines
from civic.cases.models import CaseFile
from civic.cases.policy import READ_TRAIL
from civic.cases.queries.gate import reference_of
from civic.cases.trail_words import OF_KIND, OPENED, TRAIL_WORDS, TrailKind
from civic.kernel.context import Context
from civic.kernel.policy import Place, Role

PAGE = 100
MOST_OPENINGS = 5000
WEEK = timedelta(days=7)
OUTLIER = 3
"""Times the median of the colleagues of the same role."""


@dataclass(frozen=True)
class Opening:
    at: datetime
    name: str
    """Empty where it was the system, or somebody who is no longer known."""
    roles: tuple[str, ...]
    """What they were on the case, by which a person knows the service."""
    action: str


def openings_of(ctx: Context, municipality_id: UUID, ids: Sequence[UUID]) -> list[Opening]:
    """Who opened these files, newest first; whoever asks has shown that they may know."""
    found = lines.lines_of(ctx, municipality_id, OPENED, thing_ids=ids, most=MOST_OPENINGS)
    names = accounts.names(ctx, {line.actor_id for line in found if line.actor_id})
    return [
        Opening(
            line.at,
            names.get(line.actor_id, "") if line.actor_id else "",
            tuple(str(role) for role in line.details.get("as") or ()),
            line.action,
        )
        for line in found
    ]


@dataclass(frozen=True)
class TrailRow:
    at: datetime
    name: str
    """Of staff alone: a person named beside what they did on their own page would say whose file it
    is."""
    roles: tuple[Role, ...]
    is_system: bool
    action: str
    reference: str
    """Empty where it was about no file."""


@dataclass(frozen=True)
class TrailPage:
    rows: list[TrailRow]
    has_more: bool


def trail_page(
    ctx: Context,
    municipality_id: UUID,
    kind: TrailKind | None = None,
    reference: str = "",
    page: int = 1,
) -> TrailPage:
    """Newest first: when, who, what and which reference; never whom it is about."""
    READ_TRAIL.require(ctx.actor, Place(municipality_id=municipality_id))
    actions = OF_KIND[kind] if kind else frozenset(TRAIL_WORDS)
    things = _with_reference(ctx, municipality_id, reference) if reference.strip() else None
    # One more than is shown tells whether there is another page.
    found = lines.lines_of(ctx, municipality_id, actions, thing_ids=things, most=PAGE, page=page)
    more = len(found) == PAGE and lines.lines_of(
        ctx, municipality_id, actions, thing_ids=things, most=1, page=page * PAGE + 1
    )
    return TrailPage(_rows(ctx, municipality_id, found), bool(more))


def _with_reference(ctx: Context, municipality_id: UUID, reference: str) -> list[UUID]:
    wanted = reference.strip().upper()
    ids = ctx.db.scalars(select(CaseFile.id).where(CaseFile.municipality_id == municipality_id))
    return [case_id for case_id in ids if reference_of(case_id) == wanted]


def _rows(ctx: Context, municipality_id: UUID, found: Sequence[lines.TrailLine]) -> list[TrailRow]:
    roles = roles_here(ctx, municipality_id, {line.actor_id for line in found if line.actor_id})
    # Who wrote as somebody of a case was of the staff then, even if they hold no role any more.
    staff = {line.actor_id for line in found if line.actor_id and line.details.get("as")} | {*roles}
    names = accounts.names(ctx, staff)
    return [
        TrailRow(
            line.at,
            names.get(line.actor_id, "") if line.actor_id else "",
            roles.get(line.actor_id, ()) if line.actor_id else (),
            line.actor_id is None,
            line.action,
            reference_of(line.thing_id) if line.thing_id else "",
        )
        for line in found
    ]


def roles_here(
    ctx: Context, municipality_id: UUID, people: Collection[UUID]
) -> dict[UUID, tuple[Role, ...]]:
    rows = ctx.db.execute(
        select(RoleGrant.person_id, RoleGrant.role)
        .where(RoleGrant.person_id.in_(people), RoleGrant.municipality_id == municipality_id)
        .order_by(RoleGrant.role)
    )
    held: dict[UUID, dict[Role, None]] = {}
    for row in rows:
        held.setdefault(row.person_id, {})[row.role] = None
    return {person_id: tuple(roles) for person_id, roles in held.items()}


@dataclass(frozen=True)
class Outlier:
    name: str
    role: Role
    opened: int
    usual: float
    """The median of their colleagues."""


def outliers(ctx: Context, municipality_id: UUID) -> list[Outlier]:
    """Who opened in a week more than three times as many cases as colleagues of the same role mostly
    did. Those who opened none were away, and are no measure."""
    READ_TRAIL.require(ctx.actor, Place(municipality_id=municipality_id))
    counts = lines.things_by_actor(ctx, municipality_id, OPENED, ctx.now() - WEEK)
    roles = roles_here(ctx, municipality_id, counts)
    names = accounts.names(ctx, roles)
    found = []
    for person_id, held in roles.items():
        for role in held:
            others = [
                counts[other]
                for other, theirs in roles.items()
                if other != person_id and role in theirs
            ]
            if others and counts[person_id] > OUTLIER * median(others):
                found.append(
                    Outlier(names.get(person_id, ""), role, counts[person_id], median(others))
                )
    return sorted(found, key=lambda each: -each.opened)
