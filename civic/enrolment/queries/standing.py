"""What stands between a person and the gate: consent and cover."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Date,
    ScalarSelect,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from civic.accounts.models import Person, PersonInCity
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import SessionBasics
from civic.enrolment.models import (
    Booking,
    Enrolment,
    GuardianConsent,
    InsurancePolicy,
    PolicyBasis,
    RegisterEntry,
)
from civic.enrolment.rules import (
    AwaitedConsent,
    BookingState,
    EnrolmentState,
    LegalBasis,
    OpenProject,
    Standing,
    needs_guardian,
)
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.db.dialects import among
from civic.kernel.db.fulltext import is_on_postgresql
from civic.kernel.db.scope import ask_city
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place


def is_consented(ctx: Context, person_id: UUID, municipality_id: UUID) -> bool:
    return bool(ctx.db.scalar(select(_consent(person_id, municipality_id))))


def awaits_consent(ctx: Context, municipality_id: UUID) -> bool:
    """Whether the actor can take no place in this city until a guardian has agreed."""
    row = ctx.db.execute(
        select(Person.birth_year, _consent(Person.id, municipality_id)).where(
            Person.id == ctx.actor.person_id
        )
    ).one()
    return needs_guardian(row[0], rome_day(ctx.now())) and not row[1]


def city_of_participant(ctx: Context, person_id: UUID, permission: Permission) -> UUID:
    """The city, of those that know the person, in which the actor may do this."""
    rows = ctx.db.scalars(
        select(PersonInCity.municipality_id)
        .where(PersonInCity.person_id == person_id)
        .order_by(PersonInCity.since, PersonInCity.id)
    )
    for municipality_id in rows:
        if permission.allows(ctx.actor, Place(municipality_id, person_id=person_id)):
            return municipality_id
    raise NotFound


@dataclass(frozen=True)
class _Turn:
    """On which day for whom: what cover depends on, besides the person."""

    project_id: UUID
    association_id: UUID
    municipality_id: UUID
    day: date


def _turn(facts: SessionBasics) -> _Turn:
    return _Turn(
        facts.project_id, facts.association_id, facts.municipality_id, rome_day(facts.starts_at)
    )


def cover_on(ctx: Context, person_id: UUID, project: OpenProject, day: date) -> bool:
    """Whether the gate would find them insured on the day, and in the register if it asks that."""
    turn = _Turn(project.id, project.association_id, project.municipality_id, day)
    return bool(ctx.db.scalar(select(_cover(person_id, turn))))


def insured_people(
    ctx: Context, facts: SessionBasics, person_ids: Sequence[UUID]
) -> frozenset[UUID]:
    """Those of the people whom some policy covers on the session's day on the ground on which
    they take part, against accident, illness and damage to others, in one policy or in several.
    """
    turn = _turn(facts)
    own = dict(
        ctx.db.execute(
            select(Enrolment.person_id, Enrolment.legal_basis)
            .where(Enrolment.project_id == facts.project_id)
            .where(Enrolment.person_id.in_(person_ids))
        ).all()
    )
    covered = ctx.db.execute(_insured_bases(turn).add_columns(_usual_basis(facts.project_id))).all()
    if not covered:
        return frozenset()
    usual, bases = LegalBasis(covered[0][1]), {LegalBasis(row[0]) for row in covered}
    return frozenset(person for person in person_ids if own.get(person, usual) in bases)


def _consent(
    person_id: UUID | InstrumentedAttribute[UUID], municipality_id: UUID
) -> ColumnElement[bool]:
    return (
        select(GuardianConsent.id)
        .where(GuardianConsent.person_id == person_id)
        .where(GuardianConsent.municipality_id == municipality_id)
        .where(GuardianConsent.withdrawn_at.is_(None))
        .exists()
    )


ALL_RISKS = 3


def _spans(turn: _Turn) -> tuple[ColumnElement[bool], ...]:
    """Policies of that day: the association's own there, and the municipality's."""
    return (
        InsurancePolicy.municipality_id == turn.municipality_id,
        or_(
            InsurancePolicy.association_id == turn.association_id,
            InsurancePolicy.association_id.is_(None),
        ),
        InsurancePolicy.starts_on <= turn.day,
        InsurancePolicy.ends_on >= turn.day,
    )


def _risks_covered() -> ColumnElement[int]:
    """How many of the three the policies cover between them."""

    def some(column: ColumnExpressionArgument[bool]) -> ColumnElement[int]:
        return func.max(case((column, 1), else_=0))

    return (
        some(InsurancePolicy.covers_accident)
        + some(InsurancePolicy.covers_illness)
        + some(InsurancePolicy.covers_liability)
    )


def _usual_basis(project_id: UUID) -> ScalarSelect[str]:
    """On what ground somebody takes part who has not joined yet."""
    return (
        select(
            case(
                (Project.is_occasional, literal(LegalBasis.OCCASIONAL.value)),
                else_=literal(LegalBasis.VOLUNTEER.value),
            )
        )
        .where(Project.id == project_id)
        .scalar_subquery()
    )


def _cover(person_id: UUID, turn: _Turn) -> ColumnElement[bool]:
    """Insured that day; and who stands on the ground of a volunteer, in the register too."""
    own_basis = (
        select(cast(Enrolment.legal_basis, String))
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.project_id == turn.project_id)
        .scalar_subquery()
    )
    basis = func.coalesce(own_basis, _usual_basis(turn.project_id))
    risks = (
        select(_risks_covered())
        .join(PolicyBasis, PolicyBasis.policy_id == InsurancePolicy.id)
        .where(*_spans(turn), cast(PolicyBasis.legal_basis, String) == basis)
        .scalar_subquery()
    )
    is_insured = func.coalesce(risks, 0) == ALL_RISKS
    return and_(is_insured, or_(basis != LegalBasis.VOLUNTEER.value, _entry(person_id, turn)))


def _entry(person_id: UUID | InstrumentedAttribute[UUID], turn: _Turn) -> ColumnElement[bool]:
    """In the association's register on that day."""
    return (
        select(RegisterEntry.id)
        .where(RegisterEntry.person_id == person_id)
        .where(RegisterEntry.association_id == turn.association_id)
        .where(RegisterEntry.municipality_id == turn.municipality_id)
        .where(RegisterEntry.first_day <= turn.day)
        .where(or_(RegisterEntry.last_day.is_(None), RegisterEntry.last_day >= turn.day))
        .exists()
    )


