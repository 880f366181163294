"""SVG drawings to line art and colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewash_training import vector
from linewash_training.vector import NoLineArt
from tests.training.art_folder import INKED, LINE_GROUPS


def whitened(svg: str, ink_below: int = 70) -> np.ndarray:
    return vector.render(vector.whiten(vector.parse(svg), ink_below), 100)[..., 0]


def svg(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{body}</svg>'


def test_whitening_leaves_the_ink_and_lets_white_shapes_cover() -> None:
    line = whitened(INKED.format(fill="#ffcc00", x=50))
    assert line[13, 50] == 0  # the frame: ink that looks out from under the yellow
    assert line[25, 25] == 255  # the yellow, now white, still covers the ink behind it
    assert line[50, 32] == 0 and line[50, 50] == 255  # so does the white of the eye


def test_a_missing_fill_is_black_ink() -> None:
    assert whitened(svg('<rect x="20" y="20" width="60" height="60"/>'))[50, 50] == 0


@pytest.mark.parametrize(
    "paint",
    ['fill="#d22f27"', 'style="fill:rgb(200, 10, 10)"', 'fill="crimson"', 'class="a"'],
)
def test_colours_become_white_however_they_are_written(paint: str) -> None:
    style = "<style>.a{fill:#00aa33;stroke:none}</style>"
    shape = f'<rect x="20" y="20" width="60" height="60" {paint}/>'
    line = whitened(svg(f'{style}<rect width="100" height="100"/>{shape}'))
    assert line[50, 50] == 255 and line[10, 10] == 0


def test_gradients_become_white() -> None:
    body = (
        '<linearGradient id="g"><stop offset="0"/><stop offset="1" style="stop-color:#123456"/></linearGradient>'
        '<rect width="100" height="100" fill="url(#g)"/>'
    )
    assert whitened(svg(body)).min() == 255


def test_a_faint_shadow_is_no_ink() -> None:
    assert whitened(svg('<rect width="100" height="100" style="fill:#000000;fill-opacity:0.3"/>')).min() == 255


def test_masks_keep_what_they_hide() -> None:
    body = (
        '<mask id="m"><rect width="100" height="100" fill="#fff"/><rect width="50" height="100" fill="#000"/></mask>'
        '<g mask="url(#m)"><rect width="100" height="100" fill="#111"/></g>'
    )
    line = whitened(svg(body))
    assert line[50, 25] == 255 and line[50, 75] == 0


def test_what_counts_as_ink_is_the_sources_to_say() -> None:
    plum = svg('<rect width="100" height="100" fill="#592d3d"/>')
    assert whitened(plum).min() == 255 and whitened(plum, 100).max() == 0


def test_an_embedded_bitmap_has_no_line_art() -> None:
    with pytest.raises(NoLineArt, match="bitmap"):
        vector.whiten(vector.parse(svg('<image width="10" height="10"/>')))


def test_line_groups_come_apart_from_the_colours() -> None:
    root = vector.parse(LINE_GROUPS.format(fill="#61b2e4", x=16))
    lines, colors = (vector.render(part, 144) for part in vector.split_groups(root))
    assert lines[32, 72, 0] == 0 and lines[60, 60].min() == 255  # stroke, and nothing of the colours
    assert colors[32, 72, 2] > 200  # no line in the colours
    assert tuple(colors[72, 72, :3]) == (0xD2, 0x2F, 0x27)  # what lies above the line stays colour


def test_strokes_of_a_line_group_take_another_width() -> None:
    root = vector.parse(LINE_GROUPS.format(fill="#61b2e4", x=16))
    ink = [255 - vector.render(vector.split_groups(root, scale)[0], 288)[..., 0].mean() for scale in (0.5, 1.0)]
    assert ink[0] == pytest.approx(ink[1] / 2, rel=0.1)


def test_a_drawing_without_line_groups_says_so() -> None:
    with pytest.raises(NoLineArt, match="line group"):
        vector.split_groups(vector.parse(svg('<g id="outline"/>')))


def test_a_tall_drawing_is_bounded_by_its_height() -> None:
    tall = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 40"><rect width="10" height="40"/></svg>'
    assert vector.render(vector.parse(tall), 80).shape == (80, 20, 4)


@given(st.text(max_size=60))
def test_any_paint_is_read_or_left_alone(paint: str) -> None:
    assert vector.ink_or_white(paint, 70) in {"#000", "#fff", paint}


@given(st.text(max_size=200))
def test_a_damaged_drawing_is_no_line_art(text: str) -> None:
    with pytest.raises(NoLineArt):
        vector.render(vector.parse(text), 32)
