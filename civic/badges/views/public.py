"""What everybody may ask about badges: who issued them, which were withdrawn, and whether one that
somebody shows is true. No page of these knows who asks."""

from contextlib import closing
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoPage

from civic.accounts.operations import count_up
from civic.accounts.rules import network_of
from civic.badges import queries
from civic.badges.addresses import Addresses
from civic.badges.checking import check, did_document_of, status_list_of
from civic.badges.credential_words import rule_words
from civic.badges.credentials.baking import MOST_BYTES
from civic.badges.credentials.status import Purpose
from civic.badges.credentials.verify import Outcome, Verdict, verdict_words
from civic.badges.forms import CheckForm
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR
from civic.settings import Settings
from civic.web.guard import public
from civic.web.transaction import bindings, reading
from civic.web.uploads import takes_files

bp = Blueprint("badges_public", __name__, url_prefix="/<lang>")
issuers = Blueprint("badges_issuers", __name__, url_prefix="/issuers")
CHECKS, CHECKS_WINDOW = 60, timedelta(minutes=15)
"""From one network address: each takes a process of its own."""
KINDS = {
    Outcome.VALID: "success",
    Outcome.EXPIRED: "warning",
    Outcome.NOT_YET: "warning",
    Outcome.SUSPENDED: "warning",
    Outcome.STATUS_UNKNOWN: "warning",
    Outcome.UNKNOWN_ISSUER: "warning",
    Outcome.TOO_SLOW: "warning",
    Outcome.TOO_LARGE: "warning",
    Outcome.UNREADABLE: "warning",
}


def addresses() -> Addresses:
    settings: Settings = current_app.extensions["civic_settings"]
    return Addresses(settings.public_url.rstrip("/"))


@issuers.get("/<slug>/did.json")
@public
def did(slug: str) -> ResponseReturnValue:
    with reading() as ctx:
        document = did_document_of(ctx, slug)
    if document is None:
        raise NoPage
    return _open(jsonify(document), "application/did+json")


@issuers.get("/<slug>/status/<int:number>/<purpose>")
@public
def status_list(slug: str, number: int, purpose: str) -> ResponseReturnValue:
    if purpose not in set(Purpose):
        raise NoPage
    with reading() as ctx:
        signed = status_list_of(ctx, slug, number, Purpose(purpose))
    if signed is None:
        raise NoPage
    return _open(jsonify(signed), "application/vc+ld+json")


def _open(response: Response, kind: str) -> Response:
    """Programs on other sites check badges in the reader's browser."""
    response.mimetype = kind
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/badges/<uuid:achievement_id>")
@public
def about(achievement_id: UUID) -> ResponseReturnValue:
    """What a badge stands for."""
    with reading() as ctx:
        found = queries.achievement(ctx, achievement_id)
    return render_template("badges/about.html", about=found, asks=rule_words(found.rule))


@bp.route("/badges/check", methods=["GET", "POST"])
@takes_files
@public
def check_badge() -> ResponseReturnValue:
    form = CheckForm()
    if not form.is_submitted():
        return render_template("badges/check.html", form=form)
    data = _handed_in(form)
    if not data:
        form.file.errors = [_("Choose a file, or paste the text of a badge.")]
        return render_template("badges/check.html", form=form), 422
    if not _may_check():
        text = _("Too many badges were checked from this network. Wait a quarter of an hour.")
        form.file.errors = [text]
        return render_template("badges/check.html", form=form), 429
    verdict = _checked(data)
    return render_template(
        "badges/check.html",
        form=form,
        verdict=verdict,
        words=_(verdict_words(verdict)),
        kind=KINDS.get(verdict.outcome, "danger"),
    )


def _handed_in(form: CheckForm) -> bytes:
    upload = request.files.get(form.file.name)
    if upload and upload.filename:
        with closing(upload):
            handed_in: bytes = upload.read(MOST_BYTES + 1)
        return handed_in
    text: str = form.text.data or ""
    return text.strip().encode()


def _checked(data: bytes) -> Verdict:
    with reading() as ctx:
        return check(ctx, addresses(), data)


def _may_check() -> bool:
    keys: Keys = current_app.extensions["civic_keys"]
    where = keys.hash("network", network_of(request.remote_addr))
    with bindings().database.unit_of_work(VISITOR) as ctx:
        return count_up(ctx, f"badge:net:{where}", CHECKS, CHECKS_WINDOW)
