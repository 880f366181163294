"""How long a run may go on: minutes on the clock, or steps, which come out the same everywhere."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class Budget:
    """``minutes`` or ``steps`` of the whole run, the other one None; ``before``: minutes of its earlier sessions."""

    minutes: float | None = None
    steps: int | None = None
    before: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        """Minutes that the run has had."""
        return self.before + (time.monotonic() - self.started) / 60

    def share(self, step: int) -> float:
        """0…1: how much of the budget is spent before step number ``step``."""
        if self.steps is not None:
            return min(1.0, step / self.steps)
        assert self.minutes is not None
        return min(1.0, self.spent / self.minutes)
