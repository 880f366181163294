"""Krita's Colorize Mask as `bench.mask` measures it: a rival has to be run as it is meant to be."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.mask import masked
from linewash_training.flats import Image
from tests.editors.krita.run import Krita

pytestmark = pytest.mark.usual_only  # the older one has no masks for scripts

RED, BLUE = (200, 40, 30), (20, 60, 210)


def two_rooms() -> Image:
    """A closed box with a wall in the middle, 96 x 64 px."""
    line = np.full((64, 96), 255, np.uint8)
    cv2.rectangle(line, (8, 8), (88, 56), 0, 2)
    cv2.line(line, (48, 8), (48, 56), 0, 2)
    return line


def test_each_room_has_the_colour_of_its_stroke_and_lines_stay(krita: Krita, tmp_path: Path) -> None:
    line = two_rooms()
    hints = np.zeros((64, 96, 4), np.uint8)
    hints[28:34, 20:32], hints[28:34, 64:76], hints[1:5, 30:60] = (*RED, 255), (*BLUE, 255), (255, 255, 255, 255)
    result, seconds = masked(krita, tmp_path, line, hints, 0.0)
    assert (result[14:50, 14:42] == RED).all()
    assert (result[14:50, 54:82] == BLUE).all()
    assert (result[line == 0] == 0).all()
    assert seconds > 0
