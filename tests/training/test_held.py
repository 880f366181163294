"""What a run says of drawings that it does not learn from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from linewash_daemon.device import choose
from linewash_daemon.networks.region_decoder import Decided, Regions
from linewash_daemon.networks.washer import Washer
from linewash_training.graphs import Drawing
from linewash_training.held import HeldOut
from linewash_training.samples import to_lab

from .region_drawings import drawing, write_drawings


class Scripted(Washer):
    """Chooses as it is told: ``choose`` gives logits (B, n, c + 1), its own colour is paper white."""

    def __init__(self, choose: Callable[[Regions], Tensor]) -> None:
        super().__init__(encoder=(8, 8), blocks=1, bins=6)
        self._choose = choose
        self.seen: list[Regions] = []

    def decide(self, regions: Regions) -> Decided:
        self.seen.append(regions)
        b, n = regions.there.shape
        own = torch.tensor([1.0, 0, 0]).expand(b, n, 3)
        choice = self._choose(regions)
        return Decided(choice, choice, own, torch.zeros(b, n, 6), torch.zeros(b, n, n))


def blank(regions: Regions) -> Tensor:
    """Its own colour everywhere."""
    b, n = regions.there.shape
    return torch.cat([torch.zeros(b, n, regions.colors.shape[1]), torch.ones(b, n, 1)], -1)


def one_region(color: tuple[int, int, int]) -> Drawing:
    one = drawing(1)
    one.colors[:, 0] = color
    one.stroke_color[:], one.stroke_region[:] = color, (0, -1, -1)
    one.pixels[:] = one.inside[:] = 500
    return one


def test_what_a_stroke_says_of_its_region_is_no_difference_and_white_is_the_truths_distance_from_it(
    tmp_path: Path,
) -> None:
    red = (200, 40, 40)
    held = HeldOut(write_drawings(tmp_path / "graphs.safetensors", {3: one_region(red)}), [3], 99)
    obeys = Scripted(lambda regions: -blank(regions))
    assert held.measure(obeys, choose("cpu"))["held_4"] == pytest.approx(0, abs=0.01)
    light = 100 - float(to_lab(np.array([[red]], np.uint8))[0, 0, 0])
    assert held.measure(Scripted(blank), choose("cpu"))["held_16"] > light


def test_only_drawings_that_are_held_out_and_small_enough_are_looked_at(tmp_path: Path) -> None:
    path = write_drawings(tmp_path / "graphs.safetensors", {n: drawing(n) for n in (2, 3, 4, 9)})
    decoder = Scripted(blank)
    figures = HeldOut(path, [3, 4, 9, 77], 5).measure(decoder, choose("cpu"))
    assert [int(regions.there.sum()) for regions in decoder.seen] == [3 + 4] * 3
    assert list(figures) == ["held_4", "held_4_all", "held_16", "held_16_all", "held_64", "held_64_all"]


def test_without_held_out_drawings_there_are_no_figures(tmp_path: Path) -> None:
    path = write_drawings(tmp_path / "graphs.safetensors", {2: drawing(2)})
    assert HeldOut(path, [], 99).measure(Scripted(blank), choose("cpu")) == {}


def test_figures_are_the_same_whenever_they_are_asked_for(tmp_path: Path) -> None:
    path = write_drawings(tmp_path / "graphs.safetensors", {n: drawing(n) for n in (5, 6)})
    held = HeldOut(path, [5, 6], 99)
    assert held.measure(Scripted(blank), choose("cpu")) == held.measure(Scripted(blank), choose("cpu"))
