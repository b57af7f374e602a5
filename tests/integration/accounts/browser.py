"""The steps of signing in, as a browser takes them."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PHONE = "+393331234567"
LastCode = Callable[[str], str]
WELCOME = {"name": "Amina", "birth_year": "1995", "languages": ["fr", "wo"], "agreed": "y"}


def ask(client: FlaskClient, contact: str = PHONE, page: str = "/en/sign-in") -> TestResponse:
    return client.post(page, data={"contact": contact})


def type_code(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/en/sign-in/code", data={"code": code})


def sign_up(client: FlaskClient, last_code: LastCode, **over: Any) -> TestResponse:
    ask(client)
    type_code(client, last_code(PHONE))
    return client.post("/en/welcome", data={**WELCOME, **over})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/en/me/profile").status_code == 200
