"""Sample sheets of a painter's run: what it is shown, the hint where it takes one, what it paints, the truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash_daemon.spaces import decode

from . import writing
from .pack import Image, Pair
from .painting_samples import PaintingSampling

DRAWINGS = 8


def columns(hinted: bool) -> tuple[str, ...]:
    """What a sheet shows, from left to right; ``hinted``: of a painter that takes hints."""
    return ("what it is given", *(("hint",) if hinted else ()), "result", "truth")


def write(
    out: Path,
    pairs: list[Pair],
    sampling: PaintingSampling,
    paint: Callable[[NDArray[np.float32]], NDArray[np.float32]],
) -> None:
    """One row a pair, as the PNG ``out``. ``paint``: planes float32 (C, H, W) as in training -> planes of the space."""
    rows = [_row(pair, sampling, paint, number) for number, pair in enumerate(pairs)]
    writing.picture(out, np.concatenate(rows))


def _row(
    pair: Pair,
    sampling: PaintingSampling,
    paint: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    number: int,
) -> Image:
    sample = sampling(pair, np.random.default_rng(number))
    lightness = (sample.planes[0] + 1) * 50
    lab = [decode(planes, sampling.data.space, lightness) for planes in (paint(sample.planes), sample.truth)]
    shown = [np.repeat(_levels((sample.planes[0] + 1) / 2)[..., None], 3, 2)]
    if len(sample.planes) > 1:
        shown.append(_levels((sample.planes[1:].transpose(1, 2, 0) + 1) / 2))
    return np.concatenate([*shown, *(_levels(cv2.cvtColor(picture, cv2.COLOR_Lab2RGB)) for picture in lab)], 1)


def _levels(unit: NDArray[Any]) -> Image:
    return np.asarray(np.clip(unit, 0, 1) * 255, np.uint8)
