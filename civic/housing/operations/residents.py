"""Who lives in the city's dwellings or asks to: found again, written down once, and what became of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.housing.operations.nights import hold_residents
from civic.housing.operations.trail import note
from civic.housing.placing_models import Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import request_for, resident_for
from civic.housing.request_errors import (
    BornLater,
    BornLongAgo,
    DayAhead,
    DayBeforeBirth,
    NameMissing,
)
from civic.housing.rules.stock import Gender
from civic.housing.sealing import sealed_of, words_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound

OLDEST = 120


@dataclass(frozen=True)
class NewPerson:
    """As far as it is known. `known` and `account` say that it is somebody who is written down."""

    name: str
    gender: Gender = Gender.UNTOLD
    birth_year: int | None = None
    birth_date: date | None = None
    needs_no_steps: bool = False
    known: UUID | None = None
    """The resident they are; whoever passes it on has made sure that they may."""
    account: UUID | None = None
    id: UUID | None = None
    """What a new resident is to be called."""


def check_person(ctx: Context, new: NewPerson) -> None:
    """NameMissing, BornLater, BornLongAgo."""
    today = rome_day(ctx.now())
    year = new.birth_date.year if new.birth_date else new.birth_year
    if not new.name:
        raise NameMissing
    if year is None:
        return
    if year > today.year or (new.birth_date is not None and new.birth_date > today):
        raise BornLater
    if year < today.year - OLDEST:
        raise BornLongAgo


def take_in(ctx: Context, municipality_id: UUID, new: NewPerson) -> UUID:
    """The resident they are; one with an account is one in a city, however often they ask."""
    check_person(ctx, new)
    if new.known is not None:
        return _write_over(ctx, municipality_id, new.known, new)
    if new.account is not None:
        return _take_in_account(ctx, municipality_id, new, new.account)
    resident_id = new.id or ctx.new_id()
    ctx.db.add(Resident(id=resident_id, **_columns(ctx, municipality_id, resident_id, new)))
    ctx.db.flush()
    return resident_id


def _take_in_account(ctx: Context, municipality_id: UUID, new: NewPerson, account: UUID) -> UUID:
    resident_id = resident_with_account(ctx, municipality_id, account)
    if resident_id is not None:
        return _write_over(ctx, municipality_id, resident_id, new)
    resident_id = new.id or ctx.new_id()
    values = _columns(ctx, municipality_id, resident_id, new)
    if insert_once(ctx.db, Resident, id=resident_id, **values):
        return resident_id
    found = resident_with_account(ctx, municipality_id, account)
    if found is None:
        raise NotFound
    return _write_over(ctx, municipality_id, found, new)


def resident_with_account(ctx: Context, municipality_id: UUID, account: UUID) -> UUID | None:
    return ctx.db.scalar(
        select(Resident.id)
        .where(Resident.municipality_id == municipality_id)
        .where(Resident.person_id == account)
    )


def _columns(
    ctx: Context, municipality_id: UUID, resident_id: UUID, new: NewPerson
) -> dict[str, Any]:
    words = {"name": new.name, "phone": ""}
    return {
        "municipality_id": municipality_id,
        "person_id": new.account,
        "gender": new.gender,
        "birth_year": new.birth_date.year if new.birth_date else new.birth_year,
        "birth_date": new.birth_date,
        "needs_no_steps": new.needs_no_steps,
        "written_at": ctx.now(),
        "sealed": sealed_of(ctx, municipality_id, resident_id, Resident, resident_id, words),
    }


def _write_over(ctx: Context, municipality_id: UUID, resident_id: UUID, new: NewPerson) -> UUID:
    """What is known now; what nobody said this time stays as it was."""
    row = hold_residents(ctx, [resident_id])[resident_id]
    if row.municipality_id != municipality_id:
        raise NotFound
    words = words_of(ctx, municipality_id, row.id, Resident, row.id, row.sealed)
    if words.get("name") != new.name:
        renamed = {**words, "name": new.name}
        row.sealed = sealed_of(ctx, municipality_id, row.id, Resident, row.id, renamed)
    if new.gender is not Gender.UNTOLD:
        row.gender = new.gender
    if new.birth_date is not None or new.birth_year is not None:
        row.birth_date = new.birth_date
        row.birth_year = new.birth_date.year if new.birth_date else new.birth_year
    row.needs_no_steps = new.needs_no_steps
    if row.person_id is None and new.account is not None:
        row.person_id = new.account
    ctx.db.flush()
    return row.id


class Mark(StrEnum):
    DIED = "died"
    DEPARTED = "departed"
    BACK = "back"


def mark(
    ctx: Context, resident_id: UUID, what: Mark, day: date, request_id: UUID | None = None
) -> None:
    """From then on nobody places them; of who is back, again. DayAhead, DayBeforeBirth. Beds that they
    have are freed by whoever ends the stay."""
    resident_for(ctx, resident_id, WORK_ON_HOUSING)
    row = hold_residents(ctx, [resident_id])[resident_id]
    if day > rome_day(ctx.now()):
        raise DayAhead
    born = row.birth_date or (date(row.birth_year, 1, 1) if row.birth_year else None)
    if born is not None and day < born:
        raise DayBeforeBirth
    if what is Mark.DIED:
        row.died_on = day
    elif what is Mark.DEPARTED:
        row.departed_on = day
    else:
        row.died_on = row.departed_on = None
    ctx.db.flush()
    thing = request_for(ctx, request_id) if request_id else row
    note(ctx, thing, f"resident_{what}", person_id=row.person_id, resident=row.id)
