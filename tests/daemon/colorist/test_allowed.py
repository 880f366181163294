"""Colours that the artist named: what no stroke marks is painted in nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from linewash.contract import Options
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.allowed import allowed_colors
from linewash_daemon.colorist.lab import to_lab

from .drawings import BLUE, GREEN, RED, color, no_hints, plane, stroke, with_square
from .fake import FakeGenerator, FakeModels

ART = with_square()
ORANGE = (250, 150, 20)


def flats(own: tuple[float, float, float], takes_like: bool = True, hints: Any = None, **options: Any) -> set[Any]:
    """The colours of the flats where the generator would paint ``own``, Lab."""
    fake = FakeGenerator(own=own, gates=(0, 0, 0, 1), takes_like=takes_like)
    layer = plane(color(Colorist(FakeModels(fake)), ART, hints, **options), "flats")
    return {tuple(c) for c in layer.reshape(-1, 4).tolist()}


@pytest.mark.parametrize("own", [(50.0, 60.0, 40.0), (30.0, 20.0, -60.0), (95.0, 0.0, 0.0), (0.0, 0.0, 0.0)])
def test_every_flats_colour_is_of_the_palette(own: tuple[float, float, float]) -> None:
    palette = (GREEN, ORANGE, (13, 17, 19))
    assert flats(own, palette=palette) <= {(*c, 255) for c in palette}


def test_beside_strokes_too_and_the_strokes_keep_their_colours() -> None:
    hints = stroke(no_hints(ART), (80, 80), (120, 100), RED)
    assert flats((60.0, -40.0, 40.0), hints=hints, palette=(GREEN, BLUE)) == {(*RED, 255), (*GREEN, 255)}


@pytest.mark.parametrize("own", [(50.0, 60.0, 40.0), (30.0, 20.0, -60.0)])
def test_every_flats_colour_is_of_the_reference(own: tuple[float, float, float]) -> None:
    like = ((*RED, 0.2), (*BLUE, 0.7), (*GREEN, 0.1))
    assert flats(own, like=like) <= {(*c, 255) for c in (RED, BLUE, GREEN)}
    assert flats(own, like=like) == flats(own, palette=(RED, BLUE, GREEN))


def test_a_style_that_takes_no_reference_paints_as_without_one() -> None:
    own = (60.0, -40.0, 40.0)
    assert flats(own, takes_like=False, like=((*RED, 1.0),)) == flats(own, takes_like=False)


def test_with_nothing_named_anything_goes() -> None:
    assert allowed_colors(Options()) is None


def test_a_palettes_colours_count_the_same() -> None:
    allowed = allowed_colors(Options(palette=(RED, BLUE)))
    assert allowed is not None
    assert allowed.colors.tolist() == [[c * 257 for c in RED], [c * 257 for c in BLUE]]
    assert allowed.share.tolist() == [0.5, 0.5]
    assert np.array_equal(allowed.lab, to_lab(allowed.colors))


def test_a_palette_goes_before_a_reference() -> None:
    allowed = allowed_colors(Options(palette=(RED,), like=((*BLUE, 1.0),)))
    assert allowed is not None
    assert allowed.colors.tolist() == [[c * 257 for c in RED]]


def test_a_references_near_colours_are_one_with_the_sum_of_their_shares() -> None:
    nearly = BLUE[0] + 2, BLUE[1] + 2, BLUE[2] + 2
    allowed = allowed_colors(Options(like=((*RED, 1.0), (*BLUE, 4.0), (*nearly, 3.0))))
    assert allowed is not None
    assert allowed.colors.tolist() == [[c * 257 for c in BLUE], [c * 257 for c in RED]]  # the commonest first
    assert np.allclose(allowed.share, [7 / 8, 1 / 8])


def test_of_a_reference_of_many_colours_the_commonest_are_taken_over() -> None:
    grid = [(r, g, b) for r in range(0, 256, 51) for g in range(0, 256, 51) for b in range(0, 256, 51)]
    like = tuple((*c, 1.0 + i) for i, c in enumerate(grid))
    allowed = allowed_colors(Options(like=like))
    assert allowed is not None
    assert 32 <= len(allowed.colors) < len(like)
    assert allowed.colors[0].tolist() == [c * 257 for c in grid[-1]]
    assert np.isclose(allowed.share.sum(), 1)


def test_a_colour_that_a_reference_has_none_of_is_not_allowed() -> None:
    allowed = allowed_colors(Options(like=((*RED, 0.0), (*BLUE, 2.0))))
    assert allowed is not None
    assert allowed.colors.tolist() == [[c * 257 for c in BLUE]]
