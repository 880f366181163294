"""People and scenery that are drawn for pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from linewash_training import people, scenery
from linewash_training.scenery import Canvas
from linewash_training.semantic_truth import FOLIAGE, HAIR, SKIN, WHITE, WOOD

SIZE = 200


def drawn(name: str, seed: int) -> Canvas:
    canvas = Canvas(SIZE + 20, SIZE + 20)
    draw = getattr(people if hasattr(people, name) else scenery, name)
    draw(canvas, SIZE / 2 + 10, SIZE + 10, SIZE, np.random.default_rng(seed))
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


@pytest.mark.parametrize(("name", "kind"), [("sprig", FOLIAGE), ("tree", FOLIAGE), ("tree", WOOD), ("fence", WOOD)])
def test_plants_and_fences_are_what_they_are(name: str, kind: int) -> None:
    assert all(0.003 < shares(drawn(name, seed), kind) < 0.6 for seed in range(6))


@pytest.mark.parametrize("name", ["bust", "person", "sprig", "fence", "tree", "house", "potted"])
def test_where_two_colours_meet_there_is_a_line(name: str) -> None:
    for seed in range(4):
        canvas = drawn(name, seed)
        color = canvas.color.astype(int)
        meet = (np.abs(color[:, 1:] - color[:, :-1]).max(2) > 30)[:, :, None]
        ink = cv2.erode(canvas.line, np.ones((5, 5), np.uint8))[:, 1:, None] < 200
        assert meet.sum() > 50 and (meet & ~ink).sum() < 0.02 * meet.sum()


def test_a_table_before_a_wall_is_neither_sky_nor_meadow() -> None:
    canvas = Canvas(100, 100)
    scenery.table(canvas, 60.0, np.random.default_rng(0))
    assert not (canvas.told == 1).any()
    assert not (canvas.color[5, 5] == canvas.color[90, 5]).all()
