"""What was claimed of the systems that paint line art, measured on held-out pictures.

Claims of deepcolor and of the coloring-book film colourer, each with the figure that speaks for or against it (see
`Claims`). A painter is judged by what its network painted, the layer `painting`; strokes reach it as in use, through
the colorist.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from linewash.contract import Color, Options
from linewash.errors import BadInput
from linewash.pictures import Picture, lineart_hash
from linewash_daemon.colorist import Colorist
from linewash_daemon.models import read_metadata

from ..flats import Image, Mask, flats, near_line
from ..pack import Pack, Pair
from ..truth import ink
from .cases import finished
from .lab import Floats, ciede2000, to_lab
from .metrics import Truth, colorfulness
from .ours import OneModel
from .report import line as row
from .report import number
from .rivals import watershed
from .strokes import markers, simulated_hints
from .sweep import held_out

HINTS = (0, 16, 64)
FEW, MANY = 16, 64  # strokes at which bounds, and details, are judged
MOVED = (2, 4)  # % of the long side: careless strokes are so far from where they belong
SMALL_REGION, SMALL_LINE = 0.003, 0.001  # of the picture's pixels
SHADED = 3.0  # standard deviation of L from which a region has shades
NEAR_WHITE = 8.0  # CIEDE2000
STRONGER = 1.6  # times the chroma
_CLEAR = 4.0  # px at 512: nearer to a line L is the line's soft edge, and no shade
_SURROUND = 3.0  # px at 512 from a line to the colour that it stands out from
_FEWEST, _LEAST_CONTRAST = 20, 10.0  # pixels of a figure; L between a line and its surround
_LEAST_COLORFULNESS = 5.0  # a truth paler than this has none to compare with
_CACHE = 64 << 20  # bytes of line art kept prepared: that at hand

#: Line art uint8 (H, W) and hints uint8 (H, W, 4) to a picture uint8 (H, W, 3), as strength and lightness say.
Painter = Callable[[Image, Image, Options], Image]
Figures = dict[str, float]


@dataclass(frozen=True)
class Claims:
    """What was found; `claims_of` names the figures.

    ``judged``: the model's name; ``long_side``: px of its work; ``of``: how many pictures; ``figures``: means over the
    pictures that have the figure; ``pictures``: how many those are; ``regions``: how many shaded ones there were.
    """

    judged: str
    long_side: int
    of: int
    figures: Figures
    pictures: dict[str, int]
    regions: int

    def data(self) -> dict[str, Any]:
        rounded = {name: round(value, 4) for name, value in self.figures.items()}
        return {
            "model": self.judged, "long_side": self.long_side, "pictures": self.of, "shaded_regions": self.regions,
            "figures": rounded, "pictures_with_figure": self.pictures,
        }  # fmt: skip

    def markdown(self) -> str:
        heads = ["claim", "measured", self.judged, "beside it"]
        rows = [row(cells) for cells in self._rows()]
        title = f"# Claims, on {self.of} held-out pictures\n\n"
        return "".join([title, row(heads), row(["---"] * len(heads)), *rows])

    def _rows(self) -> Iterable[list[str]]:
        hints, size = " / ".join(map(str, HINTS)), f"the truth at {self.long_side} px"
        yield [
            "shadows and highlights are learnt",
            f"correlation of L (slope) in {self.regions} shaded regions at {hints} hints",
            " / ".join(f"{self._of(f'shades_{k}')} ({self._of(f'slope_{k}')})" for k in HINTS),
            "flat colours: 0; the truth: 1",
        ]
        yield [
            "colouring out of bounds is forgiven",
            f"ΔE inside, {FEW} strokes in place → moved by {' → '.join(map(str, MOVED))} % of the long side",
            self._growth("painted"),
            f"marker watershed: {self._growth('watershed')}",
        ]
        yield [
            "small details are lost",
            f"ΔE in regions under {100 * SMALL_REGION:g} % of the picture / in others, {MANY} strokes",
            self._pair("painted_small", "painted_rest"),
            f"marker watershed: {self._pair('watershed_small', 'watershed_rest')}",
        ]
        yield [
            "no hints: everything white",
            f"share within ΔE {NEAR_WHITE:g} of white, off the lines / inside the drawing, without hints",
            self._pair("painted_white", "painted_white_inside"),
            f"the truth: {self._pair('truth_white', 'truth_white_inside')}",
        ]
        yield [
            "small lines are ignored",
            f"contrast kept of lines under {100 * SMALL_LINE:g} % of the picture / of others, {FEW} strokes",
            self._pair("painted_small_lines", "painted_large_lines"),
            f"{size}: {self._pair('size_small_lines', 'size_large_lines')}",
        ]
        yield [
            "a factor on the chroma makes stronger colours",
            f"colourfulness over the truth's, times 1 / times {STRONGER:g}, {FEW} strokes",
            self._pair("colorful", "colorful_stronger"),
            "the truth: 1",
        ]
        if "own_l" in self.figures:
            yield [
                "its own L is better than the given one",
                f"difference in L, and ΔE inside, {FEW} strokes: its own L",
                self._pair("own_l", "own_l_inside"),
                f"the given L: {self._pair('kept_l', 'kept_l_inside')}",
            ]

    def _of(self, name: str) -> str:
        return number(self.figures.get(name))

    def _pair(self, one: str, other: str) -> str:
        return f"{self._of(one)} / {self._of(other)}"

    def _growth(self, who: str) -> str:
        if f"{who}_careful" not in self.figures:
            return "takes no hints"
        before = self.figures[f"{who}_careful"]
        after = [self.figures[f"{who}_careless_{percent}"] for percent in MOVED]
        grown = [f"{number(value)} ({100 * (value / max(before, 1e-6) - 1):+.0f} %)" for value in after]
        return " → ".join([number(before), *grown])


def judge(model: Path, pack: Pack, limit: int, told: Callable[[list[int]], Iterable[int]] = iter) -> Claims:
    """Measure the painter in the file ``model`` on ``limit`` held-out pairs of ``pack``, 0: all; ``told`` may watch.

    Raises `BadInput` for a model that does not paint line art and a pack with nothing held out, `ModelError`.
    """
    metadata = read_metadata(model)
    if "lines" not in metadata["modes"] or not metadata["paints"]:
        raise BadInput(
            f"The style file {model.name} is no painter of line art.",
            "Choose the model file of one, such as deepcolor's; linewash-train compare judges the others.",
            "bad_option",
        )
    painter, chosen = ModelPainter(model), held_out(pack, "held", limit)
    side = metadata["long_side"]
    measured = [claims_of(pack[i], painter, side, painter.own_l, painter.takes_hints) for i in told(chosen)]
    return gathered(metadata["name"], side, measured)


class ModelPainter:
    """A model file's layer `painting`. ``own_l``: whether it predicts L; ``takes_hints``: whether strokes matter."""

    def __init__(self, model: Path) -> None:
        """Raises `ModelError` for a file that is no model."""
        paints = read_metadata(model)["paints"]
        self.own_l = paints["space"] == "lab"
        self.takes_hints = paints["hints"] != "none"
        self._colorist = Colorist(OneModel(model), _CACHE)
        self._last: tuple[bytes, dict[tuple[bytes, Options], Image]] = (b"", {})

    def __call__(self, line: Image, hints: Image, options: Options) -> Image:
        """Raises `LinewashError`."""
        strokes = hints if self.takes_hints else np.zeros_like(hints)
        if self._last[0] != line.tobytes():
            self._last = line.tobytes(), {}
        key, kept = (strokes.tobytes(), options), self._last[1]
        if key not in kept:  # one that takes no hints is asked once for all of them
            kept[key] = self._painted(line, strokes, options)
        return kept[key]

    def _painted(self, line: Image, hints: Image, options: Options) -> Image:
        height, width = line.shape
        drawing = Picture(width, height, "gray", pixels=np.ascontiguousarray(line))
        strokes = Picture(width, height, "rgba", pixels=np.ascontiguousarray(hints))
        request = Color("claims", drawing.plane(0), lineart_hash(drawing), strokes.plane(1), options)
        result = self._colorist.color(request, drawing.bytes, strokes.bytes, lambda stage, share: None, lambda: False)
        frame = result.layers[0].plane.frame
        assert frame is not None
        return np.asarray(np.frombuffer(result.planes[frame], np.uint8).reshape(height, width, 3))


