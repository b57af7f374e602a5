import json
import multiprocessing
import stat
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from civic.badges.credentials import keys
from civic.badges.credentials.did import did_document, find_key, jwk, multikey
from civic.badges.credentials.keys import Keyring, NoSuchKey, SpoiltKeyring, WrongSecret
from tests.factories.credentials import DID, NOW

LATER = NOW + timedelta(days=30)
SECRET = "a secret of the keyring"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring"


@pytest.fixture
def keyring(path: Path) -> Keyring:
    return Keyring.open(path, SECRET)


def test_an_issuer_without_a_key_is_given_one_and_keeps_it(keyring: Keyring, path: Path) -> None:
    first = keyring.current("1", NOW)
    assert (first.kid, first.rsa_kid, first.created) == ("#k1", "#k1-rsa", NOW)
    again = Keyring.open(path, SECRET).current("1", LATER)
    assert again.ed25519.private_bytes_raw() == first.ed25519.private_bytes_raw()
    assert again.rsa.private_numbers() == first.rsa.private_numbers()


def test_issuers_share_no_key(keyring: Keyring) -> None:
    one, other = keyring.current("1", NOW), keyring.current("2", NOW)
    assert multikey(one.public().ed25519) != multikey(other.public().ed25519)
    assert len(keyring.public("1")) == 1


def test_asking_for_what_is_public_makes_nothing(keyring: Keyring, path: Path) -> None:
    assert keyring.public("1") == []
    assert not path.exists()


def test_rotation_retires_the_old_key_which_stays_in_the_document(keyring: Keyring) -> None:
    keyring.current("1", NOW)
    assert keyring.rotate("1", LATER).kid == "#k2"
    assert keyring.current("1", LATER).kid == "#k2"
    old, new = keyring.public("1")
    assert (old.retired_at, new.retired_at) == (LATER, None)
    document = did_document(DID, [old, new])
    assert document["assertionMethod"] == [
        f"{DID}#k1", f"{DID}#k1-rsa", f"{DID}#k2", f"{DID}#k2-rsa",
    ]  # fmt: skip
    assert [each["id"] for each in document["verificationMethod"]] == document["assertionMethod"]


def test_a_compromised_key_is_gone_from_the_document_and_a_new_one_signs(
    keyring: Keyring,
) -> None:
    keyring.current("1", NOW)
    keyring.compromise("1", "#k1", LATER)
    assert keyring.current("1", LATER).kid == "#k2"
    publics = keyring.public("1")
    assert [each.compromised_at for each in publics] == [LATER, None]
    assert "#k1" not in json.dumps(did_document(DID, publics))
    assert find_key(publics, "#k1") is None
    assert find_key(publics, "#k1-rsa") is None
    assert find_key(publics, "#k2") == publics[1].ed25519
    assert find_key(publics, "#k2-rsa") == publics[1].rsa


def test_a_retired_key_can_be_compromised_and_the_new_one_goes_on(keyring: Keyring) -> None:
    keyring.current("1", NOW)
    keyring.rotate("1", NOW)
    keyring.compromise("1", "#k1", LATER)
    keyring.compromise("1", "#k1", LATER + timedelta(days=1))
    assert keyring.current("1", LATER).kid == "#k2"
    assert keyring.public("1")[0].compromised_at == LATER


def test_a_key_that_is_not_there_cannot_be_compromised(keyring: Keyring) -> None:
    keyring.current("1", NOW)
    with pytest.raises(NoSuchKey):
        keyring.compromise("1", "#k9", NOW)


def test_the_document_holds_no_private_part(keyring: Keyring) -> None:
    keyring.current("1", NOW)
    public = keyring.public("1")[0]
    assert set(jwk(public.rsa)) == {"kty", "n", "e"}
    method = did_document(DID, [public])["verificationMethod"][0]
    assert method["type"] == "Multikey"
    assert method["publicKeyMultibase"].startswith("z6Mk")


