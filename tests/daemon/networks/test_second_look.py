"""The second look: what it adds to what the region decoder said, and where it keeps out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from linewash_daemon.colorist.graph import LENGTH
from linewash_daemon.colorist.manner import manner
from linewash_daemon.networks import second_look
from linewash_daemon.networks.region_decoder import Regions
from linewash_daemon.networks.second_look import FIGURES, SecondLook, figures

from ..colorist.test_graph import graph_of, square
from .test_region_decoder import padded, regions, together


def look() -> SecondLook:
    """One that has something to say."""
    torch.manual_seed(1)
    network = SecondLook(16)
    torch.nn.init.normal_(network.leave.weight)
    return network


def said(r: Regions) -> tuple[Tensor, Tensor]:
    chance = torch.Generator().manual_seed(2)
    b, n, c = *r.there.shape, r.colors.shape[1]
    logits = torch.randn(b, n, c + 1, generator=chance)
    logits[..., :-1] = logits[..., :-1].masked_fill(~r.color_there[:, None], -1e4)
    return logits, torch.randn(b, n, 3, generator=chance)


@torch.no_grad()
def test_at_first_it_adds_nothing() -> None:
    r = regions()
    logits, own = said(r)
    assert torch.equal(SecondLook()(r, logits, own), logits)


@torch.no_grad()
def test_strokes_of_which_nothing_is_told_are_not_looked_at_again() -> None:
    told, untold = regions(), regions()
    untold = replace(untold, mark_drawn=torch.zeros_like(untold.mark_drawn))
    both = together(told, untold)
    logits, own = said(both)
    out = look()(both, logits, own)
    assert not torch.allclose(out[0], logits[0]) and torch.equal(out[1], logits[1])


@torch.no_grad()
def test_a_colour_of_its_own_is_left_as_it_was_said() -> None:
    r = regions()
    logits, own = said(r)
    assert torch.equal(look()(r, logits, own)[..., -1], logits[..., -1])


@torch.no_grad()
def test_what_is_padded_changes_nothing() -> None:
    r = regions()
    logits, own = said(r)
    wide = padded(r, 2, 3, 2, 3)
    more_logits, more_own = said(wide)
    n, c = r.there.shape[1], r.colors.shape[1]
    more_logits[:, :n, :c], more_logits[:, :n, -1], more_own[:, :n] = logits[..., :-1], logits[..., -1], own
    assert torch.allclose(look()(wide, more_logits, more_own)[:, :n, :c], look()(r, logits, own)[..., :-1], atol=1e-4)


@torch.no_grad()
def test_the_order_of_colours_does_not_matter() -> None:
    r = regions(n=9, marks=[(i % 9, i) for i in range(70)], colors=70)
    logits, own = said(r)
    order = torch.randperm(70, generator=torch.Generator().manual_seed(3))
    place = order.argsort()
    turned = replace(r, colors=r.colors[:, order], color_there=r.color_there[:, order], mark_color=place[r.mark_color])
    again = look()(turned, torch.cat([logits[..., order], logits[..., -1:]], -1), own)
    assert torch.allclose(again[..., place], look()(r, logits, own)[..., :-1], atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("marks", [[], [(0, 0)], [(0, 0), (4, 0), (2, 1)]], ids=["none", "one", "three"])
def test_figures_are_small_numbers_however_few_the_strokes(marks: list[tuple[int, int]]) -> None:
    r = regions(marks=marks, colors=2)
    told = figures(r, *said(r))
    assert told.shape == (1, 5, 2, FIGURES) and torch.isfinite(told).all() and told.abs().max() < 12


@torch.no_grad()
def test_how_deep_the_nearest_stroke_goes_is_told_as_a_regions_room_is() -> None:
    r = regions(marks=[(0, 0)], colors=1)
    depth = 24 / 512
    drawn = torch.from_numpy(manner(np.array([9.0]), np.array([depth])))[None]
    told = figures(replace(r, mark_drawn=drawn), *said(r))[0, ..., 26]
    assert told[:2, 0].tolist() == pytest.approx([24 / 32] * 2, abs=1e-5)  # its basin
    assert told[2:, 0].tolist() == [0, 0, 0]


@torch.no_grad()
def test_a_region_is_told_of_strokes_in_its_own_basin_alone_but_for_the_nearest_of_all() -> None:
    r = regions(marks=[(0, 0), (4, 1)], colors=2)  # basins 0 0 1 1 2
    has, held = (figures(r, *said(r))[0, ..., i] for i in (0, 11))
    assert has[:, 0].tolist() == [1, 1, 0, 0, 0] and has[:, 1].tolist() == [0, 0, 0, 0, 1]
    assert held[:, 0].tolist() == [1, 0, 0, 0, 0] and held[:, 1].tolist() == [0, 0, 0, 0, 1]


@torch.no_grad()
def test_few_strokes_are_looked_at_again_where_they_lie_many_elsewhere_and_there_no_own_colour_is_likelier() -> None:
    r = regions(marks=[(0, 0), (1, 1)], colors=2)  # basins 0 0 1 1 2
    logits, own = said(r)
    few = look()(r, logits, own)
    assert not torch.allclose(few[:, :2], logits[:, :2]) and torch.allclose(few[:, 2:], logits[:, 2:])
    again = [getattr(r, name).repeat_interleave(40, 1) for name in ("mark_region", "mark_color", "mark_soft")]
    drawn, there = r.mark_drawn.repeat_interleave(40, 1), r.mark_there.repeat_interleave(40, 1)
    crowd = replace(
        r, mark_region=again[0], mark_color=again[1], mark_soft=again[2], mark_drawn=drawn, mark_there=there
    )
    many = look()(crowd, logits, own)
    assert not torch.allclose(many[:, 2:], logits[:, 2:])
    assert torch.allclose(many.softmax(-1)[:, 2:, -1], logits.softmax(-1)[:, 2:, -1], atol=1e-5)
    assert torch.allclose(many[:, :2], logits[:, :2])


def test_what_it_takes_from_regions_and_borders_stands_where_a_graph_has_it() -> None:
    graph, _ = graph_of(square())
    area, basin = (np.exp(4 * graph.nodes[:, column] - 6) for column in (second_look._AREA, second_look._BASIN))
    assert np.allclose(area, graph.area, atol=1e-4)
    assert np.allclose(basin, np.bincount(graph.basin, graph.area)[graph.basin], atol=1e-4)
    room, deepest = (graph.nodes[:, column] for column in (second_look._ROOM, second_look._DEEPEST))
    assert (room <= deepest).all() and deepest.max() * 32 > 16
    assert second_look._LENGTH == LENGTH
    px = np.expm1(4 * graph.borders[:, LENGTH])
    assert np.allclose(px, px.round(), atol=1e-3) and px.max() > 5
    weakest, parted = graph.borders[:, second_look._WEAKEST], np.diff(graph.basin[graph.edges], axis=1)[:, 0] != 0
    assert weakest[~parted & (px > 0.5)].max() < 0.1 < 0.9 < weakest[parted].min()  # some touch at full size alone
