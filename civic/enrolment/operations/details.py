"""What the law wants in the register of volunteers: asked of nobody who does not have it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.audit import operations as audit
from civic.enrolment.errors import BirthDateWrong, FiscalCodeWrong
from civic.enrolment.fiscal_code import is_fiscal_code
from civic.enrolment.models import RegisterEntry, RegisterLine, VolunteerDetails
from civic.enrolment.operations.register import lock_register, write_line
from civic.enrolment.operations.turns import hold_people, take_turn
from civic.enrolment.policy import KEEP_REGISTER
from civic.enrolment.queries import register
from civic.enrolment.register_chain import Who, content_of
from civic.enrolment.rules import LineKind
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.tenancy.models import AssociationInCity
from civic.tenancy.queries.standings import standing_for

FIRST_YEAR = 1900


@dataclass(frozen=True)
class Details:
    fiscal_code: str = ""
    birth_date: date | None = None
    birth_place: str = ""
    residence: str = ""


def change_own_details(ctx: Context, new: Details) -> None:
    _change(ctx, take_turn(ctx), new)


def change_details(ctx: Context, standing_id: UUID, person_id: UUID, new: Details) -> None:
    """An organiser writes down what a volunteer of theirs told them; or the desk does."""
    shown = standing_for(ctx, standing_id, KEEP_REGISTER)
    register.who_stands_in(ctx, shown, person_id)
    hold_people(ctx, [person_id])
    _change(ctx, person_id, new)
    audit.record(
        ctx,
        shown.municipality_id,
        "details.changed",
        subject_id=person_id,
        thing_id=standing_id,
    )


def read_details(ctx: Context, standing_id: UUID, person_id: UUID) -> Who:
    """Needs a unit of work: that somebody looked is on record, for the person to see."""
    shown = standing_for(ctx, standing_id, KEEP_REGISTER)
    who = register.who_stands_in(ctx, shown, person_id)
    audit.record(
        ctx, shown.municipality_id, "details.read", subject_id=person_id, thing_id=standing_id
    )
    return who


def _change(ctx: Context, person_id: UUID, new: Details) -> None:
    if new.fiscal_code and not is_fiscal_code(new.fiscal_code):
        raise FiscalCodeWrong
    if new.birth_date and not FIRST_YEAR <= new.birth_date.year <= rome_day(ctx.now()).year:
        raise BirthDateWrong
    held = ctx.db.get(VolunteerDetails, person_id)
    if held is None:
        held = VolunteerDetails(person_id=person_id)
        ctx.db.add(held)
    held.fiscal_code, held.birth_date = new.fiscal_code, new.birth_date
    held.birth_place, held.residence = new.birth_place, new.residence
    held.changed_at = ctx.now()
    ctx.db.flush()
    with unscoped(ctx.db, "a volunteer's details are set right in every register they stand in"):
        _correct_registers(ctx, person_id)


def _correct_registers(ctx: Context, person_id: UUID) -> None:
    """One line more in each register in which they stand and which says something else."""
    entries = ctx.db.scalars(
        select(RegisterEntry)
        .join(
            AssociationInCity,
            (AssociationInCity.association_id == RegisterEntry.association_id)
            & (AssociationInCity.municipality_id == RegisterEntry.municipality_id),
        )
        .where(RegisterEntry.person_id == person_id)
        .where(RegisterEntry.last_day.is_(None))
        # In one order for everybody, so that two who correct at once do not block each other.
        .order_by(AssociationInCity.id)
    ).all()
    who = register.volunteer(ctx, person_id)
    for entry in entries:
        lock_register(ctx, entry.association_id, entry.municipality_id)
        said = ctx.db.scalar(
            select(RegisterLine.content)
            .where(RegisterLine.association_id == entry.association_id)
            .where(RegisterLine.municipality_id == entry.municipality_id)
            .where(RegisterLine.number == entry.last_line)
        )
        if who is not None and said != content_of(who, entry.first_day, entry.last_day):
            write_line(ctx, entry, LineKind.CORRECTED)
