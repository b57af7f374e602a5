"""The document of the interface is true: its answers are held against it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

from civic.attendance.operations.passes import PassShown
from civic.attendance.tokens import Scope
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from tests.factories.attendance import ONE, TEN, Ground
from tests.integration.attendance.api import Gate, gate_of

DOCUMENT = "urn:civic:openapi"


@pytest.fixture
def gate(client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock) -> Gate:
    clock.instant = TEN
    return gate_of(client, database, ground)


@pytest.fixture
def written(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def holds(written: dict[str, Any], path: str, method: str, answer: TestResponse) -> bool:
    """Whether the status is documented, and the body is as the document says."""
    told = written["paths"][path][method]["responses"][str(answer.status_code)]
    schema = told["content"]["application/json"]["schema"]
    _validator(written, schema).validate(answer.get_json())
    return True


def _validator(written: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    resource = DRAFT202012.create_resource(written)
    registry: Registry[Any] = Registry().with_resource(DOCUMENT, resource)
    absolute = {"$ref": f"{DOCUMENT}{schema['$ref']}"} if "$ref" in schema else schema
    return Draft202012Validator(
        absolute, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def test_its_schemas_are_schemas_and_its_references_lead_somewhere(
    written: dict[str, Any],
) -> None:
    assert written["openapi"].startswith("3.1.")
    schemas = written["components"]["schemas"]
    for schema in schemas.values():
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    names = {ref.removeprefix("#/components/schemas/") for ref in _references(written)}
    assert names == set(schemas)


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        inner = set().union(*(_references(each) for each in value.values()))
        return inner | ({value["$ref"]} if isinstance(value.get("$ref"), str) else set())
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


def test_it_names_every_address_of_ours_and_no_other(app: Flask, written: dict[str, Any]) -> None:
    there = {
        (rule.rule.removeprefix("/api/v1").replace("<uuid:scan_id>", "{id}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint in ("api.scans", "api.undo", "api.roster", "api.document")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == {(path, method) for path, ways in written["paths"].items() for method in ways}


def test_answers_to_scans_are_as_it_says(
    gate: Gate, written: dict[str, Any], shown: PassShown, clock: FrozenClock
) -> None:
    clock.instant = ONE
    scans: list[Any] = [
        gate.one(shown.token, "entry", TEN),
        gate.one(shown.token, "break", TEN + timedelta(minutes=10), gate="South"),
        gate.one(shown.token, "entry", TEN + timedelta(minutes=20), shown="accepted"),
        gate.one(shown.token, "exit", TEN + timedelta(days=1), offset_ms=-90_000_000),
        gate.one("nobody's", shown="unmatched"),
        gate.one(shown.token, session_id=str(uuid4())),
        {"id": "what"},
        None,
    ]
    scans.append(scans[0])
    answer = gate.post({"sent_at": ONE.isoformat(), "scans": scans})
    assert holds(written, "/scans", "post", answer)
    outcomes = {each["outcome"] for each in answer.get_json()["answers"]}
    assert outcomes == {"accepted", "refused", "repeated", "malformed"}
    # What we sent ourselves is what the document asks for, but for the last three.
    batch = _validator(written, written["components"]["schemas"]["Scan"])
    assert [batch.is_valid(scan) for scan in scans] == [True] * 6 + [False, False, True]


def test_the_roster_is_as_it_says(gate: Gate, written: dict[str, Any], shown: PassShown) -> None:
    answer = gate.roster()
    assert answer.get_json()["sessions"][0]["people"]
    assert holds(written, "/roster", "get", answer)


def test_refusals_are_as_it_says(
    gate: Gate,
    client: FlaskClient,
    database: Database,
    ground: Ground,
    written: dict[str, Any],
    shown: PassShown,
    clock: FrozenClock,
) -> None:
    nobody = Gate(client, ground.session_id, "nobody's")
    assert holds(written, "/scans", "post", nobody.post({}))
    assert holds(written, "/roster", "get", nobody.roster())
    assert holds(written, "/scans/{id}/undo", "post", nobody.undo(str(uuid4())))
    assert holds(written, "/scans", "post", gate.post({}))
    assert holds(written, "/scans", "post", gate.post({"scans": ["x" * 1_100_000]}))
    assert holds(written, "/roster", "get", gate.roster("soon"))
    assert holds(written, "/scans/{id}/undo", "post", gate.undo(str(uuid4())))
    scan = gate.scan(shown.token)
    clock.advance(timedelta(minutes=20))
    assert holds(written, "/scans/{id}/undo", "post", gate.undo(scan["id"]))
    for scope in (Scope.SCAN, Scope.ROSTER):
        other = gate_of(client, database, ground, scopes=frozenset({scope}))
        assert holds(written, "/roster", "get", other.roster())
        assert holds(written, "/scans", "post", other.post({"scans": []}))


def test_an_undone_scan_is_as_it_says(
    gate: Gate, written: dict[str, Any], shown: PassShown
) -> None:
    answer = gate.undo(gate.scan(shown.token)["id"])
    assert answer.status_code == 200
    assert holds(written, "/scans/{id}/undo", "post", answer)


def test_there_is_a_page_for_people_too(client: FlaskClient) -> None:
    page = client.get("/api/v1/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "Turnstiles, tills and scanner apps" in page.get_data(as_text=True)
