"""SVG to pixels: one group of a drawing at a time."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import resvg_py
from PIL import Image

SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)


def only(svg: str, group: str) -> str:
    """The SVG without its other top-level groups."""
    root = ElementTree.fromstring(svg)
    for child in root.findall(f"{{{SVG}}}g"):
        if child.get("id") != group:
            root.remove(child)
    return ElementTree.tostring(root, encoding="unicode")


def render(svg: str, group: str) -> Image.Image:
    """The `line` group as grey ink on white (mode L) or the `hints` group on nothing (RGBA), at the SVG's size."""
    background = "#ffffff" if group == "line" else None
    png = resvg_py.svg_to_bytes(svg_string=only(svg, group), background=background, skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(png))).convert("L" if group == "line" else "RGBA")


def write(name: str, svg: str, folder: Path) -> None:
    """NAME.svg, NAME.line.png and NAME.hints.png in `folder`."""
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
    for group in ("line", "hints"):
        render(svg, group).save(folder / f"{name}.{group}.png", optimize=True)