def claims_of(
    pair: Pair, painter: Painter, long_side: int, own_l: bool = False, takes_hints: bool = True
) -> tuple[Figures, int]:
    """The figures of one pair, those that have a meaning for it, and the number of its shaded regions.

    ``long_side``: px of the painter's work; ``own_l``: whether it predicts L; ``takes_hints``: whether strokes matter
    to it. WHO below is ``painted``, ``watershed``, ``truth``, or ``size``, the truth at the painter's working size. ΔE
    is mean CIEDE2000 to the truth, off the lines.

    - ``shades_K``, ``slope_K``: within true regions whose L varies, correlation of painted L with true L, and its
      regression slope, at K hints.
    - ``WHO_careful``, ``WHO_careless_P``: ΔE inside the drawing at 16 strokes, in place and moved by P %.
    - ``WHO_small``, ``WHO_rest``: ΔE in small regions and in others at 64 strokes.
    - ``WHO_white``, ``WHO_white_inside``: near-white share of the pixels off the lines, and of those inside the
      drawing, without hints.
    - ``WHO_small_lines``, ``WHO_large_lines``: contrast in L of small pieces of line and of others; 1: as in truth.
    - ``colorful``, ``colorful_stronger``: colourfulness over the truth's at 16 strokes, as painted and with 1.6 times
      the chroma.
    - ``kept_l``, ``kept_l_inside``, ``own_l``, ``own_l_inside``: where L is predicted, mean difference in L and ΔE
      inside the drawing, with the given L and with the painter's own.
    """
    known = Truth.of(pair.color, pair.line)
    hints = {k: simulated_hints(pair.color, pair.line, known.regions, k) for k in HINTS}
    light = 1.0 if own_l else 0.0

    def paint(strokes: Image, lightness: float = light, strength: float = 1.0) -> Image:
        options = Options(layers=("painting",), lightness=lightness, strength=strength)
        return painter(pair.line, strokes, options)

    painted = {k: paint(strokes) for k, strokes in hints.items()}
    figures, regions = _shading(painted, known, pair.line)
    careless = {f"careless_{percent}": moved(hints[FEW], percent) for percent in MOVED}
    for how, strokes in {"careful": hints[FEW], **careless}.items():
        figures[f"watershed_{how}"] = difference(watershed(pair.line, strokes), known)
        if takes_hints:
            figures[f"painted_{how}"] = difference(paint(strokes), known)
    figures |= _details("painted", painted[MANY], known)
    figures |= _details("watershed", watershed(pair.line, hints[MANY]), known)
    figures |= _whiteness("painted", painted[0], known) | _whiteness("truth", pair.color, known)
    figures |= _lines("painted", painted[FEW], pair) | _lines("size", at_size(finished(pair), long_side), pair)
    if known.colorfulness > _LEAST_COLORFULNESS:
        stronger = paint(hints[FEW], strength=STRONGER)
        figures["colorful"] = colorfulness(painted[FEW]) / known.colorfulness
        figures["colorful_stronger"] = colorfulness(stronger) / known.colorfulness
    if own_l:
        figures |= _lightness("kept_l", paint(hints[FEW], lightness=0.0), known)
        figures |= _lightness("own_l", painted[FEW], known)
    return figures, regions


