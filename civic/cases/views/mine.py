"""The person's own page: when they are awaited, what they agreed to do, what they said yes to."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as accounts
from civic.cases.operations import consents, documents
from civic.cases.operations.mine import read_own
from civic.cases.policy import READ_OWN_CASE
from civic.cases.views.blueprint import bp
from civic.cases.views.papers import as_file, papers
from civic.kernel.errors import NotFound
from civic.tenancy.queries import standings as tenancy
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work


@bp.get("/me/case")
@requires(READ_OWN_CASE)
def mine() -> ResponseReturnValue:
    _not_by_pin()
    with reading() as ctx:
        files = read_own(ctx)
        cities = tenancy.city_names(ctx, {file.case.municipality_id for file in files})
        names = accounts.names(ctx, {row.with_id for file in files for row in file.appointments})
    return render_template("cases/mine.html", files=files, cities=cities, names=names)


@bp.post("/me/case/consents/<uuid:consent_id>/withdraw")
@requires(READ_OWN_CASE)
def withdraw_own(consent_id: UUID) -> ResponseReturnValue:
    _not_by_pin()
    with unit_of_work() as ctx:
        consents.withdraw_own(ctx, consent_id)
    flash(_("You took it back. From now on it does not count."), "success")
    return redirect(url_for("cases.mine"))


@bp.get("/me/case/documents/<uuid:document_id>")
@requires(READ_OWN_CASE)
def own_document(document_id: UUID) -> ResponseReturnValue:
    _not_by_pin()
    with reading() as ctx:
        found = documents.own_document(ctx, papers(), document_id)
    return as_file(found)


def _not_by_pin() -> None:
    """A card and six digits, perhaps at a screen in a hall, never open a case."""
    if actor().by_pin:
        raise NotFound
