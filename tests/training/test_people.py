"""People, animals, things and scenery that are drawn for pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from linewash_training import animals, buildings, clothes, faces, pages, people, scenery, things
from linewash_training.canvas import Canvas
from linewash_training.semantic_truth import FOLIAGE, FUR, HAIR, SKIN, SUN, WHITE, WOOD

SIZE = 200
ANIMALS = ("sitting", "standing", "bird")
THINGS = ("vessel", "teapot", "fruit", "mushroom", "flower", "robot", "frame", "served", "lamp", "balloon")


def drawn(name: str, seed: int) -> Canvas:
    canvas = Canvas(SIZE + 20, SIZE + 20)
    module = next(m for m in (people, animals, things, buildings, scenery) if hasattr(m, name))
    getattr(module, name)(canvas, SIZE / 2 + 10, SIZE + 10, SIZE, np.random.default_rng(seed))
    return canvas


def shares(canvas: Canvas, kind: int) -> float:
    return float((canvas.told[..., kind] == 1).mean())


@pytest.mark.parametrize("name", ["bust", "person"])
@pytest.mark.parametrize("seed", range(6))
def test_people_have_skin_in_one_colour_and_most_have_hair_in_another(name: str, seed: int) -> None:
    canvas = drawn(name, seed)
    assert 0.005 < shares(canvas, SKIN) < 0.5
    skin, hair = (np.unique(canvas.color[canvas.told[..., kind] == 1], axis=0) for kind in (SKIN, HAIR))
    assert len(skin) == 1 and len(hair) <= 1


@pytest.mark.parametrize("name", ["bust", "person"])
def test_most_heads_have_hair_and_some_have_whites_of_eyes(name: str) -> None:
    canvases = [drawn(name, seed) for seed in range(20)]
    assert sum(shares(canvas, HAIR) > 0.005 for canvas in canvases) > 10
    white = [c for c in canvases if (c.told[..., WHITE] == 1).any()]
    assert white and all((c.color[c.told[..., WHITE] == 1] == 255).all() for c in white)


@pytest.mark.parametrize(
    ("name", "kind"), [("sprig", FOLIAGE), ("tree", FOLIAGE), ("tree", WOOD), ("fence", WOOD), ("trunk", WOOD)]
)
def test_plants_and_fences_are_what_they_are(name: str, kind: int) -> None:
    assert all(0.003 < shares(drawn(name, seed), kind) < 0.6 for seed in range(6))


@pytest.mark.parametrize(
    "name", ["bust", "person", "sprig", "fence", "tree", "house", "cottage", "potted", "trunk", *ANIMALS, *THINGS[:-1]]
)
def test_where_two_colours_meet_there_is_a_line(name: str) -> None:
    for seed in range(4):
        canvas = drawn(name, seed)
        color = canvas.color.astype(int)
        meet = (np.abs(color[:, 1:] - color[:, :-1]).max(2) > 30)[:, :, None]
        ink = cv2.erode(canvas.line, np.ones((5, 5), np.uint8))[:, 1:, None] < 200
        assert meet.sum() > 50 and (meet & ~ink).sum() < 0.02 * meet.sum()


@pytest.mark.parametrize("name", [*ANIMALS, *THINGS])
def test_animals_and_things_are_nobodys_skin_or_hair_and_white_where_it_is_told(name: str) -> None:
    for seed in range(6):
        canvas = drawn(name, seed)
        assert (canvas.line < 128).sum() > 100
        none = [SKIN, HAIR, WOOD, SUN] if name in THINGS else [SKIN, HAIR, WOOD, SUN, FOLIAGE]
        assert not (canvas.told[..., none] == 1).any()
        assert (canvas.color[canvas.told[..., WHITE] == 1] == 255).all()


@pytest.mark.parametrize("name", ["sitting", "standing"])
def test_beasts_are_furry_nearly_all_over_and_birds_are_not(name: str) -> None:
    for seed in range(6):
        canvas = drawn(name, seed)
        drawing, fur = (canvas.color != 255).any(2), canvas.told[..., FUR] == 1
        assert (fur & drawing).sum() > 0.8 * drawing.sum()
        assert not (drawn("bird", seed).told[..., FUR] == 1).any()


def test_a_coat_that_seams_and_staffs_part_is_in_one_colour() -> None:
    parted = 0
    for seed in range(12):
        canvas = drawn("person", seed)
        cloth = (canvas.told != 1).all(2) & (canvas.color != 255).any(2)
        colors, counts = np.unique(canvas.color[cloth], axis=0, return_counts=True)
        coat = (canvas.color == colors[counts.argmax()]).all(2) & (canvas.line > 200)
        _, _, figures, _ = cv2.connectedComponentsWithStats(coat.astype(np.uint8), connectivity=4)
        parted += (figures[1:, cv2.CC_STAT_AREA] > 60).sum() > 1
    assert parted > 6


def test_a_staff_is_of_wood_and_not_everybody_has_one() -> None:
    wooden = [shares(drawn("person", seed), WOOD) > 0 for seed in range(20)]
    assert {True, False} == set(wooden)


def test_gable_and_wall_of_a_cottage_are_in_one_colour() -> None:
    for seed in range(8):
        foot = drawn("cottage", seed).color[SIZE + 4]
        painted = foot[(foot != 255).any(1)]
        assert (painted[3] == painted[-4]).all()  # the gable's corner and the wall's, left and right or right and left


def test_belly_and_spout_of_a_teapot_are_mostly_in_one_colour_and_not_always() -> None:
    one = []
    for seed in range(24):
        canvas = drawn("teapot", seed)
        painted = (canvas.color != 255).any(2)
        columns = np.flatnonzero(painted.any(0))
        ends = [canvas.color[np.flatnonzero(painted[:, x])[0] + 2, x] for x in (columns[2], columns[-3])]
        belly = canvas.color[SIZE - 10, SIZE // 2 + 10]
        one.append(all((end == belly).all() for end in ends))
    assert 10 < sum(one) < 24


def test_a_balloon_is_white_and_so_are_some_eyes_of_animals() -> None:
    assert all(shares(drawn("balloon", seed), WHITE) > 0.05 for seed in range(6))
    assert any(shares(drawn("sitting", seed), WHITE) > 0 for seed in range(6))


def test_what_grows_wild_stands_in_landscapes_and_no_robot_does() -> None:
    assert pages._DRAWN["wild"] == (things.mushroom, things.flower)
    assert not any(things.robot in drawings for drawings in pages._SCENERY.values())


def test_sun_and_moon_are_of_one_colour_craters_and_all() -> None:
    canvases = [drawn_sun(seed) for seed in range(20)]
    assert all(len(np.unique(c.color[c.told[..., SUN] == 1], axis=0)) == 1 for c in canvases)
    within = [cv2.erode((c.told[..., SUN] == 1).astype(np.uint8), np.ones((9, 9))) > 0 for c in canvases]
    cratered = [bool((c.line[inner] < 128).any()) for c, inner in zip(canvases, within, strict=True)]
    assert {True, False} == set(cratered)


def drawn_sun(seed: int) -> Canvas:
    canvas = Canvas(SIZE, SIZE)
    scenery.sun(canvas, SIZE / 2, SIZE / 2, SIZE, np.random.default_rng(seed))
    return canvas


def test_a_path_is_no_meadow_and_ends_at_the_lower_rim() -> None:
    for seed in range(6):
        canvas = Canvas(SIZE, SIZE)
        canvas.told[..., FOLIAGE] = 1
        scenery.path(canvas, 80.0, np.random.default_rng(seed))
        way = (canvas.color != 255).any(2)
        assert way.any() and not (canvas.told[way][:, FOLIAGE] == 1).any()
        assert way[-1].any() and not way[:60].any()


def test_between_the_panels_of_a_comic_paper_may_be_white() -> None:
    canvas = Canvas(SIZE, SIZE)
    canvas.color[:], canvas.told[:] = 90, 0
    scenery.panels(canvas, np.random.default_rng(0))
    between = (canvas.color == 255).all(2)
    assert 0.02 < between.mean() < 0.3
    assert (canvas.told[between][:, WHITE] == -1).all() and not (canvas.told[~between] == -1).any()


def test_a_table_before_a_wall_is_neither_sky_nor_meadow() -> None:
    canvas = Canvas(100, 100)
    scenery.table(canvas, 60.0, np.random.default_rng(0))
    assert not (canvas.told == 1).any()
    assert not (canvas.color[5, 5] == canvas.color[90, 5]).all()


def test_a_staff_is_of_one_wood_and_ends_in_a_crook_now_and_then() -> None:
    crooked = 0
    for seed in range(40):
        rng, canvas = np.random.default_rng(seed), Canvas(300, 300)
        head = faces.drawn_head(np.array([60.0, 80.0]), 20, 1, rng)
        clothes.staff(canvas, head, np.array([[150.0, 60.0], [150.0, 280.0]]), 40, rng)
        wood = canvas.told[..., WOOD] == 1
        assert len(np.unique(canvas.color[wood], axis=0)) == 1
        crooked += wood.any(0).sum() > 2 * wood[200].sum()  # wider than its stem
    assert 4 < crooked < 24


def test_the_ends_of_a_scarf_hang_down_or_fly_and_are_nothing_that_has_colours_of_its_own() -> None:
    flying = hanging = 0
    for seed in range(60):
        rng, canvas = np.random.default_rng(seed), Canvas(400, 400)
        head = faces.drawn_head(np.array([200.0, 100.0]), 30, 1, rng)
        clothes.scarf(canvas, head, 1.0, (150.0, 260.0), 40, rng)
        assert (canvas.told != 1).all()
        y, x = np.nonzero((canvas.color != 255).any(2))
        flying += x.max() > 290 and y.max() < 200
        hanging += y.max() > 215
    assert flying > 10 and hanging > 10


def test_a_word_is_written_around_its_middle_as_wide_as_it_is_to_be() -> None:
    canvas = Canvas(100, 200)
    canvas.write("HELLO", np.array([100.0, 50.0]), 80, 2)
    y, x = np.nonzero(canvas.line < 128)
    assert abs((x.min() + x.max()) / 2 - 100) < 4 and abs((y.min() + y.max()) / 2 - 50) < 4
    assert 68 < x.max() - x.min() < 88
