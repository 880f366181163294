"""A film of still pictures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_training.cli import app
from linewash_training.film import SIZE, make_film
from linewash_training.movie import Frame, frames
from tests.training.art_folder import INKED, write_picture
from tests.training.little_film import drawn


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two raster pictures and an SVG whose names sort apart from the order in which they are written."""
    folder = tmp_path / "pictures"
    write_picture(folder / "b.png", drawn(1, 0, side=400))
    write_picture(folder / "a.jpg", drawn(0, 0, side=240))
    (folder / "c.svg").write_text(INKED.format(fill="#44aa66", x=50))
    return folder


def by_scene(film: Path, every: float = 1 / 12) -> list[list[Frame]]:
    scenes: dict[int, list[Frame]] = {}
    for frame in frames(film, every):
        scenes.setdefault(frame.scene, []).append(frame)
    return list(scenes.values())


def test_each_picture_is_one_scene_in_the_order_of_names(pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "film.avi"
    told = CliRunner().invoke(app, ["film", str(pictures), "--out", str(out), "--seconds", "2"])
    assert told.exit_code == 0 and "3 pictures" in " ".join(told.output.split())
    scenes = by_scene(out)
    assert [len(scene) for scene in scenes] == [24, 24, 24]
    assert all(frame.color.shape == (SIZE[1], SIZE[0], 3) for scene in scenes for frame in scene)
    corners = [np.median(scene[0].color.reshape(-1, 3), axis=0) for scene in scenes]
    grounds = [(235, 240, 250), (60, 90, 140), (0x44, 0xAA, 0x66)]
    assert np.abs(np.array(corners) - grounds).max() < 12


def test_the_camera_moves_slowly_and_never_leaves_the_picture(tmp_path: Path) -> None:
    cells = np.random.default_rng(0).integers(60, 200, (20, 15, 1)).astype(np.uint8).repeat(3, 2)
    write_picture(tmp_path / "p" / "tall.png", cells.repeat(30, 0).repeat(30, 1))
    make_film(tmp_path / "p", tmp_path / "f.avi", 2)
    (scene,) = by_scene(tmp_path / "f.avi")
    steps = [np.abs(a.color.astype(int) - b.color).mean() for a, b in pairwise(scene)]
    assert max(steps) < 12 and np.abs(scene[0].color.astype(int) - scene[-1].color).mean() > 3
    assert all(frame.color.max() < 225 and frame.color.min() > 35 for frame in scene)  # neither black nor white edges


def test_the_same_pictures_make_the_same_film(pictures: Path, tmp_path: Path) -> None:
    for name in ("a.avi", "b.avi"):
        make_film(pictures, tmp_path / name, 0.5)
    assert (tmp_path / "a.avi").read_bytes() == (tmp_path / "b.avi").read_bytes()


def test_transparency_is_filmed_on_white(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    cv2.imwrite(str(tmp_path / "p" / "a.png"), np.zeros((90, 90, 4), np.uint8))
    make_film(tmp_path / "p", tmp_path / "f.avi", 0.5)
    assert next(frames(tmp_path / "f.avi", 1)).color.min() > 250


def test_damaged_pictures_are_left_out_and_counted(pictures: Path, tmp_path: Path) -> None:
    (pictures / "torn.png").write_bytes(b"\x89PNG not at all")
    (pictures / "torn.svg").write_text("<svg")
    assert make_film(pictures, tmp_path / "f.avi", 0.5) == (3, 2)


def refused(folder: Path, out: Path, seconds: float = 0.5) -> BadInput:
    with pytest.raises(BadInput) as caught:
        make_film(folder, out, seconds)
    assert caught.value.remedy and not list(out.parent.glob("*.avi"))
    return caught.value


def test_a_folder_without_pictures_is_told_in_a_sentence(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere", tmp_path / "f.avi").code == "no_such_file"
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.png").write_bytes(b"no picture")
    assert refused(tmp_path / "p", tmp_path / "f.avi").code == "no_such_file"


@pytest.mark.parametrize("seconds", [0.0, -2.0, float("nan"), float("inf")])
def test_a_duration_that_is_none_is_refused(pictures: Path, tmp_path: Path, seconds: float) -> None:
    assert refused(pictures, tmp_path / "f.avi", seconds).code == "bad_option"


def test_another_kind_of_file_than_avi_is_refused(pictures: Path, tmp_path: Path) -> None:
    assert refused(pictures, tmp_path / "f.mp4").code == "bad_option"


def test_a_film_that_can_not_be_written_is_told_in_a_sentence(pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "f.part.avi").mkdir()
    with pytest.raises(BadInput) as caught:
        make_film(pictures, tmp_path / "f.avi", 0.5)
    assert caught.value.code == "output_unwritable"
