"""Who may come in: every route says so, and the table of roles is the one that was agreed."""

import importlib
from pathlib import Path
from uuid import UUID

from flask import Flask

from civic.attendance.tokens import Scope
from civic.kernel.policy import Actor, Grant, Permission, Role
from civic.web.guard import MARK

ROOT = Path(__file__).resolve().parents[2]


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], MARK)
    ]
    assert silent == []


def test_software_of_others_comes_in_by_a_token_of_its_own_or_where_anybody_may(app: Flask) -> None:
    """Below /api a browser's session counts for nothing, and only there a token does."""
    marks = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], MARK)
        for rule in app.url_map.iter_rules()
    }
    below = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert {name for name, mark in marks.items() if isinstance(mark, Scope)} == {
        name for name in below if marks[name] != "public"
    }
    assert {name for name in below if marks[name] == "public"} == {
        "api.front",
        "api.document",
        "api.initialize",  # takes a token in its body, as pretix's apps send it
    }
    assert all(name.startswith("api.") for name in below)


def test_the_addresses_others_rely_on_are_there(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert rules >= {
        "/healthz",
        "/readyz",
        "/api/v1/scans",
        "/api/v1/roster",
        "/api/v1/scans/<uuid:scan_id>/undo",
        "/api/v1/organizers/<slug>/checkinrpc/redeem/",
        "/api/v1/organizers/<slug>/checkinrpc/search/",
        "/api/v1/organizers/<slug>/checkinrpc/annul/",
        "/<lang>/",
        "/<lang>/projects",
        "/<lang>/projects/<slug>",
        "/<lang>/me",
        "/<lang>/organise",
        "/<lang>/city",
        "/<lang>/network",
    }


def test_what_each_role_may_do_is_what_was_agreed() -> None:
    """The whole table, so that a widened rule shows in a review as a changed line."""
    city, association = _id(1), _id(2)
    actors = {
        "participant": Actor(person_id=_id(9)),
        "organiser": Actor(_id(9), grants=(Grant(Role.ORGANISER, city, association),)),
        "officer": Actor(_id(9), grants=(Grant(Role.OFFICER, city),)),
        **{
            role.value: Actor(_id(9), grants=(Grant(role, city),))
            for role in (
                Role.CASE_WORKER,
                Role.DESK,
                Role.MOBILE_UNIT,
                Role.HOUSING_OFFICER,
                Role.CITY_COORDINATOR,
                Role.DATA_PROTECTION,
            )
        },
        "coordinator": Actor(_id(9), grants=(Grant(Role.COORDINATOR),)),
        "administrator": Actor(_id(9), grants=(Grant(Role.ADMINISTRATOR),)),
    }
    found = {
        name: {permission.name for permission in _permissions() if permission.allows(actor)}
        for name, actor in actors.items()
    }
    everybody = found["participant"]
    assert everybody == EVERYBODY
    assert {name: may - everybody for name, may in found.items() if name != "participant"} == AGREED


def _permissions() -> list[Permission]:
    modules = [
        importlib.import_module(f"civic.{path.parent.name}.policy")
        for path in sorted(ROOT.glob("civic/*/policy.py"))
        if path.parent.name != "kernel"
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Permission)
    ]


def _id(number: int) -> UUID:
    return UUID(int=number)


EVERYBODY = {
    "accounts.own_account",
    "attendance.own",
    "attendance.show_pass",
    "badges.read_shelf",
    "cases.read_own",
    "enrolment.join",
    "enrolment.own_bookings",
    "enrolment.own_details",
    "housing.own_home",
    "plans.read_own",
    "portal.own_pages",
    "recognition.own_paths",
    "tenancy.run_association",
}
"""About oneself alone: each of these is held to the person's own rows by its rule."""

AGREED = {
    "organiser": {
        "accounts.second_step",
        "attendance.answer_question",
        "attendance.check_in",
        "attendance.correct_hours",
        "attendance.insured_days",
        "attendance.ledger",
        "badges.assess",
        "badges.define",
        "catalogue.organise",
        "enrolment.announce",
        "enrolment.override",
        "enrolment.answer_request",
        "enrolment.end_policy",
        "enrolment.insure",
        "enrolment.keep_register",
        "enrolment.read_cover",
        "portal.organise",
        "recognition.tutor",
    },
    "officer": {
        "accounts.read_person",
        "accounts.reset_pin",
        "accounts.second_step",
        "attendance.answer_question_in_city",
        "attendance.check_in",
        "attendance.close_month",
        "attendance.correct_hours",
        "attendance.follow_up",
        "attendance.insured_days",
        "attendance.insured_days_in_city",
        "attendance.ledger_in_city",
        "attendance.print_pass",
        "badges.define",
        "cases.keep_services",
        "cases.work_at_desk",
        "catalogue.review",
        "enrolment.answer_carried",
        "enrolment.end_policy",
        "enrolment.insure_city",
        "enrolment.keep_register",
        "enrolment.read_cover",
        "enrolment.read_measures",
        "enrolment.record_consent",
        "enrolment.register_person",
        "enrolment.set_basis",
        "enrolment.write_in",
        "housing.read_figures",
        "plans.work_on",
        "portal.city",
        "reporting.read_city_figures",
        "reporting.read_who_took_part",
        "tenancy.verify_association",
    },
    "case_worker": {
        "accounts.second_step",
        "cases.enter_in_emergency",
        "cases.find_known",
        "cases.open",
        "cases.work_at_desk",
        "cases.work_on",
        "enrolment.write_in",
        "housing.ask",
        "plans.work_on",
    },
    "desk": {
        "accounts.second_step",
        "cases.enter_in_emergency",
        "cases.find_known",
        "cases.open",
        "cases.work_at_desk",
        "cases.work_on",
        "housing.ask",
        "housing.place_tonight",
    },
    "mobile_unit": {
        "accounts.second_step",
        "cases.enter_in_emergency",
        "cases.find_known",
        "cases.go_out",
        "cases.open",
        "cases.work_on",
        "housing.place_tonight",
    },
    "housing_officer": {
        "accounts.second_step",
        "cases.enter_in_emergency",
        "cases.work_on",
        "housing.ask",
        "housing.place_tonight",
        "housing.read_figures",
        "housing.work_on",
    },
    "city_coordinator": {
        "accounts.second_step",
        "cases.read_retention",
        "cases.work_on",
        "housing.read_figures",
    },
    "data_protection_officer": {
        "accounts.second_step",
        "cases.read_retention",
        "cases.read_trail",
    },
    "coordinator": {
        "accounts.second_step",
        "housing.read_network_figures",
        "reporting.read_network_figures",
    },
    "administrator": {"accounts.second_step", "notifications.look_after"},
}
