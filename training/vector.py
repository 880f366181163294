"""SVG drawings to aligned pairs of line art and colour.

Two ways: a drawing with *line groups* is rendered once with nothing but those groups and once without them; any other
drawing is *whitened*: everything but the ink is painted white, so that white shapes still cover what is behind them
and the artist's own ink is what remains.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import ImageColor

Image = NDArray[np.uint8]

SVG = "{http://www.w3.org/2000/svg}"
LINE_GROUP = re.compile(r"^line")
_PAINTED = ("fill", "stroke", "color", "flood-color")
_DECLARATION = re.compile(r"(?<![\w-])(fill|stroke|color|flood-color|stop-color)\s*:\s*([^;}!]+)")
#: what is fainter than this is a shadow, not ink
_FAINT = 0.6


class NoLineArt(Exception):
    """The drawing holds no line art that can be told from its colours; the text says why."""


def parse(svg: str) -> ET.Element:
    """The drawing as a tree; raises `NoLineArt` when it is not well-formed."""
    try:
        return ET.fromstring(svg)
    except ET.ParseError as error:
        raise NoLineArt("damaged") from error


def render(root: ET.Element, long_side: int, background: str | None = "#ffffff") -> Image:
    """Renders to `long_side` px; uint8 (H, W, 4), straight alpha. Raises `NoLineArt` when it cannot be drawn."""
    svg = ET.tostring(root, encoding="unicode")
    try:
        pixels = _decode(resvg_py.svg_to_bytes(svg_string=svg, background=background, dpi=96.0, width=long_side))
        if pixels.shape[0] > long_side:
            pixels = _decode(resvg_py.svg_to_bytes(svg_string=svg, background=background, dpi=96.0, height=long_side))
    except ValueError as error:
        raise NoLineArt("cannot be drawn") from error
    return pixels


def _decode(png: bytes) -> Image:
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA), np.uint8)


def split_groups(root: ET.Element, stroke_scale: float = 1.0) -> tuple[ET.Element, ET.Element]:
    """-> (lines alone, colours alone) of a drawing whose lines lie in groups with an id that begins with ``line``.

    `stroke_scale` multiplies the stroke widths of the lines, so that a collection drawn with one pen gives several.
    """
    line, color = _copy(root), _copy(root)
    if not any(_is_line_group(element) for element in root.iter()):
        raise NoLineArt("no line group")
    _keep_lines(line)
    _drop_lines(color)
    if stroke_scale != 1.0:
        _scale_strokes(line, stroke_scale)
    return line, color


def _copy(root: ET.Element) -> ET.Element:
    return ET.fromstring(ET.tostring(root))


def _is_line_group(element: ET.Element) -> bool:
    return element.tag in (f"{SVG}g", "g") and bool(LINE_GROUP.match(element.get("id", "")))


def _is_kept_whole(element: ET.Element) -> bool:
    name = str(element.tag).rpartition("}")[2]
    return name in {"defs", "style", "clipPath", "mask", "linearGradient", "radialGradient"}


def _keep_lines(element: ET.Element) -> None:
    for child in list(element):
        if _is_line_group(child) or _is_kept_whole(child):
            continue
        if len(child):
            _keep_lines(child)
        if not len(child):
            element.remove(child)


def _drop_lines(element: ET.Element) -> None:
    for child in list(element):
        if _is_line_group(child):
            element.remove(child)
        else:
            _drop_lines(child)


_WIDTH = re.compile(r"(stroke-width\s*:\s*)([\d.]+)")


def _scale_strokes(root: ET.Element, scale: float) -> None:
    def scaled(found: re.Match[str]) -> str:
        return f"{found[1]}{float(found[2]) * scale:g}"

    for element in root.iter():
        if width := element.get("stroke-width"):
            element.set("stroke-width", re.sub(r"()([\d.]+)", scaled, width, count=1))
        if style := element.get("style"):
            element.set("style", _WIDTH.sub(scaled, style))
        if element.tag in (f"{SVG}style", "style") and element.text:
            element.text = _WIDTH.sub(scaled, element.text)


def whiten(root: ET.Element, ink_below: int = 70) -> ET.Element:
    """A copy in which all that is not ink is white.

    Ink is every paint whose largest RGB channel is at most `ink_below` (0 to 255); a missing fill is black, as SVG
    says. Faint and blurred shapes are shadows and become white. Masks keep their paint: there it means visibility.

    Raises:
        NoLineArt: the drawing holds an embedded bitmap.
    """
    copy = _copy(root)
    if any(str(element.tag).endswith("}image") for element in copy.iter()):
        raise NoLineArt("embedded bitmap")
    _whiten_below(copy, ink_below)
    return copy


def _whiten_below(element: ET.Element, ink_below: int) -> None:
    name = str(element.tag).rpartition("}")[2]
    if name == "mask":
        return
    if name == "stop":
        element.attrib.pop("style", None) if "stop-opacity" not in element.get("style", "") else None
        element.set("stop-color", "#fff")
    if name == "style" and element.text:
        element.text = _DECLARATION.sub(lambda found: _declare(found, ink_below), element.text)
    if style := element.get("style"):
        element.set("style", _DECLARATION.sub(lambda found: _declare(found, ink_below), style))
    for attribute in _PAINTED:
        if (paint := element.get(attribute)) is not None:
            element.set(attribute, ink_or_white(paint, ink_below))
    if _is_shadow(element):
        element.set("fill", "#fff")
        if style := element.get("style"):
            element.set("style", re.sub(r"(?<![\w-])(fill|stroke)\s*:\s*#000", r"\1:#fff", style))
    for child in element:
        _whiten_below(child, ink_below)


def _declare(found: re.Match[str], ink_below: int) -> str:
    paint = "#fff" if found[1] == "stop-color" else ink_or_white(found[2].strip(), ink_below)
    return f"{found[1]}:{paint}"


def ink_or_white(paint: str, ink_below: int) -> str:
    """``#000`` for an ink colour, ``#fff`` for any other; ``none``, references and keywords stay as they are."""
    text = paint.strip()
    if text.startswith("url") or text in {"none", "currentColor", "inherit", "context-fill", "context-stroke"}:
        return paint
    try:
        channels = ImageColor.getrgb(text)[:3]
    except ValueError:
        return paint
    return "#000" if max(channels) <= ink_below else "#fff"


_OPACITY = re.compile(r"(?<![\w-])(?:fill-)?opacity\s*:\s*([\d.]+)")


def _is_shadow(element: ET.Element) -> bool:
    if len(element):
        return False
    style = element.get("style", "")
    values = [element.get("opacity"), element.get("fill-opacity"), *_OPACITY.findall(style)]
    faint = any(_number(value) < _FAINT for value in values if value is not None)
    return faint or "filter" in style or element.get("filter") is not None


def _number(text: str) -> float:
    try:
        return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return 1.0


__all__ = ["NoLineArt", "ink_or_white", "parse", "render", "split_groups", "whiten"]
