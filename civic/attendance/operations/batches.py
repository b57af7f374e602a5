"""What devices send: scans of one or several sessions, each answered for itself. Those of all devices
that send at the same moment are taken in with the same statements and one commit."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError, OperationalError

from civic.attendance.operations import scans
from civic.attendance.operations.passes import hashed
from civic.attendance.operations.scans import Answer, Scan, Sender, Sent
from civic.attendance.policy import CHECK_IN
from civic.attendance.queries import gate
from civic.attendance.queries.bearers import Bearer, bearers
from civic.attendance.rules import Method, read_code
from civic.attendance.tokens import Scope, Worthless
from civic.catalogue.queries.sessions import SessionBasics
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import limit
from civic.kernel.policy import VISITOR, Actor, Place
from civic.kernel.together import Together


@dataclass(frozen=True)
class SentScan:
    session_id: UUID
    scan: Scan


@dataclass(frozen=True)
class Delivery:
    """What a device hands in by one request."""

    token_hash: str
    scans: Sequence[SentScan]
    skew: timedelta | None = None
    """By how much the device's clock is behind the server's."""


@dataclass
class Taken:
    """Whose token it was, and an answer for each scan: None for those of a session that is not the
    device's. Nothing was stored of a device that is worth nothing or may not scan."""

    bearer: Bearer | Worthless
    answers: list[Answer | None] = field(default_factory=list)


Gate = Together[Delivery, Taken]
Take = Callable[[Context, SessionBasics, Sequence[Sent]], list[Answer]]


def open_gate(database: Database) -> Gate:
    """Where all threads of a process hand in what devices send. When the database is away nobody is
    tried again by themselves: each would wait for it anew."""

    def take(delivered: Sequence[Delivery]) -> list[Taken]:
        try:
            with database.unit_of_work(VISITOR) as ctx:
                return take_in(ctx, delivered)
        except OperationalError:
            raise
        except DBAPIError:
            # One of the scans cannot be stored: the others must not suffer for it.
            if len(delivered) > 1:
                raise
        with database.unit_of_work(VISITOR) as ctx:
            return take_in(ctx, delivered, scans.take_apart)

    return Together(take, common=(OperationalError,))


def take_in(ctx: Context, delivered: Sequence[Delivery], take: Take = scans.take) -> list[Taken]:
    """In the order in which they were delivered, session by session."""
    sessions = {each.session_id for one in delivered for each in one.scans}
    shown = bearers(ctx, {one.token_hash for one in delivered}, sessions)
    found = [Taken(shown.by_token[one.token_hash], [None] * len(one.scans)) for one in delivered]
    dealt = _deal_out(delivered, found, shown.sessions)
    if len(dealt) > 1:
        _hold(ctx, shown.sessions, dealt)
    for session_id, those in dealt.items():
        sent = [each.sent for each in those]
        answers = take(ctx.acting(those[0].actor), shown.sessions[session_id], sent)
        for each, answer in zip(those, answers, strict=True):
            each.taken.answers[each.number] = answer
    return found


@dataclass(frozen=True)
class _Dealt:
    """A scan that its device may make, and where its answer belongs."""

    taken: Taken
    number: int
    actor: Actor
    sent: Sent


def _deal_out(
    delivered: Iterable[Delivery], found: Iterable[Taken], sessions: Mapping[UUID, SessionBasics]
) -> dict[UUID, list[_Dealt]]:
    dealt: dict[UUID, list[_Dealt]] = defaultdict(list)
    for one, taken in zip(delivered, found, strict=True):
        bearer = taken.bearer
        if isinstance(bearer, Worthless) or Scope.SCAN not in bearer.device.scopes:
            continue
        device, actor = bearer.device, bearer.actor
        sender = Sender(device.id, device.gate, one.skew, actor.person_id)
        for number, each in enumerate(one.scans):
            facts = sessions.get(each.session_id)
            if facts and _may_scan(bearer, facts):
                # Of software of others nobody knows how it read the code.
                method = each.scan.method if device.is_own_page else Method.OTHER
                sent = (replace(each.scan, method=method), sender)
                dealt[facts.id].append(_Dealt(taken, number, actor, sent))
    return dealt


def _may_scan(bearer: Bearer, facts: SessionBasics) -> bool:
    return bearer.device.session_id in (None, facts.id) and CHECK_IN.allows(
        bearer.actor, Place(facts.municipality_id, facts.association_id)
    )


def _hold(
    ctx: Context, sessions: Mapping[UUID, SessionBasics], dealt: Mapping[UUID, Sequence[_Dealt]]
) -> None:
    """Everybody of all the sessions in one order: two batches that name the same people by other
    sessions first would else wait for each other for ever."""
    codes = {read_code(each.sent[0].code) for those in dealt.values() for each in those} - {""}
    cities = frozenset(sessions[session_id].municipality_id for session_id in dealt)
    limit(ctx.db, cities)
    gate.hold_by_code(ctx, cities, {code: hashed(code) for code in codes})
