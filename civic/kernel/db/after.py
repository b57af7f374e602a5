"""What is done outside the database once a change of rows is certain, and never before."""

import logging
from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session

WAITING = "after_commit"

log = logging.getLogger(__name__)


def after_commit(db: Session, do: Callable[[], object]) -> None:
    """Once, when the outermost transaction has committed; never if it is rolled back. Whoever asks
    has a job beside it that does the same again: the process may end in between."""
    if WAITING not in db.info:
        db.info[WAITING] = []
        event.listen(db, "after_commit", _go_on)
        event.listen(db, "after_rollback", _give_up)
    db.info[WAITING].append(do)


def _go_on(db: Session) -> None:
    if db.in_nested_transaction():
        return
    waiting, db.info[WAITING] = db.info[WAITING], []
    for do in waiting:
        try:
            do()
        except OSError:
            log.exception("left to the next turn of the worker")


def _give_up(db: Session) -> None:
    db.info[WAITING] = []
