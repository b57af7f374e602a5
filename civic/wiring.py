"""The whole nervous system on one screen: who hears of what, and who knows what of a person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from civic.accounts import privacy as accounts_privacy
from civic.accounts.events import CodeIssued
from civic.attendance import privacy as attendance_privacy
from civic.attendance.events import HoursCredited
from civic.audit import handlers as audit
from civic.badges import handlers as badges
from civic.badges import privacy as badges_privacy
from civic.badges.events import BadgeAwarded
from civic.catalogue.events import (
    PlacesAdded,
    ProjectPublished,
    ProjectSentBack,
    SessionCancelled,
    SessionMoved,
)
from civic.enrolment import handlers as enrolment
from civic.enrolment import privacy as enrolment_privacy
from civic.enrolment.events import PlaceCancelled, PlaceConfirmed, PlaceWaiting
from civic.kernel.context import Context
from civic.kernel.outbox import Subscriptions
from civic.notifications import handlers as notifications
from civic.notifications import privacy as notifications_privacy
from civic.plans import handlers as plans
from civic.plans import privacy as plans_privacy
from civic.tenancy.events import AssociationDecided

SUBSCRIPTIONS: Subscriptions = {
    AssociationDecided: [audit.on_association_decided],
    BadgeAwarded: [plans.on_badge_awarded, notifications.on_badge_awarded],
    CodeIssued: [notifications.on_code_issued],
    HoursCredited: [badges.on_hours_credited],
    PlaceCancelled: [notifications.on_place_cancelled],
    PlaceConfirmed: [notifications.on_place_confirmed],
    PlaceWaiting: [notifications.on_place_waiting],
    PlacesAdded: [enrolment.on_places_added],
    ProjectPublished: [notifications.on_project_published],
    ProjectSentBack: [notifications.on_project_sent_back],
    SessionCancelled: [enrolment.on_session_cancelled],
    SessionMoved: [notifications.on_session_moved],
}

Exporter = Callable[[Context, UUID], dict[str, Any]]

PRIVACY_EXPORTERS: dict[str, Exporter] = {
    "account": accounts_privacy.export,
    "enrolment": enrolment_privacy.export,
    "attendance": attendance_privacy.export,
    "badges": badges_privacy.export,
    "plans": plans_privacy.export,
    "messages": notifications_privacy.export,
}
"""What each room hands over when a person takes away their data."""
