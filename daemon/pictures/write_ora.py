"""OpenRaster (openraster.org, 0.0.6): a zip of PNG layers and stack.xml, which Krita, GIMP and MyPaint open."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from typing import BinaryIO
from xml.etree import ElementTree

import cv2
import numpy as np

from linewash.contract import Blend, Record

from .document import GROUP, Document, Sheet
from .flatten import flatten
from .pixels import to_depth
from .write_png import encode_png

THUMBNAIL = 256
_OPERATORS: dict[Blend, str] = {
    "normal": "svg:src-over",
    "multiply": "svg:multiply",
    "screen": "svg:screen",
    "color": "svg:color",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same layers make the same file


def write_ora(document: Document, record: Record, file: BinaryIO) -> None:
    """The line art above one group *Linewash*. Layers keep their depth, the merged picture has 8 bits."""
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, "mimetype", b"image/openraster")
        root = ElementTree.Element("image", version="0.0.6", w=str(document.width), h=str(document.height))
        stack = ElementTree.SubElement(root, "stack")
        group = ElementTree.Element("stack", name=GROUP, isolation="auto")
        for number, sheet in reversed(list(enumerate(document.painted))):  # the topmost comes first
            group.append(_layer(archive, sheet, f"data/layer{number:03}.png"))
        lines = _layer(archive, document.line_art, "data/lineart.png")
        stack.extend([lines, group] if document.line_art_on_top else [group, lines])
        _add(archive, "stack.xml", ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True), deflate=True)
        merged = to_depth(flatten(document), 8)
        _add(archive, "mergedimage.png", encode_png(merged))
        scale = min(1.0, THUMBNAIL / max(document.width, document.height))
        size = max(1, round(document.width * scale)), max(1, round(document.height * scale))
        thumbnail = np.asarray(cv2.resize(merged, size, interpolation=cv2.INTER_AREA), np.uint8)
        _add(archive, "Thumbnails/thumbnail.png", encode_png(thumbnail))
        text = json.dumps(dataclasses.asdict(record), ensure_ascii=True)
        _add(archive, "linewash.json", text.encode("ascii"), deflate=True)


def _layer(archive: zipfile.ZipFile, sheet: Sheet, source: str) -> ElementTree.Element:
    _add(archive, source, encode_png(sheet.pixels))
    return ElementTree.Element(
        "layer",
        {
            "name": sheet.name,
            "src": source,
            "x": str(sheet.x),
            "y": str(sheet.y),
            "opacity": f"{sheet.opacity:g}",
            "visibility": "visible" if sheet.visible else "hidden",
            "composite-op": _OPERATORS[sheet.blend],
        },
    )


def _add(archive: zipfile.ZipFile, name: str, data: bytes | memoryview, deflate: bool = False) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, bytes(data))
