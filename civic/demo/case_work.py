"""Working on the invented cases as their staff did, step by step, at the moments at which they did it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from civic.cases.access import Data
from civic.cases.operations import appointments, consents, entries, files, states
from civic.cases.operations.appointments import NewAppointment
from civic.cases.operations.consents import NewConsent
from civic.cases.operations.entries import NewEntry, NewTask
from civic.cases.operations.files import NewCase
from civic.cases.queries.files import version_of
from civic.cases.queries.gate import case_for
from civic.cases.sections import SECTIONS, empty_of
from civic.cases.states import CaseState
from civic.cases.vocabulary import AppointmentState, EntryKind
from civic.demo.case_shape import Awaiting, DemoCase, Line, Part, ToDo, Turn, Values, Yes
from civic.demo.shape import DemoStaff
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.kernel.clock import rome_day, rome_instant
from civic.kernel.context import Context

SATURDAY = 5
OPENED, HANDED, BEGUN, AGREED, WRITTEN, TAKEN, JOINED, OTHERS, NOTED, SET, DONE, TURNED = (
    time(9), time(9, 30), time(10), time(10, 30), time(11), time(12), time(12, 30), time(15),
    time(16), time(17), time(17, 30), time(18),
)  # fmt: skip
"""In which order the steps of one day came."""

Step = tuple[datetime, Callable[[], None]]


@dataclass
class CaseWork:
    timeline: Timeline
    stage: Stage
    city: str
    lead: DemoStaff
    made: dict[str, UUID] = field(default_factory=dict)
    """Cases by their key."""

    @property
    def city_id(self) -> UUID:
        return self.stage.cities[self.city]

    @property
    def today(self) -> date:
        return rome_day(self.timeline.now)

    def at(self, days: int, clock: time) -> datetime:
        return rome_instant(self.today - timedelta(days=days), clock)

    def acting(self, who: DemoStaff, at: datetime) -> AbstractContextManager[Context]:
        return self.timeline.acting(self.stage.staff[who], at)

    def open(
        self, case: DemoCase, at: datetime, person_id: UUID | None = None, **known: str
    ) -> UUID:
        identity = empty_of(Data.IDENTITY) | dict(case.identity) | known
        with self.acting(case.opener, at) as ctx:
            new = NewCase(self.city_id, identity, case.language, person_id=person_id)
            case_id = files.open_case(ctx, new)
        self.made[case.key] = case_id
        return case_id

    def hand(self, case_id: UUID, by: DemoStaff, at: datetime) -> None:
        with self.acting(by, at) as ctx:
            states.hand_to_lead(ctx, case_id, self.stage.staff[self.lead].own_id)

    def follow(self, case: DemoCase, case_id: UUID) -> None:
        """What was done with it since it was opened, in the order in which it was."""
        steps = [*self._course(case, case_id), *self._work(case, case_id)]
        for _, step in sorted(steps, key=lambda each: each[0]):
            step()

    def _course(self, case: DemoCase, case_id: UUID) -> list[Step]:
        steps: list[Step] = []
        if case.intake is not None:
            begun = Turn(case.intake, CaseState.INTAKE)
            steps.append(self._turn(case_id, begun, BEGUN))
        if case.in_charge is not None:
            taken = Turn(case.in_charge, CaseState.IN_CHARGE)
            steps.append(self._turn(case_id, taken, TAKEN))
            steps.append(self._team(case, case_id, case.in_charge))
        return steps + [self._turn(case_id, turn, TURNED) for turn in case.turns]

    def _work(self, case: DemoCase, case_id: UUID) -> list[Step]:
        return [
            *(self._agree(case_id, each) for each in case.consents),
            *(self._write(case_id, each) for each in case.parts),
            *(self._note(case_id, each) for each in case.lines),
            *(step for each in case.tasks for step in self._task(case_id, each)),
            *(step for each in case.appointments for step in self._await(case_id, each)),
        ]

    def _turn(self, case_id: UUID, turn: Turn, clock: time) -> Step:
        def step() -> None:
            with self.acting(self.lead, at) as ctx:
                states.move(ctx, case_id, turn.to, ending=turn.ending, why=turn.why)

        at = self.at(turn.days, clock)
        return at, step

    def _team(self, case: DemoCase, case_id: UUID, days: int) -> Step:
        def step() -> None:
            with self.acting(self.lead, at) as ctx:
                for role, who in case.team:
                    states.join_team(ctx, case_id, role, self.stage.staff[who].own_id)

        at = self.at(days, JOINED)
        return at, step

    def _agree(self, case_id: UUID, yes: Yes) -> Step:
        def step() -> None:
            with self.acting(self.lead, at) as ctx:
                consents.record_consent(ctx, case_id, self.consent(yes))

        at = self.at(yes.days, AGREED)
        return at, step

    def consent(self, yes: Yes) -> NewConsent:
        return NewConsent(
            yes.purpose,
            yes.recipient,
            self.today - timedelta(days=yes.days),
            yes.language,
            yes.with_mediator,
            self.stage.cities.get(yes.city),
        )

    def _write(self, case_id: UUID, part: Part) -> Step:
        def step() -> None:
            with self.acting(part.by, at) as ctx:
                base = version_of(ctx, case_for(ctx, case_id), part.data)
                files.write_section(ctx, case_id, part.data, self._values(part), base)

        at = self.at(part.days, WRITTEN if part.by is self.lead else OTHERS)
        return at, step

    def _values(self, part: Part) -> Values:
        values = empty_of(part.data) | dict(part.values)
        if part.permit_in is not None:
            values["permit_ends"] = (self.today + timedelta(days=part.permit_in)).isoformat()
        unknown = values.keys() - {each.name for each in SECTIONS[part.data].fields}
        if unknown:
            raise LookupError(f"no such fields of {part.data}: {sorted(unknown)}")
        return values

    def _note(self, case_id: UUID, line: Line) -> Step:
        def step() -> None:
            words = {"words": line.words, **({"code": line.code} if line.code else {})}
            kind = EntryKind.INTERVENTION if line.code else EntryKind.NOTE
            with self.acting(line.by, at) as ctx:
                entries.add_entry(ctx, case_id, NewEntry(line.data, kind, words))

        at = self.at(line.days, NOTED)
        return at, step

    def _task(self, case_id: UUID, task: ToDo) -> list[Step]:
        def add() -> None:
            owner_id = self.stage.staff[task.owner].own_id if task.owner else None
            due_on = None if task.due_in is None else self.today + timedelta(days=task.due_in)
            with self.acting(self.lead, at) as ctx:
                known.append(ctx.new_id())
                new = NewTask(task.words, due_on, owner_id, task.is_agreed, task.language, known[0])
                entries.add_task(ctx, case_id, new)

        def finish() -> None:
            with self.acting(self.lead, done_at) as ctx:
                entries.mark_task(ctx, case_id, known[0], "done")

        known: list[UUID] = []
        at = self.at(task.days, SET)
        steps: list[Step] = [(at, add)]
        if task.done is not None:
            done_at = self.at(task.done, DONE)
            steps.append((done_at, finish))
        return steps

    def _await(self, case_id: UUID, awaiting: Awaiting) -> list[Step]:
        def make() -> None:
            with self.acting(self.lead, at) as ctx:
                known.append(self.appoint(ctx, case_id, awaiting))

        def mark() -> None:
            with self.acting(self.lead, over_at) as ctx:
                appointments.mark_appointment(ctx, case_id, known[0], awaiting.state)

        known: list[UUID] = []
        at, over_at = self.at(awaiting.days, SET), self.at(-awaiting.ahead, TURNED)
        is_over = awaiting.state is not AppointmentState.PLANNED
        return [(at, make), *([(over_at, mark)] if is_over else [])]

    def appoint(self, ctx: Context, case_id: UUID, awaiting: Awaiting) -> UUID:
        new = NewAppointment(
            on_working_day(self.today, awaiting.ahead, time(awaiting.hour)),
            45,
            awaiting.about,
            with_id=self.stage.staff[awaiting.with_whom].own_id,
        )
        return appointments.make_appointment(ctx, case_id, new)


def on_working_day(today: date, ahead: int, clock: time) -> datetime:
    """So many days ahead, and no Saturday or Sunday; one that is over was when it was."""
    day = today + timedelta(days=ahead)
    while ahead > 0 and day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return rome_instant(day, clock)
