"""Tiny pairs of line art and colours, drawn here."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash_training import pack as packs
from linewash_training.pack import Encoded, Pack, PairInfo

Image = NDArray[np.uint8]

RED, BLUE, GREEN, PAPER = (210, 60, 50), (50, 80, 200), (70, 170, 80), (255, 255, 255)


def rooms(side: int = 256) -> tuple[Image, Image]:
    """(color, line): a frame on paper, closed, with a red, a blue and a green room side by side; ink 3 px wide."""
    line = np.full((side, side), 255, np.uint8)
    color = np.full((side, side, 3), 255, np.uint8)
    low, high = side // 8, side * 7 // 8
    walls = [low, low + (high - low) // 3, low + 2 * (high - low) // 3, high]
    for left, right, paint in zip(walls, walls[1:], (RED, BLUE, GREEN), strict=False):
        color[low:high, left:right] = paint
        cv2.rectangle(line, (left, low), (right, high), 0, 3)
    color[line < 255] = 0
    return color, line


def swapped(color: Image) -> Image:
    """``color`` with red and blue changed for each other."""
    out = color.copy()
    out[(color == RED).all(-1)] = BLUE
    out[(color == BLUE).all(-1)] = RED
    return out


def stroke(line: Image, at: tuple[int, int], paint: tuple[int, int, int], hints: Image | None = None) -> Image:
    """A dab of 5 x 5 px at (x, y), on ``hints`` or alone; uint8 (H, W, 4)."""
    out = np.zeros((*line.shape, 4), np.uint8) if hints is None else hints.copy()
    x, y = at
    out[y - 2 : y + 3, x - 2 : x + 3] = (*paint, 255)
    return out


def small_pack(path: Path) -> Pack:
    """Three held-out pairs of two kinds, and one that is not held out."""
    pairs = []
    for number, kind in enumerate(("real", "real", "extracted", "real")):
        color, line = rooms(128 + 16 * number)
        split = "train" if number == 3 else "held"
        info = PairInfo(f"drawn/{number}", "drawn", f"{number}", kind, split, 1.0, line.shape[1], line.shape[0])
        pairs.append((info, Encoded(packs.encode_line(line), packs.encode_color(color))))
    packs.write(path, pairs)
    return Pack.open(path)
