"""The region decoder: what it may know, and where a stroke may flow."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import pad

from linewash_daemon.colorist import manner
from linewash_daemon.networks.region_decoder import Decided, RegionDecoder, Regions, least_apart

FEATURES, NODES, BORDERS, BINS = (8, 6, 4), 17, 8, 6
PALETTE = torch.linspace(-1, 1, BINS * 3).view(BINS, 3)
PATH = [(0, 1), (1, 2), (2, 3), (3, 4), (1, 4)]
MARKS = [(0, 0), (3, 1), (4, 1), (3, 2)]  # region, colour


def decoder() -> RegionDecoder:
    torch.manual_seed(0)
    return RegionDecoder(FEATURES, NODES, BORDERS, BINS, width=32, layers=2, heads=2, flows=2)


def regions(
    n: int = 5, edges: list[tuple[int, int]] = PATH, marks: list[tuple[int, int]] = MARKS, colors: int = 3,
    soft: tuple[int, ...] = (),
) -> Regions:  # fmt: skip
    """One drawing with random figures; without ``marks`` one place is kept for a stroke, as the generator does.
    ``soft``: which of the marks are."""
    chance = torch.Generator().manual_seed(n)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(1, *shape, generator=chance)

    at = torch.tensor(marks or [(0, 0)])[None]
    return Regions(
        features=drawn(n, sum(FEATURES)),
        nodes=drawn(n, NODES),
        place=drawn(n, 2).sigmoid(),
        there=torch.ones(1, n, dtype=torch.bool),
        basin=(torch.arange(n) // 2)[None],
        edges=torch.tensor(edges, dtype=torch.int64).view(1, -1, 2),
        borders=drawn(len(edges), BORDERS),
        edge_there=torch.ones(1, len(edges)),
        mark_region=at[..., 0],
        mark_color=at[..., 1],
        mark_soft=torch.tensor([float(i in soft) for i in range(at.shape[1])])[None],
        mark_drawn=drawn(at.shape[1], manner.FIGURES),
        mark_there=torch.full((1, at.shape[1]), float(bool(marks))),
        colors=drawn(colors, 3).tanh(),
        color_there=torch.full((1, colors), bool(marks)),
    )


def padded(r: Regions, n: int, m: int, k: int, c: int) -> Regions:
    """With so many more regions, borders, marks and colours that are not there, of figures that nobody should read."""

    def rows(x: Tensor, more: int, value: float) -> Tensor:
        return pad(x, (0, 0, 0, more), value=value)

    return Regions(
        rows(r.features, n, 7.0), rows(r.nodes, n, -5.0), rows(r.place, n, 0.3), pad(r.there, (0, n)),
        pad(r.basin, (0, n), value=-1), rows(r.edges, m, 0), rows(r.borders, m, 4.0), pad(r.edge_there, (0, m)),
        pad(r.mark_region, (0, k)), pad(r.mark_color, (0, k)), pad(r.mark_soft, (0, k), value=1.0),
        rows(r.mark_drawn, k, 0.0), pad(r.mark_there, (0, k)), rows(r.colors, c, 0.2), pad(r.color_there, (0, c)),
    )  # fmt: skip


def together(*drawings: Regions) -> Regions:
    return Regions(*(torch.cat(parts) for parts in zip(*(vars(d).values() for d in drawings), strict=True)))


def same(a: Decided, b: Decided, atol: float = 1e-4) -> None:
    for x, y in zip(a, b, strict=True):
        assert torch.allclose(x, y, atol=atol)


def without_padding(out: Decided, row: int, n: int, c: int) -> Decided:
    said, choice = (torch.cat([of[row, :n, :c], of[row, :n, -1:]], -1)[None] for of in (out.said, out.choice))
    return Decided(said, choice, out.own[row, :n][None], out.bins[row, :n][None], out.alike[row, :n, :n][None])


@torch.no_grad()
def test_padding_changes_nothing() -> None:
    network = decoder()
    marks = [(2, 0), (7, 3), (2, 1), (8, 2), (0, 4)]
    small, large = regions(soft=(1, 2)), regions(9, [(i, i + 1) for i in range(8)], marks, 5)
    batch = together(padded(small, 4, 3, 1, 2), large)
    out = network(batch, PALETTE)
    assert out.choice.shape == (2, 9, 6) and out.own.shape == (2, 9, 3) and out.bins.shape == (2, 9, BINS)
    same(without_padding(out, 0, 5, 3), network(small, PALETTE))
    same(without_padding(out, 1, 9, 5), network(large, PALETTE))


@torch.no_grad()
def test_a_stroke_that_is_not_there_is_never_chosen() -> None:
    out = decoder()(padded(regions(), 2, 0, 2, 3), PALETTE)
    assert out.choice.softmax(-1)[0, :5, 3:6].max() < 1e-6


@torch.no_grad()
def test_the_order_of_marks_does_not_matter() -> None:
    network = decoder()
    first, again = regions(soft=(0, 1)), regions(soft=(0, 1))
    order = torch.tensor([2, 0, 3, 1])
    for name in ("mark_region", "mark_color", "mark_soft", "mark_drawn"):
        setattr(again, name, getattr(again, name)[:, order])
    same(network(first, PALETTE), network(again, PALETTE))


@torch.no_grad()
def test_the_order_of_colours_does_not_matter() -> None:
    network = decoder()
    first, again = regions(), regions()
    order = torch.tensor([2, 0, 1])
    again.colors = again.colors[:, order]
    again.mark_color = order.argsort()[again.mark_color]
    out = network(again, PALETTE)
    said, choice = torch.empty_like(out.said), torch.empty_like(out.choice)
    for there, here in ((said, out.said), (choice, out.choice)):
        there[..., order], there[..., 3] = here[..., :3], here[..., 3]
    same(network(first, PALETTE), out._replace(said=said, choice=choice))


@torch.no_grad()
def test_the_direction_and_order_of_borders_does_not_matter() -> None:
    network = decoder()
    first, again = regions(), regions()
    again.edges, again.borders = again.edges.flip(1).flip(2), again.borders.flip(1)
    same(network(first, PALETTE), network(again, PALETTE))


def flow(network: RegionDecoder, r: Regions) -> Tensor:
    """(flows, n, c), with tokens that differ from region to region."""
    tokens = torch.randn(1, r.there.shape[1], 32, generator=torch.Generator().manual_seed(2))
    return network.flow(r, tokens)[0]


@torch.no_grad()
def test_a_stroke_never_flows_into_a_part_of_the_drawing_that_nothing_joins_to_its_own() -> None:
    found = flow(decoder(), regions(6, [(0, 2), (2, 4), (1, 3), (3, 5)], [(0, 0), (5, 1)], 2))
    assert (found[:, 1::2, 0] == 0).all() and (found[:, 0::2, 1] == 0).all()
    assert (found[:, 0::2, 0] > 0).all() and (found[:, 1::2, 1] > 0).all()


@torch.no_grad()
def test_a_walk_ends_in_some_stroke_or_leaks_and_in_a_marked_region_nearly_always_in_its_own() -> None:
    found = flow(decoder(), regions(5, PATH, [(0, 0), (3, 1), (4, 2)], 3))
    assert (found >= 0).all()
    assert (found.sum(-1) <= 1 + 1e-5).all()
    assert (found[:, [0, 3, 4], [0, 1, 2]] > 0.5).all()


@torch.no_grad()
def test_a_soft_mark_does_not_hold_its_region_and_an_exact_one_beside_it_does() -> None:
    marks = [(0, 0), (3, 1), (4, 2), (4, 1)]
    exact, soft = (flow(decoder(), regions(5, PATH, marks, 3, soft=soft)) for soft in ((), (1, 3)))
    assert (exact[:, 3, 1] > 0.9).all() and (soft[:, 3, 1] < 0.5).all()
    assert (soft[:, 3] > 0).all()
    assert (soft[:, 4, 2] > 0.9).all() and (soft[:, 4, 1] < 0.1).all()


@torch.no_grad()
def test_the_colour_of_a_soft_mark_can_be_chosen_anywhere() -> None:
    network = decoder()
    out = network(regions(marks=[(0, 0)], colors=1, soft=(0,)), PALETTE)
    assert (out.said[..., 0] > -100).all() and (out.choice[..., 0] > -100).all()
    torch.nn.init.constant_(network.alone.bias, -99)
    assert (network(regions(marks=[(0, 0)], colors=1, soft=(0,)), PALETTE).choice.argmax(-1) == 0).all()


@torch.no_grad()
def test_it_is_told_whether_a_mark_is_soft() -> None:
    network = decoder()
    exact, soft = network(regions(), PALETTE), network(regions(soft=(1,)), PALETTE)
    assert not torch.allclose(exact.own, soft.own, atol=1e-5)


@torch.no_grad()
def test_a_stroke_flows_less_the_more_borders_it_has_to_cross() -> None:
    found = flow(decoder(), regions(6, [(i, i + 1) for i in range(5)], [(0, 0)], 1))[..., 0]
    assert (found.diff(dim=1) < 0).all()


@torch.no_grad()
def test_nothing_flows_without_strokes_and_nothing_into_a_region_that_is_not_there() -> None:
    network = decoder()
    assert (flow(network, regions(marks=[])) == 0).all()
    assert (flow(network, padded(regions(), 3, 2, 1, 1))[:, 5:] == 0).all()


@torch.no_grad()
@pytest.mark.parametrize(("n", "edges"), [(5, PATH), (1, [])])
def test_without_strokes_every_region_gets_a_colour_of_its_own(n: int, edges: list[tuple[int, int]]) -> None:
    out = decoder()(regions(n, edges, marks=[], colors=1), PALETTE)
    assert (out.choice.argmax(-1) == 1).all()
    assert torch.allclose(out.choice.softmax(-1)[..., 1], torch.ones(1, n))
    assert all(torch.isfinite(part).all() for part in out)


@torch.no_grad()
def test_what_a_stroke_says_reaches_regions_that_have_none() -> None:
    network = decoder()
    plain, marked = network(regions(marks=[]), PALETTE), network(regions(marks=[(0, 0)]), PALETTE)
    assert not torch.allclose(plain.own[0, 4], marked.own[0, 4], atol=1e-5)


def test_every_part_learns() -> None:
    network = decoder()
    out = network(together(regions(), regions(soft=(1, 3))), PALETTE)
    right = torch.tensor([0, 1, 2, 3, 1]).expand(2, 5)
    loss = torch.nn.functional.cross_entropy(out.choice.transpose(1, 2), right)
    (loss + out.own.square().mean() + out.bins.log_softmax(-1)[..., 0].mean()).backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.abs().max() > 1e-9, name


@torch.no_grad()
def test_a_hundred_regions_with_doors_as_wide_and_as_narrow_as_can_be_are_still_solved() -> None:
    network = decoder()
    many = regions(100, [(i, j) for i in range(100) for j in (i + 1, i + 10) if j < 100], [(0, 0), (99, 1)], 2)
    many.borders *= 1000
    out = network(many, PALETTE)
    assert all(torch.isfinite(part).all() for part in out)
    assert (flow(network, many).sum(-1) <= 1 + 1e-3).all()


@torch.no_grad()
def test_a_region_is_most_alike_to_itself_and_two_are_alike_both_ways() -> None:
    alike = decoder()(regions(), PALETTE).alike[0]
    assert torch.allclose(alike, alike.T, atol=1e-4)
    assert (alike.diagonal() >= alike.amax(1) - 1e-4).all()


@torch.no_grad()
def test_what_the_line_encoders_heads_said_is_where_the_tokens_begin() -> None:
    network, r = decoder(), regions()
    out = network(r, PALETTE)
    assert torch.equal(out.bins, network.prior(r.features[..., : FEATURES[0]]))
    kin = torch.nn.functional.normalize(network.likeness(r.features[..., : FEATURES[0]]), dim=-1)
    assert torch.allclose(out.alike, 8 * kin @ kin.transpose(1, 2) - 4, atol=1e-5)


RED, ALSO_RED, BLUE = (1.0, 1.2, 0.9), (0.94, 1.18, 0.92), (-0.4, 0.4, -1.4)  # normalised Lab


def chosen(chances: list[float], *colors: tuple[float, float, float], own: tuple[float, float, float] = BLUE) -> int:
    """What one region takes that has each of ``colors``, or at last its ``own``, with these ``chances``."""
    r = regions(1, [], [(0, i) for i in range(len(colors))], len(colors))
    r.colors = torch.tensor(colors)[None]
    choice = least_apart(torch.tensor(chances).log().view(1, 1, -1), torch.tensor(own).view(1, 1, 3), r)
    return int(choice.argmax(-1))


def test_the_likeliest_colour_is_chosen_where_all_are_as_far_apart() -> None:
    assert chosen([0.5, 0.3, 0.2], RED, BLUE) == 0
    assert chosen([0.2, 0.5, 0.3], RED, BLUE) == 1


def test_two_strokes_in_nearly_one_colour_speak_for_each_other_against_a_third() -> None:
    assert chosen([0.3, 0.3, 0.4, 1e-6], RED, ALSO_RED, BLUE) in (0, 1)
    assert chosen([0.2, 0.2, 0.6, 1e-6], RED, ALSO_RED, BLUE) == 2


def test_a_colour_of_its_own_speaks_for_a_stroke_that_is_like_it() -> None:
    assert chosen([0.35, 0.4, 0.25], RED, BLUE, own=ALSO_RED) != 1


def test_a_stroke_that_is_not_there_is_not_chosen_however_near_it_is() -> None:
    r = regions(1, [], [(0, 0)], 2)
    r.colors, r.color_there = torch.tensor([BLUE, RED])[None], torch.tensor([[True, False]])
    said = torch.tensor([[[0.0, -1e4, 3.0]]])
    assert int(least_apart(said, torch.tensor([[ALSO_RED]]), r).argmax(-1)) == 2