def _insured_bases(turn: _Turn) -> Select[str]:
    """The grounds on which whoever takes part that day is insured against all three risks, by one
    policy or by several together."""
    return (
        select(cast(PolicyBasis.legal_basis, String))
        .join(InsurancePolicy, InsurancePolicy.id == PolicyBasis.policy_id)
        .where(*_spans(turn))
        .group_by(PolicyBasis.legal_basis)
        .having(_risks_covered() == ALL_RISKS)
    )


def standings_at(
    ctx: Context, facts: SessionBasics, person_ids: Iterable[UUID]
) -> dict[UUID, Standing]:
    """Booking, consent and cover in one statement, of those of these people who have a booking in the
    session, whatever became of it."""
    asked = {**standing_values(facts), "people": list(person_ids)}
    rows = ask_city(ctx.db, facts.municipality_id, _standings(is_on_postgresql(ctx.db)), asked)
    found = {row[0]: standing_of(row[1:]) for row in rows}
    return {person_id: stands for person_id, stands in found.items() if stands}


@cache
def _standings(on_postgresql: bool) -> Select[*tuple[Any, ...]]:
    people = select(Person.id, *standing_columns())
    return with_standing(people).where(among(Person.id, "people", on_postgresql=on_postgresql))


def standing_values(facts: SessionBasics) -> dict[str, Any]:
    """What `with_standing` asks of, besides the city."""
    return {
        "session_id": facts.id,
        "project_id": facts.project_id,
        "association_id": facts.association_id,
        "day": rome_day(facts.starts_at),
    }


