from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.catalogue.queries.feeds import Occurrence, SeriesFacts
from civic.catalogue.rhythm import Frequency, Rhythm
from civic.catalogue.rules import wall_span
from civic.kernel.clock import rome_instant
from civic.kernel.errors import Invalid
from tests.unit.catalogue.dates import a_project, a_series, a_session, calendar_of, held, seen

START = date(2026, 1, 1)
QUARTERS = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    """As the series form makes them: the first day is one of the days."""
    is_monthly = draw(st.booleans())
    rhythm = Rhythm(
        first_day=START + timedelta(days=draw(st.integers(0, 400))),
        frequency=Frequency.MONTHLY if is_monthly else Frequency.WEEKLY,
        weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=3)))),
        every=draw(st.integers(1, 3)),
        week=draw(st.sampled_from((1, 2, 3, 4, -1))) if is_monthly else None,
        week_start=0 if is_monthly else draw(st.integers(0, 6)),
        times=draw(st.integers(1, 40)),
    )
    rhythm = replace(rhythm, first_day=replace(rhythm, every=1, times=1).days()[0])
    if draw(st.booleans()):
        return replace(rhythm, times=None, until=rhythm.days()[-1] + timedelta(days=2))
    return rhythm


@st.composite
def histories(draw: st.DrawFn) -> tuple[SeriesFacts, tuple[Occurrence, ...]]:
    """A series as it was made, and what became of its days since."""
    rhythm, starts, ends = draw(rhythms()), draw(QUARTERS), draw(QUARTERS)
    series = a_series(rhythm, starts, ends)
    sessions = []
    for number, day in enumerate(rhythm.days(), start=1):
        fate = draw(st.sampled_from(("held", "held", "held", "left out", "moved", "cancelled")))
        if fate == "left out" or not _is_possible(day, starts, ends):
            continue
        session = a_session(series, day, number)
        if fate == "moved":
            session = _moved(
                session, day + timedelta(days=draw(st.integers(-3, 3))), draw(QUARTERS)
            )
        if fate == "cancelled":
            session = replace(session, is_cancelled=True)
        sessions.append(session)
    return series, tuple(sessions)


def _is_possible(day: date, starts: time, ends: time) -> bool:
    """No session begins or ends in the hour that clocks jump over."""
    try:
        wall_span(day, starts, starts)
        wall_span(day if ends > starts else day + timedelta(days=1), ends, ends)
    except Invalid:
        return False
    return True


def _moved(session: Occurrence, day: date, start: time) -> Occurrence:
    starts_at = rome_instant(day, start)
    return replace(
        session,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        meeting_point="Altrove",
    )


@settings(deadline=None)
@given(histories())
def test_a_readers_calendar_shows_exactly_the_sessions_there_are(
    history: tuple[SeriesFacts, tuple[Occurrence, ...]],
) -> None:
    series, sessions = history
    assert seen(calendar_of(a_project((series,), sessions))) == held(sessions)


@settings(deadline=None)
@given(histories())
def test_no_date_is_written_twice(history: tuple[SeriesFacts, tuple[Occurrence, ...]]) -> None:
    series, sessions = history
    file = calendar_of(a_project((series,), sessions)).decode()
    assert file.count("RRULE") <= 3  # the series' own and the two of the time zone
    assert len(seen(file.encode())) == len(sessions)
