"""A run's log: means of every few steps, as lines of JSON and on the console."""

from __future__ import annotations

import json
import time
from pathlib import Path

from rich.console import Console

from . import writing
from .budget import Budget
from .epochs import Epochs

NAME = "log.jsonl"
_EVERY = 20  # steps


class Log:
    def __init__(self, out: Path, budget: Budget, epochs: Epochs, console: Console | None) -> None:
        """Appends to ``out``/log.jsonl and tells ``console``; without one it keeps silent and writes nothing."""
        self._path, self._budget, self._epochs, self._console = out / NAME, budget, epochs, console
        self._clear()

    def add(self, step: int, waited: float, parts: dict[str, float]) -> None:
        """One step: seconds ``waited`` for its batch, its losses and other figures by name."""
        for name, value in parts.items():
            self._sums.setdefault(name, []).append(value)
        self._steps += 1
        self._waited += waited
        if self._steps == _EVERY and self._console:
            self._write(step, self._console)

    def check(self, step: int, figures: dict[str, float]) -> None:
        """Figures by name of what was learned in the ``step`` steps so far, in a line of their own."""
        if figures and self._console:
            line = {"step": step, "minutes": round(self._budget.spent, 2), **_short(figures)}
            _tell(self._path, line, self._console)

    def _write(self, step: int, console: Console) -> None:
        took = time.monotonic() - self._since
        line = {
            "step": step,
            "minutes": round(self._budget.spent, 2),
            "epoch": round(self._epochs.before(step + 1), 3),
            "samples_per_second": round(self._steps * self._epochs.batch / took, 2),
            "waiting": round(self._waited / took, 3),
            **_short({name: sum(values) / len(values) for name, values in self._sums.items()}),
        }
        _tell(self._path, line, console)
        self._clear()

    def _clear(self) -> None:
        self._sums: dict[str, list[float]] = {}
        self._steps, self._waited, self._since = 0, 0.0, time.monotonic()


def _short(figures: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.5g}") for name, value in figures.items()}


def _tell(path: Path, line: dict[str, float], console: Console) -> None:
    writing.line(path, json.dumps(line))
    console.print(" ".join(f"{k}={v}" for k, v in line.items()), highlight=False)
