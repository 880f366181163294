"""When an idle daemon gives memory back, and when it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable


class Idle:
    """Counts the seconds since the last request or the last end of a job. 0 for either limit: never."""

    def __init__(
        self, unload_after: float = 600.0, exit_after: float = 7200.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.unload_after = unload_after
        self.exit_after = exit_after
        self._clock = clock
        self._last = clock()
        self._unloaded = False

    def touch(self) -> None:
        self._last = self._clock()
        self._unloaded = False

    def should_unload(self) -> bool:
        """True once for every idle time that is long enough."""
        due = not self._unloaded and 0 < self.unload_after <= self._clock() - self._last
        self._unloaded = self._unloaded or due
        return due

    def should_exit(self) -> bool:
        return 0 < self.exit_after <= self._clock() - self._last

    def remaining(self) -> float | None:
        """Seconds until one of the two is due; None when neither will be."""
        unload = self.unload_after if not self._unloaded else 0
        limits = [limit for limit in (unload, self.exit_after) if limit > 0]
        return max(0.0, self._last + min(limits) - self._clock()) if limits else None
