"""Sealed fields open where they were sealed, with the keys that were there, and nowhere else."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from civic.kernel.vault import KeyMissing, KeyWrong, Spot, Tampered, Vault, blind

CITY, SUBJECT, ROW = uuid4(), uuid4(), uuid4()
SPOT = Spot("case_section", ROW)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "cities", tmp_path / "subjects", makes_city_keys=True)


def test_what_is_sealed_opens_again_and_looks_different_each_time(vault: Vault) -> None:
    key = vault.new_key(CITY, SUBJECT)
    one, other = key.seal(SPOT, {"given": "Awa"}), key.seal(SPOT, {"given": "Awa"})
    assert one != other
    assert key.open(SPOT, one) == key.open(SPOT, other) == {"given": "Awa"}
    assert b"Awa" not in one


@pytest.mark.parametrize(
    "elsewhere",
    [Spot("case_entry", ROW), Spot("case_section", uuid4()), Spot("case_section", ROW, "other")],
)
def test_a_sealed_field_opens_in_its_own_table_row_and_column_alone(
    vault: Vault, elsewhere: Spot
) -> None:
    key = vault.new_key(CITY, SUBJECT)
    with pytest.raises(Tampered) as refused:
        key.open(elsewhere, key.seal(SPOT, "secret"))
    assert str(elsewhere) == refused.value.values["spot"]


def test_one_subject_s_field_does_not_open_with_another_s_key(vault: Vault) -> None:
    sealed = vault.new_key(CITY, SUBJECT).seal(SPOT, "secret")
    with pytest.raises(Tampered):
        vault.new_key(CITY, uuid4()).open(SPOT, sealed)


def test_each_changed_byte_is_noticed(vault: Vault) -> None:
    key = vault.new_key(CITY, SUBJECT)
    sealed = key.seal(SPOT, "secret")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Tampered):
            key.open(SPOT, bytes(changed))
    with pytest.raises(Tampered):
        key.open(SPOT, b"")


def test_a_key_made_twice_is_one(vault: Vault) -> None:
    sealed = vault.new_key(CITY, SUBJECT).seal(SPOT, "secret")
    assert vault.new_key(CITY, SUBJECT).open(SPOT, sealed) == "secret"


def test_a_missing_key_is_named_and_none_takes_its_place(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "cities", tmp_path / "subjects")
    with pytest.raises(KeyMissing) as refused:
        vault.new_key(CITY, SUBJECT)
    assert refused.value.values == {"key": f"{CITY}/*"}
    assert not list((tmp_path / "cities").glob("*.json"))
    vault.add_city_key(CITY)
    with pytest.raises(KeyMissing) as refused:
        vault.key_of(CITY, SUBJECT)
    assert refused.value.values == {"key": f"{CITY}/{SUBJECT}"}


def test_a_wrong_city_key_is_named(vault: Vault, tmp_path: Path) -> None:
    vault.new_key(CITY, SUBJECT)
    path = tmp_path / "cities" / f"{CITY}.json"
    told = json.loads(path.read_text())
    told["keys"]["1"] = "A" * 43 + "="
    path.unlink()
    path.write_text(json.dumps(told))
    with pytest.raises(KeyWrong) as refused:
        vault.key_of(CITY, SUBJECT)
    assert refused.value.values == {"key": f"{CITY}/1"}


def test_a_turned_key_opens_what_was_sealed_before(vault: Vault) -> None:
    sealed = vault.new_key(CITY, SUBJECT).seal(SPOT, "secret")
    assert vault.add_city_key(CITY) == "2"
    assert vault.key_of(CITY, SUBJECT).open(SPOT, sealed) == "secret"
    assert vault.rewrap(CITY, SUBJECT)
    assert not vault.rewrap(CITY, SUBJECT)
    assert vault.wrapped_by(CITY, SUBJECT) == "2"
    assert vault.retire_city_keys(CITY, ["1"]) == ["1"]
    assert vault.key_of(CITY, SUBJECT).open(SPOT, sealed) == "secret"


def test_a_destroyed_key_does_not_come_back_with_the_next_turn(vault: Vault) -> None:
    sealed = vault.new_key(CITY, SUBJECT).seal(SPOT, "secret")
    vault.add_city_key(CITY)
    assert vault.destroy(CITY, SUBJECT)
    assert not vault.destroy(CITY, SUBJECT)
    assert not vault.rewrap(CITY, SUBJECT)
    assert list(vault.subjects(CITY)) == []
    with pytest.raises(KeyMissing):
        vault.key_of(CITY, SUBJECT).open(SPOT, sealed)


def test_keys_are_for_the_owner_s_eyes_alone(vault: Vault, tmp_path: Path) -> None:
    vault.new_key(CITY, SUBJECT)
    files = [*tmp_path.glob("cities/*.json"), *tmp_path.glob("subjects/*/*/*.key")]
    assert len(files) == 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_blind_index_is_the_same_for_a_fact_and_another_in_each_city(vault: Vault) -> None:
    (here,) = vault.index_keys(CITY).values()
    (there,) = vault.index_keys(uuid4()).values()
    assert blind(here, "fact") == blind(here, "fact") != blind(there, "fact")
    assert len(blind(here, "fact")) == 16


def test_nothing_of_a_key_is_in_what_python_prints_of_it(vault: Vault) -> None:
    key = vault.new_key(CITY, SUBJECT)
    assert "_key" not in repr(key)
    assert "keys=" not in repr(vault.city_keys(CITY))
