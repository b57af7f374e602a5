"""The whole house, put together: who is asking, which pages there are, what hangs where."""

import contextlib
import importlib
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from civic.kernel.clock import Clock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.keys import Keys
from civic.settings import ROOT, Settings
from civic.web import errors, headers, locale, panels, static, words
from civic.web.transaction import Bindings, bind

LARGEST_BODY = 1_000_000
"""Bytes; a batch of offline scans is the largest thing anybody sends."""

ROOMS = (
    "tenancy", "accounts", "catalogue", "enrolment", "attendance", "badges", "plans",
    "notifications", "reporting", "portal",
)  # fmt: skip


def create_app(
    settings: Settings, database: Database | None = None, clock: Clock | None = None
) -> Flask:
    app = Flask(
        "civic",
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        root_path=str(ROOT),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="civic",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.has_https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    app.extensions["civic_settings"] = settings
    app.extensions["civic_keys"] = Keys(settings.secret_key)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    locale.install(app)
    words.install(app)
    panels.install(app)
    static.install(app, Path(ROOT, "static"))
    headers.install(app, has_https=settings.has_https)
    errors.install(app)
    database = database or Database(
        make_engine(settings.database_url, pool_size=settings.pool_size), clock
    )
    with contextlib.suppress(ModuleNotFoundError):
        login = importlib.import_module("civic.accounts.login")
        login.install(app)
        bind(app, Bindings(database, login.load_actor))
    from civic.catalogue.words import area_name, skill_name

    app.jinja_env.globals.update(
        area_name=area_name, skill_name=skill_name, language_links=locale.language_links
    )
    for room in ROOMS:
        try:
            module = importlib.import_module(f"civic.{room}.views")
        except ImportError as e:
            print('left out', room, e)
            continue
        mods = [module]
        if hasattr(module, "__path__"):
            for p in sorted(Path(module.__path__[0]).glob("[a-z]*.py")):
                mods.append(importlib.import_module(f"civic.{room}.views.{p.stem}"))
        seen = set()
        for m in mods:
            for value in vars(m).values():
                if isinstance(value, Blueprint) and value.name not in seen:
                    seen.add(value.name)
                    app.register_blueprint(value)
    from civic.web.transaction import actor

    app.context_processor(
        lambda: {
            "locale": locale.page_language(),
            "actor": actor(),
            "navigation": [],
            "demonstration": settings.is_demonstration,
        }
    )
    return app
