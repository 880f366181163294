"""Greyscale pictures: L is the picture's own at every pixel, a and b are a model's, with strokes as law.

The model paints at its working size; its colours are smoothed along the edges of L, drawn towards the strokes, and
enlarged along the edges of L, band by band.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from linewash.contract import Notice, Options, Role

from ..generator import Tinter
from .edgewise import enlarged, guided
from .encoding import encoded_lab
from .exactlab import Floats, to_srgb
from .greyhints import Emptied, law, read_grey_strokes, resized, stroked
from .greypicture import GreyPicture
from .layers import Stack
from .pixels import Pixels, bands, eight_bit
from .prepare import working_size

LAYERS: tuple[Role, ...] = ("color", "composite")
_UNASKED = Options().layers
_BAND = 1 << 17  # pixels: the many planes of a band that is so small stay in the processor's cache


@dataclass(frozen=True)
class Tint:
    """What is laid over a picture, at its working size: ``planes`` float32 (h, w, 2 or 3), a, b and, where the style
    moves L, by how much. ``hints``: the full-size layer or None; ``strokes``: whether it holds any."""

    planes: Floats
    hints: Pixels | None
    emptied: Emptied
    strokes: bool


def tint(tinter: Tinter, picture: GreyPicture, hints: Pixels | None, emptied: Emptied, options: Options) -> Tint:
    """The colours of ``picture``. ``hints``: uint8 or uint16 (H, W, 2 | 4), or None; ``emptied``: which of uint16
    (n, 3) sRGB colours leave what is under them grey."""
    strokes = read_grey_strokes(hints, picture.small.shape, emptied)
    h, w = working_size(*picture.shape, tinter.long_side, tinter.multiple)
    light = np.asarray(cv2.resize(picture.small, (w, h), interpolation=cv2.INTER_AREA), np.float32)
    painted = tinter.tint(light, strokes.hints(h, w), options)
    painted[..., 0] = options.lightness * (painted[..., 0] - light)
    painted[..., 1:] *= options.strength
    planes = guided(resized(np.ascontiguousarray(painted), *picture.small.shape), picture.small)
    ab = strokes.spread(planes[..., 1:], picture.barrier)
    moved = [planes[..., :1]] if planes[..., 0].any() else []
    return Tint(np.concatenate([ab, *moved], 2), hints, emptied, bool(len(strokes.colors)))


def build_grey(picture: GreyPicture, tint: Tint, options: Options, report: Callable[[float], None]) -> Stack:
    """The layers that ``options`` ask for, of `LAYERS`. ``report``: told the share of the rows that are done."""
    asked = ("color",) if options.layers == _UNASKED else options.layers
    stack = Stack([], [], [])
    if not set(asked) <= set(LAYERS):
        text = f"A greyscale picture has the layers {' and '.join(LAYERS)}, and no others."
        stack.notices.append(Notice("layer_unavailable", text))
    made = [role for role in LAYERS if role in asked]
    if not made:
        return stack
    whole = _colored(picture, tint, options, report, covered="color" in made or picture.alpha is not None)
    if "color" in made:
        stack.add("Color", "color", "color", "rgba" if options.space == "rgb" else "laba", whole)
    if "composite" in made:
        if picture.alpha is None and whole.shape[2] == 4:
            whole = np.ascontiguousarray(whole[..., :3])
        name = options.space if whole.shape[2] == 3 else "rgba" if options.space == "rgb" else "laba"
        stack.add("Composite", "composite", "normal", name, whole)
    return stack


def _colored(
    picture: GreyPicture, tint: Tint, options: Options, report: Callable[[float], None], covered: bool
) -> Pixels:
    """The coloured picture, (H, W, 3), or 4 when it is ``covered``: with alpha."""
    most = 255 if options.depth == 8 else 65535
    height, width = picture.shape
    out: Pixels = np.empty((height, width, 4 if covered else 3), np.uint8 if options.depth == 8 else np.uint16)
    for top, bottom in bands(height, width, pixels=_BAND):
        report(top / height)
        rows = out[top:bottom]
        lab = _band(picture, tint, top, bottom)
        if options.space == "rgb":
            rows[..., :3] = np.rint(to_srgb(lab) * np.float32(most))
        else:
            rows[..., :3] = encoded_lab(lab, "lab", options.depth)
        if covered:
            rows[..., 3] = most if picture.alpha is None else _as_deep(picture.alpha[top:bottom], options.depth)
    return out


def _band(picture: GreyPicture, tint: Tint, top: int, bottom: int) -> Floats:
    """Lab of some rows, float32 (rows, W, 3)."""
    light = picture.rows(top, bottom)
    planes = enlarged(tint.planes, picture.small, light, picture.shape[0], top)
    if planes.shape[2] == 3:
        light = np.clip(light + planes[..., 2], 0, 100)
    lab = cv2.merge([light, *cv2.split(planes)[:2]])
    if tint.hints is not None:
        band = tint.hints[top:bottom]
        on = stroked(band)
        if on.any():
            lab[on, 1:] = law(band, on, tint.emptied)
    return np.asarray(lab, np.float32)


def _as_deep(alpha: Pixels, depth: int) -> Pixels:
    """Samples of 8 or 16 bits as such of ``depth`` bits."""
    if alpha.dtype.itemsize * 8 == depth:
        return alpha
    return alpha.astype(np.uint16) * np.uint16(257) if depth == 16 else eight_bit(alpha)
