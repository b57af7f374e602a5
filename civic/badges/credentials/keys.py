"""The keys that issuers sign with, in one encrypted file outside the database.

A backup of the database alone can forge nothing, and the file alone opens to nobody without the
secret. Each issuer has generations: the newest signs, retired ones still prove what they signed, and
one that somebody else may hold proves nothing any more.
"""

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"civic keyring 1"
"""Goes into the key and into the seal: a file of another kind never opens as a keyring."""
RSA_BITS = 2048

_Content = dict[str, list[dict[str, Any]]]


class WrongSecret(Exception):
    """The keyring does not open with this secret, or its file was changed."""


class SpoiltKeyring(Exception):
    """The file is no keyring."""


class NoSuchKey(Exception):
    pass


@dataclass(frozen=True)
class PublicGeneration:
    kid: str
    """`#k1`, to be put behind a DID; its RSA key is `#k1-rsa`."""
    ed25519: Ed25519PublicKey
    rsa: RSAPublicKey
    created: datetime
    retired_at: datetime | None
    compromised_at: datetime | None

    @property
    def rsa_kid(self) -> str:
        return f"{self.kid}-rsa"


@dataclass(frozen=True)
class Generation:
    kid: str
    ed25519: Ed25519PrivateKey
    rsa: RSAPrivateKey
    created: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None

    @property
    def rsa_kid(self) -> str:
        return f"{self.kid}-rsa"

    @property
    def is_current(self) -> bool:
        return self.retired_at is None and self.compromised_at is None

    def public(self) -> PublicGeneration:
        return PublicGeneration(
            self.kid,
            self.ed25519.public_key(),
            self.rsa.public_key(),
            self.created,
            self.retired_at,
            self.compromised_at,
        )


class Keyring:
    def __init__(self, path: Path, secret: str) -> None:
        self._path = path
        self._secret = secret
        self._seen: tuple[int, int] | None = None
        self._content: _Content = {}

    @classmethod
    def open(cls, path: Path, secret: str) -> "Keyring":
        """The file need not be there yet."""
        keyring = cls(path, secret)
        keyring._read()
        return keyring

    def current(self, issuer: str, now: datetime) -> Generation:
        """The one that signs. An issuer without one is given one."""
        found = self._generations(issuer)
        if found and found[-1].is_current:
            return found[-1]
        fresh = _fresh()
        with self._writing() as content:
            found = _load(content, issuer)
            if not (found and found[-1].is_current):
                _append(content, issuer, fresh, now)
            return _load(content, issuer)[-1]

    def rotate(self, issuer: str, now: datetime) -> Generation:
        fresh = _fresh()  # a while of work: nobody waits at the lock for it
        with self._writing() as content:
            for each in content.get(issuer, []):
                each["retired_at"] = each["retired_at"] or now.isoformat()
            _append(content, issuer, fresh, now)
            return _load(content, issuer)[-1]

    def compromise(self, issuer: str, kid: str, now: datetime) -> None:
        """Nothing that this generation signed is worth anything from now on."""
        with self._writing() as content:
            those = [each for each in content.get(issuer, []) if each["kid"] == kid]
            if not those:
                raise NoSuchKey(kid)
            for each in those:
                each["compromised_at"] = each["compromised_at"] or now.isoformat()

    def public(self, issuer: str) -> list[PublicGeneration]:
        """Oldest first."""
        return [each.public() for each in self._generations(issuer)]

    def reencrypt(self, new_secret: str) -> None:
        with self._writing():
            self._secret = new_secret

    def _generations(self, issuer: str) -> list[Generation]:
        self._read()
        return _load(self._content, issuer)

    def _read(self) -> None:
        try:
            with self._path.open("rb") as file:
                facts = os.fstat(file.fileno())
                # Every writing makes a new file, so what was read holds until the number changes.
                seen = (facts.st_ino, facts.st_mtime_ns)
                if seen != self._seen:
                    self._content = _unseal(file.read(), self._secret)
                    self._seen = seen
        except FileNotFoundError:
            self._content, self._seen = {}, None

    @contextmanager
    def _writing(self) -> Iterator[_Content]:
        """One process at a time, from reading to the new file in place. The lock is a file beside,
        because the keyring itself is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._read()
            content: _Content = json.loads(json.dumps(self._content))
            yield content
            _replace(self._path, _seal(content, self._secret))
        finally:
            os.close(lock)


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the power goes. `mkstemp` lets nobody else read."""
    handle, temporary = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _key(secret: str, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=PURPOSE)
    return AESGCM(derived.derive(secret.encode()))


def _seal(content: _Content, secret: str) -> bytes:
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = _key(secret, salt).encrypt(nonce, json.dumps(content).encode(), PURPOSE)
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    named = {name: b64encode(value).decode("ascii") for name, value in parts.items()}
    return json.dumps({"keyring": 1, **named}).encode()


def _unseal(content: bytes, secret: str) -> _Content:
    try:
        read = json.loads(content)
        salt, nonce, sealed = (b64decode(read[name]) for name in ("salt", "nonce", "sealed"))
    except (ValueError, KeyError, TypeError) as error:
        raise SpoiltKeyring("The file is no keyring.") from error
    try:
        opened: _Content = json.loads(_key(secret, salt).decrypt(nonce, sealed, PURPOSE))
    except (InvalidTag, ValueError) as error:
        raise WrongSecret(
            "The keyring does not open: the secret is another one, or the file was changed."
        ) from error
    return opened


def _fresh() -> dict[str, str]:
    ed25519 = Ed25519PrivateKey.generate().private_bytes_raw()
    rsa = generate_private_key(public_exponent=65537, key_size=RSA_BITS).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "ed25519": b64encode(ed25519).decode("ascii"),
        "rsa": b64encode(rsa).decode("ascii"),
    }


def _append(content: _Content, issuer: str, fresh: dict[str, str], now: datetime) -> None:
    those = content.setdefault(issuer, [])
    times = {"created": now.isoformat(), "retired_at": None, "compromised_at": None}
    those.append({"kid": f"#k{len(those) + 1}", **fresh, **times})


def _load(content: _Content, issuer: str) -> list[Generation]:
    return [_generation(each) for each in content.get(issuer, [])]


def _generation(stored: dict[str, Any]) -> Generation:
    rsa = serialization.load_der_private_key(
        b64decode(stored["rsa"]), None, unsafe_skip_rsa_key_validation=True
    )  # sealed by ourselves, and the validation takes longer than the signature
    if not isinstance(rsa, RSAPrivateKey):
        raise SpoiltKeyring(stored["kid"])
    return Generation(
        kid=stored["kid"],
        ed25519=Ed25519PrivateKey.from_private_bytes(b64decode(stored["ed25519"])),
        rsa=rsa,
        created=datetime.fromisoformat(stored["created"]),
        retired_at=_moment(stored["retired_at"]),
        compromised_at=_moment(stored["compromised_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
