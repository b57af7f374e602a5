"""Who comes while others are at work is taken along by the next, and bears only their own fault."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import chain
from threading import Event

import pytest

from civic.kernel.together import Together

PATIENCE = 10


class Away(Exception):
    """Whatever all need is gone."""


class Bench:
    """Work that can be held up, to see who is waiting meanwhile."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.is_held = True
        self.has_begun, self.may_end = Event(), Event()

    def work(self, asked: Sequence[int]) -> list[int]:
        self.rounds.append(list(asked))
        if self.is_held:
            self.is_held = False
            self.has_begun.set()
            assert self.may_end.wait(PATIENCE)
        if 13 in asked:
            raise ValueError("13")
        if 99 in asked:
            raise Away
        return [each * 2 for each in asked]


class Crowd:
    """One is at work, the others wait behind it."""

    def __init__(self, pool: ThreadPoolExecutor, most: int = 50) -> None:
        self.bench = Bench()
        self.together = Together(self.bench.work, common=(Away,), most=most)
        self._pool = pool

    def found(self, *numbers: int) -> list[Future[int]]:
        first = self._pool.submit(self.together.hand_in, 1)
        assert self.bench.has_begun.wait(PATIENCE)
        others = []
        for count, number in enumerate(numbers, 1):
            others.append(self._pool.submit(self.together.hand_in, number))
            # One after the other, so that their order is known.
            until(partial(self._is_waiting, count))
        self.bench.may_end.set()
        return [first, *others]

    def _is_waiting(self, count: int) -> bool:
        return len(self.together._waiting) == count


def until(condition: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(PATIENCE * 1000):
        if condition():
            return
        pause.wait(0.001)
    raise AssertionError("it did not come to pass")


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(12)


def test_whoever_comes_alone_begins_at_once_and_alone() -> None:
    bench = Bench()
    bench.is_held = False
    together = Together(bench.work)
    assert [together.hand_in(number) for number in (3, 4)] == [6, 8]
    assert bench.rounds == [[3], [4]]


def test_all_who_waited_are_done_in_one_go_in_their_order(pool: ThreadPoolExecutor) -> None:
    crowd = Crowd(pool)
    found = crowd.found(5, 7, 6)
    assert [each.result(PATIENCE) for each in found] == [2, 10, 14, 12]
    assert crowd.bench.rounds == [[1], [5, 7, 6]]


def test_no_more_than_the_most_are_done_in_one_go(pool: ThreadPoolExecutor) -> None:
    crowd = Crowd(pool, most=2)
    found = crowd.found(5, 7, 6)
    assert [each.result(PATIENCE) for each in found] == [2, 10, 14, 12]
    assert crowd.bench.rounds == [[1], [5, 7], [6]]


def test_a_fault_is_of_the_one_whose_it_is(pool: ThreadPoolExecutor) -> None:
    crowd = Crowd(pool)
    _first, five, unlucky, six = crowd.found(5, 13, 6)
    assert [five.result(PATIENCE), six.result(PATIENCE)] == [10, 12]
    with pytest.raises(ValueError, match="13"):
        unlucky.result(PATIENCE)
    assert crowd.bench.rounds == [[1], [5, 13, 6], [5], [13], [6]]


def test_what_is_away_for_all_is_not_tried_for_each(pool: ThreadPoolExecutor) -> None:
    crowd = Crowd(pool)
    _first, *others = crowd.found(5, 99, 6)
    for each in others:
        with pytest.raises(Away):
            each.result(PATIENCE)
    assert crowd.bench.rounds == [[1], [5, 99, 6]]


def test_when_the_one_at_work_is_ended_nobody_waits_for_ever(pool: ThreadPoolExecutor) -> None:
    crowd = Crowd(pool)
    work = crowd.bench.work

    def ended(asked: Sequence[int]) -> list[int]:
        done = work(asked)
        if 7 in asked:
            raise SystemExit
        return done

    crowd.together._work = ended
    _first, *others = crowd.found(5, 7)
    for each in others:
        with pytest.raises(SystemExit):
            each.result(PATIENCE)
    assert crowd.together.hand_in(4) == 8


def test_many_threads_each_get_their_own_outcome(pool: ThreadPoolExecutor) -> None:
    bench = Bench()
    bench.is_held = False
    together = Together(bench.work)
    numbers = list(range(100, 2100))
    assert list(pool.map(together.hand_in, numbers)) == [number * 2 for number in numbers]
    assert sorted(chain.from_iterable(bench.rounds)) == numbers
