"""Epochs, and when a run's state and samples are kept."""

from __future__ import annotations

from dataclasses import dataclass

_STATE_EVERY = 300.0  # seconds
_SHEETS_MAY_TAKE = 1 / 50  # of the time, where epochs are so short that a sheet for each would be a burden


@dataclass(frozen=True)
class Epochs:
    """``samples``: all that there are to learn from, and as many as an epoch has; ``batch``: of them a step."""

    samples: int
    batch: int

    def before(self, step: int) -> float:
        """How many epochs there were before step number ``step``."""
        return step * self.batch / self.samples

    def ends(self, step: int) -> bool:
        """Whether step number ``step`` is the last of an epoch, or of several."""
        return int(self.before(step + 1)) > int(self.before(step))


@dataclass
class Keeping:
    """When to keep what; ``now`` is always seconds on one clock that does not go backwards.

    States are kept five minutes apart, with a sheet each. Beside those there is a sheet at the end of each epoch, or of
    several where sheets would otherwise take more than a fiftieth of the time.
    """

    epochs: Epochs
    since: float  # when the last state was kept, or the run began
    _shown: float = float("-inf")  # when the last sheet was made
    _took: float = 0.0

    def state_due(self, now: float) -> bool:
        return now - self.since > _STATE_EVERY

    def sheet_due(self, step: int, now: float) -> bool:
        """Whether a sheet is due after step number ``step``, at whose end an epoch may end."""
        return self.epochs.ends(step) and self._took <= _SHEETS_MAY_TAKE * (now - self._shown)

    def kept(self, began: float, now: float, state: bool) -> None:
        """A sheet was made, and a state written with it if ``state``, in the time from ``began`` on."""
        self._shown, self._took = now, now - began
        if state:
            self.since = now
