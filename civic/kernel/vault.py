"""Sealing fields about a person, so that neither the database nor a backup of it can be read alone.

Three things lie apart. The database holds sealed fields. A folder holds one data key for each
subject (a case), wrapped by its municipality's key: throwing that small file away makes every sealed
field of the subject unreadable, in old backups of the database too. The municipality's keys lie in a
folder of their own, which no backup of the other two contains.

A sealed field is AES-256-GCM with the table, column, row and subject as associated data: moved to
another row it does not open.
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from civic.kernel.errors import Unavailable
from civic.kernel.i18n import N_
from civic.settings import Settings

NONCE = 12
KEY_BYTES = 32
INDEX_BYTES = 16
"""Of a blind index; 128 bits keep 200,000 people apart."""


class KeyMissing(Unavailable):
    """A key is not where it should be. Nothing was changed, and nothing may be written over."""

    code = "key_missing"
    sentence = N_(
        "The key “%(key)s” is not here, so this file cannot be opened. Nothing was changed and"
        " nothing is lost. Tell whoever runs Civic which key it is."
    )


class KeyWrong(Unavailable):
    code = "key_wrong"
    sentence = N_(
        "The key “%(key)s” is not the one this file was sealed with. Nothing was changed and"
        " nothing is lost. Tell whoever runs Civic which key it is."
    )


class Tampered(Unavailable):
    """What stands in a sealed field is not what was sealed into it."""

    code = "tampered"
    sentence = N_(
        "A part of this file was changed outside Civic and does not open: %(spot)s. Nothing was"
        " written over. Tell whoever runs Civic."
    )


@dataclass(frozen=True)
class Spot:
    """Where a sealed field stands; it opens nowhere else."""

    table: str
    row_id: UUID
    column: str = "sealed"

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.row_id}"


@dataclass(frozen=True)
class SubjectKey:
    """The data key of one subject, unwrapped. It lives as long as the request does."""

    subject_id: UUID
    _key: bytes = field(repr=False)

    def seal(self, spot: Spot, values: Any) -> bytes:
        """Plain JSON values; another nonce each time."""
        return self.seal_bytes(spot, json.dumps(values, ensure_ascii=False).encode())

    def open(self, spot: Spot, sealed: bytes) -> Any:
        """Raises Tampered."""
        return json.loads(self.open_bytes(spot, sealed))

    def seal_bytes(self, spot: Spot, content: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, content, self._bound_to(spot))

    def open_bytes(self, spot: Spot, sealed: bytes) -> bytes:
        try:
            return AESGCM(self._key).decrypt(sealed[:NONCE], sealed[NONCE:], self._bound_to(spot))
        except (InvalidTag, ValueError):
            raise Tampered(spot=str(spot)) from None

    def _bound_to(self, spot: Spot) -> bytes:
        return f"{spot.table}\x00{spot.column}\x00{spot.row_id}\x00{self.subject_id}".encode()


@dataclass(frozen=True)
class CityKeys:
    """The keys of a municipality by their number, of which the last one wraps anew."""

    current: str
    keys: dict[str, bytes] = field(repr=False)

    def named(self, municipality_id: UUID, version: str) -> bytes:
        key = self.keys.get(version)
        if key is None:
            raise KeyMissing(key=key_name(municipality_id, version))
        return key


def key_name(municipality_id: UUID, version: str) -> str:
    """What a page and a log call a key: nothing of the key is in it."""
    return f"{municipality_id}/{version}"


class Vault:
    """Opens, makes, turns over and destroys keys; the folders are shared by every process."""

    def __init__(
        self, city_keys: Path, subject_keys: Path, *, makes_city_keys: bool = False
    ) -> None:
        """`makes_city_keys` for the demonstration and tests: elsewhere a key that is missing may be
        one that somebody forgot to mount, and a new one in its place would hide that."""
        self._city_folder = city_keys
        self._subject_folder = subject_keys
        self._makes_city_keys = makes_city_keys
        self._read: dict[UUID, tuple[tuple[int, int], CityKeys]] = {}

    # The municipality's keys

    def city_keys(self, municipality_id: UUID) -> CityKeys:
        """Read anew when the file has changed, so that a key turned over is seen by all processes."""
        path = self._city_file(municipality_id)
        try:
            stat = path.stat()
        except FileNotFoundError:
            if not self._makes_city_keys:
                raise KeyMissing(key=key_name(municipality_id, "*")) from None
            self.add_city_key(municipality_id)
            stat = path.stat()
        mark = (stat.st_mtime_ns, stat.st_ino)
        known = self._read.get(municipality_id)
        if known is None or known[0] != mark:
            told = json.loads(path.read_text())
            keys = {name: base64.b64decode(key) for name, key in told["keys"].items()}
            known = (mark, CityKeys(told["current"], keys))
            self._read[municipality_id] = known
        return known[1]

    def add_city_key(self, municipality_id: UUID) -> str:
        """A new key that wraps from now on; the older ones still open. Returns its number."""
        with self._locked(self._city_folder, municipality_id):
            path = self._city_file(municipality_id)
            told = json.loads(path.read_text()) if path.exists() else {"keys": {}}
            version = str(max((int(name) for name in told["keys"]), default=0) + 1)
            told["keys"][version] = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
            told["current"] = version
            _write(path, json.dumps(told).encode())
        return version

    def has_city_keys(self, municipality_id: UUID) -> bool:
        return self._city_file(municipality_id).exists()

    def retire_city_keys(self, municipality_id: UUID, versions: Collection[str]) -> list[str]:
        """Destroy these keys, never the current one. Whoever calls has made sure that none of them
        is needed: see `wrapped_by`. Returns the numbers of those that went."""
        with self._locked(self._city_folder, municipality_id):
            path = self._city_file(municipality_id)
            told = json.loads(path.read_text())
            gone = sorted((set(told["keys"]) & set(versions)) - {told["current"]})
            told["keys"] = {name: key for name, key in told["keys"].items() if name not in gone}
            _write(path, json.dumps(told).encode())
        return gone

    # Blind indexes

    def index_keys(self, municipality_id: UUID) -> dict[str, bytes]:
        """A key for blind indexes from each key of the municipality, the current one last."""
        held = self.city_keys(municipality_id)
        names = [*(name for name in held.keys if name != held.current), held.current]
        return {name: _derived(held.keys[name]) for name in names}

    # Subjects

    def new_key(self, municipality_id: UUID, subject_id: UUID) -> SubjectKey:
        """The subject's key, made if it has none: a form sent twice makes one."""
        path = self._subject_file(municipality_id, subject_id)
        with self._locked(self._subject_folder, municipality_id):
            if not path.exists():
                wrapped = self._wrap(municipality_id, subject_id, secrets.token_bytes(KEY_BYTES))
                _write(path, wrapped)
        return self.key_of(municipality_id, subject_id)

    def key_of(self, municipality_id: UUID, subject_id: UUID) -> SubjectKey:
        """Raises KeyMissing, also after the key was destroyed, and KeyWrong."""
        seen = None
        while True:
            wrapped = self._wrapped(municipality_id, subject_id)
            if wrapped is None:
                raise KeyMissing(key=key_name(municipality_id, str(subject_id)))
            try:
                return SubjectKey(subject_id, self._unwrap(municipality_id, subject_id, wrapped))
            except KeyMissing:
                # Wrapped anew, and the older key of the municipality retired, between the two
                # readings? Then the second look finds something else.
                if wrapped == seen:
                    raise
                seen = wrapped

    def destroy(self, municipality_id: UUID, subject_id: UUID) -> bool:
        """From now on nothing of the subject opens, here and in every backup of the database. The
        file is written over first, which a disk that writes elsewhere may not honour. False when
        there was none."""
        path = self._subject_file(municipality_id, subject_id)
        with self._locked(self._subject_folder, municipality_id):
            if not path.exists():
                return False
            with path.open("r+b") as file:
                file.write(b"\0" * path.stat().st_size)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        return True

    def subjects(self, municipality_id: UUID) -> list[UUID]:
        """Whoever makes a key at this moment is waited for: those that are missing here are wrapped
        by the key that is current now."""
        with self._locked(self._subject_folder, municipality_id):
            paths = sorted((self._subject_folder / str(municipality_id)).glob("*/*.key"))
        return [UUID(path.stem) for path in paths]

    def has_key(self, municipality_id: UUID, subject_id: UUID) -> bool:
        """Also while half of one is left, of a process that ended while it destroyed it."""
        return self._subject_file(municipality_id, subject_id).exists()

    def wrapped_by(self, municipality_id: UUID, subject_id: UUID) -> str | None:
        """The number of the municipality's key that wraps this subject's; None once destroyed."""
        wrapped = self._wrapped(municipality_id, subject_id)
        return None if wrapped is None else wrapped.split(b"\n", 1)[0].decode()

    def rewrap(self, municipality_id: UUID, subject_id: UUID) -> bool:
        """Under the municipality's current key. The lock keeps a key that is destroyed at this
        moment from coming back. False when there was nothing to do."""
        path = self._subject_file(municipality_id, subject_id)
        with self._locked(self._subject_folder, municipality_id):
            version = self.wrapped_by(municipality_id, subject_id)
            if version in (None, self.city_keys(municipality_id).current):
                return False
            key = self._unwrap(municipality_id, subject_id, path.read_bytes())
            _write(path, self._wrap(municipality_id, subject_id, key))
        return True

    def _wrapped(self, municipality_id: UUID, subject_id: UUID) -> bytes | None:
        """None once it was destroyed, and for one that was written over and not yet taken away."""
        try:
            wrapped = self._subject_file(municipality_id, subject_id).read_bytes()
        except FileNotFoundError:
            return None
        return wrapped if wrapped.strip(b"\0") else None

    def _wrap(self, municipality_id: UUID, subject_id: UUID, key: bytes) -> bytes:
        held = self.city_keys(municipality_id)
        nonce = secrets.token_bytes(NONCE)
        bound = _wrapped_for(municipality_id, subject_id, held.current)
        sealed = nonce + AESGCM(held.keys[held.current]).encrypt(nonce, key, bound)
        return held.current.encode() + b"\n" + sealed

    def _unwrap(self, municipality_id: UUID, subject_id: UUID, wrapped: bytes) -> bytes:
        first, _, sealed = wrapped.partition(b"\n")
        version = first.decode(errors="replace")
        key = self.city_keys(municipality_id).named(municipality_id, version)
        bound = _wrapped_for(municipality_id, subject_id, version)
        try:
            return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
        except (InvalidTag, ValueError):
            raise KeyWrong(key=key_name(municipality_id, version)) from None

    def _city_file(self, municipality_id: UUID) -> Path:
        return self._city_folder / f"{municipality_id}.json"

    def _subject_file(self, municipality_id: UUID, subject_id: UUID) -> Path:
        # The last letters of a UUIDv7 are random: its first ones would put a month into one folder.
        name = str(subject_id)
        return self._subject_folder / str(municipality_id) / name[-2:] / f"{name}.key"

    @contextmanager
    def _locked(self, folder: Path, municipality_id: UUID) -> Iterator[None]:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / f".{municipality_id}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def vault_of(settings: Settings) -> Vault:
    return Vault(
        Path(settings.city_keys),
        Path(settings.subject_keys),
        makes_city_keys=settings.is_demonstration,
    )


def blind(key: bytes, text: str) -> bytes:
    """What stands in the database for a fact that is searched for: HMAC-SHA256, cut."""
    mac = HMAC(key, SHA256())
    mac.update(text.encode())
    return mac.finalize()[:INDEX_BYTES]


def _derived(key: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"civic blind index").derive(key)


def _wrapped_for(municipality_id: UUID, subject_id: UUID, version: str) -> bytes:
    return f"{municipality_id}\x00{subject_id}\x00{version}".encode()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for the owner's eyes."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_suffix(".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
