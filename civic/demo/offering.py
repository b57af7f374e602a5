"""Projects go their way: drafted, translated, dated, submitted, decided."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from civic.catalogue.operations import projects as catalogue
from civic.catalogue.operations import reviews
from civic.catalogue.operations.sessions import SessionPlan, add_sessions
from civic.demo.offer import PROJECTS
from civic.demo.shape import WEEK, DemoProject, Words
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.demo.where import WHERE
from civic.kernel.clock import rome_day

DAY = timedelta(days=1)
FIRST_DATE = 6 * DAY
"""After the draft: time to decide, to join and to take a place."""
WEEKS_BACK = 10
WEEKS_AHEAD = 6


def offer(timeline: Timeline, stage: Stage, at: datetime) -> None:
    """All of them: the published ones since `at`, the others in the last days."""
    for project in PROJECTS:
        drafted_at = at if project.ending == "published" else timeline.now - 4 * DAY
        project_id = _draft(timeline, stage, project, drafted_at)
        if project.ending != "draft":
            _decide(timeline, stage, project, project_id, drafted_at + DAY / 2)


def _draft(timeline: Timeline, stage: Stage, project: DemoProject, at: datetime) -> UUID:
    with timeline.acting(stage.organiser_of(project), at) as ctx:
        project_id = catalogue.draft_project(
            ctx,
            catalogue.NewProject(
                association_id=stage.associations[project.association],
                municipality_id=stage.cities[project.city],
                language="it",
                content=catalogue.ProjectContent(
                    words=_words(project.words["it"]),
                    area=project.area,
                    minimum_age=project.minimum_age,
                    languages=project.languages,
                    skills=project.skills,
                    **asdict(WHERE[project.key]),
                ),
            ),
        )
        for language, words in project.words.items():
            if language != "it":
                catalogue.write_translation(ctx, project_id, language, _words(words))
        add_sessions(ctx, project_id, dates(project, rome_day(at) + FIRST_DATE, timeline.now))
    return project_id


def _words(words: Words) -> catalogue.ProjectWords:
    return catalogue.ProjectWords(words.title, words.what_you_do, words.what_to_bring)


def _decide(
    timeline: Timeline, stage: Stage, project: DemoProject, project_id: UUID, at: datetime
) -> None:
    with timeline.acting(stage.organiser_of(project), at) as ctx:
        catalogue.submit_project(ctx, project_id)
    if project.ending == "submitted":
        return
    with timeline.acting(stage.officers[project.city], at + DAY) as ctx:
        if project.ending == "sent_back":
            reviews.send_back_project(ctx, project_id, project.sent_back_reason)
        else:
            reviews.publish_project(ctx, project_id)


def dates(project: DemoProject, first: date, now: datetime) -> list[SessionPlan]:
    """The project's rhythm from that day to some weeks from now.

    Today is left out: what happens today is one session made for trying the check-in.
    """
    today = rome_day(now)
    plans = []
    for meeting in project.meetings:
        for day in meeting.days(first, today + WEEKS_AHEAD * WEEK):
            starts_at, ends_at = meeting.span(day)
            if day != today:
                plans.append(SessionPlan(starts_at, ends_at, meeting.meeting_point, meeting.places))
    return sorted(plans, key=lambda plan: plan.starts_at)
