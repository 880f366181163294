"""The skin reader: what it says of a region is said of all its basin, and of nothing that is not there."""

from __future__ import annotations

import pytest
import torch

from linewash_daemon.networks.skin_reader import TONES, SkinReader

FEATURES, NODES = (8, 8, 4, 4), 17


@pytest.fixture(scope="module")
def reader() -> SkinReader:
    torch.manual_seed(0)
    return SkinReader(FEATURES, NODES, width=16).eval()


def regions(n: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Features, nodes, there, basin of one drawing: two regions a basin."""
    draw = torch.Generator().manual_seed(seed)
    features, nodes = torch.randn(1, n, sum(FEATURES), generator=draw), torch.randn(1, n, NODES, generator=draw) / 4
    return features, nodes, torch.ones(1, n, dtype=torch.bool), torch.arange(n)[None] // 2


@torch.inference_mode()
def test_all_regions_of_a_basin_get_one_verdict_and_basins_their_own(reader: SkinReader) -> None:
    said = reader(*regions(8))[0]
    assert said.shape == (8,) and torch.equal(said[::2], said[1::2])
    assert len(said.unique()) == 4


@torch.inference_mode()
def test_padding_changes_nothing(reader: SkinReader) -> None:
    features, nodes, there, basin = regions(6)
    padded = [torch.cat([one, one.new_full((1, 3, *one.shape[2:]), 7)], 1) for one in (features, nodes)]
    told = torch.cat([there, torch.zeros(1, 3, dtype=torch.bool)], 1), torch.cat([basin, basin.new_full((1, 3), -1)], 1)
    assert torch.allclose(reader(features, nodes, there, basin)[0], reader(*padded, *told)[0, :6], atol=1e-5)


@torch.inference_mode()
def test_the_numbers_of_basins_do_not_matter(reader: SkinReader) -> None:
    features, nodes, there, basin = regions(8)
    assert torch.allclose(reader(features, nodes, there, basin), reader(features, nodes, there, 3 - basin), atol=1e-5)


@torch.inference_mode()
def test_basins_may_have_higher_numbers_than_there_are_regions(reader: SkinReader) -> None:
    features, nodes, there, basin = regions(8)
    assert torch.allclose(reader(features, nodes, there, basin), reader(features, nodes, there, 90 * basin), atol=1e-5)


def test_a_new_one_knows_no_tones(reader: SkinReader) -> None:
    assert reader.tones.shape == (TONES, 3) and not reader.tones.any()
