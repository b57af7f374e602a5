"""Passes made in rows, such as `attendance.operations.passes.pass_of` would hand out."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic.attendance.models import Pass
from civic.attendance.rules import SHORT_CODE_LENGTH, pass_token
from civic.demo.ids import Kind, made_id
from civic.demo.rows import Rows
from civic.kernel.ids import SHORT_CODE_ALPHABET
from civic.kernel.keys import Keys

STEP = 97_396_171
"""Without a common divisor with the number of codes: all of them come before one comes again."""


@dataclass(frozen=True)
class PassMaker:
    keys: Keys

    def hand_out(
        self, rows: Rows, number: int, person_id: UUID, municipality_id: UUID, at: datetime
    ) -> None:
        pass_id = made_id(Kind.PASS, number, at)
        rows.add(
            Pass,
            id=pass_id,
            municipality_id=municipality_id,
            person_id=person_id,
            token_hash=hashlib.sha256(self.token(pass_id).encode()).hexdigest(),
            short_code=made_code(number),
            issued_at=at,
            revoked_at=None,
        )

    def token(self, pass_id: UUID) -> str:
        return pass_token(self.keys.digest("pass", str(pass_id)))


def made_code(number: int) -> str:
    """A pass's short code; different numbers give different codes."""
    base = len(SHORT_CODE_ALPHABET)
    number = (number + 1) * STEP % base**SHORT_CODE_LENGTH
    letters = []
    for _ in range(SHORT_CODE_LENGTH):
        number, place = divmod(number, base)
        letters.append(SHORT_CODE_ALPHABET[place])
    return "".join(letters)
