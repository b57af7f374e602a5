"""`bin/civic …`: what an administrator types."""

import os
import socket
import sys
from collections.abc import Callable
from uuid import UUID

import click
from sqlalchemy import select

from civic.accounts import second_factor
from civic.accounts.contacts import read_contact
from civic.accounts.operations import add_contact, make_staff_account, sign_in_form
from civic.accounts.queries import credential_of
from civic.accounts.rules import Discipline
from civic.catalogue.operations.indexing import index_all
from civic.cli.installation import database_of, settings_here
from civic.cli.papers import papers
from civic.cli.vault import vault
from civic.cli.verifying import audit, badges, hours, keys, register
from civic.demo import large, loader
from civic.kernel.context import Context
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import make_folder_for, migrate
from civic.kernel.errors import CivicError
from civic.kernel.i18n import BY_TAG
from civic.kernel.policy import Grant, Role, system_in
from civic.settings import ROOT, Settings
from civic.tenancy.models import Association, Municipality
from civic.tenancy.operations.verification import (
    add_association,
    add_municipality,
    ask_verification,
)

HOST = "127.0.0.1"
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
"""Of each web process. The phones that scan at the same moment share one commit, see
`kernel.together`; of more threads than this the server says that the processors cannot feed them."""
NETWORK_ROLES = (Role.COORDINATOR, Role.ADMINISTRATOR)


@click.group()
def civic() -> None:
    """Civic: projects of civic engagement, from the first Saturday to a plan for work."""


@civic.command("up")
def up() -> None:
    """Everything for a first look: migrate, load the demonstration, serve, work."""
    port = _free_port(os.environ.get("PORT", "8000"))
    os.environ.setdefault("CIVIC_MODE", "demonstration")
    os.environ.setdefault("CIVIC_WORKER", "thread")
    os.environ.setdefault("CIVIC_PUBLIC_URL", f"http://{HOST}:{port}")
    settings = settings_here()
    make_folder_for(settings.database_url)
    migrate(make_engine(settings.database_url))
    if settings.is_demonstration:
        database = database_of(settings)
        if loader.load(database, settings):
            click.echo("The demonstration data is loaded.")
        _print_sign_ins(settings)
    click.echo(f"\n  Civic is at {settings.public_url}/   (Ctrl-C stops it)\n")
    sys.stdout.flush()
    _serve(port, workers=1)


def _free_port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise click.ClickException("PORT must be a number between 1 and 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is taken. Choose another: make run PORT={port + 1}"
            ) from None
    return port


def _print_sign_ins(settings: Settings) -> None:
    click.echo("\nSign-ins of the demonstration:")
    for sign_in in loader.SIGN_INS:
        click.echo(f"  {sign_in.role:<24} {sign_in.name:<32} {sign_in.password}")
    click.echo(f"  Codes and messages appear at {settings.public_url}/it/mailbox")
    click.echo(
        "  Pages about cases also ask for six digits: the page that asks shows a picture to scan"
    )
    click.echo(
        "  with any app for sign-in codes, and letters to type where nothing can be scanned."
    )
    click.echo("  A name that another phone was set up for is freed by:")
    click.echo("    CIVIC_MODE=demonstration bin/civic staff forget-second-factor NAME")


def _serve(port: int, workers: int, host: str = HOST) -> None:
    """Become the server, in this process's place: signals reach it directly."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(  # noqa: S606 - our own interpreter with fixed arguments
        sys.executable,
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
            "--host", host, "--port", str(port), "--workers", str(workers),
            "--blocking-threads", str(THREADS), "--workers-kill-timeout", "10",
            "--log-level", "warning", "wsgi:app",
        ],
    )  # fmt: skip


@civic.command("serve")
@click.option("--host", default=HOST, show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """The web server alone, for production; run `civic worker` beside it."""
    settings_here()
    _serve(port, workers, host)


@civic.command("worker")
def worker() -> None:
    """Deliver events, send messages, write reminders, until stopped."""
    from civic.app import create_app
    from civic.worker import run_as_process

    run_as_process(create_app(settings_here()))


@civic.command("migrate")
def migratedatabase_of() -> None:
    """Bring the database to this version's tables."""
    settings = settings_here()
    make_folder_for(settings.database_url)
    changed = migrate(make_engine(settings.database_url))
    click.echo("Migrated." if changed else "Nothing to do.")
    if indexed := index_all(database_of(settings)):
        click.echo(f"Projects indexed for search: {indexed}.")


@civic.group("demo")
def demo() -> None:
    """Demonstration data; refused in production mode."""


