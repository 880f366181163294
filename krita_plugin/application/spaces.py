"""Colour spaces: pixels from any of Krita's to sRGB and back, by Krita itself.

A layer is converted by Krita in a hidden document: on a layer of the artist's document, even on a copy that was never
added to it, the conversion would become an undo step of theirs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..qt import QtCore

SRGB_PROFILE = "sRGB-elle-V2-srgbtrc.icc"
STRIP = 1 << 19  # pixels to convert in one step: 40 to 150 ms, as the space is
STRIP_PLAIN = 1 << 21  # pixels to copy in one step
_SAMPLE_BYTES = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}
_CHANNELS = {"RGBA": 4, "GRAYA": 2, "CMYKA": 5, "LABA": 4, "XYZA": 4, "YCbCrA": 4, "A": 1}


class Space(NamedTuple):
    """Krita's ids: a model such as "CMYKA", a depth such as "U16", the name of a profile."""

    model: str
    depth: str
    profile: str

    @property
    def pixel_bytes(self) -> int:
        return _CHANNELS.get(self.model, 4) * _SAMPLE_BYTES.get(self.depth, 4)


SRGB8 = Space("RGBA", "U8", SRGB_PROFILE)
SRGB16 = Space("RGBA", "U16", SRGB_PROFILE)


def space_of(thing: Any) -> Space:
    """Of a document or a layer of Krita's."""
    return Space(thing.colorModel(), thing.colorDepth(), thing.colorProfile())


def id_of(document: Any) -> str:
    """The unique id of the root layer, made anew whenever a file is opened; "" while it loads and once it is closed."""
    root = document.rootNode()
    return "" if root is None else str(root.uniqueId().toString())


class Bench:
    """A hidden document to convert pixels and to build layers in. `close` it.

    One pixel large as a rule: layers may reach beyond their document, and so Krita has nothing to compose.
    """

    def __init__(self, krita: Any, space: Space, size: tuple[int, int] = (1, 1)) -> None:
        self.krita, self.space = krita, space
        self.document = krita.createDocument(*size, "Linewash", *space, 72.0)
        self.document.setBatchmode(True)

    def new_layer(self, name: str) -> Any:
        """An empty paint layer of the bench's space, not yet anywhere."""
        return self.document.createNode(name, "paintlayer")

    def converted(self, pixels: Any, width: int, height: int, source: Space, target: Space) -> Any:
        """A QByteArray of width × height pixels of ``source`` as one of ``target``."""
        if source == target:
            return pixels
        node = self.document.createNode("strip", "paintlayer")
        node.setColorSpace(*source)
        node.setPixelData(pixels, 0, 0, width, height)
        node.setColorSpace(*target)
        return node.pixelData(0, 0, width, height)

    def close(self) -> None:
        if id_of(self.document):  # or Krita, which is quitting, has closed it already
            self.document.setModified(False)
            self.document.close()


def transparent(pixel_count: int, space: Space) -> Any:
    """A QByteArray of empty pixels: zero is transparent in each of Krita's spaces."""
    return QtCore.QByteArray(pixel_count * space.pixel_bytes, b"\0")
