"""How a colouring looks, whatever the true colours were: grey, sepia, and whether one thing has one colour."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linewash_daemon.colorist.schemes import COLORED, SEPIA

from ..augment import skin_colored
from ..flats import Image, Mask
from ..pack import PairInfo
from ..semantic_truth import FOLIAGE, SKIN, SKY, WHITE, grows, leaf_colored, named_by, sky_colored, told, white_colored
from .lab import Floats, ciede2000, to_lab
from .metrics import Truth

PALE = 40.0  # mean C*ab under which a picture in such hues is sepia, and not simply orange
ONE_HUE, COLOURLESS = 0.9, 0.1  # of the coloured pixels; of all
SAME, OTHER, PARTED = 5.0, 20.0, 10.0  # CIEDE2000
_MOST_REGIONS = 64
_SOME = 0.01  # of the pixels: so much of it is skin where skin is judged, and so on


def look(lab: Floats) -> Literal["grey", "sepia", ""]:
    """How the colours ``lab`` float32 (n, 3) of a picture look together.

    grey: fewer than 10 % have a chroma of 8 or more. sepia: of those that have, 90 % or more have a hue of 40 to 95
    degrees, and their mean chroma is under 40.
    """
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    coloured = chroma >= COLORED
    if coloured.sum() < COLOURLESS * len(lab):
        return "grey"
    hue = np.degrees(np.arctan2(lab[coloured, 2], lab[coloured, 1]))
    low, high = SEPIA
    brown = ((hue >= low) & (hue <= high)).mean() >= ONE_HUE
    return "sepia" if brown and chroma[coloured].mean() < PALE else ""


class Things:
    """The pairs of regions that have one colour in truth, and those whose colours are far apart there."""

    def __init__(self, known: Truth) -> None:
        """Of the regions inside the drawing the 64 largest are looked at."""
        labels = np.where(known.inside, known.regions.labels, 0)
        areas = np.bincount(labels.ravel(), minlength=len(known.regions) + 1)
        areas[0] = 0
        chosen = np.argsort(-areas, kind="stable")[:_MOST_REGIONS]
        chosen = chosen[areas[chosen] > 0]
        self._count = areas[chosen]
        number = np.full(len(areas), -1)
        number[chosen] = np.arange(len(chosen))
        self._at = np.flatnonzero(number[labels.ravel()] >= 0)
        self._of = number[labels.ravel()[self._at]]
        self._a, self._b = np.triu_indices(len(chosen), 1)
        apart = self._differences(to_lab(known.regions.colors[chosen]))
        self._same, self._other = apart < SAME, apart >= OTHER
        self._weight = np.sqrt(self._count[self._a] * self._count[self._b])

    def kept(self, picture: Image) -> dict[str, float]:
        """Of ``picture`` uint8 (H, W, 3), weighted by the root of both areas: ``together``, the share of the pairs of
        one true colour (within CIEDE2000 5) that it has in one colour, and ``apart``, that of the pairs of other
        colours (20 or more) that it has 10 or more apart; each where there are such pairs."""
        pixels = picture.reshape(-1, 3)[self._at]
        rgb = np.stack([np.bincount(self._of, pixels[:, c], len(self._count)) for c in range(3)], 1)
        apart = self._differences(to_lab(np.rint(rgb / np.maximum(self._count, 1)[:, None]).astype(np.uint8)))
        judged = {"together": (self._same, apart < SAME), "apart": (self._other, apart >= PARTED)}
        return {
            name: float(np.average(right[pairs], weights=self._weight[pairs]))
            for name, (pairs, right) in judged.items()
            if pairs.any()
        }

    def _differences(self, lab: Floats) -> NDArray[np.float32]:
        return ciede2000(lab[self._a], lab[self._b])


class Depicted:
    """What skin, foliage, sky and white things there are in a drawing that is known to show some, and what is none."""

    def __init__(self, known: Truth, info: PairInfo) -> None:
        """Skin is judged where its colours have names, foliage in pictures of plants, foliage and sky in scenes, and
        what is white in every figure."""
        named, said = named_by(info.source), told(known.color, info)
        judged = {"skin": (SKIN, len(named.skin) > 0), "foliage": (FOLIAGE, grows(info) or named.shows == "scenes"),
                  "sky": (SKY, named.shows == "scenes"), "white": (WHITE, True)}  # fmt: skip
        self._masks: dict[str, tuple[Mask, Mask]] = {}
        for name, (number, known_here) in judged.items():
            within = known.off if name == "sky" else known.inside  # what was left white may have got a sky
            one, none = ((said[..., number] == value) & within for value in (1, 0))
            if known_here and one.sum() > _SOME * within.sum() and none.any():
                self._masks[name] = one, none

    def shown(self, picture: Image) -> dict[str, float]:
        """Of ``picture`` uint8 (H, W, 3) the share that has the colour of such things: ``skin`` of what is skin,
        ``not_skin`` of what is none, and so on; where the drawing shows some."""
        out: dict[str, float] = {}
        colors = {"skin": skin_colored, "foliage": leaf_colored, "sky": sky_colored, "white": white_colored}
        for name, (one, none) in self._masks.items():
            like = colors[name](picture)
            out |= {name: float(like[one].mean()), f"not_{name}": float(like[none].mean())}
        return out
