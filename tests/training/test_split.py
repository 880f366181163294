"""Which pictures are held out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linewash_training.sources import read_sources
from linewash_training.split import is_held, lookalikes, thumbnail
from tests.training.art_folder import painted

SOURCE = read_sources()["asp-imagebank"]


@given(st.from_regex(r"\A\d{4}\Z"), st.lists(st.integers(0, 99), min_size=2, max_size=6))
def test_a_story_lies_on_one_side_whole(story: str, pages: list[int]) -> None:
    assert len({is_held(SOURCE, SOURCE.group_of(f"{story}_{page:02d}")) for page in pages}) == 1


def test_about_a_tenth_of_the_groups_is_held_out() -> None:
    held = sum(is_held(SOURCE, f"{number:04d}") for number in range(5000))
    assert 0.07 < held / 5000 < 0.11


def test_a_source_held_out_whole_has_nothing_in_training() -> None:
    whole = replace(SOURCE, held_out=True)
    assert all(is_held(whole, f"{number:04d}") for number in range(50))
    assert any(source.held_out for source in read_sources().values())


def test_a_near_copy_and_its_mirror_image_are_found() -> None:
    held = painted(x=60)
    noisy = np.clip(held.astype(int) + np.random.default_rng(0).integers(-9, 10, held.shape), 0, 255).astype(np.uint8)
    other = 255 - held
    ours = [thumbnail(picture) for picture in (noisy, noisy[:, ::-1].copy(), other)]
    assert lookalikes(ours, [thumbnail(held)]).tolist() == [True, True, False]


def test_nothing_looks_like_nothing() -> None:
    assert lookalikes([], []).tolist() == []
    assert lookalikes([thumbnail(painted())], []).tolist() == [False]
