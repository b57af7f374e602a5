"""Credentials for tests: an issuer with keys, a badge, and a status list."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from PIL import Image

from civic.badges.credentials import documents, jwt, proof, status
from civic.badges.credentials.contexts import Document
from civic.badges.credentials.did import PublicKey, find_key
from civic.badges.credentials.keys import Generation, Keyring
from civic.badges.credentials.status import Purpose
from civic.badges.credentials.verify import Verdict, verify

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
SITE = "https://civic.example.org"
DID = "did:web:civic.example.org:issuers:1"
DID_URL = f"{SITE}/issuers/1/did.json"
REVOKED_URL, SUSPENDED_URL = f"{SITE}/status/1", f"{SITE}/status/2"
INDEX = 4711
ISSUER = documents.Issuer(DID, "Filo Verde", "https://filoverde.example.org")
ACHIEVEMENT = documents.AchievementFacts(
    id=f"{SITE}/achievements/green/it",
    name="Cura del verde",
    description="Ha curato aiuole e alberi del quartiere.",
    criteria="Almeno 12 ore in almeno 4 incontri; l’associazione conferma le competenze.",
    language="it",
    related=(documents.Related(f"{SITE}/achievements/green/ar", "ar"),),
    image=f"{SITE}/achievements/green.png",
    skills=(
        documents.Skill("http://data.europa.eu/esco/skill/0001", "lavorare in squadra"),
        documents.Skill("http://data.europa.eu/esco/skill/0002", "curare le piante"),
    ),
    level=documents.Level(2, "Livello 2: da solo, con poche indicazioni"),
)
EVIDENCE = documents.Evidence(
    name="Ore contate",
    narrative="12 ore e 25 minuti in 4 incontri, contati all’ingresso e all’uscita.",
    minutes=745,
    sessions=4,
    ledger_hash="5e" * 32,
    first_day=date(2026, 1, 10),
    last_day=date(2026, 3, 7),
)
BOTH = (
    documents.Status(REVOKED_URL, INDEX),
    documents.Status(SUSPENDED_URL, INDEX, Purpose.SUSPENSION),
)


def badge(
    *, statuses: tuple[documents.Status, ...] = BOTH, ends: datetime | None = None
) -> Document:
    return documents.achievement_credential(
        id=UUID(int=7).urn,
        issuer=ISSUER,
        achievement=ACHIEVEMENT,
        subject=documents.Subject(UUID(int=8)),
        evidence=EVIDENCE,
        validity=documents.Validity(NOW, ends),
        statuses=statuses,
    )


@cache
def generation() -> Generation:
    """One for all tests: keys take a while to make."""
    with TemporaryDirectory() as folder:
        return Keyring.open(Path(folder, "keyring"), "a secret").current("1", NOW)


def signed(document: Document) -> Document:
    keys = generation()
    return proof.sign(document, keys.ed25519, verification_method=DID + keys.kid, created=NOW)


def token(document: Document) -> str:
    keys = generation()
    return jwt.encode(document, keys.rsa, kid=DID + keys.rsa_kid)


def in_bytes(document: Document) -> bytes:
    return json.dumps(document).encode()


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "green").save(file, "PNG")
    return file.getvalue()


SVG = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- a > b -->\n'
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" aria-label="a>b"><path d="M0 0h8"/></svg>'
)


@dataclass
class World:
    """What a verifier finds out: keys and status lists."""

    revoked: frozenset[int] = frozenset()
    suspended: frozenset[int] = frozenset()
    lists: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, PublicKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        public = generation().public()
        for kid in (public.kid, public.rsa_kid):
            key = find_key([public], kid)
            assert key
            self.keys.setdefault(DID + kid, key)
        self.lists.setdefault(REVOKED_URL, listing(Purpose.REVOCATION, self.revoked))
        self.lists.setdefault(SUSPENDED_URL, listing(Purpose.SUSPENSION, self.suspended))

    def verify(self, data: bytes, now: datetime = NOW + timedelta(days=1)) -> Verdict:
        return verify(data, find_key=self.keys.get, find_status=self.lists.get, now=now)


def listing(purpose: Purpose, bits_set: frozenset[int] = frozenset(), url: str = "") -> Document:
    bits = status.blank()
    for index in bits_set:
        bits = status.with_bit(bits, index, value=True)
    url = url or (REVOKED_URL if purpose is Purpose.REVOCATION else SUSPENDED_URL)
    return signed(
        documents.status_list_credential(
            url=url,
            did=DID,
            purpose=purpose,
            encoded=status.encode(bits),
            validity=documents.Validity(NOW, NOW + timedelta(days=3650)),
        )
    )
