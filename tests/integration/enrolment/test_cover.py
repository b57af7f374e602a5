"""Who is insured on a day, by which policies, and what follows when one is added or ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, update

from civic.audit.models import AuditEntry
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.errors import (
    NobodyCovered,
    NoRiskCovered,
    PolicyEndNotEarlier,
    PolicyEndReasonMissing,
)
from civic.enrolment.models import Booking, Enrolment, InsurancePolicy, PolicyBasis
from civic.enrolment.operations import cover, places
from civic.enrolment.operations.cover import NewPolicy
from civic.enrolment.queries import insured, standing
from civic.enrolment.queries.insured import CoveredDays
from civic.enrolment.rules import (
    BookingState,
    DayToCome,
    LegalBasis,
    Risk,
    uncovered_days,
)
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, on_ground, signed_in
from tests.factories.enrolment import make_enrolment, make_policy, make_register_entry
from tests.factories.tenancy import make_association

DAY = date(2026, 3, 21)
MUNICIPAL = (LegalBasis.ASYLUM_SEEKER, LegalBasis.PUC)


@pytest.fixture
def bare(database: Database) -> Ground:
    """A session on 21 March, and no policy at all."""
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.delete(ctx.db.scalars(select(InsurancePolicy)).one())
    return ground


def people_on_each_basis(ctx: Context, ground: Ground) -> dict[UUID, LegalBasis]:
    made = {}
    for basis in LegalBasis:
        person_id = make_person(ctx, basis.value, ground.city)
        make_enrolment(ctx, person_id, ground.project_id, legal_basis=basis)
        made[person_id] = basis
    return made


def insured_bases(ctx: Context, ground: Ground, people: dict[UUID, LegalBasis]) -> set[LegalBasis]:
    facts = session_facts(ctx, [ground.session_id])[ground.session_id]
    return {people[each] for each in standing.insured_people(ctx, facts, list(people))}


@pytest.mark.parametrize("bases", [(basis,) for basis in LegalBasis] + [tuple(LegalBasis)])
def test_a_policy_covers_those_whom_it_names(
    database: Database, bare: Ground, bases: tuple[LegalBasis, ...]
) -> None:
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        people = people_on_each_basis(ctx, bare)
        assert insured_bases(ctx, bare, people) == set()
        make_policy(ctx, bare.association.id, bare.city.id, bases=bases)
        assert insured_bases(ctx, bare, people) == set(bases)


def test_the_municipality_insures_whom_it_sends_to_any_association(
    database: Database, bare: Ground
) -> None:
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        people = people_on_each_basis(ctx, bare)
        make_policy(ctx, None, bare.city.id, bases=MUNICIPAL)
        assert insured_bases(ctx, bare, people) == set(MUNICIPAL)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_covered"),
    [
        (DAY, DAY, True),
        (date(2026, 1, 1), date(2026, 3, 20), False),
        (date(2026, 3, 22), date(2026, 12, 31), False),
    ],
)
def test_the_first_and_the_last_day_count(
    database: Database, bare: Ground, starts_on: date, ends_on: date, is_covered: bool
) -> None:
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        people = people_on_each_basis(ctx, bare)
        make_policy(ctx, bare.association.id, bare.city.id, starts_on, ends_on)
        assert (LegalBasis.VOLUNTEER in insured_bases(ctx, bare, people)) is is_covered


def test_policies_of_another_association_or_city_cover_nobody_here(
    database: Database, bare: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in(bare.city.id, elsewhere.city.id)) as ctx:
        people = people_on_each_basis(ctx, bare)
        radici = make_association(ctx, bare.city, "Radici di Tufo")
        make_policy(ctx, radici.id, bare.city.id, bases=tuple(LegalBasis))
        make_policy(ctx, None, elsewhere.city.id, bases=tuple(LegalBasis))
        assert insured_bases(ctx, bare, people) == set()


def test_the_three_risks_may_come_from_several_policies_that_name_the_person(
    database: Database, bare: Ground
) -> None:
    association, city = bare.association.id, bare.city.id
    with database.unit_of_work(system_in(city)) as ctx:
        people = people_on_each_basis(ctx, bare)
        make_policy(ctx, association, city, covers_liability=False)
        assert insured_bases(ctx, bare, people) == set()
        # The risk that is missing, for somebody else.
        make_policy(ctx, association, city, bases=(LegalBasis.PUC,))
        assert insured_bases(ctx, bare, people) == {LegalBasis.PUC}
        make_policy(
            ctx,
            None,
            city,
            bases=(LegalBasis.VOLUNTEER,),
            covers_accident=False,
            covers_illness=False,
        )
        assert insured_bases(ctx, bare, people) == {LegalBasis.PUC, LegalBasis.VOLUNTEER}


@pytest.mark.parametrize("is_occasional", [False, True])
def test_who_has_not_joined_counts_on_the_ground_usual_there(
    database: Database, bare: Ground, is_occasional: bool
) -> None:
    usual = LegalBasis.OCCASIONAL if is_occasional else LegalBasis.VOLUNTEER
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        ctx.db.get_one(Project, bare.project_id).is_occasional = is_occasional
        newcomer = make_person(ctx)
        facts = session_facts(ctx, [bare.session_id])[bare.session_id]
        make_policy(ctx, bare.association.id, bare.city.id, bases=(usual,))
        assert standing.insured_people(ctx, facts, [newcomer]) == {newcomer}
        ctx.db.execute(
            update(PolicyBasis).values(
                legal_basis=next(basis for basis in LegalBasis if basis is not usual)
            )
        )
        assert standing.insured_people(ctx, facts, [newcomer]) == frozenset()


def test_it_takes_two_statements_for_however_many_people(
    database: Database,
    bare: Ground,
    statements: Callable[[], object],
) -> None:
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        people = people_on_each_basis(ctx, bare)
        make_policy(ctx, bare.association.id, bare.city.id)
        facts = session_facts(ctx, [bare.session_id])[bare.session_id]
        with statements() as counted:  # type: ignore[attr-defined]
            standing.insured_people(ctx, facts, list(people))
    assert counted.total == 2


@pytest.mark.parametrize(
    ("basis", "in_register", "passes"),
    [
        (LegalBasis.VOLUNTEER, True, True),
        (LegalBasis.VOLUNTEER, False, False),
        (LegalBasis.OCCASIONAL, False, True),
        (LegalBasis.ASYLUM_SEEKER, False, True),
    ],
)
def test_at_the_gate_only_a_volunteer_needs_the_register_too(
    database: Database, bare: Ground, basis: LegalBasis, in_register: bool, passes: bool
) -> None:
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        make_policy(ctx, bare.association.id, bare.city.id, bases=tuple(LegalBasis))
        person_id = make_person(ctx, city=bare.city)
        make_enrolment(ctx, person_id, bare.project_id, legal_basis=basis)
        if in_register:
            make_register_entry(ctx, person_id, bare.association.id, bare.city.id)
        with_place = Booking(
            id=ctx.new_id(),
            municipality_id=bare.city.id,
            session_id=bare.session_id,
            person_id=person_id,
            state=BookingState.CONFIRMED,
            queued_at=ctx.now(),
            changed_at=ctx.now(),
        )
        ctx.db.add(with_place)
        ctx.db.flush()
        facts = session_facts(ctx, [bare.session_id])[bare.session_id]
        stands = standing.standings_at(ctx, facts, [person_id]).get(person_id)
    assert stands is not None
    assert stands.is_covered is passes


# Adding one


def new_policy(ground: Ground) -> NewPolicy:
    return NewPolicy(
        ground.association.id, ground.city.id, "Mutua", "RC 1", DAY, date(2026, 12, 31)
    )


def test_adding_cover_gives_their_place_to_those_who_waited_for_it(
    database: Database, bare: Ground, drain: Callable[[], int]
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_person(ctx)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        assert places.book_place(ctx, bare.session_id) is BookingState.WAITING
    with database.unit_of_work(signed_in(database, bare.organiser_id)) as ctx:
        cover.add_policy(ctx, new_policy(bare))
    drain()
    with database.reading(system_in(bare.city.id)) as ctx:
        assert ctx.db.scalars(select(Booking.state)).one() in (
            BookingState.CONFIRMED,
            BookingState.OFFERED,
        )


def test_only_sessions_of_those_days_and_of_that_association_are_looked_at(
    database: Database, bare: Ground
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_person(ctx)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        places.book_place(ctx, bare.session_id)
    city, own = bare.city.id, bare.association.id
    with database.unit_of_work(system_in(city)) as ctx:
        other = make_association(ctx, bare.city, "Radici di Tufo").id

        def found(association_id: UUID | None, day: date) -> list[UUID]:
            days = CoveredDays(association_id, city, day, day)
            return insured.sessions_to_come(ctx, days, [BookingState.WAITING])

        assert found(own, DAY) == found(None, DAY) == [bare.session_id]
        assert found(other, DAY) == []
        assert found(own, date(2026, 3, 20)) == found(own, date(2026, 3, 22)) == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"risks": frozenset()}, NoRiskCovered),
        ({"bases": ()}, NobodyCovered),
        ({"bases": (LegalBasis.PUC,)}, NobodyCovered),
    ],
)
def test_a_policy_that_covers_nothing_or_nobody_of_theirs_is_refused(
    database: Database, bare: Ground, change: dict[str, object], refusal: type[Exception]
) -> None:
    with (
        pytest.raises(refusal),
        database.unit_of_work(signed_in(database, bare.organiser_id)) as ctx,
    ):
        cover.add_policy(ctx, replace(new_policy(bare), **change))  # type: ignore[arg-type]


def test_the_municipalitys_policy_is_its_officers_and_the_associations_its_organisers(
    database: Database, bare: Ground
) -> None:
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        officer = make_staff(ctx, Role.OFFICER, bare.city)
    own, cities = new_policy(bare), replace(new_policy(bare), association_id=None, bases=MUNICIPAL)
    for who, theirs, others in ((officer, cities, own), (bare.organiser_id, own, cities)):
        with database.unit_of_work(signed_in(database, who)) as ctx:
            cover.add_policy(ctx, theirs)
            with pytest.raises(NotFound):
                cover.add_policy(ctx, others)


# Ending one


def test_a_policy_that_ends_earlier_keeps_what_was_agreed_and_why(
    database: Database, bare: Ground
) -> None:
    with database.unit_of_work(signed_in(database, bare.organiser_id)) as ctx:
        policy_id = cover.add_policy(ctx, new_policy(bare))
    for last_day in (date(2026, 6, 30), date(2026, 3, 31)):
        with database.unit_of_work(signed_in(database, bare.organiser_id)) as ctx:
            cover.end_policy(ctx, policy_id, last_day, "Cambio di compagnia")
    with database.reading(signed_in(database, bare.organiser_id)) as ctx:
        line = insured.policy_for(ctx, policy_id)
        trail = ctx.db.scalars(
            select(AuditEntry.details).where(AuditEntry.action == "policy.ended")
        ).all()
    assert (line.ends_on, line.was_to_end_on) == (date(2026, 3, 31), date(2026, 12, 31))
    assert line.end_reason == "Cambio di compagnia"
    assert [each["was"] for each in trail] == ["2026-12-31", "2026-06-30"]


def test_whose_place_is_no_longer_covered_waits_first_in_line_and_is_told(
    database: Database, bare: Ground, drain: Callable[[], int]
) -> None:
    """Of two with a place, the one whom the municipality's policy covers keeps it."""
    with database.unit_of_work(signed_in(database, bare.organiser_id)) as ctx:
        policy_id = cover.add_policy(ctx, new_policy(bare))
    people = {}
    for basis in (LegalBasis.VOLUNTEER, LegalBasis.PUC):
        with database.unit_of_work(system_in(bare.city.id)) as ctx:
            people[basis] = make_person(
                ctx,
                basis.value,
                bare.city,
                page_language="en",
                email=f"{basis.value}@example.org",
            )
            make_policy(ctx, None, bare.city.id, bases=MUNICIPAL)
            make_enrolment(ctx, people[basis], bare.project_id, legal_basis=basis)
        with database.unit_of_work(signed_in(database, people[basis])) as ctx:
            assert places.book_place(ctx, bare.session_id) is BookingState.CONFIRMED
    drain()

    with database.unit_of_work(signed_in(database, bare.organiser_id)) as ctx:
        with pytest.raises(PolicyEndNotEarlier):
            cover.end_policy(ctx, policy_id, date(2026, 3, 20), "Cambio")
        ctx.db.get_one(InsurancePolicy, policy_id).starts_on = date(2026, 1, 1)
        cover.end_policy(ctx, policy_id, date(2026, 3, 20), "Cambio")
    drain()
    drain()

    with database.reading(system_in(bare.city.id)) as ctx:
        states = dict(ctx.db.execute(select(Booking.person_id, Booking.state)).all())
        taken = ctx.db.get_one(ProjectSession, bare.session_id).places_taken
        told = ctx.db.scalars(
            select(Message.body)
            .where(Message.person_id == people[LegalBasis.VOLUNTEER])
            .where(Message.kind == MessageKind.PLACE_WAITING)
        ).all()
    assert states[people[LegalBasis.VOLUNTEER]] is BookingState.WAITING
    assert states[people[LegalBasis.PUC]] is BookingState.CONFIRMED
    assert taken == 1
    assert ["No insurance covers you on that day" in " ".join(each.split()) for each in told] == [
        True
    ]


