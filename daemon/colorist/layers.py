"""What the artist gets back: layers of the input's full size, filled band by band through tables of colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from linewash.contract import Blend, Channels, Layer, Notice, Options, Plane, Role

from .encoding import encoded_lab, encoded_table, packed
from .ladder import Labels
from .law import Flats, mixture
from .light import Lighting
from .memory import available, check_layers
from .paint import Proposal
from .pixels import Pixels, bands, upscaled
from .prepare import Prepared
from .regionmap import region_colors
from .regions import enlarged_rows
from .split import Division

MAX_PARTS = 256  # layers of one colour or region each; what is left shares the last one
_BOTTOM_TO_TOP: tuple[Role, ...] = (
    "flats", "per_color", "per_region", "painting", "color", "shading", "highlights", "composite", "regions",
)  # fmt: skip


@dataclass
class Stack:
    """Layers from bottom to top; ``planes[layer.plane.frame]`` are a layer's pixels, (height, width, channels)."""

    layers: list[Layer]
    planes: list[Pixels]
    notices: list[Notice]

    def add(
        self, name: str, role: Role, blend: Blend, channels: Channels, pixels: Pixels, x: int = 0, y: int = 0
    ) -> None:
        depth: Literal[8, 16] = 8 if pixels.dtype == np.uint8 else 16
        plane = Plane(pixels.shape[1], pixels.shape[0], channels, depth, len(self.planes))
        self.layers.append(Layer(name, role, blend, plane, x, y))
        self.planes.append(pixels)


@dataclass(frozen=True)
class Picture:
    """All that layers are made of. ``lighting``: None where there is none, or nobody asked for it."""

    prepared: Prepared
    division: Division
    flats: Flats
    proposal: Proposal
    options: Options
    lighting: Lighting | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return self.prepared.lineart.shape

    def rows(self, top: int, bottom: int) -> NDArray[np.int32]:
        return enlarged_rows(self.flats.labels, self.prepared.regions.factor, self.shape[1], top, bottom)

    def light(self, role: Literal["shading", "highlights"], top: int, bottom: int) -> NDArray[np.float32] | None:
        """Rows of the shading or the highlights, scaled as the artist chose, 0…1; None where nobody asked for that
        layer, and where the style makes none."""
        if self.lighting is None or role not in self.options.layers:
            return None
        return self.lighting.rows(role, self.options.shading, self.rows(top, bottom), self.shape[0], top)


def build_layers(picture: Picture, free: Callable[[], int] = available) -> Stack:
    """The layers that ``picture.options`` asks for and the generator can make. Raises `OutOfMemory`."""
    stack = Stack([], [], [])
    for role in _BOTTOM_TO_TOP:
        if role not in picture.options.layers:
            continue
        if role == "flats":
            stack.add("Flats", role, "normal", _alpha(picture.options), _flats(picture))
        elif role in ("per_color", "per_region"):
            _add_parts(stack, picture, role, free)
        elif role == "painting":
            stack.add("Painting", role, "normal", picture.options.space, _painting(picture))
        elif role == "color":
            stack.add("Color", role, "color", _alpha(picture.options), _color(picture))
        elif role == "regions":
            _add_regions(stack, picture.prepared, picture.division, picture.flats, picture.options)
        elif role == "composite":
            stack.add("Composite", role, "normal", picture.options.space, _composite(picture))
        elif role in ("shading", "highlights"):
            _add_light(stack, picture, role)
    if not stack.layers:
        stack.notices.append(Notice("layer_unavailable", "This style does not make the layers that were asked for."))
    return stack


def build_regions(prepared: Prepared, division: Division, options: Options) -> Stack:
    """The layer ``regions`` alone where there are no strokes, so that nothing need be painted."""
    stack = Stack([], [], [])
    _add_regions(stack, prepared, division, None, options)
    return stack


def _add_regions(stack: Stack, prepared: Prepared, division: Division, flats: Flats | None, options: Options) -> None:
    colors = region_colors(prepared.regions, division, flats)
    table = encoded_table(colors, np.ones(len(colors), bool), options.space, options.depth)
    labels = division.labels if flats is None else flats.labels
    stack.add("Regions", "regions", "normal", _alpha(options), _filled(table, labels, prepared))


