"""Colour schemes of the training art."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from linewash_daemon.device import choose
from linewash_training import pack, recipe
from linewash_training.pack import Pack
from linewash_training.regions import RegionsLearner
from linewash_training.samples import to_lab
from linewash_training.schemes import color_schemes

from .test_two_stages import regions

Rgb = tuple[int, int, int]
CALM: tuple[Rgb, ...] = (
    (206, 120, 88), (232, 170, 190), (112, 140, 92), (92, 132, 168), (176, 200, 214), (96, 72, 60), (120, 90, 150),
)  # fmt: skip
GREY: tuple[Rgb, ...] = tuple((v, v, v) for v in (30, 70, 110, 150, 190, 215, 230))
GAUDY: tuple[Rgb, ...] = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 255, 255), (9, 9, 9))
BROWN: tuple[Rgb, ...] = (
    (206, 140, 88), (240, 206, 160), (112, 140, 92), (92, 132, 168), (176, 140, 90), (96, 72, 60), (222, 168, 60),
)  # fmt: skip
GREEN: tuple[Rgb, ...] = (
    (140, 160, 70), (90, 120, 50), (170, 190, 100), (120, 150, 120), (176, 140, 190), (96, 72, 60), (222, 168, 160),
)  # fmt: skip
FEW = CALM[:3]


def picture(colors: tuple[Rgb, ...]) -> NDArray[np.uint8]:
    """Rows of stripes on white paper, the first colour the most."""
    out = np.full((160, 160, 3), 255, np.uint8)
    height = 120 // (len(colors) + 1)
    for i, rgb in enumerate((colors[0], *colors)):
        out[20 + i * height : 20 + (i + 1) * height, 20:140] = rgb
    return out


def packed(path: Path, *pictures: tuple[tuple[Rgb, ...], str], source: str = "own", group: str = "") -> Pack:
    pairs = []
    for number, (colors, split) in enumerate(pictures):
        info = pack.PairInfo(f"{source}/{number}", source, group or str(number), "real", split, 1.0, 160, 160)
        color = np.asarray(cv2.imencode(".png", picture(colors)[..., ::-1])[1]).ravel()
        pairs.append((info, pack.Encoded(pack.encode_line(np.full((160, 160), 255, np.uint8)), color)))
    pack.write(path, pairs)
    return Pack.open(path)


def test_a_scheme_is_a_drawings_colours_and_how_much_it_has_of_each_without_its_paper(tmp_path: Path) -> None:
    found = color_schemes(packed(tmp_path / "a.safetensors", (CALM, "train")), 3)
    assert found.shape == (3, 10, 4) and (found[1:] == 0).all()
    lab, share = found[0, :, :3], found[0, :, 3]
    assert np.abs(share[:8] - [2 / 8, *[1 / 8] * 6, 0]).max() < 0.02
    true = to_lab(np.array([CALM], np.uint8))[0]
    assert np.linalg.norm(lab[0] - true[0]) < 3
    assert all(np.linalg.norm(lab[:7] - one, axis=1).min() < 3 for one in true)


def test_leaves_and_sky_of_a_scene_are_no_part_of_its_scheme(tmp_path: Path) -> None:
    leaf, sky = (70, 160, 60), (110, 175, 235)
    art = packed(tmp_path / "a.safetensors", ((sky, *CALM[:2], leaf, *CALM[3:]), "train"), source="bookdash")
    found = color_schemes(art)[0]
    lab = found[found[:, 3] > 0, :3]
    assert len(lab) >= 5
    assert np.linalg.norm(lab - to_lab(np.array([[leaf]], np.uint8))[0], axis=1).min() > 20


def test_a_story_gives_one_scheme_however_many_pictures_it_has(tmp_path: Path) -> None:
    turned = [(CALM[i:] + CALM[:i], "train") for i in range(4)]
    found = color_schemes(packed(tmp_path / "a.safetensors", *turned, group="story"))
    assert (found[0, :, 3] > 0).any() and not found[1:].any()


def test_grey_gaudy_brown_green_and_poor_drawings_and_held_out_ones_give_none(tmp_path: Path) -> None:
    learned = [(colors, "train") for colors in (GREY, GAUDY, BROWN, GREEN, FEW)]
    art = packed(tmp_path / "a.safetensors", *learned, (CALM, "held"))
    assert (color_schemes(art) == 0).all()


def test_of_many_drawings_so_many_are_taken_evenly(tmp_path: Path) -> None:
    turned = [(CALM[i:] + CALM[:i], "train") for i in range(6)]
    art = packed(tmp_path / "a.safetensors", *turned)
    true = to_lab(np.array([CALM], np.uint8))[0]
    first = [int(np.linalg.norm(true - one[0, :3], axis=1).argmin()) for one in color_schemes(art, 3)]
    assert first == [0, 2, 4]


def test_the_same_art_gives_the_same_schemes(tmp_path: Path) -> None:
    art = packed(tmp_path / "a.safetensors", (CALM, "train"), (GREY, "train"))
    assert np.array_equal(color_schemes(art), color_schemes(art))


def learner(folder: Path) -> tuple[Pack, RegionsLearner]:
    art, told = packed(folder / "a.safetensors", (CALM, "train")), regions()
    assert isinstance(told, recipe.RegionsRecipe)
    return art, RegionsLearner(told, choose("cpu"), art, folder)


def test_a_run_takes_over_the_schemes_of_its_art_and_not_those_of_the_style_it_began_with(tmp_path: Path) -> None:
    art, run = learner(tmp_path)
    run.start_from({"schemes": torch.full_like(run.network.schemes, 0.5)})
    run.count(fresh=False)
    for network in (run.network, run.average):
        assert np.array_equal(network.schemes.numpy(), color_schemes(art)) and network.schemes.any()


def test_a_run_that_goes_on_keeps_its_schemes(tmp_path: Path) -> None:
    _, run = learner(tmp_path)
    run.network.schemes.fill_(0.5)
    run.count(fresh=False)
    assert (run.network.schemes == 0.5).all()
