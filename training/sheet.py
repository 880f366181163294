"""Sample sheets of a run: what an artist would get from the style as it is now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import writing
from .evaluation.ours import Ours
from .evaluation.sheets import cell
from .flats import flats
from .hints import simulate
from .pack import Pack

DRAWINGS = 8
COLUMNS = ("line art", "hints", "without hints", "with 4 hints", "with 16 hints", "truth")


def samples(model: Path, pack: Pack, which: list[int], out: Path) -> None:
    """One row for each of the pairs ``which``, with the `COLUMNS`."""
    ours = Ours(model)
    writing.picture(out, np.concatenate([_row(ours, pack, index) for index in which]))


def _row(ours: Ours, pack: Pack, index: int) -> NDArray[np.uint8]:
    line, color, _ = pack[index]
    truth = flats(color, line)
    strokes = [simulate(truth, line, np.random.default_rng(index), count, careless=False) for count in (0, 4, 16)]
    shown = np.where(strokes[-1][..., 3:] > 0, strokes[-1][..., :3], line[..., None])
    painted = [ours(line, hints)[0] for hints in strokes]
    return np.concatenate([cell(p) for p in (np.repeat(line[..., None], 3, 2), shown, *painted, color)], 1)