def gathered(judged: str, long_side: int, measured: list[tuple[Figures, int]]) -> Claims:
    """What `claims_of` found of several pairs, as means."""
    names = list(dict.fromkeys(name for figures, _ in measured for name in figures))
    having = {name: [figures[name] for figures, _ in measured if name in figures] for name in names}
    means = {name: float(np.mean(values)) for name, values in having.items()}
    counts = {name: len(values) for name, values in having.items()}
    return Claims(judged, long_side, len(measured), means, counts, sum(regions for _, regions in measured))


def save(claims: Claims, out: Path) -> None:
    """Raises `BadInput` (output_unwritable)."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(claims.data(), ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out} can't be written: {error}.", "Choose another place.", "output_unwritable") from error


def difference(picture: Image, known: Truth) -> float:
    """Mean CIEDE2000 to the truth inside the drawing, off the lines."""
    return float(ciede2000(to_lab(picture[known.inside]), to_lab(known.color[known.inside])).mean())


def moved(hints: Image, percent: float) -> Image:
    """Every stroke of ``hints`` uint8 (H, W, 4) moved by ``percent`` of the long side, each in a direction of its own
    that depends on its number alone; it stops at the picture's rim."""
    rng, out = np.random.default_rng(11), np.zeros_like(hints)
    distance = percent / 100 * max(hints.shape[:2])
    colors = markers(hints)
    for label in range(1, len(colors.palette)):
        count, marks = cv2.connectedComponents((colors.labels == label).astype(np.uint8), connectivity=8)
        for mark in range(1, count):
            ys, xs = np.nonzero(marks == mark)
            angle = rng.uniform(0, 2 * np.pi)
            dy, dx = round(distance * np.sin(angle)), round(distance * np.cos(angle))
            dy = int(np.clip(dy, -ys.min(), hints.shape[0] - 1 - ys.max()))
            dx = int(np.clip(dx, -xs.min(), hints.shape[1] - 1 - xs.max()))
            out[ys + dy, xs + dx] = hints[ys, xs]
    return out


