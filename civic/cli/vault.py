"""The keys of municipalities, under which files of people are sealed."""

import sys
from itertools import chain
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import select

from civic.cases.operations.documents import PAPERS
from civic.cases.operations.rotation import turn_keys
from civic.cases.queries import sealed as cases_sealed
from civic.cli.installation import database_of, settings_here
from civic.housing.operations.files import HOUSING_FILES
from civic.housing.queries import sealed as housing_sealed
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import CivicError
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from civic.kernel.vault import vault_of
from civic.tenancy.models import Municipality
from civic.tenancy.queries.standings import municipalities


@click.group("vault")
def vault() -> None:
    """The keys under which files of people are sealed, and whether every sealed field opens."""


@vault.command("make-key")
@click.argument("city")
def make_key(city: str) -> None:
    """The first key of a municipality. Refused where there is one: see `rotate`."""
    settings = settings_here()
    keys, city_id = vault_of(settings), _city(database_of(settings), city)
    if keys.has_city_keys(city_id):
        raise click.ClickException(
            f"{city} has a key. Turn it over with: civic vault rotate {city}"
        )
    version = keys.add_city_key(city_id)
    click.echo(f"{city}: key {version} is in {settings.city_keys}/{city_id}.json")
    click.echo("Keep a copy of it apart from every copy of the database: without it nothing opens.")


@vault.command("rotate")
@click.argument("city")
def rotate(city: str) -> None:
    """A new key wraps from now on; the older ones are destroyed once nothing needs them. Pages may be
    used meanwhile. Broken off, run it again."""
    settings = settings_here()
    database = database_of(settings)
    city_id = _city(database, city)
    try:
        gone = turn_keys(database, vault_of(settings), city_id)
    except CivicError as refusal:
        raise click.ClickException(refusal.sentence % refusal.values) from None
    current = vault_of(settings).city_keys(city_id).current
    click.echo(f"{city}: key {current} wraps now; gone: {', '.join(gone)}")


@vault.command("verify")
def verify() -> None:
    """Open every sealed field of every municipality; names each row that does not open and each key
    that is not there, by ids alone."""
    settings = settings_here()
    case_store = FileStore(Path(settings.files, PAPERS))
    housing_store = FileStore(Path(settings.files, HOUSING_FILES))
    broken = False
    with (
        database_of(settings).snapshot(system_in()) as ctx,
        unscoped(ctx.db, "the sealed fields of all cities are verified"),
    ):
        for city in municipalities(ctx):
            count = 0
            for fault in chain(
                cases_sealed.seal_faults(ctx, city.id, case_store),
                housing_sealed.seal_faults(ctx, city.id, housing_store),
            ):
                count += 1
                if fault.key:
                    click.echo(f"  key {fault.key} is missing or wrong")
                else:
                    click.echo(f"  {fault.spot} does not open")
            broken = broken or count > 0
            click.echo(f"{city.name}: " + (f"faults: {count}" if count else "whole"))
    sys.exit(1 if broken else 0)


def _city(database: Database, slug: str) -> UUID:
    with database.reading(system_in()) as ctx:
        found = ctx.db.scalar(select(Municipality.id).where(Municipality.slug == slug))
    if found is None:
        raise click.ClickException("No municipality has that slug.")
    return found
