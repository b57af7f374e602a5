from argon2 import PasswordHasher, Type, extract_parameters

from civic.accounts.passwords import NOBODYS_HASH, hash_password, is_outdated, is_password


def test_right_password_is_right_and_wrong_one_is_wrong() -> None:
    made = hash_password("a long enough password")
    assert is_password("a long enough password", made)
    assert not is_password("another password", made)


def test_no_password_fits_a_name_that_nobody_has() -> None:
    assert not is_password("anything", None)
    assert not is_password("", None)


def test_unknown_names_are_tried_against_a_hash_of_todays_cost() -> None:
    assert not is_outdated(NOBODYS_HASH)
    assert extract_parameters(NOBODYS_HASH).type is Type.ID


def test_hash_of_other_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("password")
    assert is_outdated(weak)


def test_a_broken_hash_lets_nobody_in() -> None:
    assert not is_password("password", "plain text")
