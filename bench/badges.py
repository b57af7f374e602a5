"""All badges of a city-sized network evaluated anew, in a process of its own that tells how long it
took and how much memory it held."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import databases
from bench.figures import Figure, Measure, at_least_of, at_most
from bench.load import Target, in_turn
from bench.servers import ROOT, environment, granian
from civic.settings import Settings

MOST_SECONDS, MOST_MEGABYTES = 60, 300
MOST_MILLISECONDS = 40
"""For signing one."""
ISSUED = 60
ENOUGH = 0.5
"""Of what a project's page reaches."""


def evaluation() -> Iterator[Figure]:
    """Of 20,000 people with 200,000 check events, as if nothing had been proposed yet."""
    url = databases.city()
    command = [sys.executable, "-m", "bench.badges", url]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True)
    told = json.loads(done.stdout)
    yield at_most("badges.evaluated", told["seconds"], "s", MOST_SECONDS)
    yield at_most("badges.memory", told["megabytes"], "MB", MOST_MEGABYTES)
    yield at_most("badges.missed", told["missed"], "badges", 0)


def issuing() -> Iterator[Figure]:
    """One badge after the other, as the worker signs them; the middle one's time."""
    from sqlalchemy import select

    from civic.app import create_app
    from civic.badges.issuing import issue
    from civic.badges.models import Award
    from civic.badges.signing import signer_of
    from civic.kernel.db.scope import unscoped
    from civic.kernel.policy import system_in
    from civic.web.transaction import EXTENSION

    with tempfile.TemporaryDirectory() as folder:
        settings = databases.settings(databases.small("badges"))
        settings["CIVIC_KEYRING"] = f"{folder}/keys"
        app = create_app(Settings.from_env(settings))
        database, signer = (
            app.extensions[EXTENSION].database,
            signer_of(Settings.from_env(settings)),
        )
        with database.reading(system_in()) as ctx, unscoped(ctx.db, "the bench signs badges"):
            due = ctx.db.execute(select(Award.id, Award.municipality_id).limit(ISSUED)).all()
        taken = []
        with app.app_context():
            for award_id, city_id in due:
                began = time.perf_counter()
                with database.unit_of_work(system_in(city_id)) as ctx:
                    issue(ctx, signer, award_id)
                taken.append((time.perf_counter() - began) * 1000)
    yield at_most("badges.issued", statistics.median(taken), "ms", MOST_MILLISECONDS)


def checking() -> Iterator[Figure]:
    """The page that a link opens, beside a project's page of the same server."""
    with tempfile.TemporaryDirectory() as folder:
        settings = databases.settings(databases.small("badges"))
        settings["CIVIC_KEYRING"] = f"{folder}/keys"
        token, slug = _shared(settings)
        with granian("wsgi:app", settings, "/healthz") as server:
            link, page = f"/it/b/{token}", f"/it/projects/{slug}"
            rate, reference = in_turn(Target(server, (link,)), Target(server, (page,)))
    yield at_least_of("badges.checked", rate, "requests/s", reference, ENOUGH)


def _shared(settings: dict[str, str]) -> tuple[str, str]:
    """The token of a link to a signed badge, and a project's slug."""
    from dataclasses import replace

    from sqlalchemy import select

    from civic.app import create_app
    from civic.badges.issuing import issue, sign_lists
    from civic.badges.models import Award
    from civic.badges.sharing import NewLink, make_link
    from civic.badges.signing import signer_of
    from civic.catalogue.models import Project
    from civic.kernel.db.scope import unscoped
    from civic.kernel.policy import system_in
    from civic.web.transaction import EXTENSION

    app = create_app(Settings.from_env(settings))
    database, signer = app.extensions[EXTENSION].database, signer_of(Settings.from_env(settings))
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "the bench shows a badge"):
        award = ctx.db.scalars(select(Award).limit(1)).one()
        slug = ctx.db.scalars(select(Project.slug).where(Project.is_public).limit(1)).one()
    with app.app_context(), database.unit_of_work(system_in(award.municipality_id)) as ctx:
        issue(ctx, signer, award.id)
        owner = replace(ctx.actor, person_id=award.person_id)
        new = NewLink(30, "", "", shows_skills=True, shows_hours=True, shows_place=True)
        token = make_link(ctx.acting(owner), app.extensions["civic_keys"], award.id, new)
    sign_lists(database, signer)
    return token, slug


def main(url: str) -> None:
    """Take the open proposals away, propose all anew, and say whether the same are back."""
    from sqlalchemy import delete, func, select

    from civic.badges.evaluating import propose_all
    from civic.badges.models import Proposal
    from civic.badges.rules import ProposalState
    from civic.kernel.db.database import Database
    from civic.kernel.db.engine import make_engine
    from civic.kernel.db.scope import unscoped
    from civic.kernel.policy import system_in
    from civic.tenancy.queries.standings import municipalities

    database = Database(make_engine(url))
    with (
        database.unit_of_work(system_in()) as ctx,
        unscoped(ctx.db, "the bench begins with nothing proposed"),
    ):
        is_open = Proposal.state == ProposalState.OPEN
        before = ctx.db.scalar(select(func.count()).select_from(Proposal).where(is_open)) or 0
        ctx.db.execute(delete(Proposal).where(is_open))
        cities = municipalities(ctx)
    began = time.perf_counter()
    opened = sum(propose_all(database, city.id) for city in cities)
    seconds = time.perf_counter() - began
    # Of this program alone: what `getrusage` tells begins with the process that started it.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 1024
    told = {
        "seconds": round(seconds, 2),
        "megabytes": round(peak, 1),
        "missed": max(0, before - opened),
    }
    print(json.dumps(told))


MEASURES = (
    Measure(("badges.evaluated", "badges.memory", "badges.missed"), evaluation),
    Measure(("badges.issued",), issuing),
    Measure(("badges.checked",), checking),
)

if __name__ == "__main__":
    main(sys.argv[1])
