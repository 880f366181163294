"""Pixels in the order that Krita keeps them in, done by Qt in C++: there is no NumPy inside Krita.

Krita's RGBA of 8 and 16 bit is B, G, R, A in memory; ours is R, G, B, A. Alpha is straight in both.
"""

from __future__ import annotations

from typing import Any

from .linewash.pictures import Picture
from .qt import QtGui

_ROW = 4096  # bytes a row when a plane of bytes is looked at as a picture; any width does
_INVERTED = bytes(range(255, -1, -1))  # these three are tables for bytes.translate
_SOFT = bytes([*range(255), 0])
_HARD = bytes([*[0] * 255, 255])


def swapped(pixels: Any, width: int, height: int, depth: int = 8) -> bytes:
    """R, G, B, A to B, G, R, A or back; ``depth``: 8 or 16. ``pixels``: any buffer of width × height × 4 samples, of
    which Qt would read as many whatever it is given. Raises `ValueError` for another length."""
    if not width or not height:
        return b""
    row = width * 4 * (depth // 8)
    formats = QtGui.QImage.Format
    data: Any = memoryview(pixels)
    if data.nbytes != row * height:
        raise ValueError(f"{width} × {height} pixels of {depth} bit are {row * height} bytes, not {data.nbytes}")
    if depth == 16:
        image = QtGui.QImage(data, width, height, row, formats.Format_RGBA64).rgbSwapped()
    else:
        image = QtGui.QImage(data, width, height, row, formats.Format_RGBA8888)
        image = image.convertToFormat(formats.Format_ARGB32)
    return _bytes(image)


def opaque(gray: Any, depth: int) -> bytes:
    """Grey samples, any buffer, 8 or 16 bit, as opaque pixels of four samples; in Krita's order and in ours."""
    size, samples = depth // 8, bytes(gray)
    pixels = bytearray(b"\xff" * (4 * len(samples)))
    for byte in range(size):
        for color in range(3):
            pixels[color * size + byte :: 4 * size] = samples[byte::size]
    return bytes(pixels)


def rgba(layer: Picture) -> Picture:
    """A grey layer as "rgba"; any other as it is."""
    if layer.channels != "gray":
        return layer
    return Picture(layer.width, layer.height, "rgba", layer.depth, opaque(layer.bytes, layer.depth))


def cut(layer: Picture, mask: Picture, x: int, y: int) -> Picture:
    """The layer with its alpha multiplied by the mask; colours, and alpha where the mask is 255, stay exactly as they
    are. ``layer``: "rgba" of 8 or 16 bit, its corner at ``x``, ``y`` of ``mask`` ("gray", 8 bit, canvas-sized), where
    it must lie within."""
    pixels = bytearray(layer.bytes)
    step, multiply = layer.depth // 2, QtGui.QPainter.CompositionMode.CompositionMode_Multiply
    weights = _crop(mask, x, y, layer.width, layer.height)
    for byte in range(step - layer.depth // 8, step):
        # Of 16 bits both bytes are scaled alike: exact for a mask of 0 and 255, within 1/256 on its soft edge.
        pixels[byte::step] = _combined(pixels[byte::step], weights, multiply)
    return Picture(layer.width, layer.height, layer.channels, layer.depth, pixels)


def replaced_by(layer: Picture, mask: Picture, x: int, y: int, bounds: tuple[int, int, int, int]) -> Picture:
    """How much of what was there must go before ``cut`` of the layer is put over it: black, "rgba", 8 bit, with that as
    alpha, of the size of ``bounds`` (x, y, width, height of a part of ``mask``). Arguments as for `cut`.

    All where the mask is 255. On its soft edge none where the layer is opaque, for the edge must not become a gap.
    """
    left, top, width, height = bounds
    weights = _crop(mask, left, top, width, height)
    alphas = layer.bytes[layer.depth // 2 - 1 :: layer.depth // 2].tobytes().translate(_INVERTED)
    uncovered = _window(alphas, (x, y, layer.width, layer.height), bounds)
    soft = _combined(weights.translate(_SOFT), uncovered, QtGui.QPainter.CompositionMode.CompositionMode_Multiply)
    gone = _combined(soft, weights.translate(_HARD), QtGui.QPainter.CompositionMode.CompositionMode_Plus)
    pixels = bytearray(width * height * 4)
    pixels[3::4] = gone
    return Picture(width, height, "rgba", 8, pixels)


def bounds_of(mask: Picture) -> tuple[int, int, int, int] | None:
    """x, y, width, height of what is not 0 in a "gray" picture of 8 bit; ``None``: nothing is."""
    width, data = mask.width, bytes(mask.bytes)
    first = len(data) - len(data.lstrip(b"\0"))
    if first == len(data):
        return None
    top, bottom = first // width, (len(data.rstrip(b"\0")) - 1) // width
    rows = [data[row * width : (row + 1) * width] for row in range(top, bottom + 1)]
    left = min(width - len(row.lstrip(b"\0")) for row in rows)
    right = max(len(row.rstrip(b"\0")) for row in rows)
    return left, top, right - left, bottom - top + 1


def _bytes(image: QtGui.QImage) -> bytes:
    """An image's packed rows."""
    pointer = image.constBits()
    assert pointer is not None
    pointer.setsize(image.sizeInBytes())
    return bytes(pointer.asstring())


def _crop(mask: Picture, x: int, y: int, width: int, height: int) -> bytes:
    if (x, y, width, height) == (0, 0, mask.width, mask.height):
        return bytes(mask.bytes)
    data = mask.bytes
    return b"".join(data[row * mask.width + x :][:width] for row in range(y, y + height))


def _window(plane: bytes, has: tuple[int, int, int, int], wants: tuple[int, int, int, int]) -> bytes:
    """The part ``wants`` (x, y, width, height) of a plane of bytes that lies at ``has``; 255 where there is none."""
    left, top, width, height = wants
    x, y, across, down = has
    start, end = max(left, x), min(left + width, x + across)
    rows = []
    for row in range(top, top + height):
        if y <= row < y + down and start < end:
            first = (row - y) * across - x
            rows.append(b"\xff" * (start - left) + plane[first + start : first + end] + b"\xff" * (left + width - end))
        else:
            rows.append(b"\xff" * width)
    return b"".join(rows)


def _combined(plane: bytes | bytearray, other: bytes, mode: QtGui.QPainter.CompositionMode) -> bytes:
    """Two planes of bytes, combined byte by byte as Qt combines opaque greys."""
    size = len(plane)
    rows = -(-size // _ROW)
    below, above = bytes(plane).ljust(rows * _ROW, b"\0"), other.ljust(rows * _ROW, b"\0")
    gray = QtGui.QImage.Format.Format_Grayscale8
    painted = QtGui.QImage(below, _ROW, rows, _ROW, gray).copy()
    painter = QtGui.QPainter(painted)
    painter.setCompositionMode(mode)
    painter.drawImage(0, 0, QtGui.QImage(above, _ROW, rows, _ROW, gray))
    painter.end()
    return _bytes(painted)[:size]
