"""Whether what is kept holds together, and what it rests on. Each ends with 1 where something is
wrong."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy import select

from civic.attendance.operations.rebuilding import rebuild
from civic.attendance.queries.recounted import Difference, differences
from civic.audit.queries import verify_chain
from civic.badges import issuing
from civic.badges.addresses import Addresses
from civic.badges.checking import check, check_alone
from civic.badges.credentials.baking import MOST_BYTES
from civic.badges.credentials.facts import Facts
from civic.badges.credentials.keys import NoSuchKey, SpoiltKeyring, WrongSecret
from civic.badges.credentials.verify import Outcome, Verdict, verdict_words
from civic.badges.evaluating import propose_all
from civic.badges.explaining import explain, explained
from civic.badges.issuing import Signer
from civic.badges.rules import Tally
from civic.badges.signing import signer_of
from civic.cli.installation import database_of, settings_here
from civic.cli.squares import MOST_PICTURE_BYTES, is_picture, square_in
from civic.enrolment.queries.verifying import verify_registers
from civic.enrolment.register_chain import FaultKind
from civic.kernel.clock import SystemClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from civic.tenancy.models import Association
from civic.tenancy.queries.standings import City, association_names, municipalities

FAULT_WORDS = {
    FaultKind.MISSING: "it is missing",
    FaultKind.CHANGED: "what it says does not fit its hash",
    FaultKind.UNCHAINED: "it does not carry the hash of the line before",
    FaultKind.UNFOUNDED: "nothing before it says what it ends or corrects",
    FaultKind.DIFFERS: "who may enter, and from when to when, is kept differently at hand",
}


@click.group("audit")
def audit() -> None:
    """The trail of who read and changed what."""


@audit.command("verify")
def verify_audit() -> None:
    """Recompute every city's chain; names the first line that does not fit."""
    broken = False
    with (
        database_of(settings_here()).snapshot(system_in()) as ctx,
        unscoped(ctx.db, "the audit trail of all cities is verified"),
    ):
        for city in municipalities(ctx):
            number = verify_chain(ctx, city.id)
            broken = broken or number is not None
            click.echo(f"{city.name}: " + ("whole" if number is None else f"line {number}"))
    sys.exit(1 if broken else 0)


@click.group("register")
def register() -> None:
    """The associations' registers of volunteers."""


@register.command("verify")
def verify_volunteers() -> None:
    """Read every register from its first line to its last; names each line that does not fit."""
    broken = False
    with (
        database_of(settings_here()).snapshot(system_in()) as ctx,
        unscoped(ctx.db, "the registers of volunteers of all cities are verified"),
    ):
        for city in municipalities(ctx):
            found = verify_registers(ctx, city.id)
            broken = broken or bool(found.faults)
            whole = "" if found.faults else " whole"
            click.echo(f"{city.name}: {found.registers} registers, {found.lines} lines{whole}")
            names = association_names(ctx, {fault.association_id for fault in found.faults})
            for fault in found.faults:
                words = FAULT_WORDS[fault.kind]
                name = names.get(fault.association_id, "Unknown association")
                click.echo(f"  {name}, line {fault.number}: {words}")
    sys.exit(1 if broken else 0)


@click.group("hours")
def hours() -> None:
    """The ledger of hours."""


@hours.command("rebuild")
@click.option("--check", is_flag=True, help="Only say what differs; nothing is changed.")
@click.option("--city", help="Slug of one municipality; all of them otherwise.")
def rebuild_hours(check: bool, city: str | None) -> None:
    """Recompute all hours from scans, decisions and corrections, and set right what differs."""
    database = database_of(settings_here())
    cities = _cities(database, city)
    if check:
        differing = [each for each in cities if not _is_right(database, each)]
        sys.exit(1 if differing else 0)
    for each in cities:
        mended = rebuild(database, each.id)
        click.echo(f"{each.name}: " + (f"lines set right: {mended}" if mended else "right"))


def _cities(database: Database, slug: str | None) -> list[City]:
    with database.reading(system_in()) as ctx:
        cities = [each for each in municipalities(ctx) if slug in (None, each.slug)]
    if slug and not cities:
        raise click.ClickException("--city must be the slug of one that is here.")
    return cities


def _is_right(database: Database, city: City) -> bool:
    """Told by ids alone, no names: somebody may be sent it to look into it."""
    count = 0
    with database.snapshot(system_in(city.id)) as ctx:
        for found in differences(ctx, city.id):
            count += 1
            click.echo(
                f"  session {found.session_id}, person {found.person_id}, {found.day}:"
                f" has {_has(found)}, should have {found.right}"
            )
    click.echo(f"{city.name}: " + (f"lines that differ: {count}" if count else "right"))
    return count == 0


def _has(found: Difference) -> str:
    line = "no line" if found.line is None else str(found.line)
    return line if found.entries == (found.line or 0) else f"{line} by entries of {found.entries}"


@click.group("badges")
def badges() -> None:
    """What badges rest on."""


