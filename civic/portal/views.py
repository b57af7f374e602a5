from uuid import UUID

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from civic.accounts.queries import people_of
from civic.accounts.rules import NAME_LENGTH
from civic.attendance.queries.presence import hours_of
from civic.audit.operations import record
from civic.badges.shelf import shelf_of
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.rules import Filters
from civic.catalogue.words import worded
from civic.enrolment.queries.bookings import my_bookings
from civic.housing.queries.own_home import has_home
from civic.kernel.policy import Role, city_of
from civic.portal import policy, queries
from civic.portal.rules import REASONS
from civic.portal.wishes import wishes_of
from civic.web.fields import clean_line
from civic.web.guard import public, requires
from civic.web.locale import page_language, without_language
from civic.web.transaction import actor, bindings, reading, unit_of_work

bp = Blueprint("portal", __name__, url_prefix="/<lang>")
operations = Blueprint("operations", __name__)
"""Addresses without a language: for browsers that name none, and for machines."""

SOONEST = 3
EXPORTERS = "civic_privacy_exporters"
"""Where `app.py` puts what each room hands over when a person takes away their data."""

for path, endpoint in (
    ("/", "portal.home"),
    ("/projects", "catalogue.project_list"),
    ("/me", "portal.me"),
    ("/organise", "portal.organise"),
    ("/city", "portal.city"),
    ("/network", "reporting.network"),
):
    without_language(operations, path, endpoint)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    with reading() as ctx:
        soonest = find_projects(ctx, Filters(), page_language().tag, None, SOONEST).cards
    return render_template("portal/home.html", soonest=soonest)


@bp.get("/me")
@requires(policy.OWN_PAGES)
def me() -> ResponseReturnValue:
    with reading() as ctx:
        person_id = ctx.actor.own_id
        bookings = my_bookings(ctx)
        minutes = sum(line.minutes for line in hours_of(ctx, person_id))
        badges = shelf_of(ctx, person_id)
        wishes = wishes_of(ctx)
        is_housed = has_home(ctx)
        suiting = queries.suiting(ctx, wishes, bookings, page_language().tag)
    return render_template(
        "portal/me.html",
        bookings=bookings,
        minutes=minutes,
        badges=badges,
        suiting=[worded(fitting) for fitting in suiting],
        says_free_time=bool(wishes.free),
        has_home=is_housed,
    )


@bp.get("/organise")
@requires(policy.ORGANISE)
def organise() -> ResponseReturnValue:
    with reading() as ctx:
        desk = queries.organiser_desk(ctx)
    return render_template("portal/organise.html", desk=desk)


@bp.get("/city")
@requires(policy.CITY)
def city() -> ResponseReturnValue:
    own = city_of(actor(), Role.OFFICER, request.args.get("city", ""))
    with reading() as ctx:
        desk = queries.city_desk(ctx, own)
    return render_template("portal/city.html", desk=desk)


@bp.get("/city/people")
@requires(policy.CITY)
def people() -> ResponseReturnValue:
    """Find a person of the city by name. Names are read here, so it is recorded."""
    city = city_of(actor(), Role.OFFICER, request.args.get("city", ""))
    search = clean_line(request.args.get("name", ""))[:NAME_LENGTH]
    with unit_of_work() as ctx:
        found = people_of(ctx, city, search)
        record(ctx, city, "portal.people", details={"people": len(found)})
    return render_template("portal/people.html", people=found, search=search)


@bp.get("/city/people/<uuid:person_id>")
@requires(policy.CITY)
def person(person_id: UUID) -> ResponseReturnValue:
    """First why, then the file: a reading that is recorded is a change."""
    reason = request.args.get("why", "")
    if reason not in REASONS:
        with reading() as ctx:
            name = queries.asked_name(ctx, person_id)
        return render_template(
            "portal/why.html", person_id=person_id, person_name=name, reasons=REASONS
        )
    with unit_of_work() as ctx:
        page = queries.person_page(ctx, person_id, reason)
    return render_template("portal/person.html", page=page)


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("portal/accessibility.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return render_template("portal/privacy.html")


@bp.get("/me/data.json")
@requires(policy.OWN_PAGES)
def take_away() -> ResponseReturnValue:
    """All that the rooms know of the person asking (GDPR, art. 15 and 20)."""
    exporters = current_app.extensions[EXPORTERS]
    with reading() as ctx:
        data = {name: export(ctx, ctx.actor.own_id) for name, export in exporters.items()}
    answer = jsonify(data)
    answer.headers["Content-Disposition"] = 'attachment; filename="civic-data.json"'
    return answer


@operations.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@operations.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The process answers and reaches its database."""
    try:
        ready = bindings().database.is_alive()
    except SQLAlchemyError:
        ready = False
    return ({"status": "ready"}, 200) if ready else ({"status": "database away"}, 503)
