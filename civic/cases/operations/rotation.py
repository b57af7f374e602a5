"""Turning over a city's key while everybody goes on working.

Every file's own key is wrapped anew and what is searched for is hashed anew; no sealed field is touched.
The old key goes last, when neither a wrapped key nor a hash of it is left and nobody who writes under
it is still at work.
"""

from collections.abc import Collection
from threading import Event
from uuid import UUID

from sqlalchemy import delete, select

from civic.audit import operations as audit
from civic.cases.models import CaseFact, CaseFile
from civic.cases.operations.files import index_facts, turn_of
from civic.cases.queries.gate import facts_of
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import is_let_go
from civic.kernel.policy import system_in
from civic.kernel.vault import Vault

BATCH = 20
"""Files in one transaction: on SQLite everybody who writes waits for it."""
PAUSE = 0.05
"""Seconds, before somebody who is at work is looked for again."""


def turn_keys(database: Database, vault: Vault, municipality_id: UUID) -> list[str]:
    """The numbers of the keys that went. Broken off, it is begun again: nothing is lost on the way.
    Raises KeyMissing or KeyWrong where a file's key does not unwrap; then no key is retired."""
    older = list(vault.city_keys(municipality_id).keys)
    vault.add_city_key(municipality_id)
    for version in older:
        _await_writers(database, municipality_id, version)
    is_done = False
    while not is_done:
        _wrap_anew(vault, municipality_id, older)
        is_done = not _hash_some(database, municipality_id, older)
    gone = vault.retire_city_keys(municipality_id, older)
    with database.unit_of_work(system_in(municipality_id)) as ctx:
        current = vault.city_keys(municipality_id).current
        audit.record(
            ctx, municipality_id, "case.keys_turned", details={"from": gone, "to": current}
        )
    return gone


def _await_writers(database: Database, municipality_id: UUID, version: str) -> None:
    """Whoever read the city's keys before the new one was there may write under the old one until
    they commit. On SQLite this transaction begins when they are done."""
    while True:
        with database.unit_of_work(system_in(municipality_id)) as ctx:
            if is_let_go(ctx.db, turn_of(municipality_id, version)):
                return
        Event().wait(PAUSE)


def _wrap_anew(vault: Vault, municipality_id: UUID, older: Collection[str]) -> None:
    for subject_id in vault.subjects(municipality_id):
        if vault.wrapped_by(municipality_id, subject_id) in older:
            vault.rewrap(municipality_id, subject_id)


def _hash_some(database: Database, municipality_id: UUID, older: Collection[str]) -> bool:
    """Hash all files anew, a batch at a time; True while some were left, since others hold them."""
    while True:
        with database.unit_of_work(system_in(municipality_id)) as ctx:
            waiting = ctx.db.scalars(
                select(CaseFact.case_id)
                .where(CaseFact.municipality_id == municipality_id)
                .where(CaseFact.key_version.in_(older))
                .distinct()
                .limit(BATCH)
            ).all()
            done = [case_id for case_id in waiting if _hash_anew(ctx, case_id)]
        if not waiting:
            return False
        if not done:
            Event().wait(PAUSE)
            return True


def _hash_anew(ctx: Context, case_id: UUID) -> bool:
    """False while somebody writes in it: who holds the trail and waits for a file must never be
    waited for by whoever holds other files."""
    row = ctx.db.scalars(
        select(CaseFile)
        .where(CaseFile.id == case_id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return False
    if row.erased_at is not None:
        ctx.db.execute(delete(CaseFact).where(CaseFact.case_id == case_id))
    else:
        index_facts(ctx, facts_of(row))
    return True
