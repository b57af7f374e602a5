"""What is set up on this machine."""

import os

import click

from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import make_folder_for
from civic.kernel.vault import vault_of
from civic.settings import Settings, SettingsError


def settings_here() -> Settings:
    try:
        return Settings.from_env(os.environ)
    except SettingsError as refusal:
        raise click.ClickException(str(refusal)) from None


def database_of(settings: Settings) -> Database:
    make_folder_for(settings.database_url)
    return Database(make_engine(settings.database_url), vault=vault_of(settings))
