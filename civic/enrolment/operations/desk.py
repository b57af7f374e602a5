"""What an officer or a case worker does for somebody who stands before them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from civic.accounts import operations as accounts
from civic.accounts import queries as people
from civic.accounts.errors import ImpossibleBirthYear
from civic.accounts.models import Person
from civic.accounts.operations import NewPerson
from civic.accounts.rules import MINIMUM_AGE, can_be_born_in
from civic.audit import operations as audit
from civic.enrolment.errors import BirthYearKnown, ContactNotFree
from civic.enrolment.events import WrittenIn
from civic.enrolment.models import Enrolment
from civic.enrolment.operations import joining, places
from civic.enrolment.operations.joining import Asked, enrolment_of
from civic.enrolment.operations.register import end_register_line
from civic.enrolment.operations.turns import hold_people
from civic.enrolment.policy import REGISTER_PERSON, SET_BASIS, WRITE_IN
from civic.enrolment.queries import bookings, enrolments
from civic.enrolment.queries.desk import REASON
from civic.enrolment.rules import BookingState, EnrolmentState, LegalBasis, OpenProject
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Place


@dataclass(frozen=True)
class DeskWish:
    """What somebody wants, said at the desk."""

    person_id: UUID
    slug: str
    session_id: UUID | None = None
    basis: LegalBasis | None = None
    """Only an officer says it; else what the project says."""


@dataclass(frozen=True)
class DeskAnswer:
    enrolment: EnrolmentState
    place: BookingState | None


def write_into(ctx: Context, wish: DeskWish) -> DeskAnswer:
    """Somebody known to the city joins a project of it, and has a place or waits for one, as if
    they had done it themselves: the same rules, and it says who did it."""
    project = enrolments.project_to_join(ctx, slug=wish.slug)
    people.person_for(
        ctx, wish.person_id, WRITE_IN, REASON, municipality_id=project.municipality_id
    )
    if wish.basis is not None:
        SET_BASIS.require(ctx.actor, Place(project.municipality_id))
    hold_people(ctx, [wish.person_id])
    before = enrolment_of(ctx, project.id, wish.person_id)
    was_in = before is not None and before.state is EnrolmentState.ACTIVE
    desk = ctx.actor.own_id
    state = joining.join(ctx, project, wish.person_id, Asked(enrolled_by=desk, basis=wish.basis))
    enrolment = enrolment_of(ctx, project.id, wish.person_id)
    if enrolment is None:
        raise NotFound
    if was_in and wish.basis is not None:
        _set_basis(ctx, project, enrolment, wish.basis)
    place = None
    if wish.session_id is not None and state is EnrolmentState.ACTIVE:
        place = places.ask(ctx, wish.session_id, wish.person_id, booked_by=desk)
    _note(ctx, enrolment, "enrolment.written_in", {"session": str(wish.session_id or "")})
    if not was_in or place is not None:
        emit(
            ctx,
            WrittenIn(
                municipality_id=enrolment.municipality_id,
                enrolment_id=enrolment.id,
                project_id=enrolment.project_id,
                person_id=enrolment.person_id,
                session_id=wish.session_id if place else None,
            ),
        )
    return DeskAnswer(state, place)


def change_basis(ctx: Context, person_id: UUID, enrolment_id: UUID, basis: LegalBasis) -> None:
    """An officer says on what ground somebody takes part; the register follows."""
    enrolment = ctx.db.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .where(Enrolment.person_id == person_id)
    )
    if enrolment is None:
        raise NotFound
    SET_BASIS.require(ctx.actor, Place(enrolment.municipality_id))
    hold_people(ctx, [person_id])
    ctx.db.refresh(enrolment)
    project = enrolments.project_to_join(ctx, project_id=enrolment.project_id)
    _set_basis(ctx, project, enrolment, basis)


def _set_basis(ctx: Context, project: OpenProject, enrolment: Enrolment, basis: LegalBasis) -> None:
    before = enrolment.legal_basis
    if before is basis:
        return
    enrolment.legal_basis = basis
    ctx.db.flush()
    if enrolment.state is EnrolmentState.ACTIVE:
        if before is LegalBasis.VOLUNTEER:
            end_register_line(ctx, project, enrolment.person_id)
        else:
            joining.enter_by_basis(ctx, project, enrolment)
        # Another basis may be insured by another policy: who waited for that has their place.
        for session_id in bookings.sessions_to_give_back(ctx, project.id, enrolment.person_id):
            places.release_place(ctx, session_id)
    _note(ctx, enrolment, "enrolment.basis_set", {"from": before.value, "to": basis.value})


def _note(ctx: Context, enrolment: Enrolment, action: str, details: dict[str, str]) -> None:
    audit.record(
        ctx,
        enrolment.municipality_id,
        action,
        subject_id=enrolment.person_id,
        thing_id=enrolment.id,
        reason=REASON,
        details=details,
    )


def register_person(ctx: Context, new: NewPerson, municipality_id: UUID) -> UUID:
    """Somebody new: from now on the city knows them, and a printed pass opens the gate.

    A phone number or address is only taken if nobody has it: whoever has it signs in as them.
    """
    REGISTER_PERSON.require(ctx.actor, Place(municipality_id))
    person_id = accounts.register(
        ctx, NewPerson(new.name, new.birth_year, new.languages, new.page_language)
    )
    if new.contact is not None and not accounts.add_contact(ctx, person_id, new.contact):
        raise ContactNotFree
    accounts.note_in_city(ctx, person_id, municipality_id)
    audit.record(ctx, municipality_id, "person.registered", subject_id=person_id, reason=REASON)
    return person_id


def note_birth_year(ctx: Context, person_id: UUID, birth_year: int) -> None:
    """The year, where none is known; one that is known is not changed here."""
    file = people.person_for(ctx, person_id, REGISTER_PERSON, REASON)
    if not can_be_born_in(birth_year, rome_day(ctx.now())):
        raise ImpossibleBirthYear(minimum=MINIMUM_AGE)
    changed = ctx.db.scalar(
        update(Person)
        .where(Person.id == person_id, Person.birth_year.is_(None))
        .values(birth_year=birth_year)
        .returning(Person.id)
    )
    if changed is None:
        raise BirthYearKnown
    audit.record(ctx, file.municipality_id, "person.changed", subject_id=person_id, reason=REASON)