@demo.command("load")
@click.option(
    "--scale", type=click.Choice(["demo", *large.SCALES]), default="demo", show_default=True
)
def load_demo(scale: str) -> None:
    """Load the six cities, or a made-up city or network of full size beside them."""
    os.environ.setdefault("CIVIC_MODE", "demonstration")
    settings = settings_here()
    if not settings.is_demonstration:
        raise click.ClickException("Demonstration data stays out of production.")
    make_folder_for(settings.database_url)
    migrate(make_engine(settings.database_url))
    database = database_of(settings)
    if scale == "demo":
        loaded = loader.load(database, settings)
        click.echo("Loaded." if loaded else "Already there; brought up to today.")
    else:
        try:
            large.load_large(database, settings, large.SCALES[scale], _progress)
        except large.OtherScaleLoaded as refusal:
            raise click.ClickException(str(refusal)) from None


def _progress(label: str, total: int) -> Callable[[int], None]:
    """A progress bar; outside a terminal, a line at each tenth."""
    if sys.stdout.isatty():
        bar = click.progressbar(length=total, label=label)
        bar.render_progress()
        return bar.update
    done = 0

    def tell(step: int) -> None:
        nonlocal done
        before, done = done, done + step
        if done * 10 // total > before * 10 // total:
            click.echo(f"{label}: {done * 100 // total} %")

    return tell


@civic.group("staff")
def staff() -> None:
    """People who work for a municipality, an association or the network."""


@staff.command("add")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("sign_in_name")
@click.option("--name", prompt="Their name")
@click.option("--city", help="Slug of the municipality, for all but the network's own roles.")
@click.option("--association", help="Slug of the association, for organisers.")
@click.option(
    "--discipline",
    type=click.Choice([discipline.value for discipline in Discipline]),
    help="Of a case worker: what they are on the team.",
)
@click.option("--language", type=click.Choice(list(BY_TAG)), default="it", show_default=True)
@click.password_option()
def add_staff(
    role: str,
    sign_in_name: str,
    name: str,
    city: str | None,
    association: str | None,
    discipline: str | None,
    language: str,
    password: str,
) -> None:
    """Give somebody a sign-in and a role. An address as sign-in name is also where messages go."""
    wanted = Role(role)
    with database_of(settings_here()).unit_of_work(system_in()) as ctx:
        has_city, has_association = wanted not in NETWORK_ROLES, wanted is Role.ORGANISER
        grant = Grant(
            wanted,
            _id_of(ctx, Municipality, city, "--city") if has_city else None,
            _id_of(ctx, Association, association, "--association") if has_association else None,
        )
        try:
            person_id = make_staff_account(
                ctx,
                name,
                sign_in_name,
                password,
                [grant],
                discipline=Discipline(discipline) if discipline else None,
                page_language=language,
            )
            if "@" in sign_in_name:
                add_contact(ctx, person_id, read_contact(sign_in_name))
        except CivicError as refusal:
            raise click.ClickException(refusal.sentence % refusal.values) from None
    click.echo(f"{sign_in_name} may sign in as {role}.")


@staff.command("forget-second-factor")
@click.argument("sign_in_name")
def forget_second_factor(sign_in_name: str) -> None:
    """Somebody has lost their phone: the next sign-in sets up another, and all sessions end."""
    with database_of(settings_here()).unit_of_work(system_in()) as ctx:
        credential = credential_of(ctx, sign_in_form(sign_in_name))
        if credential is None:
            raise click.ClickException("Nobody signs in with this name.")
        if not second_factor.forget(ctx, credential.person_id):
            raise click.ClickException("There is no second step to forget for this name.")
    click.echo(
        f"{sign_in_name} is signed out everywhere and sets up another phone at the next sign-in."
    )


def _id_of(
    ctx: Context, model: type[Municipality | Association], slug: str | None, option: str
) -> UUID:
    found = ctx.db.scalar(select(model.id).where(model.slug == slug))
    if found is None:
        raise click.ClickException(f"{option} must be the slug of one that is here.")
    return found


@civic.group("city")
def city() -> None:
    """Municipalities of the network."""


@city.command("add")
@click.argument("slug")
@click.argument("name")
def add_city(slug: str, name: str) -> None:
    """Take a municipality in."""
    with database_of(settings_here()).unit_of_work(system_in()) as ctx:
        add_municipality(ctx, slug, name)
    click.echo(f"{name} is in the network.")


@civic.group("association")
def association() -> None:
    """Third-Sector bodies."""


@association.command("add")
@click.argument("slug")
@click.argument("name")
@click.option("--city", "slugs", multiple=True, help="Slug of a municipality it wants to work in.")
def add_new_association(slug: str, name: str, slugs: tuple[str, ...]) -> None:
    """Take an association in; each municipality named is asked to verify it."""
    with database_of(settings_here()).unit_of_work(system_in()) as ctx:
        association_id = add_association(ctx, slug, name)
        for city_slug in slugs:
            city_id = _id_of(ctx, Municipality, city_slug, "--city")
            ctx.enter(city_id)
            ask_verification(ctx, association_id, city_id)
    click.echo(f"{name} is in; its municipalities verify it on their pages.")


for group in (audit, register, hours, badges, keys, papers, vault):
    civic.add_command(group)
