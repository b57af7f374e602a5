"""The papers that people have signed."""

import sys
from pathlib import Path

import click

from civic.cli.installation import database_of, settings_here
from civic.kernel.db.scope import unscoped
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from civic.signatures.keeping import COPIES
from civic.signatures.verifying import Fault, verify_papers
from civic.tenancy.queries.standings import municipalities

FAULT_WORDS = {
    Fault.MISSING: "it is missing",
    Fault.CHANGED: "what it says does not fit its hash",
    Fault.UNCHAINED: "it does not carry the hash of the paper before",
    Fault.SIGNED_OTHERWISE: "what was signed is not what it says",
    Fault.SIGNATURE_GONE: "a signature that completed it is gone",
    Fault.COPY_GONE: "its kept copy is gone",
    Fault.COPY_CHANGED: "its kept copy is not the one that was kept",
}


@click.group("papers")
def papers() -> None:
    """Plans and documents that both sides have signed."""


@papers.command("verify")
def verify() -> None:
    """Recompute the hash of every frozen paper; names each that is not as it was signed."""
    settings = settings_here()
    store = FileStore(Path(settings.files, COPIES))
    broken = False
    with (
        database_of(settings).snapshot(system_in()) as ctx,
        unscoped(ctx.db, "the signed papers of all cities are verified"),
    ):
        for city in municipalities(ctx):
            found = verify_papers(ctx, city.id, store)
            broken = broken or bool(found.faults)
            whole = "" if found.faults else " whole"
            click.echo(f"{city.name}: {found.papers} papers{whole}")
            for each in found.faults:
                click.echo(f"  {each.kind} {each.number}: {FAULT_WORDS[each.fault]}")
    sys.exit(1 if broken else 0)
