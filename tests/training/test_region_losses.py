"""What the region decoder pays, and for what."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from linewash_daemon.networks.cie94 import difference
from linewash_daemon.networks.region_decoder import Decided
from linewash_training.region_batches import RegionBatch, collate
from linewash_training.region_losses import region_losses
from linewash_training.region_marks import marked

from .region_drawings import drawing

PALETTE = torch.tensor([[100.0, 0, 0], [30, 20, -60], [55, 70, 45], [60, -50, 40]])
EVEN = torch.ones(len(PALETTE))


def batch(count: int = 16, believable: bool = True, copies: int = 1) -> RegionBatch:
    """A drawing of 5 regions with strokes of exactly their colours, its own ones or others."""
    for seed in range(99):
        got = marked(drawing(5), np.random.default_rng(seed), count)
        exact = np.allclose(got.colors[got.color], got.truth[got.region, 0], atol=0.01)
        if exact and got.believable == believable:
            return collate([got] * copies)
    raise AssertionError("no such drawing is drawn")


def decided(one: RegionBatch, toward: int = -1, by: float = 0.0) -> Decided:
    """Nothing known; or, for each region, so much more weight on one stroke: the nearest to its truth is number 0."""
    b, n, c = *one.weight.shape, one.regions.colors.shape[1]
    choice = torch.zeros(b, n, c + 1)
    colors = one.regions.colors * 50 + torch.tensor([50.0, 0, 0])
    apart = difference(colors[:, None], one.truth[:, :, :1])
    choice.scatter_(2, apart.argsort(-1)[..., toward, None], by)
    return Decided(choice, choice.clone(), torch.zeros(b, n, 3), torch.zeros(b, n, len(PALETTE)), torch.zeros(b, n, n))


def losses(one: RegionBatch, out: Decided) -> dict[str, float]:
    return {name: float(value) for name, value in region_losses(out, one, PALETTE, EVEN).items()}


def test_the_expected_difference_falls_when_the_right_stroke_gets_more_weight() -> None:
    one = batch()
    paid = [losses(one, decided(one, toward=0, by=by)) for by in (0.0, 1.0, 3.0, 30.0)]
    for name in ("painted", "hit"):
        assert all(b[name] < a[name] for a, b in pairwise(paid)), name
    assert paid[-1]["painted"] < 0.1 and paid[-1]["hit"] < 1e-3
    assert losses(one, decided(one, toward=-1, by=3.0))["painted"] > paid[0]["painted"]


def test_own_colours_pay_their_difference_and_what_is_painted_follows_only_where_they_are_chosen() -> None:
    one = batch()
    out = decided(one, toward=0, by=40.0)
    true = (one.truth[:, :, 0] - torch.tensor([50.0, 0, 0])) / 50
    right, wrong = (losses(one, out._replace(own=own)) for own in (true, true + 0.5))
    assert right["own"] < 1e-3 < 1 < wrong["own"]
    assert np.isclose(right["painted"], wrong["painted"], atol=1e-3)
    alone = torch.zeros_like(out.choice)
    alone[..., -1] = 40
    right, wrong = (losses(one, out._replace(said=alone, choice=alone, own=own)) for own in (true, true + 0.5))
    assert right["painted"] < 1e-3 < 1 < wrong["painted"]


def test_where_no_stroke_is_right_there_is_nothing_to_hit() -> None:
    one = batch(count=0)
    assert losses(one, decided(one))["hit"] == 0


def test_the_distribution_pays_for_the_bin_of_the_true_colour() -> None:
    one = batch(count=3)
    blank = decided(one)
    nearest = torch.cdist(one.truth[:, :, 0], PALETTE[None]).argmin(-1)
    sure = blank._replace(bins=torch.nn.functional.one_hot(nearest, len(PALETTE)) * 30.0)
    assert np.isclose(losses(one, blank)["distribution"], np.log(len(PALETTE)), atol=1e-4)
    assert losses(one, sure)["distribution"] < 1e-3


def test_colours_that_are_not_the_drawings_own_are_left_out_of_the_distribution() -> None:
    others = batch(believable=False, copies=2)
    out = decided(others)
    wild = out._replace(bins=torch.arange(float(out.bins.numel())).view_as(out.bins).cos() * 9)
    assert losses(others, wild)["distribution"] == 0
    assert losses(others, wild)["painted"] > 0
    others.believable[0] = 1
    half = losses(others, wild)["distribution"]
    changed = wild._replace(bins=wild.bins * torch.tensor([1.0, -3.0]).view(2, 1, 1))
    assert half > 0 and np.isclose(losses(others, changed)["distribution"], half, atol=1e-5)


@pytest.mark.parametrize("name", ["painted", "hit", "own", "distribution", "alike"])
def test_regions_of_no_weight_have_no_say(name: str) -> None:
    one = batch()
    one.weight[:, 2] = 0
    out = decided(one, toward=0, by=1.0)
    spoiled = Decided(*(part.clone() for part in out))
    for part in spoiled:
        part[:, 2] = torch.linspace(-4, 4, part.shape[-1])
    spoiled.alike[:, :, 2] = 3
    assert np.isclose(losses(one, out)[name], losses(one, spoiled)[name], atol=1e-6)


def test_every_output_learns() -> None:
    one = batch()
    out = Decided(*(part.requires_grad_() for part in decided(one)))
    torch.stack(list(region_losses(out, one, PALETTE, EVEN).values())).sum().backward()
    for part in out:
        assert part.grad is not None and torch.isfinite(part.grad).all() and part.grad.abs().sum() > 0


def test_likeness_pays_for_strangers_taken_for_kin_and_for_kin_taken_for_strangers() -> None:
    one = batch()
    colors = one.truth[:, :, 0]
    same = (torch.cdist(colors, colors) < 6).float()
    blank = decided(one)
    paid = [losses(one, blank._replace(alike=(same * 2 - 1) * by))["alike"] for by in (0.0, 2.0, 30.0, -2.0)]
    assert paid[2] < 1e-3 < paid[1] < paid[0] < paid[3]
