"""The stage ``curves``: figures of runs' logs over their steps, as a drawing, and how steady they are as numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewash.errors import BadInput

from .chart import COLORS, Line, Panel, chart

Floats = NDArray[np.float64]

_SMOOTH = 25  # a smoothed point is the mean of the nearest one in so many of the curve's points
UNDRAWN = ("step", "minutes", "epoch")


@dataclass(frozen=True)
class Curve:
    """``steps`` and ``values`` float64 (n,), n ≥ 1, finite; a value is the mean of some steps, as the log has it."""

    steps: Floats
    values: Floats

    def smoothed(self) -> Floats:
        """The running mean, with fewer points at the ends."""
        reach = max(1, len(self.values) // _SMOOTH) // 2 + 1
        sums = np.concatenate([[0.0], np.cumsum(self.values)])
        here = np.arange(len(self.values))
        first, last = np.maximum(here - reach, 0), np.minimum(here + reach + 1, len(self.values))
        return np.asarray((sums[last] - sums[first]) / (last - first))

    def thinned(self, most: int) -> Curve:
        """At most ``most`` points: means of as many neighbours each."""
        if len(self.values) <= most:
            return self
        starts = np.arange(most) * len(self.values) // most
        counts = np.diff([*starts, len(self.values)])
        return Curve(np.add.reduceat(self.steps, starts) / counts, np.add.reduceat(self.values, starts) / counts)


class Steady(NamedTuple):
    """Mean and standard deviation of a curve's last half, and how many values that are."""

    mean: float
    deviation: float
    values: int

    @classmethod
    def of(cls, curve: Curve) -> Steady:
        half = curve.values[len(curve.values) // 2 :]
        return cls(float(half.mean()), float(half.std()), len(half))


def draw(runs: Sequence[Path], keys: Sequence[str], out: Path) -> list[tuple[str, str, Steady]]:
    """Draw a panel for each of ``keys``, with a curve for each run that has it, into the SVG ``out``.

    Gives (run, key, how steady) of each curve. Raises `BadInput`: no_such_file for a folder without a log; bad_option
    for a key that no run has, and for more runs than can be told apart; output_unwritable.
    """
    if len(runs) > len(COLORS):
        raise BadInput(f"{len(runs)} runs are too many for one drawing.", f"Give up to {len(COLORS)}.", "bad_option")
    names = _names(runs)
    logs = {name: read_log(run) for name, run in zip(names, runs, strict=True)}
    found = {key: {name: c for name, log in logs.items() if (c := curve(log, key))} for key in keys}
    for key in keys or ("",):
        if not found.get(key):
            known = sorted({k for log in logs.values() for line in log for k in line} - set(UNDRAWN))
            raise BadInput(f"None of the runs has logged “{key}”.", f"There are: {', '.join(known)}.", "bad_option")
    _write(out, chart([_panel(key, found[key], names) for key in keys], names))
    return [(name, key, Steady.of(c)) for key in keys for name, c in found[key].items()]


def read_log(run: Path) -> list[dict[str, Any]]:
    """The lines of a run's log in the order of steps. Where a run went on from an earlier state, what had been logged
    after that state is left out, and so is a line that is cut off. Raises `BadInput` (no_such_file)."""
    try:
        text = (run / "log.jsonl").read_text("utf-8")
    except OSError as error:
        raise BadInput(
            f"There is no log in {run}.", "Give folders of runs, as train wrote them.", "no_such_file"
        ) from error
    log: list[dict[str, Any]] = []
    for raw in text.splitlines():
        try:
            line = json.loads(raw)
            step = int(line["step"])
        except (ValueError, TypeError, KeyError):
            continue
        while log and log[-1]["step"] > step:
            log.pop()
        if log and log[-1]["step"] == step:
            log[-1] |= line
        else:
            log.append(line)
    return log


def curve(log: Sequence[dict[str, Any]], key: str) -> Curve | None:
    """What a log says of ``key``; None where it says nothing, or nothing finite."""
    points = [(line["step"], line[key]) for line in log if isinstance(line.get(key), int | float)]
    points = [(step, value) for step, value in points if math.isfinite(value)]
    if not points:
        return None
    steps, values = np.array(points, np.float64).T
    return Curve(steps, values)


def _names(runs: Sequence[Path]) -> list[str]:
    """Folder names, or whole paths where two folders are called the same."""
    short = [run.resolve().name for run in runs]
    return short if len(set(short)) == len(short) else [str(run) for run in runs]


def _panel(key: str, curves: dict[str, Curve], names: Sequence[str]) -> Panel:
    lines = [Line(names.index(name), c.steps, c.values, c.smoothed()) for name, c in curves.items()]
    return Panel(key, "step", lines)


def _write(out: Path, drawing: str) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(drawing, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"{out} can't be written: {error.strerror or error}.", "Choose another place.", "output_unwritable"
        ) from error