def _alpha(options: Options) -> Channels:
    return "rgba" if options.space == "rgb" else "laba"


def _label_table(picture: Picture) -> Pixels:
    """Each label's pixel in the space and depth of the result, (labels, 4)."""
    flats, options = picture.flats, picture.options
    return encoded_table(flats.colors, flats.painted, options.space, options.depth)[flats.row]


def _flats(picture: Picture) -> Pixels:
    return _filled(_label_table(picture), picture.flats.labels, picture.prepared)


def _filled(table: Pixels, labels: Labels, prepared: Prepared) -> Pixels:
    """Each pixel its label's row of ``table`` (labels, 4)."""
    height, width = prepared.lineart.shape
    out = np.empty((height, width, 4), table.dtype)
    lut, whole = packed(table), packed(out)
    for top, bottom in bands(height, width):
        rows = enlarged_rows(labels, prepared.regions.factor, width, top, bottom)
        np.take(lut, rows, out=whole[top:bottom], mode="clip")
    return out


def _add_parts(stack: Stack, picture: Picture, role: Role, free: Callable[[], int]) -> None:
    """One layer for each colour or region, the largest first, cut to its bounding box."""
    flats = picture.flats
    group = flats.row if role == "per_color" else _wholes(picture)
    kept = flats.labels is picture.prepared.regions.labels
    boxes = picture.prepared.regions.boxes if kept else ndimage.find_objects(flats.labels + 1)
    area = np.bincount(flats.labels.ravel(), minlength=len(flats.row)) * flats.painted[flats.row]
    order = np.argsort(-np.bincount(group, area), kind="stable")
    order = order[np.bincount(group, area)[order] > 0]
    if len(order) > MAX_PARTS:
        text = f"There are {len(order)} of them, so the smallest share the last of {MAX_PARTS} layers."
        stack.notices.append(Notice("layers_limited", text))
    place = np.full(int(group.max()) + 1, -1, np.int64)
    place[order] = np.minimum(np.arange(len(order)), MAX_PARTS - 1)
    part_of = np.where(area > 0, place[group], -1)  # each label's layer
    members = [np.flatnonzero(part_of == p) for p in range(min(len(order), MAX_PARTS))]
    table = _label_table(picture)
    frames = [_box([boxes[i] for i in labels.tolist()], picture) for labels in members]
    check_layers(sum((y1 - y0) * (x1 - x0) for y0, y1, x0, x1 in frames) * 4 * table.itemsize, free)
    for k, (labels, (y0, y1, x0, x1)) in enumerate(zip(members, frames, strict=True)):
        only = np.zeros_like(table)
        only[labels] = table[labels]
        lut, out = packed(only), np.empty((y1 - y0, x1 - x0, 4), table.dtype)
        for top, bottom in bands(y1 - y0, x1 - x0):
            packed(out)[top:bottom] = lut[picture.rows(y0 + top, y0 + bottom)[:, x0:x1]]
        red, green, blue = (flats.colors[flats.row[labels[0]]] >> 8).tolist()
        name = f"#{red:02x}{green:02x}{blue:02x}" if role == "per_color" else f"Region {k + 1}"
        stack.add(name, role, "normal", _alpha(picture.options), out, x0, y0)


def _wholes(picture: Picture) -> NDArray[np.int64]:
    """Each label's region as the artist sees it: cells of one basin that came out in one colour are one."""
    flats, basin = picture.flats, picture.prepared.regions.basin
    whose = np.concatenate([basin, basin[picture.division.parent]]).astype(np.int64)
    return np.asarray(np.unique(whose * len(flats.colors) + flats.row, return_inverse=True)[1], np.int64)


def _box(boxes: list[tuple[slice, slice]], picture: Picture) -> tuple[int, int, int, int]:
    """First and last row and column around ``boxes``, in full-size px."""
    factor, (height, width) = picture.prepared.regions.factor, picture.shape
    top, left = min(b[0].start for b in boxes), min(b[1].start for b in boxes)
    bottom, right = max(b[0].stop for b in boxes), max(b[1].stop for b in boxes)
    return top * factor, min(height, bottom * factor), left * factor, min(width, right * factor)


