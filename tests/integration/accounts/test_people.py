from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.accounts import operations, passwords, policy, privacy, queries
from civic.accounts.contacts import ContactPoint, read_contact
from civic.accounts.errors import (
    ImpossibleBirthYear,
    NameMissing,
    NameTooLong,
    PasswordTooShort,
    SignInNameTaken,
)
from civic.accounts.models import Person, StaffCredential
from civic.accounts.operations import NewPerson
from civic.accounts.rules import ContactKind
from civic.audit.models import AuditEntry
from civic.audit.queries import readings_of
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import VISITOR, Grant, Role, system_in
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_association, make_city

PHONE = read_contact("+39 333 123 4567")


def new(**over: Any) -> NewPerson:
    values: dict[str, Any] = {
        "name": "Amina",
        "birth_year": 1995,
        "languages": ("fr", "wo"),
        "page_language": "fr",
        "contact": PHONE,
    }
    return NewPerson(**{**values, **over})


def register(database: Database, **over: Any) -> UUID:
    with database.unit_of_work(VISITOR) as ctx:
        return operations.register(ctx, new(**over))


def test_registered_person_is_reached_by_what_they_proved(database: Database) -> None:
    person_id = register(database)
    with database.reading(system_in()) as ctx:
        reach = queries.reachable(ctx, person_id)
        card = queries.person_card(ctx, person_id)
    assert reach == queries.Reach(ContactKind.PHONE, PHONE.value, "fr", "Amina")
    assert card == queries.PersonCard(person_id, "Amina", ("fr", "wo"))


