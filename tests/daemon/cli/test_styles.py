"""The command line, the real daemon and the real colorist with a small network of random weights: nothing is faked."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from linewash_daemon.colorist.exactlab import lightness
from linewash_daemon.pictures.read import read_picture
from tests.daemon.model_files import write_grey, write_model, write_painter

from .conftest import Program

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names the folder of styles as Linux does")


@pytest.fixture
def folder(linewash: Program, tmp_path: Path) -> Path:
    """The user's own styles, one of which is whole."""
    linewash.environment.pop("LINEWASH_DAEMON")
    linewash.environment["XDG_DATA_HOME"] = str(tmp_path / "data")
    linewash.environment["LINEWASH_STATE_DIR"] = str(tmp_path / "state")
    folder = tmp_path / "data" / "linewash" / "models"
    folder.mkdir(parents=True)
    write_model(folder / "tiny.safetensors")
    return folder


@pytest.fixture
def line(tmp_path: Path) -> Path:
    pixels = np.full((80, 96), 255, np.uint8)
    cv2.rectangle(pixels, (20, 20), (60, 60), 0, 2)
    cv2.circle(pixels, (40, 40), 10, 0, 2)
    Image.fromarray(pixels).save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_two_daemons_paint_the_same_pixels(linewash: Program, folder: Path, line: Path) -> None:
    painted = []
    for name in ("first.png", "second.png"):
        ran = linewash("color", line, "--style", "tiny", "--seed", "7", "--out", line.with_name(name), "--json")
        assert (ran.code, ran.json["model"], ran.json["seed"]) == (0, "tiny", 7)
        painted.append(read_picture(line.with_name(name)).pixels)
        assert linewash("daemon", "stop", "--json").json["stopped"]
    assert np.array_equal(painted[0], painted[1])


def test_a_damaged_style_is_listed_with_its_problem_and_refused(linewash: Program, folder: Path, line: Path) -> None:
    whole = (folder / "tiny.safetensors").read_bytes()
    (folder / "cut.safetensors").write_bytes(whole[:-100])
    header = json.dumps({"x": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}).encode()
    (folder / "foreign.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"\0")
    listed = {model["name"]: model["problem"] for model in linewash("models", "--json").json["models"]}
    assert listed["tiny"] == ""
    assert "truncated" in listed["cut"] and "linewash-train" in listed["foreign"]
    assert "cut: The style file cut.safetensors can't be used: it is truncated." in linewash("models").out.splitlines()
    for style in ("cut", "foreign"):
        ran = linewash("color", line, "--style", style, "--json")
        assert (ran.code, ran.error["code"]) == (4, "model_unusable")
    ran = linewash("color", line, "--style", "manga", "--json")
    assert (ran.code, ran.error["code"]) == (4, "no_such_model")
    assert "tiny" in ran.error["remedy"]
    assert not line.with_name("page.colored.png").exists()


def test_without_pytorch_the_daemon_answers_and_says_how_to_install_it(
    linewash: Program, folder: Path, line: Path, tmp_path: Path
) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "torch.py").write_text("raise ImportError('not installed')")
    linewash.environment["PYTHONPATH"] = f"{tmp_path / 'without'}:{linewash.environment['PYTHONPATH']}"
    assert linewash("models", "--json").code == 0
    ran = linewash("color", line, "--style", "tiny", "--json")
    assert (ran.code, ran.error["code"]) == (4, "torch_missing")
    assert "install" in ran.error["remedy"]
    assert not line.with_name("page.colored.png").exists()


