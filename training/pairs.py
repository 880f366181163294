"""A finished picture to pairs of line art and colour, or the reason why it gives none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from . import vector
from .art import Picture
from .extract import denoise, extract
from .flats import contours, flats, near_line

Image = NDArray[np.uint8]
Kind = Literal["real", "whitened", "extracted"]

#: less ink than this is no drawing, more is a silhouette or a failed extraction
INK_SHARE = (0.01, 0.35)
#: the artist's own ink by whitening counts from here on; below, the drawing has no outlines
WHITENED_SHARE = (0.02, 0.35)
#: share of the colour borders that lie at a line: below it ink made white is not the drawing's outline, and extracted
#: lines have missed the drawing
WHITENED_FOLLOWS, EXTRACTED_FOLLOWS = 0.3, 0.5
#: how near a line has to be to a colour border to count as its line, px at 512
BESIDE = 6
#: two extracted lines are worth keeping both when they differ over this share of their ink
VARIANT_DIFFERENCE = 0.25
#: extracted lines are narrower than the ink: this far beside them (px at 512) what is darker by so many levels is ink
SOFT_EDGE, DARKER = 2.5, 10


@dataclass(frozen=True)
class Drawn:
    """One pair: `line` uint8 (H, W), 0 ink to 255 paper; `color` uint8 (H, W, 3) RGB on white; aligned."""

    line: Image
    color: Image
    kind: Kind


@dataclass(frozen=True)
class Dropped:
    """Why a picture gives no pair, in few words."""

    reason: str


def ink_share(line: Image) -> float:
    """The share of the picture that is ink, 0 to 1."""
    return float(1 - line.mean() / 255)


def follows(line: Image, flat: Image) -> float:
    """The share of the colour borders of `flat` that have a line of `line` beside them, 0 to 1; 1 without borders."""
    borders = contours(flat)
    reach = 2 * round(BESIDE * max(line.shape) / 512) + 1
    beside = cv2.erode(line, np.ones((reach, reach), np.uint8)) < 200
    return float(beside[borders].mean()) if borders.any() else 1.0


def seed_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def draw(picture: Picture, long_side: int) -> list[Drawn] | Dropped:
    """The pairs of one picture, `long_side` px at most: mostly one, two where two extractors see it differently."""
    rng = np.random.default_rng(seed_of(picture.id))
    try:
        way = _draw_svg if picture.path.suffix.lower() == ".svg" else _draw_raster
        drawn = way(picture, long_side, rng)
    except vector.NoLineArt as error:
        return Dropped(str(error))
    if isinstance(drawn, Dropped):
        return drawn
    trimmed = _trim(drawn)
    if all(ink_share(pair.line) < INK_SHARE[0] for pair in trimmed):
        return Dropped("hardly any line")
    if all(ink_share(pair.line) > INK_SHARE[1] for pair in trimmed):
        return Dropped("mostly ink")
    kept = [pair for pair in trimmed if INK_SHARE[0] <= ink_share(pair.line) <= INK_SHARE[1]]
    if not kept:
        return Dropped("hardly any line")
    if min(kept[0].line.shape) < 64:
        return Dropped("too small")
    if _is_colourless(kept[0]):
        return Dropped("no colour")
    return _distinct(kept)


def _draw_svg(picture: Picture, long_side: int, rng: Generator) -> list[Drawn] | Dropped:
    root = vector.parse(picture.path.read_text(encoding="utf-8", errors="replace"))
    source = picture.source
    if source.line == "group":
        return [_by_groups(root, long_side, rng)]
    color = vector.render(root, long_side)[..., :3]
    if source.line == "whiten":
        try:
            line = _gray(vector.render(vector.whiten(root, source.ink_below), long_side)[..., :3])
        except vector.NoLineArt:
            line = np.full(color.shape[:2], 255, np.uint8)
        share = ink_share(_trim([Drawn(line, color, "whitened")])[0].line)
        if share > WHITENED_SHARE[1]:
            return Dropped("mostly ink")
        if share >= WHITENED_SHARE[0] and follows(line, flats(color, line)) >= WHITENED_FOLLOWS:
            return [Drawn(line, color, "whitened")]
    return _extracted(picture, color, rng)


def _by_groups(root: Element, long_side: int, rng: Generator) -> Drawn:
    lines, colors = vector.split_groups(root, stroke_scale=float(rng.uniform(0.3, 1.1)))
    line = vector.render(lines, long_side, background=None)
    color = vector.render(colors, long_side)
    if line.shape != color.shape:
        raise vector.NoLineArt("misaligned")
    alpha = line[..., 3:].astype(np.float32) / 255
    ink = 255 - alpha[..., 0] * (255 - line[..., :3].max(axis=2))
    return Drawn(ink.round().astype(np.uint8), np.ascontiguousarray(color[..., :3]), "real")


def _gray(rgb: Image) -> Image:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def _draw_raster(picture: Picture, long_side: int, rng: Generator) -> list[Drawn] | Dropped:
    color = _sized(read(picture.path), long_side)
    if picture.line_path is not None:
        line = _gray(read(picture.line_path))
        line = np.asarray(cv2.resize(line, color.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
        return [Drawn(line, color, "real")]
    return _extracted(picture, color, rng)


def read(path: object) -> Image:
    """A raster file on white, uint8 (H, W, 3) RGB; raises `vector.NoLineArt` when it is damaged."""
    pixels = cv2.imdecode(np.fromfile(str(path), np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise vector.NoLineArt("damaged")
    if pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:].astype(np.float32) / 255
        pixels = (pixels[..., :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def _sized(rgb: Image, long_side: int) -> Image:
    """Shrinks to `long_side`; a tiny picture is doubled at most, more would only be blur."""
    scale = min(long_side / max(rgb.shape[:2]), 2.0)
    size = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, size, interpolation=way), np.uint8)


def _extracted(picture: Picture, color: Image, rng: Generator) -> list[Drawn] | Dropped:
    if not picture.source.extract:
        return Dropped("no line layer")
    clean = denoise(color)
    lines = [extract(clean, method, picture.source, rng) for method in picture.source.extract]
    without_ink = _without_ink(color, np.minimum.reduce(lines))
    drawn = [line for line in lines if follows(line, without_ink) >= EXTRACTED_FOLLOWS]
    return [Drawn(line, without_ink, "extracted") for line in drawn] or Dropped("lines miss the drawing")


def _without_ink(color: Image, line: Image) -> Image:
    """The colours without the ink that extraction has left beside its lines: what is darker there than farther off.

    Where lines lie so close that little of the drawing is farther off, the colours stay.
    """
    drawing = color.min(axis=2) < 245
    near = near_line(line, SOFT_EDGE) & drawing
    if near.sum() > 0.5 * drawing.sum():
        return color
    out = flats(color, line, SOFT_EDGE)
    is_ink = _gray(color).astype(np.int16) < _gray(out).astype(np.int16) - DARKER
    keep = ~near_line(line) & ~is_ink
    out[keep] = color[keep]
    return out


def _trim(pairs: list[Drawn]) -> list[Drawn]:
    """Cuts blank paper off, but for a margin of 4 %; all pairs of one picture alike."""
    marked = pairs[0].color.min(axis=2) < 245
    for pair in pairs:
        marked |= pair.line < 250
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return pairs
    margin = max(4, round(0.04 * max(marked.shape)))
    down = slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1)
    across = slice(max(0, int(columns[0]) - margin), int(columns[-1]) + margin + 1)
    cut = np.ascontiguousarray
    return [Drawn(cut(pair.line[down, across]), cut(pair.color[down, across]), pair.kind) for pair in pairs]


def _is_colourless(pair: Drawn) -> bool:
    """Neither colour nor shade off the lines: there is nothing to learn but paper."""
    off = cv2.erode(pair.line, np.ones((3, 3), np.uint8)) > 200
    return float((pair.color[off].min(axis=-1) < 235).mean()) < 0.02 if off.any() else True


def _distinct(pairs: list[Drawn]) -> list[Drawn]:
    if len(pairs) < 2:
        return pairs
    first, second = (pair.line < 128 for pair in pairs[:2])
    union = int((first | second).sum())
    near = cv2.dilate(first.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    far = cv2.dilate(second.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    differing = int((second & ~near).sum() + (first & ~far).sum())
    return pairs[:2] if union and differing / union >= VARIANT_DIFFERENCE else pairs[:1]
