"""Sources, and the walk over a folder of art."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash.errors import BadInput
from linewash_training.art import walk
from linewash_training.extract import EXTRACTORS
from linewash_training.sources import base_emoji, read_sources
from tests.training.art_folder import draw_art, painted, write_picture


def test_every_source_names_its_licence_and_where_it_lies() -> None:
    for source in read_sources().values():
        assert source.title and source.authors and source.licence
        assert all("/" in part for part in source.repository.split(", ")), source.id
        assert all(len(part) == 40 for part in source.commit.split(", ")), source.id
        assert source.weight > 0


def test_every_extractor_that_a_source_asks_for_exists() -> None:
    assert {method for source in read_sources().values() for method in source.extract} <= set(EXTRACTORS)


@pytest.mark.parametrize(
    ("names", "group"),
    [
        (("1F44B", "1F44B-1F3FB", "1F44B-1F3FF"), "1f44b"),
        (("1F46E-1F3FB-200D-2640-FE0F", "1F46E-200D-2642-FE0F"), "1f46e"),
        (("1F468-200D-1F33E", "1F469-1F3FD-200D-1F680", "1F9D1"), "person"),
    ],
)
def test_skin_hair_and_gender_make_no_other_emoji(names: tuple[str, ...], group: str) -> None:
    assert {base_emoji(name) for name in names} == {group}


@pytest.mark.parametrize(
    ("source", "first", "second"),
    [
        ("asp-imagebank", "0342_13", "0342_01"),
        ("bookdash", "a-beautiful-day_02", "a-beautiful-day_11"),
        ("mulberry-symbols", "suit_-_ladys", "suit_1"),
        ("wesnoth-portraits", "humans_mage", "humans_mage_female"),
        ("wesnoth-portraits", "Under_the_Burning_Suns_eloh", "Under_the_Burning_Suns_nym"),
        ("valyria-tear", "kalya", "kalya_full"),
    ],
)
def test_pictures_of_one_story_or_character_are_one_group(source: str, first: str, second: str) -> None:
    found = read_sources()[source]
    assert found.group_of(first) == found.group_of(second)
    assert found.group_of(first) != found.group_of("something_else-entirely_9")


def test_the_walk_finds_pictures_with_their_credits_and_line_layers(tmp_path: Path) -> None:
    pictures = {picture.id: picture for picture in walk(draw_art(tmp_path))}
    assert len(pictures) == 12 * 4 + 1
    assert pictures["asp-imagebank/0000_00"].author == "An Artist"
    assert pictures["asp-imagebank/0000_01"].author == read_sources()["asp-imagebank"].authors
    panda = pictures["red-panda-emotes/panda"]
    assert panda.line_path is not None and panda.line_path.name == "panda_line.png"
    assert pictures["openmoji/1F400"].line_path is None


def test_drawings_that_were_never_coloured_are_left_out(tmp_path: Path) -> None:
    write_picture(tmp_path / "asp-imagebank" / "lineonly" / "0001_01.png", painted())
    write_picture(tmp_path / "asp-imagebank" / "0001_02.png", painted())
    assert [picture.name for picture in walk(tmp_path)] == ["0001_02"]


def test_a_folder_without_any_source_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no training art") as caught:
        list(walk(tmp_path))
    assert caught.value.remedy