def test_every_kind_of_layer_reaches_the_file(linewash: Program, folder: Path, line: Path) -> None:
    hints = np.zeros((80, 96, 4), np.uint8)
    hints[24:30, 24:30] = (250, 20, 30, 255)
    Image.fromarray(hints).save(line.with_name("hints.png"))
    layers = "flats,color,composite,per_color,per_region,regions"
    words = ("--hints", line.with_name("hints.png"), "--style", "tiny", "--layers", layers)
    ran = linewash("color", line, *words, "--out", line.with_suffix(".ora"), "--json")
    assert ran.code == 0, ran.err
    told = ran.json["layers"]
    assert {layer["role"] for layer in told} == set(layers.split(","))
    assert "#fa141e" in [layer["name"] for layer in told if layer["role"] == "per_color"]
    assert line.with_suffix(".ora").exists()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (80, 96), np.uint8)
    Image.fromarray(cv2.GaussianBlur(pixels, (0, 0), 3)).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def test_a_photo_is_coloured_and_keeps_its_lightness(linewash: Program, folder: Path, photo: Path) -> None:
    write_grey(folder)
    ran = linewash("color", photo, "--mode", "grey", "--json")
    assert ran.code == 0, ran.err
    assert [layer["role"] for layer in ran.json["layers"]] == ["composite"]
    assert (ran.json["model"], ran.json["notices"]) == ("grey", [])
    colored = read_picture(photo.with_name("photo.colored.png")).pixels
    assert np.abs(lightness(colored) - lightness(read_picture(photo).pixels)).max() <= 0.6
    assert np.ptp(colored.astype(int), axis=2).max() > 3


def test_a_layered_file_has_the_photo_and_a_layer_of_colour_above_it(
    linewash: Program, folder: Path, photo: Path
) -> None:
    write_grey(folder)
    for name in ("photo.ora", "photo.psd"):
        out = photo.with_name(name)
        assert linewash("color", photo, "--mode", "grey", "--out", out).code == 0
    with zipfile.ZipFile(photo.with_suffix(".ora")) as archive:
        root = ElementTree.fromstring(archive.read("stack.xml"))
    ((group, below),) = root
    assert (below.get("name"), below.get("composite-op")) == ("Picture", "svg:src-over")
    ((layer),) = group
    assert (layer.get("name"), layer.get("composite-op")) == ("Color", "svg:color")
    lowest, above = list(PSDImage.open(photo.with_suffix(".psd")))
    assert [(tint.name, tint.blend_mode) for tint in above] == [("Color", BlendMode.COLOR)]  # type: ignore[attr-defined]
    assert lowest.blend_mode == BlendMode.NORMAL


def test_without_a_style_for_photos_one_is_told_how_to_get_one(linewash: Program, folder: Path, photo: Path) -> None:
    ran = linewash("color", photo, "--mode", "grey", "--style", "tiny", "--json")
    assert (ran.code, ran.error["code"]) == (2, "bad_option")
    assert "tiny does not colour greyscale pictures" in ran.error["sentence"]
    write_grey(folder, "mine")
    ran = linewash("color", photo, "--mode", "grey", "--style", "tiny", "--json")
    assert "mine" in ran.error["remedy"]
    assert linewash("color", photo, "--mode", "grey", "--style", "mine").code == 0
    assert "greyscale pictures" in linewash("models").out


def test_a_reference_colours_with_a_style_that_takes_one_and_is_told_to_be_ignored_by_others(
    linewash: Program, folder: Path, line: Path
) -> None:
    settings = {"into": 4, "out": 3, "channels": 4, "depth": 3}
    write_painter(folder, "fond", settings=settings, paints={"hints": "histogram"})
    found = []
    for shade in ("red", "blue"):
        Image.new("RGB", (20, 20), shade).save(line.with_name("like.png"))
        words = ("--style", "fond", "--like", line.with_name("like.png"), "--layers", "painting", "--overwrite")
        ran = linewash("color", line, *words, "--json")
        assert (ran.code, ran.json["notices"]) == (0, [])
        found.append(read_picture(line.with_name("page.colored.png")).pixels)
    assert not np.array_equal(found[0], found[1])
    ran = linewash("color", line, "--style", "tiny", "--like", line.with_name("like.png"), "--overwrite", "--json")
    assert [notice["code"] for notice in ran.json["notices"]] == ["like_ignored"]
