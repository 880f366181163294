"""Which regions of a finished drawing are somebody's skin, as far as its colours tell.

Flat art has skin in a few colours that are used for nothing else; `sources.toml` names them. Of painted portraits
whatever has the colour of skin is taken for it. Elsewhere that may be wood, fur or sand: nothing is known of it, nor of
yellow faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from linewash_daemon.colorist.lab import difference
from linewash_daemon.networks.skin_reader import TONES

from .augment import skin_colored
from .flats import Image, Mask
from .pack import Pack
from .samples import to_lab
from .sources import PAINTED, read_sources

_NEAR = 8  # of 255, in each channel: so far a region's mean may be from a named colour
_ONE = 0.6  # of a region in one colour, and of a basin that is skin
_NONE = 0.7  # of a basin that is surely no skin
_HUES = (40.0, 80.0)  # degrees
_ALIKE = 5.0  # ΔE
_FACE = (215, 180, 150)  # of 255: yellow faces have more red, more green, and less blue


@dataclass(frozen=True)
class Tones:
    """What skin is like in a source: ``named``, uint8 (t, 3) RGB, or whatever has the colour of skin (``painted``)."""

    named: NDArray[np.uint8]
    painted: bool = False


@cache
def tones_of(source: str) -> Tones:
    found = read_sources().get(source)
    told = found.skin if found else ()
    named = [list(bytes.fromhex(tone[1:])) for tone in told if tone != PAINTED]
    return Tones(np.array(named, np.uint8).reshape(-1, 3), PAINTED in told)


def skin_tones(pack: Pack) -> NDArray[np.float32]:
    """Tones for skin that nothing is known of: float32 (`TONES`, 3) Lab, those of the sources to learn from that are of
    neither a red nor a yellow hue, one of those that are alike, 0 where there are fewer."""
    sources = dict.fromkeys(pack.infos[index].source for index in pack.indices("train"))
    named = np.concatenate([tones_of(source).named for source in sources])
    lab = to_lab(named[None])[0] if len(named) else np.zeros((0, 3), np.float32)
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    out = np.zeros((TONES, 3), np.float32)
    count = 0
    for tone in lab[(hue > _HUES[0]) & (hue < _HUES[1])]:
        if count < TONES and (difference(tone[None], out[:count]) > _ALIKE).all():
            out[count], count = tone, count + 1
    return out


def told_apart(color: Image, tones: Tones) -> tuple[Mask, Mask]:
    """Of uint8 (H, W, 3) RGB which pixels are skin, and which are surely none; both bool (H, W)."""
    like = skin_colored(color)
    skin = like & tones.painted
    for tone in tones.named.astype(np.int16):
        skin |= np.abs(color.astype(np.int16) - tone).max(2) <= _NEAR
    yellow = (color[..., 0] > _FACE[0]) & (color[..., 1] > _FACE[1]) & (color[..., 2] < _FACE[2])
    return skin, ~skin & ~yellow & ~like


def skin_of(
    colors: NDArray[np.uint8], shares: NDArray[np.float32], pixels: NDArray[np.float32], basin: NDArray[np.int32],
    tones: Tones,
) -> NDArray[np.int8]:  # fmt: skip
    """For each region whether its basin is skin: 1, none: 0, or unknown: -1, int8 (n,). ``colors``, ``shares``,
    ``pixels``, ``basin``: as `graphs.Drawing` has them; ``tones``: see `tones_of`."""
    skin, other = told_apart(colors[None, :, 0], tones)
    known = shares[:, 0] > _ONE
    skin, other = known & skin[0], known & other[0]
    weight = pixels.astype(np.float64) + 1e-6
    of_basin = np.bincount(basin, weight)
    is_skin = np.bincount(basin, weight * skin) > _ONE * of_basin
    is_other = np.bincount(basin, weight * other) > _NONE * of_basin
    return np.where(is_skin, 1, np.where(is_other, 0, -1)).astype(np.int8)[basin]
