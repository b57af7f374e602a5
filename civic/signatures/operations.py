"""Freezing a paper, and signing it: each side once, in whatever order they come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.signatures.errors import AlreadySigned, NotWaiting, SetAside, StillUnsigned
from civic.signatures.models import (
    FrozenPaper,
    PaperSeries,
    PaperSetAside,
    Signature,
    WaitingPaper,
)
from civic.signatures.queries import Document
from civic.signatures.rules import (
    START,
    Drawing,
    Kind,
    Means,
    Paper,
    Side,
    content_hash,
    paper_hash,
    series_of,
)


@dataclass(frozen=True)
class Draft:
    """What is about to be frozen. `content` is plain JSON: facts and the free words of people."""

    kind: Kind
    about_id: UUID
    municipality_id: UUID
    association_id: UUID | None
    person_id: UUID
    content: Mapping[str, Any]


def freeze(ctx: Context, draft: Draft) -> UUID:
    """Give the paper its number and its hash; the id of the one that waits already, when it says
    the same. StillUnsigned when another one of the same plan or path waits."""
    paper_id = ctx.new_id()
    # The number is taken first: whoever holds the series decides alone what waits.
    series, number = _next_number(ctx, draft)
    waiting = ctx.db.scalars(
        select(FrozenPaper)
        .join(WaitingPaper, WaitingPaper.paper_id == FrozenPaper.id)
        .where(WaitingPaper.about_id == draft.about_id, WaitingPaper.kind == draft.kind)
    ).first()
    if waiting is not None:
        if waiting.content_hash != content_hash(draft.content):
            raise StillUnsigned
        _give_back(ctx, series, number)
        return waiting.id
    paper = Paper(
        id=paper_id,
        series=series,
        number=number,
        kind=draft.kind,
        municipality_id=draft.municipality_id,
        association_id=draft.association_id,
        person_id=draft.person_id,
        about_id=draft.about_id,
        content=draft.content,
        frozen_at=ctx.now(),
        frozen_by=ctx.actor.person_id,
        previous_hash=_hash_of(ctx, series, number - 1),
    )
    ctx.db.add(
        FrozenPaper(
            **paper._asdict(), content_hash=content_hash(paper.content), hash=paper_hash(paper)
        )
    )
    ctx.db.flush()
    ctx.db.add(
        WaitingPaper(
            about_id=draft.about_id,
            kind=draft.kind,
            paper_id=paper_id,
            municipality_id=draft.municipality_id,
        )
    )
    ctx.db.flush()
    return paper_id


def _next_number(ctx: Context, draft: Draft) -> tuple[str, int]:
    series = series_of(draft.kind, draft.municipality_id, draft.association_id)
    insert_once(
        ctx.db,
        PaperSeries,
        series=series,
        municipality_id=draft.municipality_id,
        last_number=0,
    )
    number = ctx.db.scalars(
        update(PaperSeries)
        .where(PaperSeries.series == series)
        .values(last_number=PaperSeries.last_number + 1)
        .returning(PaperSeries.last_number)
        .execution_options(synchronize_session=False)
    ).one()
    return series, number


def _give_back(ctx: Context, series: str, number: int) -> None:
    ctx.db.execute(
        update(PaperSeries)
        .where(PaperSeries.series == series)
        .values(last_number=number - 1)
        .execution_options(synchronize_session=False)
    )


def _hash_of(ctx: Context, series: str, number: int) -> str:
    if number == 0:
        return START
    return ctx.db.scalars(
        select(FrozenPaper.hash).where(FrozenPaper.series == series, FrozenPaper.number == number)
    ).one()


def sign_as_service(ctx: Context, document: Document) -> bool:
    """In one's own session; True when the paper has both signatures now."""
    return _sign(ctx, document, Side.SERVICE, ctx.actor.own_id, Means.SESSION)


def sign_as_person(ctx: Context, document: Document) -> bool:
    """Signed in on a device of their own; True when the paper has both signatures now."""
    if ctx.actor.own_id != document.person_id:
        raise NotFound
    return _sign(ctx, document, Side.PERSON, document.person_id, Means.SESSION)


def sign_before_witness(
    ctx: Context, document: Document, means: Means, drawing: Drawing = ()
) -> bool:
    """The person signs in front of the actor. How they showed that it is them, `in_person` asks."""
    return _sign(ctx, document, Side.PERSON, document.person_id, means, drawing, ctx.actor.own_id)


def _sign(
    ctx: Context,
    document: Document,
    side: Side,
    signer_id: UUID,
    means: Means,
    drawing: Drawing = (),
    witness_id: UUID | None = None,
) -> bool:
    """Whoever signs or sets aside at the same moment comes before or after, not in between."""
    if _hold_waiting(ctx, document) is None:
        raise SetAside if _is_set_aside(ctx, document) else AlreadySigned
    is_new = insert_once(
        ctx.db,
        Signature,
        id=ctx.new_id(),
        municipality_id=document.municipality_id,
        paper_id=document.id,
        paper_hash=document.hash,
        side=side,
        signer_id=signer_id,
        means=means,
        witness_id=witness_id,
        drawing=[[[x, y] for x, y in stroke] for stroke in drawing],
        signed_at=ctx.now(),
    )
    if not is_new:
        raise AlreadySigned
    sides = set(ctx.db.scalars(select(Signature.side).where(Signature.paper_id == document.id)))
    is_complete = sides == set(Side)
    if is_complete:
        _wait_no_more(ctx, document)
    return is_complete


def set_aside(ctx: Context, document: Document, reason: str) -> None:
    """A version that was not good; only while a signature is missing."""
    if _hold_waiting(ctx, document) is None:
        raise SetAside if _is_set_aside(ctx, document) else NotWaiting
    ctx.db.add(
        PaperSetAside(
            paper_id=document.id,
            municipality_id=document.municipality_id,
            set_aside_at=ctx.now(),
            set_aside_by=ctx.actor.person_id,
            reason=reason,
        )
    )
    _wait_no_more(ctx, document)


def _hold_waiting(ctx: Context, document: Document) -> UUID | None:
    return ctx.db.scalar(
        select(WaitingPaper.paper_id).where(WaitingPaper.paper_id == document.id).with_for_update()
    )


def _is_set_aside(ctx: Context, document: Document) -> bool:
    asked = select(PaperSetAside.paper_id).where(PaperSetAside.paper_id == document.id)
    return ctx.db.scalar(asked) is not None


def _wait_no_more(ctx: Context, document: Document) -> None:
    ctx.db.execute(delete(WaitingPaper).where(WaitingPaper.paper_id == document.id))
    ctx.db.flush()
