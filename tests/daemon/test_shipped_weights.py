"""The weights in the repository: what they are for, whose art made them, and that they are those that were released."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from linewash_daemon.cli.doctor import expected_hash
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.generator import Hints
from linewash_daemon.models import SHIPPED, ModelFolder, read_metadata

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
