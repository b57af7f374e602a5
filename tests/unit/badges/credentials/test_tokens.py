import base64
import json
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from civic.badges.credentials import jwt
from tests.factories.credentials import DID, NOW, badge, generation, token

KEY = generation().rsa
TOKEN = token(badge(ends=NOW + timedelta(days=1)))


def _part(number: int) -> Any:
    part = TOKEN.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(part + "=="))


def test_what_went_in_comes_out() -> None:
    assert jwt.check(TOKEN, KEY.public_key()) == badge(ends=NOW + timedelta(days=1))


def test_the_header_names_the_key_and_brings_nothing_private() -> None:
    header = _part(0)
    assert (header["alg"], header["typ"], header["kid"]) == ("RS256", "JWT", f"{DID}#k1-rsa")
    assert set(header["jwk"]) == {"kty", "n", "e"}


def test_the_claims_repeat_the_credential_whose_members_stand_beside_them() -> None:
    payload = _part(1)
    assert payload["iss"] == payload["issuer"]["id"]
    assert payload["sub"] == payload["credentialSubject"]["id"]
    assert payload["jti"] == payload["id"]
    assert payload["nbf"] == NOW.timestamp()
    assert payload["exp"] == (NOW + timedelta(days=1)).timestamp()
    assert "vc" not in payload


@settings(deadline=None)
@given(data=st.data())
def test_a_changed_letter_anywhere_fails(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TOKEN) - 1))
    letter = data.draw(st.characters(max_codepoint=0x17F).filter(lambda x: x != TOKEN[place]))
    assert jwt.check(TOKEN[:place] + letter + TOKEN[place + 1 :], KEY.public_key()) is None


def test_spare_bits_of_the_last_letter_must_be_zero() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = {TOKEN[:-1] + letter for letter in alphabet} - {TOKEN}
    assert not [other for other in others if jwt.check(other, KEY.public_key())]
    # Of 64 letters, four have none of the spare bits set.
    assert len([other for other in others if jwt.kid_of(other) is not None]) == 3


def test_letters_added_or_taken_away_fail() -> None:
    for other in (
        TOKEN + "A",
        TOKEN[:-1],
        TOKEN + "=",
        " " + TOKEN,
        TOKEN + ".",
        "a.b.c",
        "",
        "..",
    ):
        assert jwt.check(other, KEY.public_key()) is None


def _signed(header: dict[str, Any], payload: dict[str, Any]) -> str:
    content = json.dumps(payload)
    return jws.serialize_compact(header, content, RSAKey.import_key(KEY), algorithms=["RS256"])


def test_a_claim_that_says_something_else_than_the_credential_fails() -> None:
    header = {"alg": "RS256", "kid": f"{DID}#k1-rsa"}
    good = {**badge(), **jwt.claims(badge())}
    assert jwt.check(_signed(header, good), KEY.public_key())
    for name in ("iss", "sub", "jti", "nbf"):
        assert jwt.check(_signed(header, {**good, name: "x"}), KEY.public_key()) is None
        bare = {key: value for key, value in good.items() if key != name}
        assert jwt.check(_signed(header, bare), KEY.public_key()) is None
    assert jwt.check(_signed(header, {**good, "exp": 1}), KEY.public_key()) is None


def test_another_algorithm_or_header_fails() -> None:
    public = base64.b64encode(KEY.public_key().public_numbers().n.to_bytes(256)).decode()
    content = json.dumps({**badge(), **jwt.claims(badge())})
    forged = jws.serialize_compact(
        {"alg": "HS256", "kid": f"{DID}#k1-rsa"}, content, OctKey.import_key(public)
    )
    assert jwt.check(forged, KEY.public_key()) is None
    assert jwt.check(_unsigned(content), KEY.public_key()) is None
    header = {"alg": "RS256", "kid": f"{DID}#k1-rsa", "cty": "x"}
    assert jwt.check(_signed(header, json.loads(content)), KEY.public_key()) is None


def _unsigned(content: str) -> str:
    parts = [json.dumps({"alg": "none", "kid": f"{DID}#k1-rsa"}), content, "x"]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
