"""What is measured, and the arithmetic on it. Times in seconds, memory in MB of 10⁶ bytes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

MB = 1e6


@dataclass(frozen=True)
class ColoringFigures:
    """A daemon of its own that colours drawings of one size."""

    start: float  # from nothing to `hello`
    cold: float  # its very first job, a small one: the model is loaded
    idle_memory: float  # resident with the model loaded, before the first drawing of this size
    first: Sequence[float]  # each a drawing it has not seen
    edit: Sequence[float]  # each the same drawing with another stroke
    peak_memory: float | None
    model: str
    device: str


@dataclass(frozen=True)
class WireFigures:
    """A hint edit to a daemon that paints nothing, and the same bytes through a bare pyzmq echo."""

    ours: Sequence[float]
    echo: Sequence[float]


@dataclass(frozen=True)
class SizeFigures:
    """All about one size; `beside` is, per command, the seconds of its runs (empty: it failed)."""

    side: int
    coloring: ColoringFigures
    wire: WireFigures
    beside: Mapping[str, Sequence[float]] = field(default_factory=dict)


def median(values: Sequence[float]) -> float | None:
    """The middle one, None of none."""
    return statistics.median(values) if values else None


def ratio(value: float | None, other: float | None) -> float | None:
    """``value / other``, None where one is missing or there is nothing to divide by."""
    return None if value is None or not other else value / other


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
