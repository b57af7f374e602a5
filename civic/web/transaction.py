"""The two blocks a view opens. Nothing else commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask, current_app, g

from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor
from civic.web.locale import page_language

EXTENSION = "civic"


@dataclass(frozen=True)
class Bindings:
    """What `app.py` hands to the web floor: the rows and how to learn who is asking."""

    database: Database
    load_actor: Callable[[], Actor]


def bind(app: Flask, bindings: Bindings) -> None:
    app.extensions[EXTENSION] = bindings


def bindings() -> Bindings:
    found: Bindings = current_app.extensions[EXTENSION]
    return found


def actor() -> Actor:
    """Who is asking, learnt once a request; they read in the language of the page."""
    if "civic_actor" not in g:
        g.civic_actor = replace(bindings().load_actor(), language=page_language().tag)
    found: Actor = g.civic_actor
    return found


def act_as(who: Actor) -> None:
    """Whoever asks has shown by other means than the browser's session who they are."""
    g.civic_actor = who


def forget_actor() -> None:
    """After signing in or out: ask again."""
    g.pop("civic_actor", None)


@contextmanager
def reading() -> Iterator[Context]:
    """Rows to look at. Plain values must leave the block, never ORM objects."""
    with bindings().database.reading(actor()) as ctx:
        yield ctx


@contextmanager
def unit_of_work() -> Iterator[Context]:
    """Rows to change; commits at the end of the block, before the response is built."""
    with bindings().database.unit_of_work(actor()) as ctx:
        yield ctx