def at_size(picture: Image, long_side: int) -> Image:
    """``picture`` uint8 (H, W, 3) shrunk to ``long_side`` px and enlarged again: what a painter of that size keeps."""
    height, width = picture.shape[:2]
    factor = min(1.0, long_side / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _shading(painted: dict[int, Image], known: Truth, line: Image) -> tuple[Figures, int]:
    """Correlation and slope of L, means over the regions whose true L varies, and how many those are."""
    labels = known.regions.labels
    clear = (labels > 0) & ~near_line(line, _CLEAR)
    owner, true = labels[clear], _light(known.color)[clear]
    count = np.bincount(owner, minlength=len(known.regions) + 1)
    by_region = np.maximum(count, 1)

    def centred(values: Floats) -> Floats:
        mean = np.bincount(owner, values, len(count)) / by_region
        return np.asarray(values - mean[owner], np.float32)

    def shared(one: Floats, other: Floats) -> Floats:
        return np.asarray(np.bincount(owner, one * other, len(count)) / by_region, np.float32)

    off_mean = centred(true)
    spread = shared(off_mean, off_mean)
    chosen = (count >= _FEWEST) & (spread > SHADED**2)
    if not chosen.any():
        return {}, 0
    figures: Figures = {}
    for k, picture in painted.items():
        own = centred(_light(picture)[clear])
        together, alone = shared(own, off_mean)[chosen], shared(own, own)[chosen]
        flat = alone < 1e-6
        figures[f"shades_{k}"] = float(np.where(flat, 0, together / np.sqrt(spread[chosen] * (alone + flat))).mean())
        figures[f"slope_{k}"] = float((together / spread[chosen]).mean())
    return figures, int(chosen.sum())


def _details(who: str, picture: Image, known: Truth) -> Figures:
    """Only of pictures that have both, small regions and others."""
    labels = known.regions.labels
    small = (known.regions.areas < SMALL_REGION * labels.size)[labels]
    judged = (labels > 0) & known.inside
    parts = {f"{who}_small": judged & small, f"{who}_rest": judged & ~small}
    if any(part.sum() < _FEWEST for part in parts.values()):
        return {}
    return {name: _distance(picture[part], known.color[part]) for name, part in parts.items()}


def _distance(one: Image, other: Image) -> float:
    return float(ciede2000(to_lab(one), to_lab(other)).mean())


def _whiteness(who: str, picture: Image, known: Truth) -> Figures:
    def share(of: Mask) -> float:
        lab = to_lab(picture[of])
        white = np.broadcast_to(np.array([100, 0, 0], np.float32), lab.shape)
        return float((ciede2000(lab, white) < NEAR_WHITE).mean())

    return {f"{who}_white": share(known.off), f"{who}_white_inside": share(known.inside)}


def _lines(who: str, picture: Image, pair: Pair) -> Figures:
    """How far the lines stand out from what is beside them, against the truth, where they do there."""
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(ink(pair.line).astype(np.uint8), connectivity=8)
    small = (stats[:, cv2.CC_STAT_AREA] < SMALL_LINE * pair.line.size)[pieces]
    dark = pair.line < 128
    found, wanted = _contrast(picture, pair.line), _contrast(finished(pair), pair.line)
    figures: Figures = {}
    for name, part in (("small", dark & small), ("large", dark & ~small)):
        if part.sum() >= _FEWEST and wanted[part].mean() >= _LEAST_CONTRAST:
            figures[f"{who}_{name}_lines"] = float(found[part].mean() / wanted[part].mean())
    return figures


def _contrast(picture: Image, line: Image) -> Floats:
    """By how much L is below that of the nearest colour 3 px off the lines, float32 (H, W)."""
    return _light(flats(picture, line, _SURROUND)) - _light(picture)


def _lightness(who: str, picture: Image, known: Truth) -> Figures:
    off = np.abs(_light(picture) - _light(known.color))[known.inside]
    return {who: float(off.mean()), f"{who}_inside": difference(picture, known)}


def _light(picture: Image) -> Floats:
    return np.asarray(to_lab(picture)[..., 0], np.float32)