def test_phone_comes_before_address(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        both = make_person(ctx, email="a@example.org", phone=PHONE.value)
        neither = make_person(ctx)
        assert queries.reachable(ctx, neither) is None
        reach = queries.reachable(ctx, both)
    assert reach is not None
    assert reach.kind is ContactKind.PHONE


def test_one_contact_registered_twice_is_one_person(database: Database) -> None:
    assert register(database) == register(database, name="Somebody else")
    with database.reading(VISITOR) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.parametrize("name", ["U", "😀", "محمد", "Nguyễn Thị Ánh", "x" * 80])
def test_any_name_of_one_to_eighty_letters_is_taken(database: Database, name: str) -> None:
    person_id = register(database, name=name)
    with database.reading(VISITOR) as ctx:
        assert queries.names(ctx, [person_id]) == {person_id: name}


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"name": "x" * 81}, NameTooLong),
        ({"name": ""}, NameMissing),
        ({"birth_year": 2013}, ImpossibleBirthYear),
        ({"birth_year": 1915}, ImpossibleBirthYear),
    ],
)
def test_impossible_names_and_years_are_refused(
    database: Database, over: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        register(database, **over)


def test_a_birth_year_may_be_unknown(database: Database) -> None:
    person_id = register(database, birth_year=None)
    with database.reading(VISITOR) as ctx:
        assert queries.birth_year(ctx, person_id) is None


def test_a_city_takes_note_of_a_person_once(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        person_id = make_person(ctx)
        assert not queries.is_known_in(ctx, person_id, city.id)
        assert operations.note_in_city(ctx, person_id, city.id)
        assert not operations.note_in_city(ctx, person_id, city.id)
        assert queries.is_known_in(ctx, person_id, city.id)
        assert actor_of(ctx, person_id).municipalities == {city.id}


def test_staff_reach_the_cities_of_their_roles_alone(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        potenza, caserta = make_city(ctx), make_city(ctx, "caserta")
        body = make_association(ctx, potenza)
        organiser = make_staff(ctx, Role.ORGANISER, potenza, body)
        operations.note_in_city(ctx, organiser, caserta.id)
        actor = actor_of(ctx, organiser)
    assert actor.municipalities == {potenza.id}
    assert actor.grants == (Grant(Role.ORGANISER, potenza.id, body.id),)


def test_session_ends_when_it_is_closed_or_over(database: Database, clock: FrozenClock) -> None:
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_person(ctx)
        first, second = (operations.open_session(ctx, person_id) for _ in range(2))
        operations.close_session(ctx, first)

    def is_in(token: str) -> bool:
        with database.reading(VISITOR) as ctx:
            return queries.actor_for_token(ctx, operations.token_hash(token)) is not None

    assert first != second
    assert not is_in(first)
    assert is_in(second)
    assert not is_in("made up")
    clock.advance(timedelta(days=30))
    assert not is_in(second)


def test_staff_session_ends_after_a_working_day(database: Database, clock: FrozenClock) -> None:
    with database.unit_of_work(system_in()) as ctx:
        token = operations.open_session(ctx, make_staff(ctx, Role.OFFICER, make_city(ctx)))
    clock.advance(timedelta(hours=12))
    with database.reading(VISITOR) as ctx:
        assert queries.actor_for_token(ctx, operations.token_hash(token)) is None


def test_only_oneself_is_signed_out_everywhere(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        amina, other = make_person(ctx), make_person(ctx, "Other")
        token = operations.open_session(ctx, amina)
        stranger, own = actor_of(ctx, other), actor_of(ctx, amina)
    with pytest.raises(NotFound), database.unit_of_work(stranger) as ctx:
        operations.close_all(ctx, amina)
    with database.unit_of_work(own) as ctx:
        operations.close_all(ctx, amina)
        assert queries.actor_for_token(ctx, operations.token_hash(token)) is None


def test_opening_a_file_is_recorded_with_who_and_why(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        amina = make_person(ctx, city=city, nationality="ML")
        officer = actor_of(ctx, make_staff(ctx, Role.OFFICER, city))
        own = actor_of(ctx, amina)
    with database.unit_of_work(officer) as ctx:
        file = queries.person_for(ctx, amina, policy.READ_PERSON, "at the desk")
    assert (file.name, file.nationality, file.municipality_id) == ("Amina", "ML", city.id)
    with database.reading(own) as ctx:
        (reading,) = readings_of(ctx, amina)
    assert (reading.actor_id, reading.reason) == (officer.person_id, "at the desk")


def test_file_of_somebody_the_city_does_not_know_is_absent(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        potenza, caserta = make_city(ctx), make_city(ctx, "caserta")
        amina, unknown = make_person(ctx, city=potenza), make_person(ctx)
        stranger = actor_of(ctx, make_staff(ctx, Role.OFFICER, caserta))
        organiser = actor_of(ctx, make_staff(ctx, Role.ORGANISER, potenza))
    for actor, person_id in ((stranger, amina), (stranger, unknown), (organiser, amina)):
        with pytest.raises(NotFound), database.unit_of_work(actor) as ctx:
            queries.person_for(ctx, person_id, policy.READ_PERSON, "curious")
    with pytest.raises(NotFound), database.unit_of_work(stranger) as ctx:
        queries.person_for(ctx, amina, policy.READ_PERSON, "curious", municipality_id=potenza.id)
    with database.reading(system_in(potenza.id, caserta.id)) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_people_are_found_by_part_of_a_name_within_the_city_alone(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        potenza, caserta = make_city(ctx), make_city(ctx, "caserta")
        make_person(ctx, "Amina", potenza)
        make_person(ctx, "Fatoumata 100%", potenza)
        make_person(ctx, "Amina", caserta)
        officer = actor_of(ctx, make_staff(ctx, Role.OFFICER, potenza))
    with database.reading(officer) as ctx:
        assert [card.name for card in queries.people_of(ctx, potenza.id, "AMI")] == ["Amina"]
        assert [card.name for card in queries.people_of(ctx, potenza.id, "%")] == ["Fatoumata 100%"]
        assert queries.people_of(ctx, caserta.id) == []


def test_staff_account_holds_its_roles_and_a_hash(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        grants = [Grant(Role.OFFICER, city.id), Grant(Role.CASE_WORKER, city.id)]
        person_id = operations.make_staff_account(
            ctx, "Rosa", " Rosa@Comune.example ", "a long password", grants
        )
        assert set(actor_of(ctx, person_id).grants) == set(grants)
        kept = ctx.db.get_one(StaffCredential, person_id)
        assert kept.sign_in_name == "rosa@comune.example"
        assert kept.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert passwords.is_password("a long password", kept.password_hash)


def test_a_sign_in_name_belongs_to_one(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        operations.make_staff_account(ctx, "Rosa", "rosa", "a long password", [])
    with pytest.raises(SignInNameTaken), database.unit_of_work(system_in()) as ctx:
        operations.make_staff_account(ctx, "Rosa", "ROSA", "a long password", [])
    with pytest.raises(PasswordTooShort), database.unit_of_work(system_in()) as ctx:
        operations.make_staff_account(ctx, "Lia", "lia", "short", [])


def test_a_person_takes_away_what_is_known_of_them(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        amina = make_person(ctx, city=city, phone=PHONE.value)
        officer = actor_of(ctx, make_staff(ctx, Role.OFFICER, city))
        own = actor_of(ctx, amina)
        operations.open_session(ctx, amina)
    with database.unit_of_work(officer) as ctx:
        queries.person_for(ctx, amina, policy.READ_PERSON, "at the desk")
        with pytest.raises(NotFound):
            privacy.export(ctx, amina)
    with database.reading(own) as ctx:
        data = privacy.export(ctx, amina)
    assert data["name"] == "Amina"
    assert data["contacts"] == [{"kind": "phone", "value": PHONE.value}]
    assert data["known_in"][0]["municipality"] == "Potenza"
    assert data["file_opened"][0]["reason"] == "at the desk"
    assert len(data["signed_in"]) == 1


def test_contact_of_another_person_is_not_taken_over(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        first, second = make_person(ctx), make_person(ctx)
        assert operations.add_contact(ctx, first, PHONE)
        assert not operations.add_contact(ctx, second, PHONE)
        assert queries.holder_of(ctx, PHONE.kind, PHONE.value) == first
        address = ContactPoint(ContactKind.EMAIL, "a@example.org")
        assert operations.add_contact(ctx, second, address)
