from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.colorist.ladder import INK
from linewash_daemon.colorist.linemap import factor_for, read_lineart
from linewash_daemon.colorist.pixels import bands
from tests.daemon.colorist.drawings import sheet, with_square


def ink_of(art: NDArray[np.generic]) -> NDArray[np.bool_]:
    return read_lineart(np.asarray(art)).line >= INK


SQUARE = with_square()[..., 0]
LINES = SQUARE < 128


@pytest.mark.parametrize("kind", ["gray", "gray16", "rgb", "opaque rgba", "ink on transparency", "graya"])
def test_every_kind_of_picture_gives_the_same_lines(kind: str) -> None:
    opaque = np.full_like(SQUARE, 255)
    nothing = np.zeros_like(SQUARE)
    made: dict[str, NDArray[Any]] = {
        "gray": SQUARE[..., None],
        "gray16": SQUARE[..., None].astype(np.uint16) * 257,
        "rgb": np.dstack([SQUARE] * 3),
        "opaque rgba": np.dstack([SQUARE] * 3 + [opaque]),
        "ink on transparency": np.dstack([nothing] * 3 + [255 - SQUARE]),
        "graya": np.dstack([nothing, 255 - SQUARE]),
    }
    assert (ink_of(made[kind]) == LINES).all()


def test_white_ink_on_transparency_is_ink() -> None:
    assert (ink_of(np.dstack([np.full_like(SQUARE, 255)] * 3 + [255 - SQUARE])) == LINES).all()


def test_a_white_figure_with_black_lines_on_transparency_keeps_its_lines() -> None:
    alpha = np.zeros_like(SQUARE)
    alpha[40:160, 40:160] = 255
    assert (ink_of(np.dstack([SQUARE] * 3 + [alpha])) == LINES).all()


def test_yellow_pencil_is_line_and_the_sheet_keeps_its_colour() -> None:
    art = np.full((200, 200, 3), 255, np.uint8)
    art[LINES] = (240, 220, 60)
    drawing = read_lineart(art)
    assert ((drawing.line >= INK) == LINES).all()
    assert (drawing.sheet == art).all()


def test_colour_that_begins_below_the_first_band_is_kept() -> None:
    art = np.full((1200, 2000, 3), 255, np.uint8)
    art[1100:1110, 100:1900] = (200, 30, 30)
    art[100:110, 100:1900] = 0
    assert len(list(bands(1200, 2000))) > 1
    assert (read_lineart(art).sheet == art).all()


def test_tinted_noisy_paper_is_paper() -> None:
    rng = np.random.default_rng(0)
    shade = np.linspace(0.85, 1.0, 200)[None, :, None]
    paper = np.array([235, 222, 190]) * shade + rng.normal(0, 3, (200, 200, 3))
    art = np.where(LINES[..., None], 60, paper).clip(0, 255).astype(np.uint8)
    assert (ink_of(art) == LINES).mean() > 0.999


def test_faint_pencil_is_brought_to_full_ink() -> None:
    art = np.where(LINES, 185, 255).astype(np.uint8)[..., None]
    assert (ink_of(art) == LINES).all()


@pytest.mark.parametrize("value", [255, 200, 128])
def test_a_sheet_of_one_light_tone_has_no_ink(value: int) -> None:
    assert not ink_of(np.full((64, 64, 1), value, np.uint8)).any()


def test_an_all_black_sheet_is_all_ink() -> None:
    assert ink_of(np.zeros((64, 64, 1), np.uint8)).all()


def test_a_fully_transparent_layer_has_no_ink() -> None:
    assert not ink_of(np.zeros((64, 64, 4), np.uint8)).any()


def test_a_huge_drawing_is_measured_smaller_and_keeps_thin_lines() -> None:
    art = np.full((5003, 5001, 1), 255, np.uint8)
    cv2.line(art, (100, 2501), (4900, 2501), 0, 1)
    drawing = read_lineart(art)
    assert drawing.factor == factor_for(5003, 5001) == 2
    assert drawing.line.shape == (2502, 2501)
    assert (drawing.line[1250, 60:2440] >= INK).all()
    assert drawing.sheet.shape == art.shape[:2]


def test_paper_alone_stays_white_on_the_sheet() -> None:
    assert (read_lineart(sheet()).sheet == 255).all()
