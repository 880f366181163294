"""Pixels of a layer, anywhere on the plane, in any of the colour spaces; conversion by way of sRGB.

Profiles are ids only: two spaces of one model and depth hold the same numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewash_krita.qt import QtCore

_TYPES = {"U8": "<u1", "U16": "<u2", "F16": "<f2", "F32": "<f4"}
_MOST = {"U8": 255, "U16": 65535}
_CHANNELS = {"RGBA": 4, "GRAYA": 2, "CMYKA": 5}
_LUMA = np.array([0.2126, 0.7152, 0.0722])

Floats = NDArray[np.float64]


class Space(NamedTuple):
    model: str
    depth: str
    profile: str

    @property
    def pixel_bytes(self) -> int:
        return _CHANNELS[self.model] * np.dtype(_TYPES[self.depth]).itemsize


class Plane:
    """Pixels by their place on the canvas; transparent wherever nothing was written."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._x = self._y = 0
        self._data = np.zeros((0, 0, space.pixel_bytes), np.uint8)

    def copy(self) -> Plane:
        twin = Plane(self.space)
        twin._x, twin._y, twin._data = self._x, self._y, self._data.copy()
        return twin

    def read(self, x: int, y: int, width: int, height: int) -> bytes:
        found = np.zeros((height, width, self.space.pixel_bytes), np.uint8)
        mine, theirs = self._shared(x, y, width, height)
        found[theirs] = self._data[mine]
        return found.tobytes()

    def write(self, data: bytes, x: int, y: int, width: int, height: int) -> None:
        self._reach(x, y, width, height)
        shape = (height, width, self.space.pixel_bytes)
        mine, _ = self._shared(x, y, width, height)
        self._data[mine] = np.frombuffer(data, np.uint8, int(np.prod(shape))).reshape(shape)

    def moved(self, dx: int, dy: int) -> None:
        self._x, self._y = self._x + dx, self._y + dy

    def converted(self, space: Space) -> Plane:
        twin = Plane(space)
        height, width = self._data.shape[:2]
        if width and height:
            pixels = from_rgba(to_rgba(self._data.tobytes(), self.space), space)
            twin.write(pixels, self._x, self._y, width, height)
        return twin

    def bounds(self) -> QtCore.QRect:
        """Of everything that is not fully transparent."""
        samples = np.frombuffer(self._data.tobytes(), _TYPES[self.space.depth])
        height, width = self._data.shape[:2]
        seen = samples.reshape(height, width, _CHANNELS[self.space.model])[..., -1] > 0
        if not seen.any():
            return QtCore.QRect(0, 0, 0, 0)
        rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        across, down = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
        return QtCore.QRect(self._x + int(columns[0]), self._y + int(rows[0]), int(across), int(down))

    def _shared(self, x: int, y: int, width: int, height: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """Where a rectangle lies in our data, and where our data lie in the rectangle."""
        down, across = self._data.shape[:2]
        left, right = max(x, self._x), max(x, self._x, min(x + width, self._x + across))
        top, bottom = max(y, self._y), max(y, self._y, min(y + height, self._y + down))
        mine = slice(top - self._y, bottom - self._y), slice(left - self._x, right - self._x)
        return mine, (slice(top - y, bottom - y), slice(left - x, right - x))

    def _reach(self, x: int, y: int, width: int, height: int) -> None:
        """Grow so that the rectangle lies within."""
        down, across = self._data.shape[:2]
        if not down or not across:
            self._x, self._y = x, y
        left, top = min(x, self._x), min(y, self._y)
        right, bottom = max(x + width, self._x + across), max(y + height, self._y + down)
        if (left, top, right - left, bottom - top) == (self._x, self._y, across, down):
            return
        grown = np.zeros((bottom - top, right - left, self.space.pixel_bytes), np.uint8)
        grown[self._y - top : self._y - top + down, self._x - left : self._x - left + across] = self._data
        self._x, self._y, self._data = left, top, grown


def to_rgba(data: bytes, space: Space) -> Floats:
    """n × 4 values of 0…1, straight alpha."""
    kind = np.dtype(_TYPES[space.depth])
    values = np.frombuffer(data, kind).reshape(-1, _CHANNELS[space.model]).astype(np.float64)
    if kind.kind == "u":
        values /= _MOST[space.depth]
    alpha = values[:, -1:]
    if space.model == "GRAYA":
        return np.concatenate([values[:, :1].repeat(3, 1), alpha], 1)
    if space.model == "CMYKA":
        inks = values if kind.kind == "u" else values / 100
        return np.concatenate([(1 - inks[:, :3]) * (1 - inks[:, 3:4]), alpha], 1)
    return values[:, [2, 1, 0, 3]] if kind.kind == "u" else values


def from_rgba(rgba: Floats, space: Space) -> bytes:
    """The other way round."""
    kind = np.dtype(_TYPES[space.depth])
    color, alpha = rgba[:, :3], rgba[:, 3:]
    if space.model == "GRAYA":
        values = np.concatenate([color @ _LUMA[:, None], alpha], 1)
    elif space.model == "CMYKA":
        black = 1 - color.max(1, keepdims=True)
        inks = 1 - color / np.maximum(1 - black, 1e-9)
        inks = np.concatenate([np.where(black < 1, inks, 0), black], 1)
        values = np.concatenate([inks if kind.kind == "u" else inks * 100, alpha], 1)
    else:
        values = rgba[:, [2, 1, 0, 3]] if kind.kind == "u" else rgba
    if kind.kind == "u":
        values = np.rint(values.clip(0, 1) * _MOST[space.depth])
    return values.astype(kind).tobytes()


def over(above: Floats, below: Floats) -> Floats:
    """Straight alpha, plain blending."""
    top, bottom = above[:, 3:], below[:, 3:]
    alpha = top + bottom * (1 - top)
    color = (above[:, :3] * top + below[:, :3] * bottom * (1 - top)) / np.maximum(alpha, 1e-9)
    return np.concatenate([color, alpha], 1)


def without(above: Floats, below: Floats) -> Floats:
    """What is left where the upper one erases."""
    return np.concatenate([below[:, :3], below[:, 3:] * (1 - above[:, 3:])], 1)
