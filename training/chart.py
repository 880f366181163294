"""Line charts as SVG: panels side by side, a colour for each series, the raw values faint behind the smoothed ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Okabe and Ito's, which people who see few colours can tell apart, and grey
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555")
_WIDTH, _HEIGHT = 340, 220  # px of a panel's plot
_LEFT, _TOP, _BOTTOM, _RIGHT = 62, 34, 46, 16
_LEGEND = 20  # px a row
_ACROSS = 3
_QUOTE = {'"': "&quot;"}
_TICKS = 6
_INLINE_TOP = 12  # px, where the page has the title
_OUTLIERS = 1.0  # percent of the raw values at either end that the axis need not hold


@dataclass(frozen=True)
class Line:
    """``series``: the number of its colour; ``x``, ``raw``, ``smooth`` float64 (n,), finite."""

    series: int
    x: Floats
    raw: Floats
    smooth: Floats


@dataclass(frozen=True)
class Panel:
    title: str
    x_title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class _Ink:
    """Attributes of what a panel is drawn with: lines across, axes, raw values, and the colours of the series."""

    grid: str
    axis: str
    raw: str
    curves: Sequence[str]


_ON_WHITE = _Ink('stroke="#ddd"', 'stroke="#888"', 'stroke-opacity="0.25"', COLORS)
#: the page's own colours, light or dark
_ON_PAGE = _Ink(
    'stroke="currentColor" stroke-opacity="0.13"',
    'stroke="currentColor" stroke-opacity="0.5"',
    'stroke-opacity="0.4"',
    ("var(--curve)",),
)


@dataclass(frozen=True)
class _Axis:
    """From ``low`` at ``start`` px to ``high`` at ``stop`` px."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, values: Floats) -> Floats:
        return np.asarray(self.start + (values - self.low) / (self.high - self.low) * (self.stop - self.start))

    def ticks(self) -> list[float]:
        """A few round numbers: 1, 2 or 5 times a power of ten apart."""
        rough = (self.high - self.low) / _TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [nth * step for nth in range(first, last + 1)]


def chart(panels: Sequence[Panel], names: Sequence[str]) -> str:
    """The SVG's text; ``names``: of the series, for the legend."""
    across = min(_ACROSS, len(panels))
    rows = -(-len(panels) // across)
    wide, high = _LEFT + _WIDTH + _RIGHT, _TOP + _HEIGHT + _BOTTOM
    head = 10 + _LEGEND * len(names)
    width, height = across * wide, head + rows * high
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12" fill="#333">\n',
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n',
        *_legend(names),
    ]
    for nth, panel in enumerate(panels):
        left, top = nth % across * wide + _LEFT, head + nth // across * high + _TOP
        parts += [_title(panel, left, top), *_drawn(panel, nth, left, top, _ON_WHITE)]
    return "".join([*parts, "</svg>\n"])


def inline(panel: Panel, nth: int) -> str:
    """The panel as an SVG inside a page: without title, legend and ground, in the page's text colour and ``--curve``.

    ``nth``: a number that no other panel of the page has.
    """
    width, height = _LEFT + _WIDTH + _RIGHT, _INLINE_TOP + _HEIGHT + _BOTTOM
    parts = [
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(panel.title, _QUOTE)}" font-size="12" '
        'fill="currentColor">\n',
        *_drawn(panel, nth, _LEFT, _INLINE_TOP, _ON_PAGE),
    ]
    return "".join([*parts, "</svg>\n"])


def _legend(names: Sequence[str]) -> Iterator[str]:
    for nth, name in enumerate(names):
        y = 10 + _LEGEND * nth + _LEGEND // 2
        color = COLORS[nth % len(COLORS)]
        yield f'<path d="M{_LEFT} {y}h24" stroke="{color}" stroke-width="2"/>\n'
        yield f'<text x="{_LEFT + 32}" y="{y + 4}">{escape(name)}</text>\n'


def _title(panel: Panel, left: float, top: float) -> str:
    return f'<text x="{left}" y="{top - 10}" font-size="14" font-weight="bold">{escape(panel.title)}</text>\n'


def _drawn(panel: Panel, nth: int, left: float, top: float, ink: _Ink) -> Iterator[str]:
    x = _Axis(*_range([line.x for line in panel.lines]), left, left + _WIDTH)
    y = _Axis(*_held(panel.lines), top + _HEIGHT, top)
    yield f'<clipPath id="panel{nth}"><rect x="{left}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}"/></clipPath>\n'
    for tick in y.ticks():
        (at,) = y(np.array([tick]))
        yield f'<path d="M{left} {at:.1f}h{_WIDTH}" {ink.grid}/>\n'
        yield f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{tick:.6g}</text>\n'
    for tick in x.ticks():
        (at,) = x(np.array([tick]))
        yield f'<path d="M{at:.1f} {top + _HEIGHT}v4" {ink.axis}/>\n'
        yield f'<text x="{at:.1f}" y="{top + _HEIGHT + 18}" text-anchor="middle">{tick:.6g}</text>\n'
    yield f'<path d="M{left} {top}v{_HEIGHT}h{_WIDTH}" {ink.axis} fill="none"/>\n'
    middle, under = left + _WIDTH / 2, top + _HEIGHT + 36
    yield f'<text x="{middle}" y="{under}" text-anchor="middle">{escape(panel.x_title)}</text>\n'
    yield f'<g fill="none" clip-path="url(#panel{nth})">\n'
    for values, style in (("raw", f'stroke-width="1" {ink.raw}'), ("smooth", 'stroke-width="2"')):
        for line in panel.lines:
            points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x(line.x), y(getattr(line, values)), strict=True))
            yield f'<polyline points="{points}" stroke="{ink.curves[line.series % len(ink.curves)]}" {style}/>\n'
    yield "</g>\n"


def _held(lines: Sequence[Line]) -> tuple[float, float]:
    """What the upright axis holds: all that is smoothed, and the raw values but for a few outliers."""
    raw = np.concatenate([line.raw for line in lines])
    low, high = _range([np.percentile(raw, [_OUTLIERS, 100 - _OUTLIERS]), *(line.smooth for line in lines)])
    return low - 0.05 * (high - low), high + 0.05 * (high - low)


def _range(values: Sequence[Floats]) -> tuple[float, float]:
    low, high = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    if high > low:
        return low, high
    around = abs(low) / 2 or 0.5
    return low - around, high + around
