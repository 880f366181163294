"""The stage ``show``: a sheet of pairs as training sees them, for a person to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from linewash.errors import BadInput

from .degrade import degrade
from .flats import contours, flats
from .hints import simulate
from .pack import Pack, Pair

Image = NDArray[np.uint8]

#: edge of one picture on the sheet, in px
CELL = 220
#: line | degraded line | hints on the line | finished picture | flats with contours
PARTS = 5
#: pairs beside each other
COLUMNS = 2
_CAPTION = 14


def show(
    pack: Path, out: Path, count: int = 24, split: str | None = None, source: str | None = None, seed: int = 0
) -> int:
    """Writes a PNG with `count` pairs drawn at random; returns how many there are on it.

    Raises:
        BadInput: the pack cannot be read, or has no pair of that split and source.
    """
    pairs = Pack.open(pack)
    wanted = [
        index for index, info in enumerate(pairs.infos) if split in (None, info.split) and source in (None, info.source)
    ]
    if not wanted:
        raise BadInput("The pack has no such pairs.", "Leave --split and --source out to see any.")
    rng = np.random.default_rng(seed)
    chosen = rng.choice(wanted, min(count, len(wanted)), replace=False)
    strips = [_strip(pairs[int(index)], rng) for index in chosen]
    strips += [np.full_like(strips[0], 255)] * (-len(strips) % COLUMNS)
    rows = [np.concatenate(strips[start : start + COLUMNS], axis=1) for start in range(0, len(strips), COLUMNS)]
    sheet = np.concatenate(rows)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(cv2.imencode(".png", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))[1].tobytes())
    return len(chosen)


def _strip(pair: Pair, rng: Generator) -> Image:
    truth = flats(pair.color, pair.line)
    strokes = simulate(truth, pair.line, rng, int(rng.integers(4, 33)))
    hinted = cv2.cvtColor(cv2.addWeighted(pair.line, 0.5, np.full_like(pair.line, 255), 0.5, 0), cv2.COLOR_GRAY2RGB)
    hinted[strokes[..., 3] > 0] = strokes[..., :3][strokes[..., 3] > 0]
    outlined = truth.copy()
    outlined[contours(truth)] = (255, 0, 200)
    gray = cv2.COLOR_GRAY2RGB
    parts = [cv2.cvtColor(pair.line, gray), cv2.cvtColor(degrade(pair.line, rng), gray), hinted, pair.color, outlined]
    strip = np.concatenate([_cell(part) for part in parts], axis=1)
    caption = np.full((_CAPTION, strip.shape[1], 3), 255, np.uint8)
    text = f"{pair.meta.id}  {pair.meta.kind}  {pair.meta.split}  {pair.meta.weight:g}"
    cv2.putText(caption, text, (4, 11), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (60, 60, 60), 1, cv2.LINE_AA)
    return np.concatenate([caption, strip])


def _cell(picture: NDArray[Any]) -> Image:
    scale = (CELL - 6) / max(picture.shape[:2])
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    cell = np.full((CELL, CELL, 3), 215, np.uint8)
    cell[: size[1], : size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cell