def standing_columns() -> tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]:
    """To be selected of people, as `with_standing` joins them; `standing_of` reads them."""
    turn = _asked_turn()
    basis = func.coalesce(cast(Enrolment.legal_basis, String), _usual_basis(turn.project_id))
    return (
        Booking.state,
        Person.birth_year,
        _consent(Person.id, turn.municipality_id),
        and_(
            basis.in_(_insured_bases(turn)),
            or_(basis != LegalBasis.VOLUNTEER.value, _entry(Person.id, turn)),
        ),
    )


def with_standing(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join to people what they are in a session: for statements that are put together once, because
    the gate asks them at every scan."""
    turn = _asked_turn()
    return statement.outerjoin(
        Booking,
        and_(
            Booking.person_id == Person.id,
            Booking.session_id == bindparam("session_id", type_=Uuid),
            Booking.municipality_id == turn.municipality_id,
        ),
    ).outerjoin(
        Enrolment,
        and_(
            Enrolment.person_id == Person.id,
            Enrolment.project_id == turn.project_id,
            Enrolment.municipality_id == turn.municipality_id,
        ),
    )


def standing_of(row: Sequence[Any]) -> Standing | None:
    """None for whoever has no booking there."""
    return None if row[0] is None else Standing(*row)


def _asked_turn() -> _Turn:
    """Of parameters instead of values."""
    uuids = (bindparam(name, type_=Uuid) for name in ("project_id", "association_id", "city"))
    values: tuple[Any, ...] = (*uuids, bindparam("day", type_=Date))
    return _Turn(*values)


@dataclass(frozen=True)
class Expected:
    """Why somebody without a place may stand at this gate."""

    awaits_approval: bool
    is_expected_elsewhere: bool


def expected(
    ctx: Context, facts: SessionBasics, person_ids: Sequence[UUID]
) -> dict[UUID, Expected]:
    """Who asked to join and waits for an answer, and who has a place that day in another session."""
    asked = set(
        ctx.db.scalars(
            select(Enrolment.person_id)
            .where(Enrolment.project_id == facts.project_id)
            .where(Enrolment.person_id.in_(person_ids))
            .where(Enrolment.state == EnrolmentState.REQUESTED)
        )
    )
    since, until = rome_day_bounds(rome_day(facts.starts_at))
    elsewhere = set(
        ctx.db.scalars(
            select(Booking.person_id)
            .join(ProjectSession, ProjectSession.id == Booking.session_id)
            .where(Booking.person_id.in_(person_ids))
            .where(Booking.session_id != facts.id)
            .where(Booking.state == BookingState.CONFIRMED)
            .where(ProjectSession.starts_at >= since, ProjectSession.starts_at < until)
        )
    )
    return {each: Expected(each in asked, each in elsewhere) for each in person_ids}


def awaited_consents(ctx: Context) -> list[AwaitedConsent]:
    """People who joined something in the actor's cities and may be minors nobody spoke for yet."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.birth_year, Enrolment.municipality_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(
            ~select(GuardianConsent.id)
            .where(GuardianConsent.person_id == Person.id)
            .where(GuardianConsent.municipality_id == Enrolment.municipality_id)
            .where(GuardianConsent.withdrawn_at.is_(None))
            .exists()
        )
        # Whoever is surely of age is left out by the database already: there are thousands.
        .where(or_(Person.birth_year.is_(None), Person.birth_year >= ctx.now().year - 19))
        .group_by(Person.id, Person.name, Person.birth_year, Enrolment.municipality_id)
        .order_by(Person.name, Person.id)
    )
    today = rome_day(ctx.now())
    return [
        AwaitedConsent(row.id, row.name, row.municipality_id)
        for row in rows
        if needs_guardian(row.birth_year, today)
    ]
