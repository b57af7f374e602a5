"""A phone before the screen at the place."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.attendance.place_code import code_at, token_of
from civic.kernel.clock import FrozenClock
from civic.kernel.keys import Keys
from tests.factories.attendance import Ground

ENGLISH = {"Accept-Language": "en"}


@dataclass
class Phone:
    """Whoever holds it, they stand where the code of the ground's session is shown."""

    client: FlaskClient
    keys: Keys
    ground: Ground
    clock: FrozenClock

    def token(self, **later: float) -> str:
        """The one shown so much later, or earlier."""
        at = self.clock.instant + timedelta(**later)
        return token_of(self.keys, code_at(self.ground.session_id, "", at))

    def open(self, token: str) -> TestResponse:
        return self.client.get(f"/in/{token}", headers=ENGLISH, follow_redirects=True)

    def scan(self) -> str:
        """The code of this moment; the page it leads to."""
        return self.open(self.token()).get_data(as_text=True)

    def page(self) -> str:
        return self.client.get("/en/here").get_data(as_text=True)

    def tap(self, direction: str = "entry") -> str:
        return self._post("/en/here", direction=direction)

    def make_way(self) -> str:
        return self._post("/en/here/next")

    def _post(self, address: str, **data: Any) -> str:
        answer = self.client.post(address, data=data, follow_redirects=True)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


def offered(page: str) -> list[str]:
    """The directions that the page lets them tap."""
    return re.findall(r'name="direction" value="(\w+)"', page)


def screen_of(ground: Ground, rest: str = "") -> str:
    return f"/en/organise/sessions/{ground.session_id}/code{rest}"
