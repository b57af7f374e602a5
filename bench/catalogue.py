"""The public list and one project's page, at city scale."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from bench import databases
from bench.counting import counting
from bench.figures import Figure, Measure, at_least_of, at_most
from bench.load import Target, in_turn
from bench.servers import Server, fetch, granian
from civic.app import create_app
from civic.settings import Settings

LIST = "/it/projects"
ENOUGH = 0.6
"""Of what the bare page reaches."""
MOST_STATEMENTS = 6
SLUG = re.compile(r'href="(?:/it)?/projects/([a-z0-9-]+-\d{5})"')
"""Projects of the city end in a number; the list links to its map too."""


@contextmanager
def both_servers() -> Iterator[tuple[Server, Server]]:
    url = databases.city()
    bare = granian("bench.bare:app", {"BARE_DATABASE_URL": url}, "/ready")
    with granian("wsgi:app", databases.settings(url), LIST) as ours, bare as reference:
        yield ours, reference


def slugs(server: Server, path: str) -> list[str]:
    """Projects that the page links to, each once, in the page's order."""
    found = SLUG.findall(fetch(server.url(path)).decode())
    return list(dict.fromkeys(found))


def speed() -> Iterator[Figure]:
    with both_servers() as (ours, reference):
        shown = slugs(ours, LIST)
        if len(shown) != 20 or shown != slugs(reference, "/projects"):
            raise RuntimeError("the two lists do not show the same twenty projects")
        pairs = {
            "catalogue.list": ((LIST,), ("/projects",)),
            "catalogue.detail": (
                tuple(f"{LIST}/{slug}" for slug in shown),
                tuple(f"/projects/{slug}" for slug in shown),
            ),
        }
        for name, (our_paths, bare_paths) in pairs.items():
            rate, bare_rate = in_turn(Target(ours, our_paths), Target(reference, bare_paths))
            yield at_least_of(name, rate, "requests/s", bare_rate, ENOUGH)


def statements() -> Iterator[Figure]:
    """Of a process that has just started and of one that is warm, whichever asks more."""
    url = databases.city()
    found = SLUG.search(asked_by(url, LIST)[1])
    if not found:
        raise RuntimeError("the list links to no project")
    for name, path in (("list", LIST), ("detail", f"{LIST}/{found[1]}")):
        count = asked_by(url, path)[0]
        yield at_most(f"catalogue.{name}_statements", count, "statements", MOST_STATEMENTS)


def asked_by(url: str, path: str) -> tuple[int, str]:
    client = create_app(Settings.from_env(databases.settings(url))).test_client()
    counts = []
    for _ in range(2):
        with counting() as asked:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        counts.append(len(asked.statements))
    return max(counts), answer.get_data(as_text=True)


MEASURES = (
    Measure(("catalogue.list_statements", "catalogue.detail_statements"), statements),
    Measure(("catalogue.list", "catalogue.detail"), speed),
)
