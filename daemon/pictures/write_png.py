"""PNG: one flattened picture, 8 or 16 bit, marked as sRGB and carrying the record of how it came to be."""

from __future__ import annotations

import dataclasses
import json
import struct
import zlib
from typing import BinaryIO

import cv2

from linewash.contract import Record
from linewash.errors import InternalError

from .document import Document
from .flatten import flatten, is_opaque
from .pixels import Pixels

_HEADER_END = 8 + 25  # signature and IHDR
_COMPRESSION = 4  # of 9: a third faster than zlib's usual 6, a few percent larger


def write_png(document: Document, record: Record, file: BinaryIO) -> None:
    """The visible layers merged; an alpha channel only where something shows through."""
    merged = flatten(document)
    encoded = encode_png(merged[..., :3] if is_opaque(merged) else merged)
    text = json.dumps(dataclasses.asdict(record), ensure_ascii=True, separators=(",", ":"))
    file.write(encoded[:_HEADER_END])
    file.write(_chunk(b"sRGB", b"\0"))
    file.write(_chunk(b"tEXt", b"Linewash\0" + text.encode("ascii")))
    file.write(encoded[_HEADER_END:])


def encode_png(pixels: Pixels) -> memoryview:
    """A PNG file of (height, width, 3 or 4) RGB(A) pixels, 8 or 16 bit."""
    order = [2, 1, 0] if pixels.shape[2] == 3 else [2, 1, 0, 3]  # OpenCV has blue first
    done, encoded = cv2.imencode(".png", pixels[..., order], [cv2.IMWRITE_PNG_COMPRESSION, _COMPRESSION])
    if not done:
        raise InternalError("The picture could not be encoded as PNG.", "Please report this.")
    return memoryview(encoded.tobytes())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
