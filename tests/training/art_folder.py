"""A small folder of art that the tests draw themselves, in the shape that the stage ``prepare`` reads."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

LINE_GROUPS = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">
  <g id="color"><rect x="{x}" y="16" width="40" height="40" fill="{fill}"/></g>
  <g id="line"><rect x="{x}" y="16" width="40" height="40" fill="none" stroke="#000" stroke-width="2"/></g>
  <g id="color-foreground"><circle cx="36" cy="36" r="6" fill="#d22f27"/></g>
</svg>"""

INKED = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
  <path d="M10 10h80v80h-80z" fill="#231f20"/>
  <path d="M16 16h68v68h-68z" fill="{fill}"/>
  <circle cx="{x}" cy="50" r="20" fill="#231f20"/><circle cx="{x}" cy="50" r="16" fill="#ffffff"/>
</svg>"""

OUTLINELESS = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
  <rect x="10" y="10" width="80" height="80" fill="{fill}"/><circle cx="{x}" cy="50" r="20" fill="#5599ff"/>
</svg>"""


def painted(side: int = 160, fill: tuple[int, int, int] = (230, 150, 90), x: int = 80) -> Image:
    """A disc in a room, with black outlines: uint8 (side, side, 3) RGB."""
    picture = np.full((side, side, 3), (190, 215, 235), np.uint8)
    cv2.rectangle(picture, (0, side * 3 // 4), (side, side), (120, 160, 90), -1)
    cv2.line(picture, (0, side * 3 // 4), (side, side * 3 // 4), (20, 20, 20), 2)
    cv2.circle(picture, (x, side // 2), side // 4, fill, -1)
    cv2.circle(picture, (x, side // 2), side // 4, (15, 15, 15), 3)
    return picture


def write_picture(path: Path, rgb: Image) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, np.ascontiguousarray(rgb[..., ::-1]))[1].tobytes())


def draw_art(folder: Path) -> Path:
    """Writes art of four sources, with line groups, ink, line layers and nothing but paint; returns the folder."""
    for number in range(12):
        fill = f"#{40 + 17 * number:02x}a0{250 - 19 * number:02x}"
        for source, name, svg in (
            ("openmoji", f"1F4{number:02X}", LINE_GROUPS),
            ("mulberry-symbols", f"thing{number}_1", INKED),
            ("fxemoji", f"flat{number}", OUTLINELESS),
        ):
            (folder / source).mkdir(parents=True, exist_ok=True)
            (folder / source / f"{name}.svg").write_text(svg.format(fill=fill, x=22 + number))
        write_picture(folder / "asp-imagebank" / f"{number // 3:04d}_{number:02d}.png", painted(x=50 + 5 * number))
    (folder / "asp-imagebank" / "CREDITS.tsv").write_text(
        "file\tauthor\ttitle\tlicence\toriginal\n0000_00.png\tAn Artist\tA story\tCC-BY-4.0\t00.jpg\n"
    )
    write_picture(folder / "red-panda-emotes" / "panda_color.png", painted())
    line = np.where((painted().max(axis=2) < 60)[..., None], 0, 255).astype(np.uint8).repeat(3, axis=2)
    write_picture(folder / "red-panda-emotes" / "panda_line.png", line)
    return folder
