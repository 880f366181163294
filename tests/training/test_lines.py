"""The line encoder's lessons: borders, kinship of colours, and colours from lines alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from linewash_daemon.networks.line_reader import LineReader
from linewash_training import losses
from linewash_training.lines import Windows, collate
from linewash_training.pack import Pair, PairInfo
from tests.training.small_run import drawing

#: Two places are red, one is blue, and one of a red between kin and stranger.
COLORS = torch.tensor([[[53.0, 80, 67], [54, 79, 66], [32, 79, -107], [53, 72, 62]]])
KIN = torch.tensor([[[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]])


def right(by: float) -> Tensor:
    return (2 * KIN - 1) * by


def test_right_logits_cost_next_to_nothing_and_wrong_ones_what_they_are_worth() -> None:
    assert losses.kinship_loss(right(20.0), COLORS) < 1e-6
    assert torch.isclose(losses.kinship_loss(right(-20.0), COLORS), torch.tensor(20.0))
    assert torch.isclose(losses.kinship_loss(right(0.0), COLORS), torch.tensor(2.0).log())


def test_kin_and_strangers_count_the_same_however_many_there_are() -> None:
    colors = COLORS[:, [0] * 9 + [2]]  # 82 pairs of kin, 18 of strangers
    kin = torch.cdist(colors, colors) < 1
    blind = torch.full((1, 10, 10), 4.0)  # takes all for kin
    other = losses.kinship_loss(-blind, colors)
    assert torch.isclose(losses.kinship_loss(blind, colors), other)
    assert torch.isclose(other, (torch.tensor(4.0).exp() + 1).log() / 2 + (1 + torch.tensor(-4.0).exp()).log() / 2)
    assert kin.sum() == 82


def test_pairs_that_might_be_either_do_not_count() -> None:
    unsure = right(3.0)
    unsure[:, :2, 3] = unsure[:, 3, :2] = 50
    assert torch.isclose(losses.kinship_loss(unsure, COLORS), losses.kinship_loss(right(3.0), COLORS))


@pytest.mark.parametrize("colors", [COLORS[:, :1].expand(1, 5, 3), COLORS[:, [0, 2]]], ids=["one colour", "no two"])
def test_a_picture_of_one_colour_can_be_learned_from(colors: Tensor) -> None:
    n = colors.shape[1]
    logits = torch.zeros(1, n, n, requires_grad=True)
    loss = losses.kinship_loss(logits, colors)
    loss.backward()
    assert torch.isfinite(loss) and logits.grad is not None and torch.isfinite(logits.grad).all()


def reader() -> LineReader:
    torch.manual_seed(0)
    return LineReader((8, 8, 8, 8), blocks=1, bins=6, kin=4)


def test_a_line_reader_tells_of_every_pixel_and_every_fourth() -> None:
    read = reader()(torch.rand(2, 1, 64, 96))
    assert read.contours.shape == (2, 1, 64, 96)
    assert read.kin.shape == (2, 4, 16, 24) and read.bins.shape == (2, 6, 16, 24)
    assert torch.allclose(read.kin.norm(dim=1), torch.ones(2, 16, 24), atol=1e-5)


def test_kinship_is_mutual_and_nobody_is_nearer_than_oneself() -> None:
    network = reader()
    kin = torch.nn.functional.normalize(torch.randn(2, 7, 4), dim=-1)
    logits = network.kinship(kin)
    assert torch.allclose(logits, logits.transpose(1, 2), atol=1e-5)
    assert (logits.diagonal(dim1=1, dim2=2)[..., None] >= logits - 1e-5).all()


def test_kinship_teaches_the_line_encoder() -> None:
    network = reader()
    kin = network(torch.rand(1, 1, 64, 64)).kin.flatten(2)[..., ::64].transpose(1, 2)
    losses.kinship_loss(network.kinship(kin), COLORS).backward()
    for parameter in (network.encoder.stem.weight, network.kin.weight, network.scale):
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0


def test_a_window_is_a_drawing_with_its_flats_and_their_borders() -> None:
    line, color = drawing(0)
    pair = Pair(line, color, PairInfo("own/1", "own", "1", "real", "train", 1.0, 96, 96))
    samples = [Windows(64)(pair, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    first, again, other = samples
    assert first.lines.shape == first.borders.shape == (64, 64) and first.truth.shape == (64, 64, 3)
    assert first.lines.min() >= 0 and first.lines.max() <= 1
    assert np.array_equal(first.lines, again.lines) and not np.array_equal(first.lines, other.lines)
    batch = collate(samples)
    assert batch.lines.shape == batch.borders.shape == (3, 1, 64, 64) and batch.truth.shape == (3, 3, 64, 64)
    assert torch.equal(batch.truth[2], torch.from_numpy(other.truth).permute(2, 0, 1))
    assert set(batch.borders.unique().tolist()) <= {0.0, 1.0}
