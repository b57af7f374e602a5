"""The whole nervous system on one screen: who hears of what, and who knows what of a person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from civic.accounts import handlers as accounts
from civic.accounts import privacy as accounts_privacy
from civic.accounts.events import CodeIssued, SigningCodeIssued
from civic.attendance import privacy as attendance_privacy
from civic.attendance.events import ContestAnswered, HoursCredited, NoShowNoticed
from civic.audit import handlers as audit
from civic.badges import handlers as badges
from civic.badges import privacy as badges_privacy
from civic.badges.events import (
    AchievementDefined,
    BadgeAwarded,
    BadgeReviewBegun,
    BadgeReviewDecided,
)
from civic.cases import privacy as cases_privacy
from civic.cases.events import AppointmentMade, GlassBroken
from civic.catalogue.events import (
    PlacesAdded,
    ProjectPublished,
    ProjectSentBack,
    SeriesCancelled,
    SeriesMoved,
    SessionCancelled,
    SessionMoved,
)
from civic.enrolment import handlers as enrolment
from civic.enrolment import privacy as enrolment_privacy
from civic.enrolment.events import (
    AnnouncementMade,
    CoverAdded,
    CoverEnded,
    JoiningRequested,
    OfferLapsed,
    PlaceCancelled,
    PlaceConfirmed,
    PlaceOffered,
    PlaceOpened,
    PlaceRemoved,
    PlacesCancelled,
    PlaceWaiting,
    RequestAnswered,
    RequestCarried,
    WrittenIn,
)
from civic.housing import handlers as housing
from civic.housing import privacy as housing_privacy
from civic.housing.events import AgreementFrozen, ArrearsSeen, HomeProposed, StepTaken
from civic.kernel.context import Context
from civic.kernel.outbox import Subscriptions
from civic.notifications import privacy as notifications_privacy
from civic.notifications.handlers import announcements as tell_announcements
from civic.notifications.handlers import associations as tell_associations
from civic.notifications.handlers import badges as tell_badges
from civic.notifications.handlers import cases as tell_cases
from civic.notifications.handlers import codes as tell_codes
from civic.notifications.handlers import home_rent as tell_home_rent
from civic.notifications.handlers import housing as tell_housing
from civic.notifications.handlers import papers as tell_papers
from civic.notifications.handlers import places as tell_places
from civic.notifications.handlers import presence as tell_presence
from civic.notifications.handlers import projects as tell_projects
from civic.notifications.handlers import requests as tell_requests
from civic.notifications.handlers import sessions as tell_sessions
from civic.plans import handlers as plans
from civic.plans import privacy as plans_privacy
from civic.plans.events import PlanFrozen, PlanSent, PlanTakenOn
from civic.recognition import privacy as recognition_privacy
from civic.recognition.events import RecognitionPaperFrozen
from civic.tenancy.events import AssociationDecided

SUBSCRIPTIONS: Subscriptions = {
    AchievementDefined: [badges.on_achievement_defined],
    CoverAdded: [enrolment.on_cover_added],
    CoverEnded: [enrolment.on_cover_ended],
    AgreementFrozen: [tell_papers.on_agreement_frozen],
    AnnouncementMade: [tell_announcements.on_announcement_made],
    AppointmentMade: [tell_cases.on_appointment_made],
    ArrearsSeen: [tell_home_rent.on_arrears_seen],
    AssociationDecided: [
        audit.on_association_decided,
        accounts.on_association_decided,
        tell_associations.on_association_decided,
    ],
    BadgeAwarded: [plans.on_badge_awarded, tell_badges.on_badge_awarded],
    BadgeReviewBegun: [tell_badges.on_badge_review_begun],
    BadgeReviewDecided: [tell_badges.on_badge_review_decided],
    CodeIssued: [tell_codes.on_code_issued],
    ContestAnswered: [tell_presence.on_contest_answered],
    GlassBroken: [tell_cases.on_glass_broken],
    HomeProposed: [tell_housing.on_home_proposed],
    HoursCredited: [badges.on_hours_credited, housing.on_hours_credited],
    JoiningRequested: [tell_requests.on_joining_requested],
    NoShowNoticed: [tell_presence.on_no_show_noticed],
    OfferLapsed: [tell_places.on_offer_lapsed],
    PlaceCancelled: [tell_places.on_place_cancelled],
    PlaceConfirmed: [tell_places.on_place_confirmed],
    PlaceOffered: [tell_places.on_place_offered],
    PlaceOpened: [tell_places.on_place_opened],
    PlaceRemoved: [tell_places.on_place_removed],
    PlaceWaiting: [tell_places.on_place_waiting],
    PlacesAdded: [enrolment.on_places_added],
    PlacesCancelled: [tell_sessions.on_places_cancelled],
    PlanFrozen: [tell_papers.on_plan_frozen],
    PlanSent: [plans.on_plan_sent],
    PlanTakenOn: [plans.on_plan_taken_on],
    ProjectPublished: [tell_projects.on_project_published],
    ProjectSentBack: [tell_projects.on_project_sent_back],
    RecognitionPaperFrozen: [tell_papers.on_recognition_paper_frozen],
    RequestAnswered: [tell_requests.on_request_answered],
    RequestCarried: [tell_requests.on_request_carried],
    SigningCodeIssued: [tell_codes.on_signing_code_issued],
    SeriesCancelled: [enrolment.on_series_cancelled],
    SeriesMoved: [enrolment.on_series_moved, tell_sessions.on_series_moved],
    SessionCancelled: [enrolment.on_session_cancelled],
    SessionMoved: [enrolment.on_session_moved, tell_sessions.on_session_moved],
    StepTaken: [housing.on_step_taken],
    WrittenIn: [tell_requests.on_written_in],
}

Exporter = Callable[[Context, UUID], dict[str, Any]]

PRIVACY_EXPORTERS: dict[str, Exporter] = {
    "account": accounts_privacy.export,
    "enrolment": enrolment_privacy.export,
    "attendance": attendance_privacy.export,
    "badges": badges_privacy.export,
    "cases": cases_privacy.export,
    "plans": plans_privacy.export,
    "recognition": recognition_privacy.export,
    "housing": housing_privacy.export,
    "messages": notifications_privacy.export,
}
"""What each room hands over when a person takes away their data."""
