"""What a user of the demo drawings may rely on: their layers, their pixels, where colour can run and where not."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from examples.draw import DRAWINGS
from examples.draw.render import SVG, render

FOLDER = Path(__file__).parents[2] / "examples"
NAMES = sorted(DRAWINGS)
each_drawing = pytest.mark.parametrize("name", NAMES)


def pixels(name: str, group: str) -> NDArray[np.int16]:
    with Image.open(FOLDER / f"{name}.{group}.png") as image:
        return np.asarray(image, dtype=np.int16)


def reach(name: str, x: int, y: int) -> NDArray[np.bool_]:
    """What a bucket fill of the line art started at (x, y) covers, (H, W)."""
    areas, _ = ndimage.label(pixels(name, "line") >= 160)
    assert areas[y, x] > 0, "the fill starts on a line"
    found: NDArray[np.bool_] = areas == areas[y, x]
    return found


def test_there_are_at_least_six_drawings_and_nothing_else() -> None:
    assert len(NAMES) >= 6
    assert sorted(path.stem for path in FOLDER.glob("*.svg")) == NAMES


@each_drawing
def test_an_svg_has_the_groups_line_and_hints_and_no_other(name: str) -> None:
    root = ElementTree.parse(FOLDER / f"{name}.svg").getroot()
    assert [child.get("id") for child in root if child.tag == f"{{{SVG}}}g"] == ["line", "hints"]
    shapes = {child.tag.removeprefix(f"{{{SVG}}}") for child in root}
    assert shapes == {"title", "g"}


@each_drawing
@pytest.mark.parametrize("group", ["line", "hints"])
def test_a_png_shows_what_its_svg_shows(name: str, group: str) -> None:
    again = np.asarray(render((FOLDER / f"{name}.svg").read_text(encoding="utf-8"), group), dtype=np.int16)
    assert again.shape == pixels(name, group).shape
    assert np.abs(again - pixels(name, group)).max() <= 2


@each_drawing
def test_an_svg_is_what_its_code_draws(name: str) -> None:
    again = np.asarray(render(DRAWINGS[name]().svg(), "line"), dtype=np.int16)
    # Not the text: another machine's sine may round a tenth of a pixel differently.
    assert np.mean(np.abs(again - pixels(name, "line")) > 32) < 1e-4


@each_drawing
def test_line_and_hints_are_of_one_size(name: str) -> None:
    line, hints = pixels(name, "line"), pixels(name, "hints")
    assert line.shape == hints.shape[:2]
    assert 1024 <= max(line.shape) <= 1400
    assert line.ndim == 2 and hints.shape[2] == 4


@each_drawing
def test_line_art_is_ink_on_white_with_lines_of_varied_weight(name: str) -> None:
    line = pixels(name, "line")
    assert line.max() == 255 and line.min() < 32
    assert 0.01 < np.mean(line < 128) < 0.2
    depth = ndimage.distance_transform_edt(line < 128)
    ridge = depth[(depth == ndimage.maximum_filter(depth, 3)) & (depth > 0)]
    thin, thick = np.percentile(ridge, [10, 97])
    assert thick >= 2 * thin


@each_drawing
def test_hints_are_a_few_strokes_that_lie_beside_the_lines(name: str) -> None:
    strokes = ElementTree.parse(FOLDER / f"{name}.svg").getroot().findall(f"{{{SVG}}}g[@id='hints']/{{{SVG}}}path")
    assert 6 <= len(strokes) <= 26
    covered = pixels(name, "hints")[..., 3] > 127
    assert covered.any() and covered.mean() < 0.03
    assert np.mean(pixels(name, "line")[covered] < 128) < 0.06


@each_drawing
def test_each_hint_stroke_stays_clear_of_the_lines(name: str) -> None:
    strokes, count = ndimage.label(pixels(name, "hints")[..., 3] > 127)
    ink = pixels(name, "line") < 128
    shares = ndimage.mean(ink, strokes, range(1, count + 1))
    assert max(shares) < 0.3


def test_the_comic_has_an_outline_left_open_so_that_a_fill_runs_out_of_it() -> None:
    assert reach("comic", 222, 720)[3, 3], "the boy's jacket ought to be open to the page's margin"


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [("face", 500, 720), ("figure", 480, 740), ("animal", 700, 700), ("still-life", 585, 890), ("landscape", 860, 800)],
)
def test_the_chief_shape_of_the_other_drawings_is_closed(name: str, x: int, y: int) -> None:
    filled = reach(name, x, y)
    assert filled.sum() > 5000
    assert not filled[3, 3]
