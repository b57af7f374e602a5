"""Everything that can be set, read once from `CIVIC_*` variables and frozen."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
EMBEDDED_DATABASE = f"sqlite:///{ROOT / 'var' / 'civic.sqlite3'}"
PREFIX = "CIVIC_"
WHOLE_NUMBERS = {"pool_size", "proxies"}
CHOICES = {"mode": ("production", "demonstration"), "worker": ("process", "thread")}
SHORTEST_KEY = 32
TILES = re.compile(
    r"https?://(\{s\}\.)?[A-Za-z0-9.-]+(:\d+)?(?=/[^ ]*\{z\})(?=/[^ ]*\{x\})(?=/[^ ]*\{y\})/[^ ;,'\"<>]+"
)
"""A server by name, and a path with all three numbers; nothing that could end a header."""


class SettingsError(Exception):
    """The start is refused; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    secret_key: str = field(repr=False)
    mode: str = "production"
    """`production` or `demonstration`: the second shows sign-ins and the mailbox page."""
    database_url: str = EMBEDDED_DATABASE
    public_url: str = "http://127.0.0.1:8000"
    """Where people reach the site; links in messages start with it."""
    smtp_url: str = field(default="", repr=False)
    """`smtp://user:password@host:587` (STARTTLS when offered) or `smtps://…`; empty: none."""
    mail_from: str = "Civic <noreply@localhost>"
    sms_mail_domain: str = ""
    """Domain of an e-mail-to-SMS gateway: a text for +39… goes to `39…@domain`."""
    worker: str = "process"
    """`thread` runs the worker inside the web process (embedded edition), `process` apart."""
    pool_size: int = 8
    files: str = str(ROOT / "var" / "files")
    """Folder for what people hand in (documents, logos); every process needs the same one."""
    keyring: str = str(ROOT / "var" / "keys" / "issuers")
    """File with the keys that sign badges, encrypted; only the worker and `civic keys` open it."""
    keyring_secret: str = field(default="", repr=False)
    """What it is encrypted with; the secret key when empty."""
    city_keys: str = str(ROOT / "var" / "keys" / "cities")
    """Folder of the municipalities' keys, which no backup of the other two may hold."""
    subject_keys: str = str(ROOT / "var" / "keys" / "subjects")
    """Folder of one wrapped key for each case; every process needs the same one."""
    tiles: str = ""
    """Where a map's pictures come from: `https://tiles.example.org/{z}/{x}/{y}.png`; empty: no map."""
    tiles_credit: str = ""
    """Whom the map's corner thanks for them, as their licence asks."""
    proxies: int = 0
    """Proxies in front whose X-Forwarded-For may be believed; throttles count by that address."""

    @property
    def is_demonstration(self) -> bool:
        return self.mode == "demonstration"

    @property
    def has_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def tiles_source(self) -> str:
        """The one place, as a content security policy names it, from which tiles may be fetched."""
        parts = urlsplit(self.tiles)
        return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}" if self.tiles else ""

    @property
    def can_text_phones(self) -> bool:
        return self.is_demonstration or bool(self.sms_mail_domain and self.smtp_url)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read `CIVIC_*`; raises SettingsError with a sentence that says what to set."""
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environ.items()
            if name.startswith(PREFIX) and not name.startswith("CIVIC_TEST_")
        }
        known = {each.name for each in fields(cls)}
        for name in given:
            if name not in known:
                raise SettingsError(
                    f"{PREFIX}{name.upper()} is not a setting of Civic: see the table in README.md."
                )
        mode = given.get("mode", "production")
        if mode == "demonstration":
            given.setdefault("secret_key", demonstration_key())
        if len(given.get("secret_key", "")) < SHORTEST_KEY:
            raise SettingsError(
                "Set CIVIC_SECRET_KEY to at least 32 random letters, for example the output of:"
                ' python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if mode == "production" and not given.get("smtp_url"):
            raise SettingsError(
                "Set CIVIC_SMTP_URL (smtp://user:password@host:587): without it nobody"
                " could receive a sign-in code."
            )
        _check_shapes(given)
        numbers = {name: int(given[name]) for name in WHOLE_NUMBERS & given.keys()}
        return cls(**{**given, **numbers})  # type: ignore[arg-type]  # checked above


def _check_shapes(given: Mapping[str, str]) -> None:
    for name, choices in CHOICES.items():
        if given.get(name, choices[0]) not in choices:
            raise SettingsError(f"{PREFIX}{name.upper()} must be {' or '.join(choices)}.")
    for name in WHOLE_NUMBERS & given.keys():
        if not given[name].isdigit():
            raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number.")
    if given.get("tiles") and not TILES.fullmatch(given["tiles"]):
        raise SettingsError("CIVIC_TILES must look like https://tiles.example.org/{z}/{x}/{y}.png")
    mail = urlsplit(given.get("smtp_url") or "smtp://none")
    if mail.scheme not in ("smtp", "smtps") or not mail.hostname:
        raise SettingsError("CIVIC_SMTP_URL must look like smtp://user:password@host:587")


def demonstration_key() -> str:
    """A key made once for this checkout, so that a restart signs nobody out."""
    path = ROOT / "var" / "demonstration.key"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()
