"""Whatever three devices and two people do in whatever order, the ledger says what happened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, func, select

from civic.attendance.hours import settled, worked
from civic.attendance.models import (
    CheckEvent,
    ClosedMonth,
    Correction,
    HoursEntry,
    HoursLine,
    ScannerDevice,
)
from civic.attendance.operations import corrections, decisions, forgotten
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.scans import Answer, Scan, Sender, further_id, record_scans
from civic.attendance.queries.recounted import differences
from civic.attendance.rules import (
    CorrectionState,
    Decision,
    Direction,
    Mark,
    Method,
    Outcome,
    Shown,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, make_booked_person, on_ground, signed_in

SATURDAY, MARCH = date(2026, 3, 21), date(2026, 3, 1)
DEVICES, PEOPLE = 3, 2
DEVICE, WHO = st.integers(0, DEVICES - 1), st.integers(0, PEOPLE - 1)
WHICH = st.integers(0, 30)
MINUTE = st.integers(-40, 200)
STAY = st.tuples(MINUTE, MINUTE, st.booleans())
DIRECTION = st.sampled_from(Direction)
CHANCE = st.randoms(use_true_random=False)


class Ledger(RuleBasedStateMachine):
    """A session from ten to one, somebody who has a place in it and somebody who has none."""

    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        self.clock = FrozenClock(TEN + timedelta(minutes=5))
        self.database = Database.within(self.connection, self.clock)
        ground = on_ground(self.database)
        self.city_id, self.session_id = ground.city.id, ground.session_id
        with self.database.unit_of_work(system_in(ground.city.id)) as ctx:
            self.people = [
                make_booked_person(ctx, ground, "Amina"),
                make_person(ctx, "Bilal", ground.city),
            ]
            officer_id = make_staff(ctx, Role.OFFICER, ground.city)
            self.devices = [UUID(int=1000 + number) for number in range(DEVICES)]
            ctx.db.add_all(
                ScannerDevice(
                    id=device_id,
                    municipality_id=ground.city.id,
                    association_id=ground.association.id,
                    name="Phone",
                    language="en",
                    token_hash=device_id.hex,
                    scopes=["scan"],
                    made_by=ground.organiser_id,
                    made_at=self.clock.now(),
                    expires_at=ONE,
                )
                for device_id in self.devices
            )
        self.organiser = signed_in(self.database, ground.organiser_id)
        self.officer = signed_in(self.database, officer_id)
        self.waiting: list[list[Scan]] = [[] for _device in range(DEVICES)]
        self.sent: list[list[Scan]] = [[] for _device in range(DEVICES)]
        self.taken_back: set[UUID] = set()
        self.confirmed: dict[UUID, int] = {}
        self.made = 0

    def teardown(self) -> None:
        self.savepoint.rollback()

    @contextmanager
    def by(self, actor: Actor) -> Iterator[Context]:
        """A moment later, so that what came last is known."""
        self.clock.advance(timedelta(seconds=1))
        with self.database.unit_of_work(actor) as ctx:
            yield ctx

    def tries(self, actor: Actor, act: Callable[[Context], object]) -> bool:
        try:
            with self.by(actor) as ctx:
                act(ctx)
        except CivicError:
            return False
        return True

    # The gate

    def scan(self, who: int, direction: Direction, minute: int, shown: Shown | None) -> Scan:
        self.made += 1
        at = TEN + timedelta(minutes=minute)
        return Scan(
            UUID(int=self.made), "", direction, at, self.people[who], Method.ROSTER, shown=shown
        )

    def send(self, device: int, scans: list[Scan]) -> list[Answer]:
        with self.by(self.organiser) as ctx:
            answers = record_scans(ctx, self.session_id, scans, Sender(self.devices[device]))
        assert [answer.scan_id for answer in answers] == [scan.id for scan in scans]
        return answers

    @rule(device=DEVICE, who=WHO, direction=DIRECTION, minute=MINUTE)
    def lets_through_without_network(
        self, device: int, who: int, direction: Direction, minute: int
    ) -> None:
        self.waiting[device].append(self.scan(who, direction, minute, Shown.ACCEPTED))

    @rule(who=WHO, stay=STAY, devices=st.tuples(DEVICE, DEVICE), both=st.booleans())
    def lets_somebody_come_and_go_without_network(
        self, who: int, stay: tuple[int, int, bool], devices: tuple[int, int], both: bool
    ) -> None:
        """Perhaps by two gates at once."""
        minutes = sorted(stay[:2])
        away = Direction.BREAK if stay[2] else Direction.EXIT
        for device in devices if both else devices[:1]:
            self.waiting[device].append(self.scan(who, Direction.ENTRY, minutes[0], Shown.ACCEPTED))
        for device in devices if both else devices[1:]:
            self.waiting[device].append(self.scan(who, away, minutes[1], Shown.ACCEPTED))

    @rule(device=DEVICE, who=WHO, direction=DIRECTION, minute=MINUTE, known=st.booleans())
    def cannot_tell_without_network(
        self, device: int, who: int, direction: Direction, minute: int, known: bool
    ) -> None:
        scan = self.scan(who, direction, minute, Shown.UNMATCHED)
        if not known:
            scan = replace(scan, code="NOBODYKNOWNHERE", person_id=None)
        self.waiting[device].append(scan)

    @precondition(lambda self: any(self.waiting))
    @rule(devices=st.permutations(range(DEVICES)), random=CHANCE)
    def the_network_is_back(self, devices: list[int], random: Random) -> None:
        """Each device sends what waits in any order, and some of what it has sent before."""
        for device in devices:
            scans = self.waiting[device] + self.sent[device]
            again = random.choices(scans, k=2) if scans else []
            together = [*self.waiting[device], *again]
            random.shuffle(together)
            half = random.randrange(len(together) + 1)
            for some in (together[:half], together[half:]):
                if some:
                    self.send(device, some)
            self.sent[device] += self.waiting[device]
            self.waiting[device] = []

    @rule(device=DEVICE, who=WHO, direction=DIRECTION, is_heard=st.booleans())
    def scans_live(self, device: int, who: int, direction: Direction, is_heard: bool) -> None:
        minute = (self.clock.now() - TEN) // timedelta(minutes=1)
        scan = self.scan(who, direction, minute, None)
        self.send(device, [scan])
        if is_heard:
            self.sent[device].append(scan)
        else:
            # The answer was lost on the way: it judges by its roster, and sends that again later.
            self.waiting[device].append(replace(scan, shown=Shown.ACCEPTED))

    @precondition(lambda self: any(self.sent))
    @rule(which=WHICH)
    def takes_back(self, which: int) -> None:
        sent = [(device, scan.id) for device in range(DEVICES) for scan in self.sent[device]]
        device, scan_id = sent[which % len(sent)]
        if self.tries(
            self.organiser, lambda ctx: decisions.undo_scan(ctx, scan_id, self.devices[device])
        ):
            kept_as = {further_id(scan_id), scan_id} & {event.id for event in self.events()}
            self.taken_back.add(max(kept_as, key=lambda each: each != scan_id))

    # Afterwards

    @precondition(lambda self: any(self.sent))
    @rule(which=WHICH, decision=st.sampled_from([Decision.KEPT, Decision.SET_ASIDE]))
    def somebody_looks_at_a_scan(self, which: int, decision: Decision) -> None:
        odd = sorted(event.id for event in self.events() if event.to_look_at)
        if not odd:
            return
        event_id = odd[which % len(odd)]
        if (
            self.tries(
                self.officer, lambda ctx: decisions.look_at_scan(ctx, event_id, decision, "")
            )
            and decision is Decision.SET_ASIDE
        ):
            self.taken_back.add(event_id)

    @rule(who=WHO, minutes=st.integers(0, 300))
    def hours_are_written_by_hand(self, who: int, minutes: int) -> None:
        new = NewCorrection(self.session_id, self.people[who], minutes, "Phone")
        self.tries(
            self.organiser,
            lambda ctx: corrections.propose_correction(ctx, new),
        )

    @rule()
    def forgotten_exits_are_looked_for(self) -> None:
        with self.by(system_in()) as ctx:
            forgotten.propose_forgotten_exits(ctx)

    @rule(which=WHICH, is_confirmed=st.booleans())
    def a_second_person_decides(self, which: int, is_confirmed: bool) -> None:
        with self.database.reading(system_in(self.city_id)) as ctx:
            open_ones = ctx.db.scalars(
                select(Correction)
                .where(Correction.state == CorrectionState.PROPOSED)
                .order_by(Correction.made_at, Correction.person_id, Correction.id)
            ).all()
        if not open_ones:
            return
        chosen = open_ones[which % len(open_ones)]
        act = corrections.confirm_correction if is_confirmed else corrections.refuse_correction
        if self.tries(self.officer, lambda ctx: act(ctx, chosen.id)) and is_confirmed:
            self.confirmed[chosen.person_id] = chosen.minutes

    @rule(pause=st.sampled_from([timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]))
    def time_passes(self, pause: timedelta) -> None:
        self.clock.advance(pause)

    @precondition(lambda self: self.in_march is None and any(self.sent))
    @rule()
    def march_is_closed(self) -> None:
        self.clock.advance(timedelta(days=14))
        with self.by(system_in(self.city_id)) as ctx:
            ctx.db.add(
                ClosedMonth(
                    id=ctx.new_id(),
                    municipality_id=self.city_id,
                    month=MARCH,
                    closed_by=self.officer.own_id,
                    closed_at=ctx.now(),
                )
            )
            self.in_march = self.of_march(ctx)

    in_march: int | None = None
    """What stood in its account when it was closed."""

    def of_march(self, ctx: Context) -> int:
        statement = select(func.coalesce(func.sum(HoursEntry.minutes), 0))
        return int(ctx.db.scalar(statement.where(HoursEntry.month == MARCH)) or 0)

    # What holds

    def events(self) -> list[CheckEvent]:
        with self.database.reading(system_in(self.city_id)) as ctx:
            return list(ctx.db.scalars(select(CheckEvent)))

    @invariant()
    def the_ledger_says_what_happened(self) -> None:
        events = self.events()
        with self.database.reading(system_in(self.city_id)) as ctx:
            line, entry = HoursLine, HoursEntry
            lines = {
                (row.person_id, row.day): row.minutes
                for row in ctx.db.execute(select(line.person_id, line.day, line.minutes))
            }
            sums = {
                (row.person_id, row.day): row.total
                for row in ctx.db.execute(
                    select(
                        entry.person_id, entry.day, func.sum(entry.minutes).label("total")
                    ).group_by(entry.person_id, entry.day)
                )
            }
        assert sums == lines
        for person_id in self.people:
            marks = [
                Mark(event.id, event.direction, event.scanned_at, event.reason, event.is_forced)
                for event in events
                if event.person_id == person_id and event.id not in self.taken_back
            ]
            by_hand = self.confirmed.get(person_id)
            right = settled(worked(marks, TEN, ONE), {} if by_hand is None else {SATURDAY: by_hand})
            assert lines.pop((person_id, SATURDAY), 0) == right.get(SATURDAY, 0)
            assert right.keys() <= {SATURDAY}
            assert by_hand is not None or right.get(SATURDAY, 0) <= 180
        assert lines == {}

    @invariant()
    def every_scan_that_was_sent_is_kept_and_none_that_let_somebody_through_is_denied(self) -> None:
        outcomes = {event.id: event.outcome for event in self.events()}
        sent = [scan for scans in self.sent for scan in scans]
        assert {scan.id for scan in sent} <= outcomes.keys()
        for scan in sent:
            if scan.shown is Shown.ACCEPTED:
                kept_as = {outcomes.get(each) for each in (scan.id, further_id(scan.id))}
                assert Outcome.ACCEPTED in kept_as
        with_further = {scan.id for scan in sent} | {further_id(scan.id) for scan in sent}
        live = {scan.id for scans in self.waiting for scan in scans}
        assert outcomes.keys() <= with_further | live

    @invariant()
    def a_rebuild_would_find_nothing(self) -> None:
        with self.database.snapshot(system_in(self.city_id)) as ctx:
            assert list(differences(ctx, self.city_id)) == []

    @invariant()
    def a_closed_month_stays_as_it_was(self) -> None:
        if self.in_march is not None:
            with self.database.reading(system_in(self.city_id)) as ctx:
                assert self.of_march(ctx) == self.in_march


def test_the_ledger_says_what_happened_and_never_twice(connection: Connection) -> None:
    Ledger.connection = connection
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