@badges.command("explain")
@click.argument("award", type=click.UUID)
def explain_badge(award: UUID) -> None:
    """Print the lines of the ledger that one badge rests on, as they stood when it was given."""
    with _everywhere("the lines that a badge rests on are looked up") as ctx:
        try:
            found = explain(ctx, award)
        except CivicError:
            raise click.ClickException("No badge has that id.") from None
    click.echo(f"{found.achievement.code}, given {found.awarded_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"  asks for {found.achievement.rule.to_json()}, area {found.achievement.area}")
    for line in found.lines:
        click.echo(f"  {line.day}  session {line.session_id}  {line.minutes:>4} minutes")
    click.echo(f"  ledger: {_amount(found.then)}; badge: {_amount(found.told)}")
    click.echo("  right" if found.is_right else "  does not follow from the ledger of then")
    sys.exit(0 if found.is_right else 1)


@badges.command("replay")
def replay_badges() -> None:
    """Replay all badges from the ledger; by ids alone, for those that do not follow from it."""
    count = wrong = 0
    with _everywhere("all badges are replayed from the ledger") as ctx:
        for found in explained(ctx):
            count += 1
            if not found.is_right:
                wrong += 1
                click.echo(
                    f"  {found.award_id}: ledger {_amount(found.then)}, badge {_amount(found.told)}"
                )
    click.echo(f"{count} badges, " + (f"{wrong} do not follow" if wrong else "all follow"))
    sys.exit(1 if wrong else 0)


@badges.command("evaluate")
@click.option("--city", help="Slug of one municipality; all of them otherwise.")
def evaluate_badges(city: str | None) -> None:
    """Propose all badges that are earned and were not proposed yet."""
    database = database_of(settings_here())
    for each in _cities(database, city):
        click.echo(f"{each.name}: {propose_all(database, each.id)} badges proposed")


@badges.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--did",
    "did_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An issuer's did.json: then nothing else is asked, no database and no network.",
)
def verify_badge(file: Path, did_files: tuple[Path, ...]) -> None:
    """Whether an Open Badge, an endorsement of one or a printed card is true: JSON, JWT, PNG or SVG;
    of a card a photo, or the text of its square."""
    data = _shown_in(file)
    if did_files:
        verdict = check_alone(
            data, [_did_document(each) for each in did_files], SystemClock().now()
        )
    else:
        settings = settings_here()
        with database_of(settings).reading(system_in()) as ctx:
            verdict = check(ctx, Addresses(settings.public_url.rstrip("/")), data)
    _say(verdict, is_asked=not did_files)
    sys.exit(0 if verdict.outcome is Outcome.VALID else 1)


def _shown_in(file: Path) -> bytes:
    """What the file holds; of the picture of a card, what stands in its square."""
    most = MOST_BYTES
    with file.open("rb") as opened:
        data = opened.read(MOST_PICTURE_BYTES + 1)
    if is_picture(data) and len(data) <= MOST_PICTURE_BYTES:
        return square_in(data) or data[: most + 1]
    return data[: most + 1]


def _did_document(file: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(file.read_bytes())
        return {"verificationMethod": [dict(each) for each in read["verificationMethod"]]}
    except (ValueError, KeyError, TypeError):
        raise click.ClickException(f"{file} is no DID document.") from None


def _say(verdict: Verdict, *, is_asked: bool) -> None:
    if is_asked or verdict.outcome is not Outcome.VALID:
        click.echo(f"{verdict.outcome.value}: {verdict_words(verdict)}")
    else:
        click.echo("valid: the signature is true. Nobody was asked whether it was taken back.")
    if verdict.facts:
        for line in _facts(verdict.facts):
            click.echo(f"  {line}")


def _facts(facts: Facts) -> Iterator[str]:
    yield f"{facts.name}, {facts.issuer_name}"
    if facts.is_endorsement:
        yield f"It endorses the badge {facts.subject}"
        yield facts.comment
    if facts.is_card:
        yield f"The name on the card: {facts.holder}"
    ends = f", until {facts.ends:%Y-%m-%d}" if facts.ends else ""
    yield f"Given {facts.begins:%Y-%m-%d}{ends}"


@click.group("keys")
def keys() -> None:
    """The keys with which associations sign badges."""


@keys.command("rotate")
@click.argument("association")
def rotate_key(association: str) -> None:
    """A new key signs from now on; what the old one signed stays true."""
    database, signer, association_id = _keyring_of(association)
    click.echo(f"{association}: {issuing.rotate(database, signer, association_id)} signs now")


@keys.command("give-up")
@click.argument("association")
@click.argument("key")
def give_up_key(association: str, key: str) -> None:
    """Somebody else may hold this key: it proves nothing any more, and the worker signs anew what
    it had signed."""
    database, signer, association_id = _keyring_of(association)
    try:
        count = issuing.give_up(database, signer, association_id, f"#{key.lstrip('#')}")
    except NoSuchKey:
        raise click.ClickException("This association has no such key.") from None
    click.echo(f"{association}: {count} badges are signed anew")


@keys.command("reencrypt")
def reencrypt_keys() -> None:
    """Encrypt the file of keys with another secret, which is asked for; set it afterwards."""
    secret = click.prompt("New secret", hide_input=True, confirmation_prompt=True)
    signer_of(settings_here()).keyring.reencrypt(secret)
    click.echo("Done. Set CIVIC_KEYRING_SECRET to the new one before the worker starts again.")


def _keyring_of(slug: str) -> tuple[Database, Signer, UUID]:
    settings = settings_here()
    database = database_of(settings)
    with database.reading(system_in()) as ctx:
        association_id = ctx.db.scalar(select(Association.id).where(Association.slug == slug))
    if association_id is None:
        raise click.ClickException("No association has that slug.")
    try:
        return database, signer_of(settings), association_id
    except (WrongSecret, SpoiltKeyring) as refusal:
        raise click.ClickException(str(refusal) or "The file of keys does not open.") from None


@contextmanager
def _everywhere(reason: str) -> Iterator[Context]:
    with database_of(settings_here()).snapshot(system_in()) as ctx, unscoped(ctx.db, reason):
        yield ctx


def _amount(have: Tally) -> str:
    return f"{have.minutes} minutes in {have.sessions} sessions"
