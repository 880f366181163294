"""Small pictures of results for the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .linewash.contract import Blend
from .linewash.pictures import PaintedLayer, Picture
from .qt import Qt, QtGui

SIDE = 128  # px of the longer side

_MODES = {
    "normal": QtGui.QPainter.CompositionMode.CompositionMode_SourceOver,
    "multiply": QtGui.QPainter.CompositionMode.CompositionMode_Multiply,
    "screen": QtGui.QPainter.CompositionMode.CompositionMode_Screen,
}
_KINDS = {
    ("rgba", 8): QtGui.QImage.Format.Format_RGBA8888,
    ("rgba", 16): QtGui.QImage.Format.Format_RGBA64,
    ("gray", 8): QtGui.QImage.Format.Format_Grayscale8,
    ("gray", 16): QtGui.QImage.Format.Format_Grayscale16,
}


@dataclass(frozen=True)
class Thumbnail:
    """``pixels``: RGBA, 8 bit, straight alpha, packed rows."""

    width: int
    height: int
    pixels: bytes


def thumbnail(lineart: Picture, layers: tuple[PaintedLayer, ...]) -> Thumbnail:
    """``layers`` (bottom to top) on white with ``lineart`` multiplied over them, the longer side `SIDE` px."""
    scale = min(1.0, SIDE / max(lineart.width, lineart.height))
    size = max(1, round(lineart.width * scale)), max(1, round(lineart.height * scale))
    canvas = QtGui.QImage(*size, QtGui.QImage.Format.Format_RGBA8888)
    canvas.fill(Qt.GlobalColor.white)
    painter = QtGui.QPainter(canvas)
    for layer in layers:
        if layer.blend in _MODES:
            _draw(painter, layer.picture, layer.blend, scale, layer.x, layer.y)
    _draw(painter, lineart, "multiply", scale, 0, 0)
    painter.end()
    bits = canvas.constBits()
    stride, row = canvas.bytesPerLine(), size[0] * 4
    raw = bytes(bits.asstring(stride * size[1]))
    return Thumbnail(*size, b"".join(raw[y * stride : y * stride + row] for y in range(size[1])))


def _draw(painter: QtGui.QPainter, picture: Picture, blend: Blend, scale: float, x: int, y: int) -> None:
    kind = _KINDS[picture.channels, picture.depth]
    pixels: Any = picture.bytes  # PyQt takes any buffer, which its types don't tell
    image = QtGui.QImage(pixels, picture.width, picture.height, picture.plane().nbytes // picture.height, kind)
    width, height = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    small = image.scaled(
        width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    painter.setCompositionMode(_MODES[blend])
    painter.drawImage(round(x * scale), round(y * scale), small)
