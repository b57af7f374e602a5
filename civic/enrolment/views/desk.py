"""The municipality's desk: somebody is found or written down, and joins a project."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts.contacts import ContactPoint, read_contact
from civic.accounts.operations import NewPerson
from civic.accounts.rules import NAME_LENGTH
from civic.catalogue.queries.listing import Card, find_projects
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.rules import Filters
from civic.enrolment.errors import ConsentMissing
from civic.enrolment.forms import BasisForm, BirthYearForm, DeskForm, WriteInForm
from civic.enrolment.operations import desk as operations
from civic.enrolment.operations.desk import DeskAnswer, DeskWish
from civic.enrolment.policy import REGISTER_PERSON, SET_BASIS, WRITE_IN
from civic.enrolment.queries import desk as queries
from civic.enrolment.queries.desk import DeskFile, DeskProject
from civic.enrolment.rules import BookingState, EnrolmentState, LegalBasis
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.kernel.policy import Permission, Place, Role, city_of
from civic.tenancy.queries.standings import city_names
from civic.web.errors import status_of
from civic.web.fields import clean_line
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import actor, unit_of_work
from civic.web.words import local_day, local_span, say

bp = Blueprint("enrolment_desk", __name__, url_prefix="/<lang>/city")

PROJECTS_SHOWN = 20
LATER = ""
"""The choice of no date yet."""


def _own_city() -> UUID:
    wanted = request.args.get("city", "")
    role = Role.OFFICER if actor().has_role(Role.OFFICER) else Role.CASE_WORKER
    return city_of(actor(), role, wanted)


@bp.get("/desk")
@requires(WRITE_IN)
def desk() -> ResponseReturnValue:
    """Find who stands before you. Names are read here, so it is a change: it is recorded."""
    name = clean_line(request.args.get("name", ""))[:NAME_LENGTH]
    with unit_of_work() as ctx:
        city_id = _own_city()
        found = queries.found_by_name(ctx, city_id, name)
        city_name = city_names(ctx, [city_id])[city_id]
    return render_template(
        "enrolment/desk.html",
        people=found,
        name=name,
        is_too_short=len(name) < queries.SHORTEST_SEARCH,
        city_name=city_name,
        can_register=REGISTER_PERSON.allows(actor()),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@requires(REGISTER_PERSON)
def new_person() -> ResponseReturnValue:
    form = WriteInForm()
    if not form.is_submitted():
        form.page_language.data = page_language().tag
        return render_template("enrolment/desk_new.html", form=form)
    person_id = _registered(form) if form.validate() else None
    if person_id is None:
        return render_template("enrolment/desk_new.html", form=form), 422
    flash(_("Written down. Now choose a project for them, and print their pass."), "success")
    return redirect(url_for("enrolment_desk.person", person_id=person_id))


def _registered(form: WriteInForm) -> UUID | None:
    try:
        typed = form.contact.data
        contact: ContactPoint | None = read_contact(typed) if typed else None
        new = NewPerson(
            form.name.data or "",
            form.birth_year.data,
            tuple(form.languages.data or ()),
            form.page_language.data,
            contact,
        )
        with unit_of_work() as ctx:
            return operations.register_person(ctx, new, _own_city())
    except Invalid as refusal:
        form[refusal.field or "name"].errors = [say(refusal)]
        return None


@bp.get("/people/<uuid:person_id>/enrol")
@requires(WRITE_IN)
def person(person_id: UUID) -> ResponseReturnValue:
    return _person_page(person_id)


def _person_page(person_id: UUID, form: BirthYearForm | None = None) -> str:
    title = clean_line(request.args.get("title", ""))
    # A unit of work, because opening the page is a reading of the person's file.
    with unit_of_work() as ctx:
        shown = queries.desk_file(ctx, person_id)
        cards = _projects(ctx, shown, title)
    is_officer = _is_officer_for(SET_BASIS, shown.file.municipality_id)
    return render_template(
        "enrolment/desk_person.html",
        shown=shown,
        cards=cards,
        title=title,
        form=form or BirthYearForm(formdata=None),
        bases=_basis_forms(shown) if is_officer else {},
        is_officer=is_officer,
    )


def _projects(ctx: Context, shown: DeskFile, title: str) -> list[Card]:
    filters = Filters(city=shown.city_slug, words=title)
    return list(find_projects(ctx, filters, page_language().tag, None, PROJECTS_SHOWN).cards)


def _is_officer_for(permission: Permission, municipality_id: UUID) -> bool:
    return permission.allows(actor(), Place(municipality_id))


def _basis_forms(shown: DeskFile) -> dict[UUID, BasisForm]:
    return {
        line.id: BasisForm(formdata=None, prefix=_prefix(line.id), data={"basis": line.basis.value})
        for line in shown.lines
    }


def _prefix(enrolment_id: UUID) -> str:
    """A form of each line, told apart by its name."""
    return f"e{enrolment_id.hex}-"


@bp.post("/people/<uuid:person_id>/birth-year")
@requires(REGISTER_PERSON)
def birth_year(person_id: UUID) -> ResponseReturnValue:
    form = BirthYearForm()
    if not form.validate():
        return _person_page(person_id, form), 422
    try:
        with unit_of_work() as ctx:
            operations.note_birth_year(ctx, person_id, form.birth_year.data or 0)
    except (Invalid, Conflict) as refusal:
        form.birth_year.errors = [say(refusal)]
        return _person_page(person_id, form), status_of(refusal)
    flash(_("The year is written down."), "success")
    return redirect(url_for("enrolment_desk.person", person_id=person_id))


@bp.post("/people/<uuid:person_id>/enrolments/<uuid:enrolment_id>/basis")
@requires(SET_BASIS)
def basis(person_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    form = BasisForm(prefix=_prefix(enrolment_id))
    with unit_of_work() as ctx:
        if not form.validate():
            raise NotFound  # no choice that the page offers
        operations.change_basis(ctx, person_id, enrolment_id, LegalBasis(form.basis.data))
    flash(_("Changed. The register and the insurance follow it."), "success")
    return redirect(url_for("enrolment_desk.person", person_id=person_id))


@bp.route("/people/<uuid:person_id>/enrol/<slug>", methods=["GET", "POST"])
@requires(WRITE_IN)
def project(person_id: UUID, slug: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        shown = queries.desk_project(ctx, person_id, slug)
    form = _desk_form(shown)
    if not form.is_submitted():
        return _project_page(shown, form)
    if not form.validate():
        return _project_page(shown, form), 422
    try:
        done = _written_in(shown, form)
    except ConsentMissing as refusal:
        # They are in all the same: so the desk finds them among those whose consent it waits for.
        form.session.data = LATER
        _written_in(shown, form)
        flash(say(refusal), "warning")
        return redirect(url_for("enrolment_desk.person", person_id=person_id))
    except Conflict as refusal:
        form.session.errors = [say(refusal)]
        return _project_page(shown, form), 409
    flash(_told(done, shown.file.name), "success")
    return redirect(url_for("enrolment_desk.person", person_id=person_id))


def _desk_form(shown: DeskProject) -> DeskForm:
    form = DeskForm(data={"session": LATER, "basis": shown.basis.value})
    form.session.choices = [(str(facts.id), _date(facts)) for facts in shown.page.sessions]
    form.session.choices.append((LATER, _("No date yet")))
    if not _is_officer_for(SET_BASIS, shown.file.municipality_id):
        del form.basis
    return form


def _date(facts: SessionFacts) -> str:
    day, span = local_day(facts.starts_at), local_span(facts.starts_at, facts.ends_at)
    if facts.places_free:
        return _("%(day)s, %(span)s", day=day, span=span)
    return _("%(day)s, %(span)s (waiting list)", day=day, span=span)


def _project_page(shown: DeskProject, form: DeskForm) -> str:
    return render_template("enrolment/desk_project.html", shown=shown, form=form)


def _written_in(shown: DeskProject, form: DeskForm) -> DeskAnswer:
    session_id = UUID(form.session.data) if form.session.data else None
    # Who may not set it is shown no such field, and whatever they send is not read.
    basis = LegalBasis(form.basis.data) if "basis" in form else None
    wish = DeskWish(shown.file.id, shown.page.slug, session_id, basis)
    with unit_of_work() as ctx:
        return operations.write_into(ctx, wish)


def _told(done: DeskAnswer, name: str) -> str:
    if done.enrolment is EnrolmentState.REQUESTED:
        return _("The association is asked for %(name)s. We tell them what it answers.", name=name)
    if done.place is BookingState.CONFIRMED:
        return _("%(name)s has a place.", name=name)
    if done.place is not None:
        return _("All places are taken, so %(name)s is on the waiting list.", name=name)
    return _("%(name)s is in. A date can be chosen at any time.", name=name)
