"""What `bench.mask` does inside Krita; see tests/editors/krita/run.py for what a script is."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from krita import ManagedColor
from PyQt5.QtCore import QByteArray
from PyQt5.QtGui import QImage

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "editors" / "krita" / "scripts"))

from artist import SRGB, write


def colorize(stage: Any) -> Any:
    """Writes to ``out`` the drawing ``line`` under a Colorize Mask: each colour of ``hints`` is a key stroke."""
    line, hints = QImage(stage.args["line"]), QImage(stage.args["hints"])
    width, height = line.width(), line.height()
    document = stage.app.createDocument(width, height, "mask", "RGBA", "U8", SRGB, 120.0)
    document.setBatchmode(True)
    for layer in document.rootNode().childNodes():
        layer.remove()
    drawing = document.createNode("Line", "paintlayer")
    document.rootNode().addChildNode(drawing, None)
    write(drawing, line.convertToFormat(QImage.Format.Format_ARGB32))
    mask = document.createColorizeMask("Colours")
    drawing.addChildNode(mask, None)
    yield
    document.waitForDone()
    mask.setEditKeyStrokes(True)
    mask.setCleanUpAmount(stage.args["clean_up"])
    strokes = _strokes(hints.convertToFormat(QImage.Format.Format_RGBA8888))
    colors = {rgb: _managed(rgb) for rgb in strokes}
    mask.initializeKeyStrokeColors(list(colors.values()))
    for rgb, plane in strokes.items():
        if not mask.setKeyStrokePixelData(QByteArray(plane), colors[rgb], 0, 0, width, height):
            raise AssertionError(f"Krita refused the stroke in {rgb}")
    began = time.perf_counter()
    mask.updateMask(True)
    yield
    document.waitForDone()
    mask.setEditKeyStrokes(False)
    mask.setShowOutput(True)
    document.waitForDone()
    document.refreshProjection()
    document.waitForDone()
    stage.result["seconds"] = time.perf_counter() - began
    shown = bytes(document.pixelData(0, 0, width, height))
    if not QImage(shown, width, height, 4 * width, QImage.Format.Format_ARGB32).save(stage.args["out"]):
        raise OSError(f"{stage.args['out']} can't be written")
    document.setModified(False)
    document.close()


def _strokes(hints: QImage) -> dict[tuple[int, int, int], bytes]:
    """By colour (RGB), a plane of bytes, 255 where the hints have it."""
    pointer: Any = hints.constBits()
    pointer.setsize(hints.sizeInBytes())
    pixels, row = bytes(pointer), hints.bytesPerLine()
    found: dict[tuple[int, int, int], bytearray] = {}
    for y in range(hints.height()):
        line = pixels[y * row : y * row + 4 * hints.width()]
        for x, alpha in enumerate(line[3::4]):
            if alpha > 127:
                rgb = line[4 * x], line[4 * x + 1], line[4 * x + 2]
                found.setdefault(rgb, bytearray(hints.width() * hints.height()))[y * hints.width() + x] = 255
    return {rgb: bytes(plane) for rgb, plane in found.items()}


def _managed(rgb: tuple[int, int, int]) -> Any:
    color = ManagedColor("RGBA", "U8", "")
    color.setComponents([rgb[2] / 255, rgb[1] / 255, rgb[0] / 255, 1.0])
    return color
