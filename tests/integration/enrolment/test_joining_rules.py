"""What a project asks of newcomers: an open door, an age, a skill or a badge; never a language."""

import pytest
from sqlalchemy import select

from civic.accounts.models import Person
from civic.catalogue.rules import ProjectState, Requirement, RequirementKind
from civic.enrolment.errors import (
    ProjectNotOpen,
    RequirementMissing,
)
from civic.enrolment.models import Qualification
from civic.enrolment.operations.requirements import note_qualification
from civic.enrolment.rules import EnrolmentState, LegalBasis
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import make_ground, on_ground
from tests.factories.catalogue import PRUNE_HEDGES
from tests.integration.enrolment.asking import newcomer
from tests.integration.enrolment.joining_moves import (
    ask,
    enrolment,
    register,
    require,
    set_project,
    stand,
)


def test_a_break_takes_nobody_new_and_keeps_who_is_in(database: Database) -> None:
    ground = on_ground(database)
    amina, bilal = newcomer(database), newcomer(database, "Bilal")
    ask(database, ground, amina)
    set_project(database, ground, state=ProjectState.PAUSED)

    assert ask(database, ground, amina) is EnrolmentState.ACTIVE
    with pytest.raises(ProjectNotOpen):
        ask(database, ground, bilal)
    assert stand(database, ground, amina).can_take_place
    assert not stand(database, ground, bilal).can_take_place


def test_occasional_project_enters_nobody_in_the_register(database: Database) -> None:
    ground = on_ground(database)
    set_project(database, ground, is_occasional=True)
    amina = newcomer(database)

    ask(database, ground, amina)

    assert enrolment(database, ground, amina).legal_basis is LegalBasis.OCCASIONAL
    assert register(database, ground) == []


def test_a_skill_or_badge_asked_for_must_be_shown_first(database: Database) -> None:
    ground = on_ground(database)
    require(database, ground, RequirementKind.SKILL, PRUNE_HEDGES)
    require(database, ground, RequirementKind.BADGE, "green-12")
    amina = newcomer(database)
    with pytest.raises(RequirementMissing):
        ask(database, ground, amina)
    assert [item.value for item in stand(database, ground, amina).obstacles] == [
        "green-12",
        PRUNE_HEDGES,
    ]

    with database.unit_of_work(system_in()) as ctx:
        shown = [
            Requirement(RequirementKind.SKILL, PRUNE_HEDGES),
            Requirement(RequirementKind.BADGE, "green-12"),
        ]
        note_qualification(ctx, amina, shown)
        note_qualification(ctx, amina, shown)
        assert len(ctx.db.scalars(select(Qualification)).all()) == 2

    assert ask(database, ground, amina) is EnrolmentState.ACTIVE


def test_what_is_asked_later_puts_nobody_out(database: Database) -> None:
    ground = on_ground(database)
    amina = newcomer(database)
    ask(database, ground, amina)
    require(database, ground, RequirementKind.BADGE, "green-12")

    assert ask(database, ground, amina) is EnrolmentState.ACTIVE
    assert stand(database, ground, amina).can_take_place


def test_a_language_nobody_shares_is_told_and_bars_nobody(database: Database) -> None:
    ground = on_ground(database)
    with database.unit_of_work(system_in()) as ctx:
        kim = make_person(ctx, "Kim", languages=("bn",))

    stands = stand(database, ground, kim)

    assert stands.spoken_there == ("it", "en")
    assert stands.can_take_place
    assert ask(database, ground, kim) is EnrolmentState.ACTIVE


def test_staff_of_one_city_who_take_part_in_another_join_once(database: Database) -> None:
    """Their reach ends at their own city, but their enrolment stands in this one."""
    ground = on_ground(database)
    with database.unit_of_work(system_in()) as ctx:
        colleague = make_ground(ctx, "caserta").organiser_id
        ctx.db.get_one(Person, colleague).birth_year = 1980

    for _click in range(2):
        assert ask(database, ground, colleague) is EnrolmentState.ACTIVE
