"""Selections."""
# ruff: noqa: N802

from __future__ import annotations

import numpy as np

from linewash_krita.qt import QtCore


class Selection(QtCore.QObject):
    """How much of each pixel is selected, 0…255."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[tuple[int, int, int, int, int]] = []

    def select(self, x: int, y: int, width: int, height: int, value: int) -> None:
        self._parts.append((x, y, width, height, value))

    def clear(self) -> None:
        self._parts.clear()

    def _bounds(self) -> QtCore.QRect:
        whole = QtCore.QRect()
        for x, y, width, height, value in self._parts:
            if value:
                whole = whole.united(QtCore.QRect(x, y, width, height))
        return whole

    def x(self) -> int:
        return self._bounds().x()

    def y(self) -> int:
        return self._bounds().y()

    def width(self) -> int:
        return self._bounds().width()

    def height(self) -> int:
        return self._bounds().height()

    def pixelData(self, x: int, y: int, width: int, height: int) -> QtCore.QByteArray:
        data = np.zeros((height, width), np.uint8)
        for left, top, across, down, value in self._parts:
            rows = slice(max(0, top - y), max(0, top - y + down))
            data[rows, max(0, left - x) : max(0, left - x + across)] = value
        return QtCore.QByteArray(data.tobytes())
