"""Sample sheets of the pair reader: which areas of held-out drawings it takes for one thing."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash_daemon.colorist import alike
from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.parts import Parts
from linewash_daemon.colorist.prepare import prepare
from linewash_daemon.colorist.selfhint import at_first
from linewash_daemon.generator import Generator
from linewash_daemon.models import ModelFolder

from . import writing
from .augment import Placement
from .flats import under_lines
from .pack import Pack, Pair

DRAWINGS = 8
COLUMNS = ("line art", "one thing", "painted")
_SIDE = 384


def samples(model: Path, pack: Pack, which: list[int], out: Path) -> None:
    """One row for each of the pairs ``which``, with the `COLUMNS`."""
    generator = ModelFolder(model.parent).load(model.stem)
    writing.picture(out, np.concatenate([_row(generator, pack[index]) for index in which]))


def _row(generator: Generator, pair: Pair) -> NDArray[np.uint8]:
    whole = Placement(_SIDE, _SIDE / max(pair.line.shape), 0, 0, mirrored=False)
    line, color = whole.apply(pair.line), whole.apply(pair.color)
    prepared = prepare(read_lineart(np.ascontiguousarray(line[..., None])), generator, 0)
    semantics, said = prepared.depicted(generator), at_first(generator, prepared)
    assert said.distribution is not None
    kin = alike.told(generator, prepared, semantics, said.distribution)
    parts = Parts.of(prepared.regions, semantics, kin)
    hue = np.random.default_rng(1).permutation(180)[np.arange(len(parts.area)) % 180]
    hsv = np.stack([hue, np.full_like(hue, 110), np.full_like(hue, 230)], 1).astype(np.uint8)[None]
    shown = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0][parts.owner[prepared.regions.labels]]
    return np.concatenate([np.repeat(line[..., None], 3, 2), under_lines(shown, line), color], 1)
