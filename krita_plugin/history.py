"""Earlier results of a document, packed small, so that any of them can be applied again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from .linewash.contract import Blend, Channels, Role
from .linewash.pictures import PaintedLayer, Picture, Result
from .thumbnail import Thumbnail

MAX_ENTRIES = 24
MAX_BYTES = 256 * 1024 * 1024  # of packed pixels, over all documents; the newest entry is kept whatever its size


@dataclass(frozen=True)
class PackedLayer:
    """A `PaintedLayer` whose pixels are packed by zlib: flat colours take about a hundredth of their size."""

    name: str
    role: Role
    blend: Blend
    width: int
    height: int
    channels: Channels
    depth: int
    x: int
    y: int
    opacity: float
    data: bytes

    @classmethod
    def of(cls, layer: PaintedLayer) -> PackedLayer:
        picture = layer.picture
        measures = (picture.width, picture.height, picture.channels, picture.depth, layer.x, layer.y, layer.opacity)
        return cls(layer.name, layer.role, layer.blend, *measures, zlib.compress(picture.bytes, 1))

    def unpacked(self) -> PaintedLayer:
        picture = Picture(self.width, self.height, self.channels, self.depth, zlib.decompress(self.data))
        return PaintedLayer(self.name, self.role, self.blend, picture, self.x, self.y, self.opacity)


@dataclass(frozen=True)
class Entry:
    """One result; ``size`` is the document's when it was made, ``frame`` the frame it was made for, if any.
    ``live``: it followed the strokes, and gives way to the next one that does."""

    key: int
    caption: str
    size: tuple[int, int]
    frame: int | None
    live: bool
    layers: tuple[PackedLayer, ...]
    thumbnail: Thumbnail

    @property
    def nbytes(self) -> int:
        return sum(len(layer.data) for layer in self.layers)


class History:
    """The entries of one document, oldest first. `add` may be called from another thread than the rest."""

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] = ()

    @property
    def nbytes(self) -> int:
        return sum(entry.nbytes for entry in self.entries)

    def find(self, key: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def add(self, entry: Entry, room: int = MAX_BYTES) -> None:
        """Keep ``entry``, and of the older ones the newest that fit into ``room`` bytes."""
        older_ones = self.entries[:-1] if entry.live and self.entries and self.entries[-1].live else self.entries
        kept: list[Entry] = [entry]
        for older in reversed(older_ones[-MAX_ENTRIES + 1 :]):
            if sum(e.nbytes for e in kept) + older.nbytes > room:
                break
            kept.append(older)
        self.entries = tuple(reversed(kept))


def pack(result: Result) -> tuple[PackedLayer, ...]:
    """Takes tenths of a second for a large result: not for the editor's own thread."""
    return tuple(PackedLayer.of(layer) for layer in result.layers)
