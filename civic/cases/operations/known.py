"""Is this person known? By two facts that both fit exactly; every asking is written down."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from civic.accounts.operations import count_up
from civic.cases.access import CaseRole
from civic.cases.errors import NotYours, TooManySearches, TwoFactsNeeded
from civic.cases.facts import pairs, plain_facts, plain_name
from civic.cases.models import CaseFact, CaseFile
from civic.cases.operations import trail
from civic.cases.operations.files import give
from civic.cases.policy import FIND_KNOWN
from civic.cases.queries.gate import CaseFacts, facts_of, reference_of, with_access
from civic.cases.queries.indexed import under_every_key
from civic.cases.states import CaseState
from civic.kernel.context import Context
from civic.kernel.policy import Place, Role
from civic.kernel.vault import blind

SEARCHES = 40
WINDOW = timedelta(hours=1)
"""Who guesses names one after the other is stopped; a busy desk asks for twenty people an hour."""


@dataclass(frozen=True)
class Found:
    id: UUID
    reference: str
    state: CaseState
    is_open_to_me: bool


def find_known(ctx: Context, municipality_id: UUID, facts: Mapping[str, str]) -> list[Found]:
    """One look into the index, whatever its size. Who finds a person at the desk or in the street has
    the file there until the day ends; a case worker learns that it exists, and asks its lead."""
    FIND_KNOWN.require(ctx.actor, Place(municipality_id=municipality_id))
    wanted = list(pairs(_as_asked(facts)))
    if not wanted:
        raise TwoFactsNeeded
    if not count_up(ctx, f"case-search:{ctx.actor.own_id}", SEARCHES, WINDOW):
        raise TooManySearches
    found = _matching(ctx, municipality_id, wanted)
    trail.note_search(
        ctx, municipality_id, [kind for kind, text in facts.items() if text], len(found)
    )
    return [_found(ctx, row) for row in found]


def _as_asked(facts: Mapping[str, str]) -> dict[str, set[str]]:
    """What was typed, each as one fact: a name as it is written, and of a birthday the day alone."""
    plain = plain_facts(facts)
    names = {kind: plain_name(facts.get(kind) or "") for kind in ("given", "family")}
    asked = {kind: {name} for kind, name in names.items() if name}
    asked |= {kind: texts for kind, texts in plain.items() if kind not in ("given", "family")}
    if "born_on" in asked:
        asked.pop("born_in", None)
    return asked


def _matching(ctx: Context, municipality_id: UUID, wanted: list[str]) -> list[CaseFile]:
    """All pairs of what was asked must fit: two facts are one pair, three are three."""
    return under_every_key(
        ctx, municipality_id, lambda keys: _fitting(ctx, municipality_id, wanted, keys)
    )


def _fitting(
    ctx: Context, municipality_id: UUID, wanted: list[str], keys: Collection[bytes]
) -> list[CaseFile]:
    hashes = {blind(key, text): text for key in keys for text in wanted}
    rows = ctx.db.execute(
        select(CaseFact.hash, CaseFile)
        .join(CaseFile, CaseFile.id == CaseFact.case_id)
        .where(CaseFact.hash.in_(list(hashes)))
        .where(CaseFact.municipality_id == municipality_id)
        .where(CaseFile.erased_at.is_(None))
    ).all()
    fitting: dict[UUID, set[str]] = {}
    files = {}
    for fact, file in rows:
        fitting.setdefault(file.id, set()).add(hashes[fact])
        files[file.id] = file
    return [files[case_id] for case_id, texts in fitting.items() if len(texts) == len(wanted)]


def _found(ctx: Context, row: CaseFile) -> Found:
    """At the desk and in the street, whoever names two facts has the person before them."""
    kept = row
    if row.merged_into_id is not None:
        kept = ctx.db.get_one(CaseFile, row.merged_into_id)
    is_open = _is_open(ctx, kept)
    role = CaseRole.DESK if ctx.actor.has_role(Role.DESK) else None
    if role is None and ctx.actor.has_role(Role.MOBILE_UNIT):
        role = CaseRole.MOBILE_UNIT
    if not is_open and role is not None:
        give(ctx, kept.id, kept.municipality_id, role, today_only=True)
        trail.note(ctx, _known(kept, role), "found")
        is_open = True
    return Found(kept.id, reference_of(kept.id), kept.state, is_open)


def _known(row: CaseFile, role: CaseRole) -> CaseFacts:
    return facts_of(row, frozenset({role}))


def _is_open(ctx: Context, row: CaseFile) -> bool:
    try:
        with_access(ctx, row)
    except NotYours:
        return False
    return True
