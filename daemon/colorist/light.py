"""Light over the flats: the generator's, kept off whatever is not painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from ..generator import Generator, Light
from .lab import to_lab
from .law import Flats
from .pixels import upscaled
from .prepare import Prepared
from .split import Division

_PAPER = 247 * 257  # of 65535: no channel of plain paper is darker


@dataclass(frozen=True)
class Lighting:
    """``light`` at working size; ``lit``: bool (labels,), of `Flats.labels` those that light may fall on."""

    light: Light
    lit: NDArray[np.bool_]

    def rows(
        self, role: Literal["shading", "highlights"], amount: float, labels: NDArray[np.int32], height: int, top: int
    ) -> NDArray[np.float32]:
        """The rows from ``top`` on of a picture that is ``height`` high, as many as ``labels`` int32 (rows, width) has,
        which are theirs; ``amount`` times what the generator made, 0…1."""
        small = np.clip(getattr(self.light, role) * np.float32(amount), 0, 1)
        large = upscaled(small, height, labels.shape[1], top, top + len(labels))
        return np.asarray(large * self.lit[labels], np.float32)


def lighting(
    generator: Generator, prepared: Prepared, division: Division, flats: Flats, options: Options
) -> Lighting | None:
    """None where no layer was asked for that shows light, and where the style makes none."""
    shown = not {"shading", "highlights"}.isdisjoint(options.layers)
    if not shown and not ("composite" in options.layers and options.shading):
        return None
    light = generator.light(prepared.lines, _working(prepared, flats))
    return None if light is None else Lighting(light, _lit(prepared, division, flats))


def _lit(prepared: Prepared, division: Division, flats: Flats) -> NDArray[np.bool_]:
    """All but what is left empty and the page: white that reaches the picture's border."""
    regions = prepared.regions
    basin = np.concatenate([regions.basin, regions.basin[division.parent]])
    rim = np.bincount(regions.basin, regions.touches_border) > 0
    white = np.asarray((flats.colors >= _PAPER).all(1), np.bool_)[flats.row]
    return np.asarray(flats.painted[flats.row] & ~(white & rim[basin]), np.bool_)


def _working(prepared: Prepared, flats: Flats) -> NDArray[np.float32]:
    """The flats at working size, Lab float32 (h, w, 3); what is left empty is white."""
    (h, w), (height, width) = prepared.lines.shape, flats.labels.shape
    rows = ((np.arange(h) + 0.5) * height / h).astype(np.intp)
    columns = ((np.arange(w) + 0.5) * width / w).astype(np.intp)
    lab = to_lab(np.where(flats.painted[:, None], flats.colors, np.uint16(65535)))
    return np.asarray(lab[flats.row[flats.labels[rows[:, None], columns]]], np.float32)
