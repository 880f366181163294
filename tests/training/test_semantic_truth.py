"""What finished drawings tell of what they depict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash_daemon.colorist.lab import difference
from linewash_daemon.networks.depiction import CLASSES, TONES
from linewash_training.pack import Encoded, Pack, PairInfo, encode_color, encode_line, write
from linewash_training.samples import to_lab
from linewash_training.semantic_truth import (
    FOLIAGE,
    FUR,
    HAIR,
    SKIN,
    SKY,
    SUN,
    grows,
    named_by,
    title_of,
    told,
    tones,
)
from linewash_training.semantic_truth import (
    WHITE as PALE,
)
from linewash_training.semantic_truth import (
    WOOD as TIMBER,
)
from linewash_training.sources import PAINTED, read_sources

WOOD, RED, BLUE, NAVY = (180, 120, 70), (200, 30, 40), (110, 175, 235), (30, 40, 90)
LEAF, OLIVE, YELLOW, WHITE = (70, 160, 60), (150, 140, 80), (252, 234, 43), (255, 255, 255)
PEACH, CHESTNUT = (254, 238, 202), (158, 94, 38)  # of mulberry-symbols
FACE, GINGER = (255, 219, 180), (201, 51, 5)  # of dicebear-open-peeps
FLAT, HEADS, NAMELESS, SCENES, THINGS, PORTRAITS = (
    "mulberry-symbols", "dicebear-open-peeps", "dicebear-personas", "bookdash", "art4apps", "wesnoth-portraits",
)  # fmt: skip
NOBODY = (245, 207, 197)  # skin of dicebear-personas


def info(source: str, name: str = "thing") -> PairInfo:
    return PairInfo(f"{source}/{name}", source, "", "real", "train", 1.0, 60, 60)


def said(kind: int, source: str, *colors: Rgb, name: str = "thing") -> list[int]:
    """Of columns in these colours, which reach from the top to the bottom."""
    picture = np.repeat(np.array([colors], np.uint8), 20, 1).repeat(60, 0)
    found = told(picture, info(source, name))
    assert found.dtype == np.int8 and found.shape == (*picture.shape[:2], len(CLASSES))
    columns = found[..., kind].reshape(60, len(colors), 20)
    assert (columns == columns[:1, :, :1]).all()
    return [int(one) for one in columns[0, :, 0]]


def test_a_named_colour_is_skin_and_blue_and_paper_are_none() -> None:
    assert said(SKIN, FLAT, PEACH, BLUE, WHITE) == [1, 0, 0]


def test_what_only_has_the_colour_of_skin_and_a_yellow_face_are_unknown() -> None:
    assert said(SKIN, FLAT, WOOD, YELLOW) == [-1, -1]


def test_a_colour_is_skin_where_its_source_names_it() -> None:
    assert said(SKIN, THINGS, FACE) == [-1]


def test_of_painted_portraits_whatever_has_the_colour_of_skin_is_skin() -> None:
    assert said(SKIN, PORTRAITS, WOOD, BLUE, YELLOW) == [1, 0, -1]


def test_hair_is_named_by_its_source_and_no_skin_though_it_has_its_colour() -> None:
    assert said(HAIR, FLAT, PEACH, CHESTNUT, RED) == [0, 1, -1]
    assert said(SKIN, FLAT, PEACH, CHESTNUT) == [1, 0]


def test_on_a_head_whose_hair_has_names_nothing_else_is_hair() -> None:
    assert said(HAIR, HEADS, FACE, GINGER, BLUE, WOOD) == [0, 1, 0, 0]


def test_on_heads_without_names_all_but_the_face_may_be_hair() -> None:
    assert said(HAIR, NAMELESS, NOBODY, CHESTNUT, BLUE, WHITE) == [0, -1, -1, -1]


def test_hairs_colour_is_hair_only_where_somebody_is() -> None:
    assert said(HAIR, FLAT, CHESTNUT, RED) == [-1, -1]
    assert said(HAIR, FLAT, RED, BLUE, WHITE) == [0, 0, 0]


def test_in_a_scene_hair_is_neither_green_nor_blue_nor_white_and_may_be_all_else() -> None:
    assert said(HAIR, SCENES, LEAF, BLUE, WHITE, WOOD, RED) == [0, 0, 0, -1, -1]


@pytest.mark.parametrize(("source", "name"), [(SCENES, "page_3"), (THINGS, "apple_tree"), ("openmoji", "1F332")])
def test_green_in_a_scene_or_in_a_picture_of_a_plant_is_foliage(source: str, name: str) -> None:
    assert said(FOLIAGE, source, LEAF, BLUE, RED, WHITE, WOOD, name=name) == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(("source", "name"), [(THINGS, "frog"), ("openmoji", "1F438"), (PORTRAITS, "elf")])
def test_green_elsewhere_may_be_foliage_or_not_and_no_other_colour_is_any(source: str, name: str) -> None:
    assert said(FOLIAGE, source, LEAF, BLUE, RED, WHITE, name=name) == [-1, 0, 0, 0]


def test_what_is_hardly_green_is_unknown_even_on_a_tree() -> None:
    assert said(FOLIAGE, THINGS, OLIVE, LEAF, name="tree") == [-1, 1]


@pytest.mark.parametrize("kind", [FOLIAGE, SKY])
def test_heads_have_neither_leaves_nor_sky(kind: int) -> None:
    assert said(kind, HEADS, LEAF, BLUE, WHITE, name="tree") == [0, 0, 0]


def test_blue_that_reaches_the_top_of_a_scene_is_sky_and_white_may_be() -> None:
    assert said(SKY, SCENES, BLUE, RED, WHITE, NAVY) == [1, 0, -1, 0]
    assert said(SKY, THINGS, BLUE, RED, name="sunrise over mountains") == [1, 0]


def test_blue_elsewhere_is_unknown() -> None:
    assert said(SKY, THINGS, BLUE, RED, WHITE) == [-1, 0, 0]
    low = np.full((60, 60, 3), RED, np.uint8)
    low[20:] = BLUE
    assert (told(low, info(SCENES))[20:, :, SKY] == -1).all()
    small = np.full((60, 60, 3), RED, np.uint8)
    small[:5, :9] = BLUE
    assert (told(small, info(SCENES))[:5, :9, SKY] == -1).all()


def test_what_is_white_in_a_figure_is_white_and_the_paper_around_it_may_be() -> None:
    picture = np.full((60, 60, 3), WHITE, np.uint8)
    picture[10:50, 10:50] = RED
    picture[20:30, 20:40], picture[35:40, 20:40] = WHITE, (235, 235, 235)
    found = told(picture, info(HEADS))[..., PALE]
    assert (found[20:30, 20:40] == 1).all() and (found[35:40, 20:40] == -1).all()
    assert (found[:10] == -1).all() and (found[10:20, 10:50] == 0).all()


def test_brown_is_wood_in_pictures_of_trees_and_elsewhere_it_may_be() -> None:
    bark = (120, 80, 50)
    assert said(TIMBER, THINGS, bark, LEAF, RED, BLUE, name="tree") == [1, 0, 0, 0]
    assert said(TIMBER, THINGS, bark, LEAF, name="bear") == [-1, 0]
    assert said(TIMBER, SCENES, bark, LEAF, name="tree_3") == [-1, 0]
    assert said(TIMBER, HEADS, bark, name="tree") == [0]


def test_yellow_is_sun_in_pictures_of_suns_and_moons_and_elsewhere_it_may_be() -> None:
    for name in ("sun", "crescent_moon", "stars"):
        assert said(SUN, THINGS, YELLOW, RED, BLUE, name=name) == [1, 0, 0]
    assert said(SUN, THINGS, YELLOW, BLUE, name="sunflower") == [-1, 0]
    assert said(SUN, HEADS, YELLOW, name="sun") == [0]


COAT, ASH = (196, 110, 50), (130, 130, 132)


@pytest.mark.parametrize(("source", "name"), [(THINGS, "fox"), ("openmoji", "1F98A"), ("red-panda-emotes", "pandaAww")])
def test_brown_and_grey_are_fur_in_pictures_of_beasts_and_other_colours_there_may_be(source: str, name: str) -> None:
    assert said(FUR, source, COAT, ASH, BLUE, WHITE, name=name) == [1, 1, -1, -1]


def test_where_no_beast_is_shown_there_is_no_fur() -> None:
    assert said(FUR, THINGS, COAT, ASH, BLUE, name="table") == [0, 0, 0]
    assert said(FUR, HEADS, COAT, BLUE, name="fox") == [0, 0]


@pytest.mark.parametrize(
    ("source", "name"), [(SCENES, "page"), (PORTRAITS, "elf"), (THINGS, "cat food"), ("openmoji", "1F32D")]
)
def test_where_a_beast_may_be_shown_what_has_furs_colour_is_unknown(source: str, name: str) -> None:
    assert said(FUR, source, COAT, BLUE, name=name) == [-1, 0]


def test_creatures_of_any_colour_may_be_furry_all_over() -> None:
    assert said(FUR, "free-gophers-pack", BLUE, COAT, WHITE) == [-1, -1, -1]


def test_skin_that_is_named_is_no_fur() -> None:
    assert said(FUR, "openmoji", (193, 154, 101), COAT, name="1F98A") == [-1, 1]


def test_an_emojis_code_points_are_its_title_and_words_are_their_own() -> None:
    assert title_of(info("openmoji", "1F332")) == "evergreen tree"
    assert title_of(info("openmoji", "1F469-200D-1F33E")) == "woman zero width joiner ear of rice"
    assert title_of(info(FLAT, "Apple_tree-2")).split() == ["apple", "tree"]


@pytest.mark.parametrize("name", ["oak leaves", "rose_2", "bushes", "two-flowers", "Farm", "daisies"])
def test_plants_and_places_where_some_grow_are_known_by_their_names(name: str) -> None:
    assert grows(info(THINGS, name))
    assert grows(info("openmoji", "1F335"))


@pytest.mark.parametrize("name", ["frog", "face palm", "prose", "leaflet", "parking", "1F335"])
def test_other_things_grow_nothing_though_their_names_hold_a_plants(name: str) -> None:
    assert not grows(info(THINGS, name))


def test_every_named_colour_is_one() -> None:
    naming = [source for source in read_sources().values() if source.skin or source.hair]
    assert len(naming) > 10
    for source in naming:
        named = named_by(source.id)
        assert named.skin.shape == (len([tone for tone in source.skin if tone != PAINTED]), 3)
        assert named.hair.shape == (len(source.hair), 3)
        assert named.painted == (PAINTED in source.skin) and named.shows == source.shows
    nobody = named_by("nobody")
    assert len(nobody.skin) == len(nobody.hair) == 0 and nobody.shows == "things" and not nobody.painted


def test_no_source_gives_skin_and_hair_one_name() -> None:
    for source in read_sources().values():
        named = named_by(source.id)
        apart = np.abs(named.skin.astype(int)[:, None] - named.hair.astype(int)[None]).max(2)
        assert apart.size == 0 or apart.min() > 0, source.id


def art(path: Path, source: str, *pictures: tuple[Rgb, ...], name: str = "thing", held: int = 0) -> Pack:
    """Each picture is of columns in these colours; so many of the last are held out."""
    pairs = []
    for number, colors in enumerate(pictures):
        picture = np.repeat(np.array([colors], np.uint8), 20, 1).repeat(60, 0)
        line = np.full(picture.shape[:2], 255, np.uint8)
        split = "held" if number >= len(pictures) - held else "train"
        one = replace(info(source, name), split=split, width=picture.shape[1])
        pairs.append((one, Encoded(encode_line(line), encode_color(picture))))
    write(path, pairs)
    return Pack.open(path)


def known(pack: Pack, kind: int) -> NDArray[np.float32]:
    """The tones that there are."""
    found = tones(pack)
    assert found.shape == (len(CLASSES), TONES, 3) and found.dtype == np.float32
    there = found[kind, :, 0] > 0
    assert there[: there.sum()].all()
    return np.asarray(found[kind][there])


def lab(*colors: Rgb) -> NDArray[np.float32]:
    return to_lab(np.array(colors, np.uint8).reshape(1, -1, 3)).reshape(-1, 3)


@pytest.mark.parametrize("source", ["dicebear-open-peeps", "dicebear-adventurer", "dicebear-big-smile"])
@pytest.mark.parametrize(("kind", "least", "most"), [(SKIN, 40, 80), (HAIR, 35, 95)])
def test_tones_of_people_are_of_no_odd_hue_and_told_apart(
    source: str, kind: int, least: float, most: float, tmp_path: Path
) -> None:
    named = named_by(source)
    faces, hairs = ([(r, g, b) for r, g, b in colors.tolist()] for colors in (named.skin, named.hair))
    found = known(art(tmp_path / "a.safetensors", source, *[(face, hair) for face in faces for hair in hairs]), kind)
    hue = np.degrees(np.arctan2(found[:, 2], found[:, 1]))
    assert 2 <= len(found) < len(hairs) and ((hue > least) & (hue < most)).all()
    assert (difference(found[:, None], found[None])[~np.eye(len(found), dtype=bool)] > 5).all()
    own = lab(*(faces if kind == SKIN else hairs))
    assert (difference(found[:, None], own[None]).min(1) < 2).all()


def test_tones_of_leaves_are_those_of_plants_and_not_gaudy(tmp_path: Path) -> None:
    gaudy = (0, 255, 0)
    leaves = known(art(tmp_path / "a.safetensors", THINGS, (LEAF, RED), (gaudy, RED), name="tree"), FOLIAGE)
    assert len(leaves) == 1 and difference(leaves, lab(LEAF)).max() < 2
    assert not len(known(art(tmp_path / "b.safetensors", THINGS, (LEAF, RED), name="frog"), FOLIAGE))


def test_tones_of_the_sky_are_those_of_scenes_and_not_dark(tmp_path: Path) -> None:
    dusk = (60, 110, 160)
    skies = known(art(tmp_path / "a.safetensors", SCENES, (BLUE, RED), (dusk, RED)), SKY)
    assert len(skies) == 1 and difference(skies, lab(BLUE)).max() < 2
    assert not len(known(art(tmp_path / "b.safetensors", THINGS, (BLUE, RED)), SKY))


def test_tones_of_fur_are_brown_and_grey_and_neither_black_nor_white(tmp_path: Path) -> None:
    shown = (COAT, COAT, ASH), ((50, 48, 47), (240, 240, 240))
    found = known(art(tmp_path / "a.safetensors", THINGS, *shown, name="fox"), FUR)
    assert len(found) == 2 and difference(found, lab(COAT, ASH)).max() < 2


def test_the_commonest_tone_is_the_first_and_held_out_drawings_have_no_say(tmp_path: Path) -> None:
    dark, light, brown = (174, 93, 41), FACE, (106, 78, 60)
    pack = art(tmp_path / "a.safetensors", HEADS, (dark,), (light,), (light,), (brown,), held=1)
    found = known(pack, SKIN)
    assert len(found) == 2 and difference(found, lab(light, dark)).max() < 2


def test_art_that_names_no_colours_and_shows_no_plants_gives_no_tones(tmp_path: Path) -> None:
    assert not tones(art(tmp_path / "a.safetensors", THINGS, (FACE, LEAF, BLUE))).any()