def test_an_end_that_is_no_earlier_or_has_no_reason_is_refused(
    database: Database, bare: Ground
) -> None:
    with database.unit_of_work(signed_in(database, bare.organiser_id)) as ctx:
        policy_id = cover.add_policy(ctx, new_policy(bare))
        for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 3, 20)):
            with pytest.raises(PolicyEndNotEarlier):
                cover.end_policy(ctx, policy_id, day, "Cambio")
        with pytest.raises(PolicyEndReasonMissing):
            cover.end_policy(ctx, policy_id, DAY, "")
        with pytest.raises(NotFound):
            cover.end_policy(ctx, ctx.new_id(), DAY, "Cambio")


def test_nobody_ends_the_policy_of_others(database: Database, bare: Ground) -> None:
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        officer = make_staff(ctx, Role.OFFICER, bare.city)
        policy_id = make_policy(ctx, bare.association.id, bare.city.id)
    for who in (officer, elsewhere.organiser_id):
        with pytest.raises(NotFound), database.unit_of_work(signed_in(database, who)) as ctx:
            cover.end_policy(ctx, policy_id, DAY, "Cambio")
        with pytest.raises(NotFound), database.reading(signed_in(database, who)) as ctx:
            insured.policy_for(ctx, policy_id)


# Days to come


def test_the_organiser_reads_of_the_usual_ground_and_the_officer_of_all(
    database: Database, bare: Ground
) -> None:
    """Else an empty day would tell the organiser that the municipality sent somebody."""
    with database.unit_of_work(system_in(bare.city.id)) as ctx:
        people_on_each_basis(ctx, bare)
        ctx.db.execute(
            update(Enrolment)
            .where(Enrolment.legal_basis == LegalBasis.PUC)
            .values(legal_basis=LegalBasis.ASYLUM_SEEKER)
        )
        usual = DayToCome(bare.association.id, bare.city.id, DAY, LegalBasis.VOLUNTEER)
        sent = replace(usual, basis=LegalBasis.ASYLUM_SEEKER)
        assert insured.days_to_come(ctx, [bare.association.id]) == [usual]
        assert insured.days_to_come_in(ctx, bare.city.id) == [sent, usual]
        make_policy(ctx, bare.association.id, bare.city.id)
        [line] = uncovered_days([sent, usual], insured.policies_in(ctx, bare.city.id))
        assert (line.day, line.missing) == (sent, tuple(Risk))
