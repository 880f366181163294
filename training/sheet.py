"""Sample sheets of a run: what the network paints per pixel, before regions and hints decide."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash_daemon.generator import Encoded, Generator, Hints
from linewash_daemon.models import ModelFolder
from linewash_daemon.propagate import propagate

from . import writing
from .flats import flats
from .hints import simulate
from .pack import Pack
from .samples import labelled

DRAWINGS = 8
COLUMNS = ("line art", "hints", "contours", "without hints", "with 16 hints", "truth")
_SIDE = 256


def samples(model: Path, pack: Pack, which: list[int], out: Path) -> None:
    """One row for each of the pairs ``which``, with the `COLUMNS`."""
    generator = ModelFolder(model.parent).load(model.stem)
    rows = [_row(generator, pack, index) for index in which]
    writing.picture(out, np.concatenate(rows))


def _row(generator: Generator, pack: Pack, index: int) -> NDArray[np.uint8]:
    pair = pack[index]
    line, color = (_resized(image) for image in (pair.line, pair.color))
    lines = (255 - line).astype(np.float32) / np.float32(255)
    truth = flats(color, line)
    strokes = simulate(truth, line, np.random.default_rng(index), 16, careless=False)
    encoded = generator.encode(lines)
    with_hints = Hints(*labelled(strokes))
    without = Hints(np.zeros_like(with_hints.markers), np.zeros((0, 3), np.float32))
    painted = [_painted(generator, lines, encoded, h) for h in (without, with_hints)]
    shown = np.where(strokes[..., 3:] > 0, strokes[..., :3], line[..., None])
    contours = np.repeat((255 * (1 - encoded.contours)).astype(np.uint8)[..., None], 3, 2)
    inked = [(p * (line[..., None] / 255.0)).astype(np.uint8) for p in painted]
    return np.concatenate([np.repeat(line[..., None], 3, 2), shown, contours, *inked, color], 1)


def _resized(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _painted(generator: Generator, lines: NDArray[np.float32], encoded: Encoded, hints: Hints) -> NDArray[np.uint8]:
    """The gates' mixture of what the rules carried and the network's own colour, RGB uint8."""
    sources = propagate(lines, encoded.contours, hints)
    painting = generator.paint(encoded, hints, sources)
    table = np.concatenate([np.zeros((1, 3), np.float32), hints.colors])
    maps = [table[m] for m in (sources.watershed, sources.contour_watershed, sources.fill)]
    lab = sum(painting.gates[..., i : i + 1] * m for i, m in enumerate([*maps, painting.own]))
    rgb = cv2.cvtColor(np.asarray(lab, np.float32), cv2.COLOR_Lab2RGB)
    return np.asarray(np.clip(rgb, 0, 1) * 255, np.uint8)
