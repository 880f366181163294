"""The line extractors of the earlier systems: threshold, Canny and the coloring-book filter."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from linewash_training.extract import canny_lines, coloring_book, threshold_lines
from tests.training.art_folder import painted

EXTRACTORS = [threshold_lines, canny_lines, coloring_book]
Extractor = Callable[[np.ndarray], np.ndarray]


def rim(side: int, radius: int) -> np.ndarray:
    mask = np.zeros((side, side), np.uint8)
    cv2.circle(mask, (side // 2, side // 2), radius, 1, 3)
    return mask > 0


def disc(side: int, inside: tuple[int, int, int], outside: tuple[int, int, int]) -> np.ndarray:
    """A disc without outline, softened a little as pictures are."""
    picture = np.full((side, side, 3), outside, np.uint8)
    cv2.circle(picture, (side // 2, side // 2), side // 4, inside, -1)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_an_outline_is_found_and_flat_areas_are_paper(extractor: Extractor) -> None:
    line = extractor(painted(256, x=128))
    assert line.shape == (256, 256) and line.dtype == np.uint8
    darkest = cv2.erode(line, np.ones((9, 9), np.uint8))
    assert (darkest[rim(256, 64)] < 128).mean() > 0.9
    assert line[110:146, 110:146].min() > 240 and line[5:40, 5:40].min() > 240


@pytest.mark.parametrize("extractor", EXTRACTORS)
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_an_even_sheet_of_any_tone_has_no_lines(extractor: Extractor, grey: int) -> None:
    assert (extractor(np.full((64, 80, 3), grey, np.uint8)) == 255).all()


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_a_border_of_two_tones_without_outline_becomes_a_line(extractor: Extractor) -> None:
    line = extractor(disc(256, (200, 120, 60), (235, 240, 245)))
    darkest = cv2.erode(line, np.ones((9, 9), np.uint8))
    assert (darkest[rim(256, 64)] < 140).mean() > 0.9


@pytest.mark.parametrize("extractor", [threshold_lines, canny_lines])
def test_the_published_edge_detectors_know_ink_and_paper_alone(extractor: Extractor) -> None:
    assert set(np.unique(extractor(painted(256, x=128)))) == {0, 255}


def test_threshold_lines_are_without_single_specks() -> None:
    picture = np.full((64, 64, 3), 200, np.uint8)
    picture[20, 20] = picture[40, 44] = 90
    picture[50:52, 5:60] = 90
    line = threshold_lines(picture)
    assert line[15:45].min() == 255 and line[50:52, 10:50].max() == 0


def test_a_wider_gaussian_leaves_canny_fewer_lines() -> None:
    noisy = np.random.default_rng(0).integers(0, 256, (128, 128, 3)).astype(np.uint8)
    assert (canny_lines(noisy, 5) == 0).sum() < 0.7 * (canny_lines(noisy, 2) == 0).sum()


@pytest.mark.parametrize("side", [128, 256, 512])
def test_canny_finds_the_same_lines_whatever_the_size(side: int) -> None:
    picture = cv2.resize(disc(256, (150, 150, 150), (215, 215, 215)), (side, side), interpolation=cv2.INTER_AREA)
    lines = (canny_lines(np.asarray(picture, np.uint8)) == 0).astype(np.uint8)
    assert lines.sum() == pytest.approx(1.15 * 2 * np.pi * side / 4, rel=0.1)  # one ring, and nothing else
    assert cv2.dilate(lines, np.ones((7, 7), np.uint8))[rim(side, side // 4)].mean() > 0.95


def test_a_coloring_book_page_is_near_white_with_dark_outlines() -> None:
    page = coloring_book(painted(256, x=128))
    assert np.median(page) == 255 and page.mean() > 215
    assert page.min() < 20


def test_a_coloring_book_page_keeps_no_tones_but_soft_ones_at_lines() -> None:
    picture = np.tile(np.linspace(60, 220, 256).astype(np.uint8)[None, :, None], (256, 1, 3))
    assert coloring_book(picture).min() > 225


def test_pale_pictures_get_outlines_in_the_coloring_book_too() -> None:
    page = coloring_book(disc(256, (195, 200, 205), (240, 240, 240)))
    assert (cv2.erode(page, np.ones((9, 9), np.uint8))[rim(256, 64)] < 140).mean() > 0.9


def test_a_black_area_becomes_paper_in_the_coloring_book() -> None:
    page = coloring_book(disc(256, (10, 10, 10), (240, 240, 240)))
    assert page[110:146, 110:146].min() > 240
