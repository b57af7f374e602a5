"""Work that costs little more for ten than for one is done for all who wait (group commit).

Whoever comes while nobody is at work begins at once. Who comes meanwhile waits, and the first of
them then does the work of all that are there by now. Nobody is made to wait in the hope of more.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class Together(Generic[Asked, Told]):
    """One thread at a time does `work`, for itself and for those that wait. When it fails for
    several, each is tried by itself and bears its own fault; but faults of the kinds in `common`
    (there is no database) are everybody's at once."""

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Told]],
        *,
        common: tuple[type[Exception], ...] = (),
        most: int = 50,
    ) -> None:
        self._work = work
        self._common = common
        self._most = most
        self._lock = Lock()
        self._waiting: list[_Waiting[Asked, Told]] = []
        self._is_busy = False

    def hand_in(self, asked: Asked) -> Told:
        mine: _Waiting[Asked, Told] = _Waiting(asked)
        with self._lock:
            self._waiting.append(mine)
            is_first, self._is_busy = not self._is_busy, True
        if is_first or mine.waits_to_lead():
            self._lead()
        return mine.outcome()

    def _lead(self) -> None:
        with self._lock:
            those, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            outcomes = self._outcomes([each.asked for each in those])
        except BaseException as error:
            # This process is being ended: nobody may wait for it.
            outcomes = [error] * len(those)
            raise
        finally:
            for each, outcome in zip(those, outcomes, strict=True):
                each.found = outcome
            self._hand_on()
            for each in those:
                each.wake()

    def _outcomes(self, asked: Sequence[Asked]) -> list[Told | BaseException]:
        try:
            return list(self._work(asked))
        except self._common as error:
            return [error] * len(asked)
        except Exception as error:  # noqa: BLE001 - raised where it belongs, by `outcome`
            if len(asked) == 1:
                return [error]
            return [self._outcomes([each])[0] for each in asked]

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[0].wake(leads=True)
            else:
                self._is_busy = False


class _Waiting(Generic[Asked, Told]):
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.found: Told | BaseException
        self._leads = False
        self._sleep = Lock()
        self._sleep.acquire()

    def waits_to_lead(self) -> bool:
        """Wait for an outcome, or to be the one who finds it."""
        self._sleep.acquire()
        return self._leads

    def wake(self, *, leads: bool = False) -> None:
        self._leads = leads
        self._sleep.release()

    def outcome(self) -> Told:
        if isinstance(self.found, BaseException):
            raise self.found
        return self.found
