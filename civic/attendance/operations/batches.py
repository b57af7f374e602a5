"""What a device sends at once: scans of several sessions, each answered for itself, one commit."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from civic.attendance.operations.passes import hashed
from civic.attendance.operations.scans import Answer, Scan, Sender, record_scans
from civic.attendance.queries import gate
from civic.attendance.queries.devices import Device
from civic.attendance.rules import read_code
from civic.kernel.context import Context
from civic.kernel.errors import NotFound

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SentScan:
    session_id: UUID
    scan: Scan


def record_batch(
    ctx: Context, device: Device, sent: Sequence[SentScan], sender: Sender
) -> list[Answer | None]:
    """In the order in which they were sent; None for those of a session that is not the device's."""
    by_session: dict[UUID, list[int]] = defaultdict(list)
    for number, each in enumerate(sent):
        by_session[each.session_id].append(number)
    is_alone = len(by_session) == 1
    if not is_alone:
        _hold(ctx, device, sent)
    answers: list[Answer | None] = [None] * len(sent)
    for session_id, numbers in by_session.items():
        if device.session_id not in (None, session_id):
            continue
        scans = [sent[number].scan for number in numbers]
        try:
            found = (
                record_scans(ctx, session_id, scans, sender)
                if is_alone
                else _record_apart(ctx, session_id, scans, sender)
            )
        except NotFound:
            continue
        for number, answer in zip(numbers, found, strict=True):
            answers[number] = answer
    return answers


def _record_apart(
    ctx: Context, session_id: UUID, scans: Sequence[Scan], sender: Sender
) -> list[Answer]:
    """A fault in one session leaves the scans of the others as they are."""
    try:
        with ctx.db.begin_nested():
            return record_scans(ctx, session_id, scans, sender)
    except DBAPIError as error:
        log.error("scans of a session could not be stored: %s", type(error).__name__)
        return [Answer(scan.id, None) for scan in scans]


def _hold(ctx: Context, device: Device, sent: Sequence[SentScan]) -> None:
    """Everybody of all the sessions in one order: two devices that send the same people by other
    sessions first would else wait for each other for ever."""
    codes = {read_code(each.scan.code) for each in sent} - {""}
    if codes:
        gate.holders_by_code(ctx, device.municipality_id, {code: hashed(code) for code in codes})
