"""PSD through psd-tools: the line art above one group *Linewash*, with blend modes, names and offsets."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from psd_tools import PSDImage
from psd_tools.api.layers import Group
from psd_tools.constants import BlendMode, Compression

from linewash.contract import Blend, Record

from .document import GROUP, Document, Sheet
from .flatten import flatten, is_opaque, over_white
from .pixels import Pixels

_MODES: dict[Blend, BlendMode] = {
    "normal": BlendMode.NORMAL,
    "multiply": BlendMode.MULTIPLY,
    "screen": BlendMode.SCREEN,
    "color": BlendMode.COLOR,
}


def write_psd(document: Document, record: Record, file: BinaryIO) -> None:
    """RGB, 8 or 16 bit. ``record`` is not stored: PSD has no place for it that editors keep."""
    psd = PSDImage.new("RGB", (document.width, document.height), color=1.0, depth=document.depth)
    if document.line_art_on_top:
        _add_group(psd, document)
        _add(psd, document.line_art)
    else:
        _add(psd, document.line_art)
        _add_group(psd, document)
    _set_merged(psd, flatten(document))
    # Not PSDImage.save(): it would merge the layers again in slow Python, and with optional packages only.
    psd._record.write(file)


def _add_group(psd: PSDImage, document: Document) -> None:
    group = psd.create_group(name=GROUP)
    for sheet in document.painted:
        _add(group, sheet)


def _add(parent: PSDImage | Group, sheet: Sheet) -> None:
    layer = parent.create_pixel_layer_from_array(sheet.pixels, top=sheet.y, left=sheet.x)
    layer.name = sheet.name[:255]  # afterwards: only so is a name outside Mac Roman stored as Unicode
    layer.blend_mode = _MODES[sheet.blend]
    layer.opacity = round(sheet.opacity * 255)
    layer.visible = sheet.visible


def _set_merged(psd: PSDImage, merged: Pixels) -> None:
    """The picture that programs show which don't read layers; on white, as PSD viewers expect."""
    paper = merged[..., :3] if is_opaque(merged) else over_white(merged)
    big_endian = paper.astype(paper.dtype.newbyteorder(">"), copy=False)
    psd._record.image_data.compression = Compression.RLE
    psd._record.image_data.set_data(
        [np.ascontiguousarray(big_endian[..., channel]).tobytes() for channel in range(3)], psd._record.header
    )
