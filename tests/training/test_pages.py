"""Pages of several drawings."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from linewash_daemon.networks.depiction import CLASSES
from linewash_training.augment import skin_colored
from linewash_training.pack import Pack, Pair
from linewash_training.pages import Page, Pages
from linewash_training.semantic_truth import FOLIAGE, SKIN, SKY, SUN, WHITE

from .small_run import write_pack

PEACH, LEAF = (254, 238, 202), (70, 160, 60)
#: sources and names of drawings to learn from, one after another
KINDS = (
    ("mulberry-symbols", "boy"), ("art4apps", "tree"), ("art4apps", "cup"), ("bookdash", "tree"),
    ("wesnoth-portraits", "elf"),
)  # fmt: skip


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """People whose skin has named colours, plants, things, scenes and portraits, 2 of each; all of that held out, too.
    Every other disc is of that skin, the others are green."""
    pack = Pack.open(write_pack(tmp_path_factory.mktemp("art") / "art.safetensors", 10, 5, [PEACH, LEAF]))
    for number, info in enumerate(pack.infos):
        source, name = KINDS[number % len(KINDS)]
        pack.infos[number] = replace(info, source=source, id=f"{source}/{name}")
    return pack


@pytest.fixture(scope="module")
def many(art: Pack) -> list[Page]:
    pages = Pages.of(art)
    return [pages[number] for number in range(40)]


def test_a_page_is_the_same_whenever_it_is_asked_for_and_another_one_is_another(art: Pack, many: list[Page]) -> None:
    again = Pages.of(art)
    for number in (0, 7):
        one, other = many[number], again[number]
        assert np.array_equal(one.pair.line, other.pair.line) and np.array_equal(one.pair.color, other.pair.color)
        assert np.array_equal(one.told, other.told) and one.pair.meta == other.pair.meta
    lines = sorted(page.pair.line.tobytes() for page in many)
    assert all(len(list(equal)) == 1 for _, equal in groupby(lines))


def test_figures_come_from_drawings_to_learn_from_and_neither_from_scenes_nor_from_portraits(
    art: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages.of(art)
    assert pages.groups == {"named": ((0, 5),), "plants": ((1, 6),), "others": ((2, 7),)}
    taken: set[int] = set()
    get = Pack.__getitem__

    def noted(self: Pack, index: int) -> Pair:
        taken.add(index)
        return get(self, index)

    monkeypatch.setattr(Pack, "__getitem__", noted)
    for number in range(40):
        assert pages[number].pair.meta.source == "page"
    assert taken == {0, 1, 2, 5, 6, 7}


def test_pages_hold_lines_and_colours_and_what_is_told_of_every_pixel(many: list[Page]) -> None:
    for page in many:
        line, color, info = page.pair
        assert line.dtype == color.dtype == np.uint8 and color.shape == (*line.shape, 3)
        assert (info.height, info.width) == line.shape and max(line.shape) == 512
        assert (line < 128).mean() > 0.001 and len(set(map(bytes, color[::4, ::4].reshape(-1, 3)))) > 2
        assert page.told.dtype == np.int8 and page.told.shape == (*line.shape, len(CLASSES))
        assert page.told.min() >= -1 and page.told.max() <= 1


def test_faces_are_on_pages_as_skin(many: list[Page]) -> None:
    shown = [page for page in many if (page.told[..., SKIN] == 1).any()]
    assert len(shown) > len(many) / 4
    for page in shown:
        color, skin = page.pair.color, page.told[..., SKIN] == 1
        pasted = np.abs(color.astype(int) - PEACH).max(2) <= 8
        assert (pasted | skin_colored(color))[skin].all()  # else they were drawn
    assert sum((page.pair.color == PEACH).all(2).any() for page in shown) > len(many) / 8


def across(page: Page, kind: int) -> bool:
    """Whether that reaches from the left to the right rim in one colour, and not a disc's."""
    ends, told = page.pair.color[:, [0, -1]], page.told[:, [0, -1], kind]
    one = (ends[:, 0] == ends[:, 1]).all(1) & (ends[:, 0] != LEAF).any(1)
    return bool((one & (told == 1).all(1)).any())


def test_on_one_page_in_five_meadow_and_sky_reach_from_rim_to_rim(art: Pack) -> None:
    pages = Pages.of(art)
    assert sum(across(page, FOLIAGE) and across(page, SKY) for page in map(pages.__getitem__, range(400))) > 400 / 5


def test_meadows_are_foliage_and_what_is_painted_blue_above_them_is_sky(many: list[Page]) -> None:
    for page in many:
        color = page.pair.color.astype(int)
        green, blue = color[page.told[..., FOLIAGE] == 1], color[page.told[..., SKY] == 1]
        assert (green[:, 1] > green[:, 2]).all() and (blue[:, 2] > blue[:, 0]).all()
        assert not ((page.told[..., FOLIAGE] == 1) & (page.told[..., SKY] == 1)).any()


def test_under_a_painted_sky_only_clouds_and_what_figures_have_are_white(many: list[Page]) -> None:
    skies = [page for page in many if (page.told[..., SKY] == 1).any()]
    assert all((page.told[page.told[..., SKY] == 1, WHITE] == 0).all() for page in skies)
    assert any((page.told[..., WHITE] == 1).any() for page in skies)
    for page in many:
        assert (page.pair.color[page.told[..., WHITE] == 1] >= 245).all()


def test_some_pages_show_no_landscape_and_some_a_sky_left_white_which_may_be_one(many: list[Page]) -> None:
    assert any((page.told[..., SKY] == 0).all() for page in many)
    white = [p for p in many if ((p.told[..., SKY] == -1) & (p.pair.color == 255).all(2)).mean() > 0.05]
    assert white and all(not (page.told[..., SKY] == 1).any() for page in white)


def test_some_animals_have_a_moon_behind_them_and_where_there_is_no_sky_too(many: list[Page]) -> None:
    indoors = [page for page in many if (page.told[..., SKY] == 0).all()]
    moonlit = [page for page in indoors if (page.told[..., SUN] == 1).any()]
    assert 0 < len(moonlit) < len(indoors) / 2


def test_without_people_whose_skin_has_named_colours_there_are_none(art: Pack, tmp_path: Path) -> None:
    infos = [replace(info, source="art4apps") for info in art.infos]
    others = Pack(art.path, infos, list(range(len(art))))
    assert Pages.of(art).any and not Pages.of(others).any
