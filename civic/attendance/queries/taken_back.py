"""Scans that count no more, because somebody took them back or set them aside."""

from sqlalchemy import ColumnElement, exists

from civic.attendance.models import CheckDecision, CheckEvent
from civic.attendance.rules import DISCOUNTED


def is_taken_back() -> ColumnElement[bool]:
    """Of the scan in the statement around it."""
    return exists().where(
        CheckDecision.event_id == CheckEvent.id, CheckDecision.decision.in_(DISCOUNTED)
    )