def test_another_secret_does_not_open(keyring: Keyring, path: Path) -> None:
    keyring.current("1", NOW)
    with pytest.raises(WrongSecret):
        Keyring.open(path, SECRET + "!")


def test_a_changed_or_foreign_file_does_not_open(keyring: Keyring, path: Path) -> None:
    keyring.current("1", NOW)
    read = json.loads(path.read_bytes())
    for changed in ({**read, "sealed": read["nonce"]}, {**read, "salt": read["nonce"]}):
        path.write_text(json.dumps(changed))
        with pytest.raises(WrongSecret):
            Keyring.open(path, SECRET)
    for content in ("", "[]", "{}", "no JSON", '{"salt": 1, "nonce": 2, "sealed": 3}'):
        path.write_text(content)
        with pytest.raises(SpoiltKeyring):
            Keyring.open(path, SECRET)


def test_a_new_secret_takes_the_place_of_the_old(keyring: Keyring, path: Path) -> None:
    before = keyring.current("1", NOW)
    keyring.reencrypt("another")
    with pytest.raises(WrongSecret):
        Keyring.open(path, SECRET)
    after = Keyring.open(path, "another").current("1", NOW)
    assert after.ed25519.private_bytes_raw() == before.ed25519.private_bytes_raw()
    assert keyring.rotate("1", NOW).kid == "#k2"


def test_only_the_owner_reads_the_file_and_nothing_is_left_beside_it(
    keyring: Keyring, path: Path
) -> None:
    keyring.current("1", NOW)
    keyring.rotate("1", NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {each.name for each in path.parent.iterdir()} == {"keyring", "keyring.lock"}


def test_nothing_private_stands_in_the_file(keyring: Keyring, path: Path) -> None:
    keyring.current("1", NOW)
    assert b"ed25519" not in path.read_bytes()
    assert b"#k1" not in path.read_bytes()


def test_a_reader_sees_what_another_process_wrote(keyring: Keyring, path: Path) -> None:
    keyring.current("1", NOW)
    Keyring.open(path, SECRET).rotate("1", NOW)
    assert keyring.current("1", NOW).kid == "#k2"


def test_a_failed_writing_leaves_the_old_file(
    keyring: Keyring, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.current("1", NOW)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("civic.badges.credentials.keys.os.fsync", fail)
    with pytest.raises(OSError, match="full"):
        keyring.rotate("1", NOW)
    assert path.read_bytes() == before
    assert {each.name for each in path.parent.iterdir()} == {"keyring", "keyring.lock"}


def _rotate(path: Path) -> None:
    """Slow between reading and writing, so that two would surely cross."""
    replace = keys._replace

    def slowly(*args: Any) -> None:
        sleep(0.5)
        replace(*args)

    keys._replace = slowly  # type: ignore[assignment]
    Keyring.open(path, SECRET).rotate("1", NOW)


def _current(path: Path) -> None:
    Keyring.open(path, SECRET).current("1", NOW)


def _at_once(path: Path, *work: object) -> None:
    fresh = multiprocessing.get_context("spawn")
    running = [fresh.Process(target=each, args=(path,)) for each in work]  # type: ignore[arg-type]
    for process in running:
        process.start()
    for process in running:
        process.join(30)
    assert [process.exitcode for process in running] == [0] * len(work)


def test_two_processes_that_rotate_at_once_lose_no_key(keyring: Keyring, path: Path) -> None:
    keyring.current("1", NOW)
    _at_once(path, _rotate, _rotate)
    assert [each.kid for each in keyring.public("1")] == ["#k1", "#k2", "#k3"]
    assert [each.retired_at is None for each in keyring.public("1")] == [False, False, True]


def test_two_processes_that_need_a_first_key_at_once_make_one(keyring: Keyring, path: Path) -> None:
    _at_once(path, _current, _current)
    assert [each.kid for each in keyring.public("1")] == ["#k1"]
