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
from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.prepare import prepare
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


def polar(flats: NDArray[np.uint8], *places: tuple[int, int]) -> NDArray[np.float32]:
    """L, chroma and hue in degrees at each place, x and y: (places, 3)."""
    colors = np.array([flats[y, x, :3] for x, y in places], np.uint16)
    lab = to_lab(colors * np.uint16(257))
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    return np.stack([lab[:, 0], np.hypot(lab[:, 1], lab[:, 2]), hue], 1)


@pytest.mark.parametrize("seed", range(4))
def test_without_strokes_a_portraits_face_has_the_colour_of_skin_and_her_eyes_have_whites(
    colorist: Colorist, seed: int
) -> None:
    flats = plane(color(colorist, drawing("face"), seed=seed, layers=("flats",)), "flats")
    for _, chroma, hue in polar(flats, (460, 715), (650, 715), (460, 735), (650, 735)):
        assert chroma > 8 and 20 < hue < 90
    assert (flats[665, 400, :3] == 255).all()


@pytest.mark.parametrize("seed", range(4))
def test_without_strokes_a_landscape_has_green_trees_a_blue_sky_white_clouds_and_a_yellow_sun(
    colorist: Colorist, seed: int
) -> None:
    flats = plane(color(colorist, drawing("landscape"), seed=seed, layers=("flats",)), "flats")
    crown, fir, sky, sun = polar(flats, (330, 480), (600, 480), (700, 250), (1220, 150))
    assert all(90 < hue < 170 and chroma > 15 for _, chroma, hue in (crown, fir))
    assert 190 < sky[2] < 300 and sky[0] > 50
    assert 55 < sun[2] < 110 and sun[0] > 65
    assert (flats[150, 560, :3] == 255).all()


@pytest.mark.parametrize("name", ["comic", "figure", "still-life"])
def test_an_area_between_lines_in_which_no_stroke_lies_is_in_one_colour(colorist: Colorist, name: str) -> None:
    page = drawing(name)
    hints = cv2.imread(str(EXAMPLES / f"{name}.hints.png"), cv2.IMREAD_UNCHANGED)
    assert hints is not None
    flats = plane(color(colorist, page, np.ascontiguousarray(hints[..., [2, 1, 0, 3]]), layers=("flats",)), "flats")
    regions = prepare(read_lineart(page), ModelFolder(SHIPPED).load(""), 0).regions
    basin, paper = regions.basin[regions.labels], page[..., 0] > 200
    stroked = np.zeros(int(basin.max()) + 1, bool)
    stroked[basin[hints[..., 3] > 0]] = True
    others = paper & ~stroked[basin]
    found = np.unique(np.column_stack([basin[others], flats[others]]), axis=0)
    assert len(found) > 40
    assert len(np.unique(found[:, 0])) == len(found)


def test_sparks_drawn_along_lines_leave_the_sky_between_them_to_the_stroke_that_lies_there(colorist: Colorist) -> None:
    page, middle, sky, spark = np.full((512, 512, 1), 255, np.uint8), 256, (250, 250, 250), (240, 178, 30)
    hints = np.zeros((512, 512, 4), np.uint8)
    for angle in np.arange(0, 2 * np.pi, np.pi / 6):
        along = np.array([np.cos(angle), np.sin(angle)])
        beside = 6 * np.array([-along[1], along[0]])
        inner, outer = ((middle + reach * along).round().astype(int).tolist() for reach in (70, 170))
        cv2.line(page, inner, outer, 0, 5)
        for reach in (85, 120, 155):
            x, y = (middle + reach * along + beside).round().astype(int).tolist()
            hints[y - 2 : y + 3, x - 2 : x + 3] = (*spark, 255)
    hints[40:60, 246:266] = (*sky, 255)
    flats = plane(color(colorist, page, hints, layers=("flats",)), "flats")
    open_air = cv2.distanceTransform(((page[..., 0] > 0) & (hints[..., 3] == 0)).astype(np.uint8), cv2.DIST_L2, 5) > 24
    assert (flats[open_air][:, :3] == sky).all(1).mean() > 0.95


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
