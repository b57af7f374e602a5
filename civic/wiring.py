"""The whole nervous system on one screen: who hears of what."""

SUBSCRIPTIONS = {}
try:
    from civic.attendance import events as attendance_events
    from civic.badges import events as badge_events
    from civic.badges import handlers as badges
    from civic.catalogue import events as catalogue_events
    from civic.enrolment import handlers as enrolment
    from civic.plans import handlers as plans

    SUBSCRIPTIONS = {
        attendance_events.HoursCredited: [badges.on_hours_credited],
        badge_events.BadgeAwarded: [plans.on_badge_awarded],
        catalogue_events.SessionCancelled: [enrolment.on_session_cancelled],
        catalogue_events.PlacesAdded: [enrolment.on_places_added],
    }
except ImportError as e:
    pass