def _painting(picture: Picture) -> Pixels:
    """What the network painted, before regions and hints decide; opaque."""
    options, smooth = picture.options, _smooth(picture)
    out = np.empty((*picture.shape, 3), np.uint8 if options.depth == 8 else np.uint16)
    for top, bottom in bands(*picture.shape):
        band = upscaled(smooth, *picture.shape, top, bottom)
        out[top:bottom] = encoded_lab(band, options.space, options.depth)
    return out


def _smooth(picture: Picture) -> NDArray[np.float32]:
    smooth = mixture(picture.proposal)
    smooth[..., 1:] *= picture.options.strength
    return smooth


def _color(picture: Picture) -> Pixels:
    """What was painted, smooth, and exactly the stroke's colour in regions under a stroke."""
    smooth, table = _smooth(picture), _label_table(picture)
    out = np.empty((*picture.shape, 4), table.dtype)
    for top, bottom in bands(*picture.shape):
        labels = picture.rows(top, bottom)
        band = upscaled(smooth, *picture.shape, top, bottom)
        out[top:bottom, :, :3] = encoded_lab(band, picture.options.space, picture.options.depth)
        out[top:bottom, :, 3] = table[labels, 3]
        exact = picture.flats.hinted[labels]
        out[top:bottom][exact] = table[labels[exact]]
    return out


def _add_light(stack: Stack, picture: Picture, role: Literal["shading", "highlights"]) -> None:
    most = 255 if picture.options.depth == 8 else 65535
    out = np.empty((*picture.shape, 1), np.uint8 if picture.options.depth == 8 else np.uint16)
    for top, bottom in bands(*picture.shape):
        light = picture.light(role, top, bottom)
        if light is None:
            return
        out[top:bottom, :, 0] = np.rint((1 - light if role == "shading" else light) * most)
    if role == "shading":
        stack.add("Shading", role, "multiply", "gray", out)
    else:
        stack.add("Highlights", role, "screen", "gray", out)


def _composite(picture: Picture) -> Pixels:
    """Flats on white paper, what light was asked for as layers too, and the line art multiplied over them; opaque."""
    options = picture.options
    as_rgb = replace(picture, options=replace(options, space="rgb"))
    table = _label_table(as_rgb)
    table[table[:, 3] == 0] = np.iinfo(table.dtype).max
    lut = packed(table)
    out = np.empty((*picture.shape, 3), table.dtype)
    for top, bottom in bands(*picture.shape):
        flat = lut[picture.rows(top, bottom)].view(table.dtype).reshape(bottom - top, -1, 4)
        band = _lit(np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGBA2RGB)), picture, top, bottom)
        out[top:bottom] = _under_ink(band, picture.prepared.lineart.sheet[top:bottom])
        if options.space == "lab":
            unit = out[top:bottom].astype(np.float32) / np.float32(np.iinfo(table.dtype).max)
            out[top:bottom] = encoded_lab(
                np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2Lab), np.float32), "lab", options.depth
            )
    return out


def _lit(band: Pixels, picture: Picture, top: int, bottom: int) -> Pixels:
    most = np.iinfo(band.dtype).max
    shading, highlights = picture.light("shading", top, bottom), picture.light("highlights", top, bottom)
    if shading is not None:
        band = np.rint(band * (1 - shading[..., None])).astype(band.dtype)
    if highlights is not None:
        band = (most - np.rint((most - band) * (1 - highlights[..., None]))).astype(band.dtype)
    return band


def _under_ink(band: Pixels, sheet: NDArray[np.uint8]) -> Pixels:
    ink = np.repeat(sheet[..., None], 3, 2) if sheet.ndim == 2 else sheet
    if band.dtype == np.uint8:
        return np.asarray(cv2.multiply(band, ink, scale=1 / 255))
    return np.asarray(cv2.multiply(band, ink.astype(np.uint16) * np.uint16(257), scale=1 / 65535))
