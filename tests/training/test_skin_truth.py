"""What finished drawings tell of skin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from linewash_training.pack import Pack
from linewash_training.skin_truth import Tones, skin_of, skin_tones, tones_of
from linewash_training.sources import PAINTED, read_sources

from .small_run import write_pack

PEACH, WOOD, BLUE, YELLOW, WHITE = (254, 238, 202), (180, 120, 70), (40, 60, 180), (252, 234, 43), (255, 255, 255)
NAMED = Tones(np.array([PEACH], np.uint8))
NOBODYS = Tones(np.zeros((0, 3), np.uint8))


def told(*regions: tuple[tuple[int, int, int], int, int], pure: float = 1.0, tones: Tones = NAMED) -> list[int]:
    """Of regions of a colour, so many pixels, in a basin."""
    colors = np.zeros((len(regions), 4, 3), np.uint8)
    colors[:, 0] = [color for color, _, _ in regions]
    shares = np.zeros((len(regions), 4), np.float32)
    shares[:, 0], shares[:, 1] = pure, 1 - pure
    pixels = np.array([size for _, size, _ in regions], np.float32)
    basin = np.array([number for _, _, number in regions], np.int32)
    return [int(one) for one in skin_of(colors, shares, pixels, basin, tones)]


def test_a_named_colour_is_skin_and_blue_and_paper_are_none() -> None:
    assert told((PEACH, 50, 0), (BLUE, 50, 1), (WHITE, 50, 2)) == [1, 0, 0]


def test_what_only_has_the_colour_of_skin_and_a_yellow_face_are_unknown() -> None:
    assert told((WOOD, 50, 0), (YELLOW, 50, 1)) == [-1, -1]


def test_a_colour_counts_where_its_source_names_it() -> None:
    assert told((PEACH, 50, 0), tones=NOBODYS) == [-1]


def test_of_painted_portraits_whatever_has_the_colour_of_skin_is_skin() -> None:
    painted = Tones(NOBODYS.named, painted=True)
    assert told((WOOD, 50, 0), (BLUE, 50, 1), (YELLOW, 50, 2), tones=painted) == [1, 0, -1]


def test_a_basin_is_what_most_of_it_is_and_unknown_if_nothing_is() -> None:
    assert told((PEACH, 80, 0), (BLUE, 20, 0)) == [1, 1]
    assert told((PEACH, 50, 0), (BLUE, 50, 0)) == [-1, -1]
    assert told((PEACH, 20, 0), (BLUE, 80, 0)) == [0, 0]


def test_a_region_of_many_colours_tells_nothing() -> None:
    assert told((PEACH, 50, 0), (BLUE, 50, 1), pure=0.5) == [-1, -1]


def test_every_named_tone_is_a_colour() -> None:
    naming = [source for source in read_sources().values() if source.skin]
    assert len(naming) > 10
    for source in naming:
        tones = tones_of(source.id)
        assert tones.named.shape == (len([tone for tone in source.skin if tone != PAINTED]), 3)
        assert tones.painted == (PAINTED in source.skin)
    assert len(tones_of("nobody").named) == 0


def shipped_with(source: str, path: Path) -> np.ndarray:
    """Of a pack that is all from one source."""
    pack = Pack.open(write_pack(path, 2, 1))
    pack.infos[:] = [replace(info, source=source) for info in pack.infos]
    tones = skin_tones(pack)
    return tones[tones[:, 0] > 0]


@pytest.mark.parametrize("source", ["dicebear-open-peeps", "dicebear-miniavs", "dicebear-personas"])
def test_tones_are_of_no_red_or_yellow_hue_and_told_apart(source: str, tmp_path: Path) -> None:
    tones = shipped_with(source, tmp_path / "a.safetensors")
    hue = np.degrees(np.arctan2(tones[:, 2], tones[:, 1]))
    assert len(tones) and ((hue > 40) & (hue < 80)).all()
    apart = np.linalg.norm(tones[:, None] - tones[None], axis=-1) + 99 * np.eye(len(tones))
    assert apart.min() > 3


def test_art_that_names_none_gives_no_tones(tmp_path: Path) -> None:
    assert len(shipped_with("art4apps", tmp_path / "a.safetensors")) == 0
