"""The first days: cities, associations, staff and insurance."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.accounts import operations as accounts
from civic.accounts.models import Contact, RoleGrant
from civic.accounts.rules import ContactKind
from civic.demo import stage
from civic.demo.places import ASSOCIATIONS, CITIES, INSURERS
from civic.demo.shape import DemoAssociation, DemoStaff
from civic.demo.staff import ON_CASES, ON_HOUSING, STAFF
from civic.demo.timeline import Timeline
from civic.enrolment.operations import cover
from civic.enrolment.rules import LegalBasis
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Grant, system_in
from civic.tenancy.models import Association, Municipality
from civic.tenancy.operations import verification as tenancy

POLICY_BEFORE = timedelta(days=200)
POLICY_AFTER = timedelta(days=700)
CITIES_INSURER = "Assicurazioni dei Comuni"


def found(timeline: Timeline, at: datetime) -> stage.Stage:
    """Make everything that stands before the first project."""
    cities = _cities(timeline, at)
    with timeline.acting(system_in(*cities.values()), at) as ctx:
        associations = {body.key: _bring_in(ctx, body) for body in ASSOCIATIONS}
        for body in ASSOCIATIONS:
            for city in (*body.cities, *body.asks_in):
                tenancy.ask_verification(ctx, associations[body.key], cities[city])
        for person in STAFF:
            employ(ctx, person, cities, associations)
        made = stage.find(ctx)
    for city in CITIES:
        with timeline.acting(made.officers[city], at) as ctx:
            cover.add_policy(ctx, _citys_own(made, city, at))
    for body in ASSOCIATIONS:
        for city in body.cities:
            with timeline.acting(made.officers[city], at) as ctx:
                tenancy.verify_association(ctx, associations[body.key], cities[city])
            with timeline.acting(made.organisers[body.key, city], at) as ctx:
                cover.add_policy(ctx, _policy(made, body.key, city, at))
    return made


def _cities(timeline: Timeline, at: datetime) -> dict[str, UUID]:
    """Cities by their slug; large data may have made some of them before."""
    with timeline.acting(system_in(), at) as ctx:
        known = dict(ctx.db.execute(select(Municipality.slug, Municipality.id)).all())
        return {
            slug: known.get(slug) or tenancy.add_municipality(ctx, slug, name)
            for slug, name in CITIES.items()
        }


def _bring_in(ctx: Context, body: DemoAssociation) -> UUID:
    association_id = tenancy.add_association(ctx, body.key, body.name)
    row = ctx.db.get_one(Association, association_id)
    row.legal_form, row.about = body.legal_form, body.about
    row.register_number = f"RUNTS-{ASSOCIATIONS.index(body) + 10401}"
    row.email = f"ciao@{body.key}.example.org"
    ctx.db.flush()
    return association_id


def employ(
    ctx: Context, person: DemoStaff, cities: dict[str, UUID], associations: dict[str, UUID]
) -> None:
    grant = Grant(person.role, cities.get(person.city), associations.get(person.association))
    if person.sign_in_name:
        person_id = accounts.make_staff_account(
            ctx,
            person.name,
            person.sign_in_name,
            person.password,
            [grant],
            discipline=person.discipline,
        )
        if person in (*ON_CASES, *ON_HOUSING):
            address = {"kind": ContactKind.EMAIL, "value": person.sign_in_name}
            ctx.db.add(Contact(id=ctx.new_id(), person_id=person_id, **address))
            ctx.db.flush()
        return
    person_id = accounts.register(
        ctx, accounts.NewPerson(person.name, None, person.languages, "it")
    )
    ctx.db.add(
        RoleGrant(
            id=ctx.new_id(),
            person_id=person_id,
            role=grant.role,
            municipality_id=grant.municipality_id,
            association_id=grant.association_id,
            discipline=person.discipline,
        )
    )
    ctx.db.flush()


def _policy(made: stage.Stage, association: str, city: str, at: datetime) -> cover.NewPolicy:
    day = rome_day(at)
    return cover.NewPolicy(
        association_id=made.associations[association],
        municipality_id=made.cities[city],
        insurer=INSURERS[association],
        number=f"V-{day.year}-{sorted(INSURERS).index(association) + 101}",
        starts_on=day - POLICY_BEFORE,
        ends_on=day + POLICY_AFTER,
    )


def _citys_own(made: stage.Stage, city: str, at: datetime) -> cover.NewPolicy:
    """For whom the municipality sends to the associations."""
    day = rome_day(at)
    return cover.NewPolicy(
        association_id=None,
        municipality_id=made.cities[city],
        insurer=CITIES_INSURER,
        number=f"M-{day.year}-{sorted(CITIES).index(city) + 501}",
        starts_on=day - POLICY_BEFORE,
        ends_on=day + POLICY_AFTER,
        bases=(LegalBasis.ASYLUM_SEEKER, LegalBasis.PUC),
    )
