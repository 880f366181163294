"""The weights in the repository: what they are for, whose art made them, and that they are those that were released."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.cli.doctor import expected_hash
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.generator import Hints
from linewash_daemon.models import SHIPPED, ModelFolder, read_metadata

from .colorist.drawings import color, plane

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(SHIPPED.glob("*.safetensors"))


def test_a_style_for_line_art_and_one_for_greyscale_pictures_are_here() -> None:
    folder = ModelFolder(SHIPPED)
    assert folder.load("").info.name == "linewash"
    assert folder.load("", "grey").info.name == "grey"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_small_as_released_and_names_the_art_behind_it(file: Path) -> None:
    assert file.stat().st_size <= 16e6
    info = next(info for info in ModelFolder(SHIPPED).infos() if info.name == file.stem)
    assert info.hash == expected_hash(file.with_suffix(".sha256"))
    metadata = read_metadata(file)
    assert metadata["licence"] == "CC-BY-SA-4.0"
    assert len(metadata["sources"]) > 20 and all(source["licence"] for source in metadata["sources"])


def test_the_greyscale_style_gives_a_picture_colours_and_leaves_paper_nearly_white() -> None:
    lightness = np.full((64, 64), 100, np.float32)
    lightness[16:48, 16:48] = 55
    hints = Hints(np.zeros((64, 64), np.int32), np.zeros((0, 3), np.float32))
    lab = ModelFolder(SHIPPED).load("", "grey").tint(lightness, hints)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    assert np.isfinite(lab).all() and np.array_equal(lab[..., 0], lightness)
    assert chroma[20:44, 20:44].mean() > chroma[:8].mean() + 3
    assert chroma[:8].mean() < np.hypot(*to_lab(np.array([[255, 240, 215]], np.uint16) * np.uint16(257))[0, 1:])


def drawing(name: str) -> NDArray[np.uint8]:
    line = cv2.imread(str(EXAMPLES / f"{name}.line.png"), cv2.IMREAD_GRAYSCALE)
    assert line is not None
    return np.asarray(line, np.uint8)[..., None]


@pytest.fixture(scope="module")
def colorist() -> Colorist:
    return Colorist(ModelFolder(SHIPPED))


@pytest.mark.parametrize("seed", range(4))
def test_without_strokes_a_portraits_face_has_the_colour_of_skin(colorist: Colorist, seed: int) -> None:
    flats = plane(color(colorist, drawing("face"), seed=seed, layers=("flats",)), "flats")
    cheeks = np.array([[flats[y, x, :3] for x in (460, 650)] for y in (715, 735)], np.uint16).reshape(-1, 3)
    lab = to_lab(cheeks * np.uint16(257))
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    assert (np.hypot(lab[:, 1], lab[:, 2]) > 8).all() and ((hue > 20) & (hue < 90)).all()


def test_a_page_more_crowded_than_the_network_decides_region_by_region_is_coloured_without_strokes(
    colorist: Colorist,
) -> None:
    page = np.full((900, 900, 1), 255, np.uint8)
    for line in range(0, 900, 22):  # 1,600 squares
        page[line : line + 2] = page[:, line : line + 2] = 0
    flats = plane(color(colorist, page, seed=1, layers=("flats",)), "flats")
    assert flats.shape == (900, 900, 4) and (flats[..., 3] == 255).all()


def test_the_default_style_gives_shade_and_highlights_on_a_fox_and_none_on_its_sky(colorist: Colorist) -> None:
    line = drawing("animal")
    hints = cv2.imread(str(EXAMPLES / "animal.hints.png"), cv2.IMREAD_UNCHANGED)
    assert hints is not None
    rgba = np.asarray(cv2.cvtColor(hints, cv2.COLOR_BGRA2RGBA), np.uint8)
    result = color(colorist, line, rgba, layers=("shading", "highlights"))
    shade, shine = plane(result, "shading")[..., 0] < 255, plane(result, "highlights")[..., 0] > 0
    assert 0.02 < shade.mean() < 0.4 and 0.002 < shine.mean() < 0.1
    assert not (shade & shine).any()
    height, width = shine.shape
    sky = np.s_[: height // 10, width // 3 : width // 2]
    assert not shade[sky].any() and not shine[sky].any()
