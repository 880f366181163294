"""The parts reader: what it says of a region is said of all its basin, and of nothing that is not there."""

from __future__ import annotations

import pytest
import torch

from linewash_daemon.networks.parts_reader import Basins, PartsReader

FEATURES, NODES, KIN = (8, 8, 4, 4), 17, 6


@pytest.fixture(scope="module")
def reader() -> PartsReader:
    torch.manual_seed(0)
    return PartsReader(FEATURES, NODES, width=16, kin=KIN).eval()


def regions(n: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Features, nodes, there, basin of one drawing: two regions a basin."""
    draw = torch.Generator().manual_seed(seed)
    features, nodes = torch.randn(1, n, sum(FEATURES), generator=draw), torch.randn(1, n, NODES, generator=draw) / 4
    return features, nodes, torch.ones(1, n, dtype=torch.bool), torch.arange(n)[None] // 2


@torch.inference_mode()
def test_all_regions_of_a_basin_get_one_verdict_and_basins_their_own(reader: PartsReader) -> None:
    read = reader(*regions(8))
    assert read.likeness.shape == (1, 8, KIN)
    assert torch.equal(read.likeness[0, ::2], read.likeness[0, 1::2])
    assert len(read.likeness[0].unique(dim=0)) == 4


@torch.inference_mode()
def test_two_regions_have_one_colour_the_more_likely_the_more_alike_they_are(reader: PartsReader) -> None:
    read = reader(*regions(8))
    assert torch.allclose(read.likeness.norm(dim=-1), torch.ones(1, 8), atol=1e-5)
    product = read.likeness[0] @ read.likeness[0].T
    assert torch.allclose(read.same[0], reader.scale[0] * product + reader.scale[1], atol=1e-5)
    assert read.same[0, 0, 1] >= read.same[0, 0].max() - 1e-5 > read.same[0, 0].min()


@torch.inference_mode()
def test_padding_changes_nothing(reader: PartsReader) -> None:
    features, nodes, there, basin = regions(6)
    padded = [torch.cat([one, one.new_full((1, 3, *one.shape[2:]), 7)], 1) for one in (features, nodes)]
    told = torch.cat([there, torch.zeros(1, 3, dtype=torch.bool)], 1), torch.cat([basin, basin.new_full((1, 3), -1)], 1)
    alone, among = reader(features, nodes, there, basin), reader(*padded, *told)
    assert torch.allclose(alone.likeness, among.likeness[:, :6], atol=1e-5)
    assert torch.allclose(alone.same, among.same[:, :6, :6], atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize(("factor", "offset"), [(-1, 3), (90, 0)], ids=["the other way round", "higher than regions"])
def test_the_numbers_of_basins_do_not_matter(reader: PartsReader, factor: int, offset: int) -> None:
    features, nodes, there, basin = regions(8)
    plain, other = reader(features, nodes, there, basin), reader(features, nodes, there, factor * basin + offset)
    assert all(torch.allclose(one, another, atol=1e-5) for one, another in zip(plain, other, strict=True))


def test_a_basin_is_as_large_as_its_regions_together() -> None:
    _, nodes, there, basin = regions(4)
    nodes[0, :, 0] = (torch.tensor([0.1, 0.2, 0.3, 0.4]).log() + 6) / 4  # as a graph has it
    held = Basins.of(nodes, there, basin)
    assert torch.allclose(held.area, torch.tensor([[0.1, 0.2, 0.3, 0.4]]), atol=1e-5)
    assert torch.allclose(held.whole, torch.tensor([[0.3, 0.3, 0.7, 0.7]]), atol=1e-5)


def test_a_width_that_its_heads_cant_share_is_refused() -> None:
    with pytest.raises(ValueError, match="width 18"):
        PartsReader(FEATURES, NODES, width=18)
