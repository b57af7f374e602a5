"""Whom an association may tell of the service, and who of it may be a tutor."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.catalogue.models import Project
from civic.enrolment.models import Enrolment
from civic.enrolment.rules import EnrolmentState
from civic.kernel.context import Context
from civic.kernel.policy import Role
from civic.recognition.models import RecognitionInformation, RecognitionPath
from civic.recognition.queries.gate import Body
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class Participant:
    id: UUID
    name: str
    is_informed: bool
    has_path: bool
    """One that has not ended."""


def participants(ctx: Context, body: Body) -> list[Participant]:
    """Who takes part in a project of the association in that city, by the name they go by."""
    ids = set(
        ctx.db.scalars(
            select(Enrolment.person_id)
            .join(Project, Project.id == Enrolment.project_id)
            .where(Enrolment.state == EnrolmentState.ACTIVE)
            .where(Project.association_id == body.association_id)
            .where(Project.municipality_id == body.municipality_id)
        )
    )
    informed = set(
        ctx.db.scalars(
            select(RecognitionInformation.person_id)
            .where(RecognitionInformation.association_id == body.association_id)
            .where(RecognitionInformation.municipality_id == body.municipality_id)
        )
    )
    living = set(
        ctx.db.scalars(
            select(RecognitionPath.person_id)
            .where(RecognitionPath.association_id == body.association_id)
            .where(RecognitionPath.municipality_id == body.municipality_id)
            .where(RecognitionPath.ended_at.is_(None))
        )
    )
    names = accounts.names(ctx, ids)
    people = [
        Participant(each, names.get(each, ""), each in informed, each in living) for each in ids
    ]
    return sorted(people, key=lambda person: (person.name.casefold(), str(person.id)))


@dataclass(frozen=True)
class Tutor:
    id: UUID
    name: str


def tutors(ctx: Context, body: Body) -> list[Tutor]:
    ids = accounts.holders_of(ctx, Role.ORGANISER, body.municipality_id, body.association_id)
    names = accounts.names(ctx, ids)
    return sorted(
        (Tutor(each, names.get(each, "")) for each in ids), key=lambda tutor: tutor.name.casefold()
    )


@dataclass(frozen=True)
class Offer:
    """An association with which the actor takes part, and may ask for the path."""

    body: Body
    association_name: str
    municipality_name: str
    is_informed: bool


def offers_to_me(ctx: Context) -> list[Offer]:
    """Where the actor has no path that lives."""
    mine = ctx.actor.own_id
    taking_part = {
        Body(row.association_id, row.municipality_id)
        for row in ctx.db.execute(
            select(Project.association_id, Project.municipality_id)
            .join(Enrolment, Enrolment.project_id == Project.id)
            .where(Enrolment.person_id == mine, Enrolment.state == EnrolmentState.ACTIVE)
        )
    }
    living = {
        Body(row.association_id, row.municipality_id)
        for row in ctx.db.execute(
            select(RecognitionPath.association_id, RecognitionPath.municipality_id).where(
                RecognitionPath.person_id == mine, RecognitionPath.ended_at.is_(None)
            )
        )
    }
    open_to = taking_part - living
    if not open_to:
        return []
    informed = {
        Body(row.association_id, row.municipality_id)
        for row in ctx.db.execute(
            select(
                RecognitionInformation.association_id, RecognitionInformation.municipality_id
            ).where(RecognitionInformation.person_id == mine)
        )
    }
    names = tenancy.association_names(ctx, {body.association_id for body in open_to})
    cities = tenancy.city_names(ctx, {body.municipality_id for body in open_to})
    offers = [
        Offer(
            body,
            names.get(body.association_id, ""),
            cities.get(body.municipality_id, ""),
            body in informed,
        )
        for body in open_to
    ]
    return sorted(offers, key=lambda offer: (offer.association_name, offer.municipality_name))


def is_participant(ctx: Context, body: Body, person_id: UUID) -> bool:
    asked = (
        select(Enrolment.id)
        .join(Project, Project.id == Enrolment.project_id)
        .where(Enrolment.person_id == person_id, Enrolment.state == EnrolmentState.ACTIVE)
        .where(Project.association_id == body.association_id)
        .where(Project.municipality_id == body.municipality_id)
        .limit(1)
    )
    return ctx.db.scalar(asked) is not None
