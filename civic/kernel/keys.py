import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Keys:
    """Keyed hashes under the installation's secret, one use apart from the other."""

    secret: str = field(repr=False)

    def digest(self, purpose: str, text: str) -> bytes:
        """HMAC-SHA256, 32 bytes."""
        message = f"{purpose}\x00{text}".encode()
        return hmac.new(self.secret.encode(), message, hashlib.sha256).digest()

    def hash(self, purpose: str, text: str) -> str:
        """The same in 64 hexadecimal letters, for columns."""
        return self.digest(purpose, text).hex()
