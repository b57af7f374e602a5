"""The whole house, put together: who is asking, which pages there are, what hangs where."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from civic.accounts import login
from civic.accounts.views import own_pages, second_step, signing_in
from civic.attendance.views import (
    api,
    at_the_place,
    card_sign_in,
    devices,
    gate_page,
    here,
    insured_days,
    ledger_tables,
    months,
    my_hours,
    my_pass,
    no_shows,
    pass_page,
    pins,
    place_code,
    pretix,
    printed_pass,
    proposals,
    questions,
    roster,
    scanner,
    sheets,
    to_look_at,
)
from civic.badges.views import card as badges_card
from civic.badges.views import certificate as badges_certificate
from civic.badges.views import defining as badges_defining
from civic.badges.views import pages as badges
from civic.badges.views import pictures as badges_pictures
from civic.badges.views import public as badges_public
from civic.badges.views import sharing as badges_sharing
from civic.cases.views import archives as cases_archives
from civic.cases.views import around as cases_around
from civic.cases.views import case as cases_case
from civic.cases.views import directory as cases_directory
from civic.cases.views import emergency as cases_emergency
from civic.cases.views import erasing as cases_erasing
from civic.cases.views import likely as cases_likely
from civic.cases.views import lists as cases_lists
from civic.cases.views import mine as cases_mine
from civic.cases.views import outing_page as cases_outing_page
from civic.cases.views import outings as cases_outings
from civic.cases.views import papers as cases_papers
from civic.cases.views import queue as cases_queue
from civic.cases.views import retention as cases_retention
from civic.cases.views import trail as cases_trail
from civic.catalogue.views import (
    browse,
    dates,
    feeds,
    importing,
    maps,
    organise,
    posters,
    review,
    sitemap,
)
from civic.catalogue.words import area_name, skill_name, weekday_name
from civic.enrolment.views import (
    announcing,
    calendars,
    consents,
    desk,
    groups,
    insurance,
    joining,
    measures,
    overriding,
    places,
    reconfirming,
    register,
    requests,
)
from civic.housing.views import agreements as housing_agreements
from civic.housing.views import bank as housing_bank
from civic.housing.views import calendar as housing_calendar
from civic.housing.views import case_panel as housing_case_panel
from civic.housing.views import closures as housing_closures
from civic.housing.views import decisions as housing_decisions
from civic.housing.views import dwellings as housing_dwellings
from civic.housing.views import figures as housing_figures
from civic.housing.views import grants as housing_grants
from civic.housing.views import home as housing_home
from civic.housing.views import incidents as housing_incidents
from civic.housing.views import market as housing_market
from civic.housing.views import moving as housing_moving
from civic.housing.views import offers as housing_offers
from civic.housing.views import own_home as housing_own_home
from civic.housing.views import own_pay as housing_own_pay
from civic.housing.views import own_request as housing_own_request
from civic.housing.views import owners as housing_owners
from civic.housing.views import pay_to as housing_pay_to
from civic.housing.views import proposals as housing_proposals
from civic.housing.views import requests as housing_requests
from civic.housing.views import rooms as housing_rooms
from civic.housing.views import stays as housing_stays
from civic.housing.views import stock_files as housing_stock_files
from civic.housing.views import support as housing_support
from civic.housing.views import tonight as housing_tonight
from civic.housing.views import work_steps as housing_work_steps
from civic.housing.views import works as housing_works
from civic.kernel.clock import Clock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.files import FileStore
from civic.kernel.keys import Keys
from civic.kernel.vault import vault_of
from civic.notifications import views as notifications
from civic.plans.views import barriers, course, goals, handing_over, mine, moving, plan, versions
from civic.plans.views import desk as plans_desk
from civic.plans.views import reference as plan_reference
from civic.plans.views import reviews as plan_reviews
from civic.portal import views as portal
from civic.portal.navigation import front_page, navigation
from civic.portal.wishes import wishes_of
from civic.recognition import words as recognition_words
from civic.recognition.views import desk as recognition_desk
from civic.recognition.views import mine as recognition_mine
from civic.recognition.views import papers as recognition_papers
from civic.recognition.views import path as recognition_path
from civic.reporting import views as reporting
from civic.settings import ROOT, Settings
from civic.signatures import words as signature_words
from civic.tenancy.views import associations, verification
from civic.web import errors, headers, locale, panels, static, uploads, words
from civic.web.transaction import Bindings, actor, bind
from civic.wiring import PRIVACY_EXPORTERS

LARGEST_BODY = 1_000_000
"""Bytes; a batch of offline scans is the largest thing anybody sends."""

BLUEPRINTS = (
    verification.bp,
    associations.bp,
    # Three modules, one blueprint.
    *dict.fromkeys(each.bp for each in (signing_in, own_pages, second_step)),
    browse.bp,
    organise.bp,
    dates.bp,
    review.bp,
    posters.bp,
    feeds.bp,
    sitemap.bp,
    maps.bp,
    importing.bp,
    joining.bp,
    announcing.bp,
    places.bp,
    groups.bp,
    overriding.bp,
    reconfirming.bp,
    calendars.bp,
    calendars.subscribed,
    insurance.bp,
    register.bp,
    consents.bp,
    requests.bp,
    desk.bp,
    # Four modules, one blueprint.
    *dict.fromkeys(each.bp for each in (my_pass, my_hours, roster, gate_page)),
    devices.bp,
    # Two modules, one blueprint.
    *dict.fromkeys(each.bp for each in (api, pretix)),
    scanner.bp,
    here.bp,
    place_code.bp,
    at_the_place.bp,
    at_the_place.scanned,
    to_look_at.bp,
    proposals.bp,
    questions.bp,
    months.bp,
    ledger_tables.bp,
    no_shows.bp,
    printed_pass.bp,
    pass_page.bp,
    pins.bp,
    card_sign_in.bp,
    insured_days.bp,
    sheets.bp,
    badges.bp,
    badges_defining.bp,
    badges_pictures.bp,
    badges_pictures.files,
    badges_public.bp,
    badges_public.issuers,
    badges_sharing.bp,
    badges_certificate.bp,
    badges_card.bp,
    badges_sharing.short,
    # Many modules, one blueprint.
    *dict.fromkeys(
        each.bp
        for each in (
            plans_desk,
            plan,
            goals,
            barriers,
            plan_reviews,
            handing_over,
            mine,
            course,
            moving,
            versions,
        )
    ),
    # Four modules, one blueprint.
    *dict.fromkeys(
        each.bp
        for each in (recognition_desk, recognition_path, recognition_papers, recognition_mine)
    ),
    cases_queue.bp,
    cases_directory.bp,
    cases_outing_page.bp,
    cases_outings.bp,
    # Many modules, one blueprint.
    *dict.fromkeys(
        each.bp
        for each in (
            cases_lists,
            cases_case,
            cases_around,
            cases_papers,
            cases_emergency,
            cases_likely,
            cases_mine,
            cases_archives,
            cases_erasing,
            cases_retention,
            cases_trail,
        )
    ),
    # Many modules, one blueprint.
    *dict.fromkeys(
        each.bp
        for each in (
            housing_home,
            housing_requests,
            housing_proposals,
            housing_tonight,
            housing_own_request,
            housing_support,
            housing_pay_to,
            housing_decisions,
            housing_bank,
            housing_market,
            housing_stays,
            housing_moving,
            housing_agreements,
            housing_incidents,
            housing_own_home,
            housing_offers,
            housing_owners,
            housing_dwellings,
            housing_rooms,
            housing_stock_files,
            housing_grants,
            housing_calendar,
            housing_figures,
            housing_closures,
            housing_works,
            housing_work_steps,
        )
    ),
    notifications.bp,
    reporting.bp,
    portal.bp,
    portal.operations,
)


def create_app(
    settings: Settings, database: Database | None = None, clock: Clock | None = None
) -> Flask:
    """The site for these settings; tests hand over a database of their own."""
    app = Flask("civic", template_folder="templates", static_folder=None, root_path=str(ROOT))
    _configure(app, settings)
    _lay_the_web_floor(app, settings)
    engine_of = database or Database(
        make_engine(settings.database_url, pool_size=settings.pool_size), clock, vault_of(settings)
    )
    bind(app, Bindings(engine_of, login.load_actor))
    login.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _furnish(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="civic",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.has_https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        # A form left open over a long bus ride still counts; the session bounds it.
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    app.extensions["civic_settings"] = settings
    app.extensions["civic_keys"] = Keys(settings.secret_key)
    app.extensions["civic_front_page"] = front_page
    app.extensions["civic_files"] = FileStore(Path(settings.files))
    app.extensions[portal.EXPORTERS] = PRIVACY_EXPORTERS
    app.extensions["civic_wishes"] = wishes_of


def _lay_the_web_floor(app: Flask, settings: Settings) -> None:
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as its documentation says
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    uploads.install(app)
    CSRFProtect(app)
    locale.install(app)
    words.install(app)
    signature_words.install(app)
    recognition_words.install(app)
    panels.install(app)
    static.install(app, Path(ROOT, "static"))
    headers.install(app, has_https=settings.has_https, images_from=settings.tiles_source)
    errors.install(app)


def _furnish(app: Flask, settings: Settings) -> None:
    """What every template may name, and the panels that higher rooms hang in lower ones."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        area_name=area_name,
        skill_name=skill_name,
        weekday_name=weekday_name,
        language_links=locale.language_links,
        draft_key=login.draft_key,
    )
    panels.hang(app, "project.sessions", places.sessions_panel)
    panels.hang(app, "organise.roster", overriding.roster_panel)
    panels.hang(app, "organise.roster", place_code.code_link)
    panels.hang(app, "session.reconfirm", reconfirming.reconfirm_panel)
    panels.hang(app, "organise.session", reconfirming.unanswered_panel)
    panels.hang(app, "organise.roster", reconfirming.unanswered_names_panel)
    panels.hang(app, "project.badges", badges.badges_panel)
    panels.hang(app, "project.association", measures.association_panel)
    panels.hang(app, "city.associations", measures.city_panel)
    panels.hang(app, "requirement.badge", badges.requirement_panel)
    panels.hang(app, "organise.project", badges.asked_for_panel)
    panels.hang(app, "desk.person", printed_pass.desk_panel)
    panels.hang(app, "case.references", plan_reference.case_panel)
    panels.hang(app, "case.references", housing_case_panel.case_panel)
    panels.hang(app, "pass.card", pass_page.photo_panel)
    panels.hang(app, "organise.session", roster.roster_link)
    panels.hang(app, "home.pay", housing_own_pay.pay_panel)
    panels.hang(app, "announcement.preview", notifications.announcement_preview)

    @app.context_processor
    def frame() -> dict[str, object]:
        # Asked for only by templates that show them: the page for a database that is away
        # must not ask it who is looking.
        return {
            "locale": locale.page_language(),
            "actor": LocalProxy(actor),
            "navigation": LocalProxy(lambda: navigation(actor())),
            "demonstration": settings.is_demonstration,
        }
