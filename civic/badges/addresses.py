"""Where the world finds what a badge names."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from civic.badges.credentials.status import Purpose
from civic.kernel.i18n import DEFAULT

ISSUERS = "issuers"


@dataclass(frozen=True)
class Addresses:
    site: str
    """Its public address, without a slash at the end."""

    def did(self, slug: str) -> str:
        """Of an association; `did:web` writes a port's colon as %3A."""
        return f"{self._did_prefix}{slug}"

    @property
    def _did_prefix(self) -> str:
        return f"did:web:{urlsplit(self.site).netloc.replace(':', '%3A')}:{ISSUERS}:"

    def slug_of(self, did: str) -> str | None:
        """Whose DID it is; None for issuers elsewhere."""
        slug = did.removeprefix(self._did_prefix)
        return slug if slug != did and slug else None

    def status_list(self, slug: str, number: int, purpose: Purpose) -> str:
        return f"{self.status_lists(slug, number)}/{purpose.value}"

    def status_lists(self, slug: str, number: int) -> str:
        """What the two lists of that number begin with."""
        return f"{self.site}/{ISSUERS}/{slug}/status/{number}"

    @property
    def card_page(self) -> str:
        """Where a printed card is checked, in the language of whom it is mostly shown to."""
        return f"{self.site}/{DEFAULT.tag}/badges/card"

    def list_of(self, url: str) -> tuple[str, int, Purpose] | None:
        """The association, number and kind of one of our lists."""
        path = url.removeprefix(f"{self.site}/{ISSUERS}/")
        parts = path.split("/")
        if path == url or len(parts) != 4 or parts[1] != "status" or not parts[2].isdecimal():
            return None
        if parts[3] not in set(Purpose) or len(parts[2]) > 6:
            return None
        return parts[0], int(parts[2]), Purpose(parts[3])

    def picture(self, name: str) -> str:
        """Of a badge that has one of its own."""
        return f"{self.site}/badges/pictures/{name}.png"

    def achievement(self, achievement_id: UUID, language: str) -> str:
        return f"{self.site}/{language}/badges/{achievement_id}"
