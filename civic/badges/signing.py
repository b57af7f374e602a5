"""The signer that these settings make: for the worker and the command line, never for a page."""

from pathlib import Path

from civic.badges.addresses import Addresses
from civic.badges.credential_words import describer, shown, vouched
from civic.badges.credentials.keys import Keyring
from civic.badges.issuing import Signer
from civic.settings import Settings


def signer_of(settings: Settings) -> Signer:
    """Opens the keyring, so it can raise `WrongSecret`."""
    addresses = Addresses(settings.public_url.rstrip("/"))
    keyring = Keyring.open(Path(settings.keyring), settings.keyring_secret or settings.secret_key)
    return Signer(keyring, addresses, describer(addresses), vouched, shown)
