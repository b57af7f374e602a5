"""Checking oneself in with the code that changes, as of the moment at which it was scanned."""

from civic.attendance.operations.scans import Answer, Scan, record_own
from civic.attendance.place_code import Claim
from civic.attendance.rules import Direction
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys


def check_in_here(ctx: Context, keys: Keys, claim: Claim, direction: Direction) -> Answer:
    """One scan a person and claim: again answers `repeated`."""
    person_id = ctx.actor.own_id
    facts = session_facts(ctx, [claim.session_id]).get(claim.session_id)
    if facts is None:
        raise NotFound
    # Whoever is new in this city is refused for want of a place, and that is kept as any refusal.
    ctx.enter(facts.municipality_id)
    scan_id = claim.scan_id(keys, person_id)
    scan = Scan(scan_id, "", direction, claim.at, person_id=person_id, gate=claim.gate)
    return record_own(ctx, facts, scan)
