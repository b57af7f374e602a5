"""A case worker, the person whose plan they follow, and everybody whose business it is not."""

from dataclasses import dataclass
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.plans import make_plan
from tests.factories.tenancy import make_association, make_city


@dataclass(frozen=True)
class Desk:
    city: City
    worker: Actor
    person: Actor
    plan_id: UUID


def make_desk(ctx: Context) -> Desk:
    city = make_city(ctx)
    worker_id = make_staff(
        ctx, Role.CASE_WORKER, city, name="Giulia", page_language="en", email="giulia@example.org"
    )
    person_id = make_person(ctx, "أمينة", city, page_language="ar", phone="+393331112233")
    plan_id = make_plan(ctx, city, person_id, worker_id)
    return Desk(city, actor_of(ctx, worker_id), actor_of(ctx, person_id), plan_id)


def make_others(ctx: Context, desk: Desk) -> dict[str, UUID]:
    """One of each role, in the city and in another; the person of the plan is not among them."""
    gardeners = make_association(ctx, desk.city)
    caserta = make_city(ctx, "caserta")
    return {
        "colleague": make_staff(ctx, Role.CASE_WORKER, desk.city),
        "case worker elsewhere": make_staff(ctx, Role.CASE_WORKER, caserta),
        "officer": make_staff(ctx, Role.OFFICER, desk.city),
        "organiser": make_staff(ctx, Role.ORGANISER, desk.city, gardeners),
        "coordinator": make_staff(ctx, Role.COORDINATOR),
        "administrator": make_staff(ctx, Role.ADMINISTRATOR),
        "participant": make_person(ctx, "Somebody", desk.city),
        "participant elsewhere": make_person(ctx, "Oksana", caserta),
    }
