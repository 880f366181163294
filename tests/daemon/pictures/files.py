"""Small pictures for the tests, and files of the kinds that no library writes for us."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Blend, Channels, Record, Role
from linewash.pictures import PaintedLayer, Picture

RECORD = Record(
    model="wash",
    model_hash="ab" * 32,
    seed=3,
    device="cpu",
    lineart_hash="cd" * 32,
    cached=False,
    seconds={"prepare": 0.1, "color": 0.2, "total": 0.3},
)


def drawing(height: int = 40, width: int = 60) -> NDArray[np.uint8]:
    """A black frame and a diagonal on white paper, (height, width) uint8."""
    page = np.full((height, width), 255, np.uint8)
    page[4:-4, 4:6] = page[4:-4, -6:-4] = page[4:6, 4:-4] = page[-6:-4, 4:-4] = 0
    for row in range(6, height - 6):
        page[row, row] = 90
    return page


def noise(shape: tuple[int, ...], depth: Literal[8, 16], seed: int = 0) -> NDArray[Any]:
    kind = np.uint8 if depth == 8 else np.uint16
    return np.random.default_rng(seed).integers(0, np.iinfo(kind).max + 1, shape, dtype=kind)


def layer(
    name: str, blend: Blend, pixels: NDArray[Any], role: Role = "flats", x: int = 0, y: int = 0, opacity: float = 1.0
) -> PaintedLayer:
    height, width, count = pixels.shape
    names: dict[int, Channels] = {1: "gray", 2: "graya", 3: "rgb", 4: "rgba"}
    picture = Picture(width, height, names[count], pixels.itemsize * 8, pixels.tobytes())
    return PaintedLayer(name, role, blend, picture, x, y, opacity)


def png(path: Path, rows: NDArray[Any], color_type: int, before: Sequence[tuple[bytes, bytes]] = ()) -> Path:
    """Write (height, width, channels) as PNG by hand, with the chunks ``before`` ahead of the pixels."""
    depth = rows.itemsize * 8
    head = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], depth, color_type, 0, 0, 0)
    raw = b"".join(b"\0" + row.astype(row.dtype.newbyteorder(">")).tobytes() for row in rows)
    chunks = [(b"IHDR", head), *before, (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks))
    return path


def png_bomb(path: Path, width: int, height: int) -> Path:
    """A file of some hundred bytes whose header announces ``width`` × ``height``."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks))
    return path


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
