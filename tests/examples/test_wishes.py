"""The sheet of wishes: a small drawing in, a sheet of what was wished for out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from examples import systems, wishes
from linewash.errors import BadInput

SIDE = systems.CELL


@pytest.fixture(autouse=True)
def small_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring with a blue dab in it, as large as a cell, as the only drawing and as the reference."""
    ring = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(ring).ellipse((40, 40, 160, 160), outline=0, width=4)
    ring.save(tmp_path / "ring.line.png")
    dab = Image.new("RGBA", (SIDE, SIDE))
    dab.paste((0, 0, 255, 255), (90, 90, 110, 110))
    dab.save(tmp_path / "ring.hints.png")
    monkeypatch.setattr(systems, "FOLDER", tmp_path)
    for name, value in {
        "DRAWINGS": ("ring",), "REFERENCE": "ring", "PALETTES": {"two": ("#00ff00", "#ffffff")},
        "VARIETIES": ((0.5, 1),), "SEEDS": (1,),
    }.items():  # fmt: skip
        monkeypatch.setattr(wishes, name, value)


def test_the_sheet_shows_the_wishes_and_what_came_of_them(tmp_path: Path) -> None:
    with Image.open(wishes.main(tmp_path / "out" / "wishes.png")) as picture:
        pixels = np.asarray(picture.convert("RGB"), np.int16)
    green = (np.abs(pixels - (0, 255, 0)).max(-1) < 8).sum()
    blue = (np.abs(pixels - (0, 0, 255)).max(-1) < 8).sum()
    bars = SIDE * wishes.WISH // 4
    assert green > bars * 1.5, "the palette's bars, and the ring in its colour"
    assert blue > 3000, "the reference, and the ring in its colour"


def test_bars_show_every_colour_of_a_palette() -> None:
    palette = ((1, 2, 3), (200, 100, 50), (255, 255, 255))
    assert {tuple(pixel) for pixel in np.asarray(wishes.bars(palette)).reshape(-1, 3).tolist()} == set(palette)


def test_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be written"):
        wishes.main(tmp_path / "out.nothing")
