"""What the networks promise: shapes, gradients, and that a silent source is not trusted."""

from __future__ import annotations

import torch

from linewash_daemon.networks import DISCRIMINATORS, build
from linewash_daemon.networks.propagator import (
    ColorDecoder,
    Propagator,
    denormalised,
    mixture,
    normalised,
    stroke_planes,
)

TINY = {"encoder": [8, 8, 8, 8], "decoder": [8, 8, 8, 8], "blocks": 1, "bins": 5}


def tiny() -> Propagator:
    torch.manual_seed(0)
    network = build("propagator", TINY)
    assert isinstance(network, Propagator)
    return network


def test_contours_leave_at_working_size_and_the_rest_at_a_quarter_of_it() -> None:
    network = tiny()
    features, contours = network.encoder(torch.rand(2, 1, 64, 96))
    own, gates, bins = network.decoder(features, torch.rand(2, ColorDecoder.PLANES, 16, 24))
    assert contours.shape == (2, 1, 64, 96)
    assert own.shape == (2, 3, 16, 24)
    assert gates.shape == (2, 4, 16, 24)
    assert bins.shape == (2, 5, 16, 24)
    assert network.multiple == 32


def test_the_color_loss_teaches_the_line_encoder_too() -> None:
    network = tiny()
    features, _ = network.encoder(torch.rand(1, 1, 64, 64))
    own, gates, bins = network.decoder(features, torch.rand(1, ColorDecoder.PLANES, 16, 16))
    (own.square().mean() + gates.square().mean() + bins.square().mean()).backward()
    stem = network.encoder.stem.weight.grad
    assert stem is not None and stem.abs().sum() > 0


def test_lab_survives_the_way_into_the_network_and_back() -> None:
    lab = torch.tensor([[[[0.0, 100]], [[-80, 80]], [[90, -100]]]])
    assert torch.allclose(denormalised(normalised(lab)), lab, atol=1e-4)


def test_without_hints_only_the_own_colour_counts() -> None:
    own = torch.rand(1, 3, 4, 4)
    sources = [torch.rand(1, 3, 4, 4) for _ in range(3)]
    weights, painted = mixture(
        torch.rand(1, 4, 4, 4) * 9, own, sources, torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 1, 1)
    )
    assert torch.allclose(painted, own, atol=1e-6)
    assert torch.allclose(weights.sum(1), torch.ones(1, 4, 4))


def test_a_fill_that_did_not_reach_a_pixel_has_no_say_there() -> None:
    filled = torch.zeros(1, 1, 4, 4)
    filled[..., :2] = 1
    gates = torch.zeros(1, 4, 4, 4)
    gates[:, 2] = 5
    colors = [torch.zeros(1, 3, 4, 4)] * 3
    weights, _ = mixture(gates, torch.ones(1, 3, 4, 4), colors, filled, torch.ones(1, 1, 1, 1))
    assert weights[0, 2, :, :2].min() > 0.9
    assert weights[0, 2, :, 2:].max() < 1e-6


def test_stroke_planes_hold_the_stroke_s_own_colour() -> None:
    strokes = torch.zeros(1, 3, 8, 8)
    strokes[:, 0] = 75
    on = torch.zeros(1, 1, 8, 8)
    on[..., :2, :3] = 1
    planes = stroke_planes(strokes, on, torch.zeros(1, 9, 8, 8), torch.zeros(1, 1, 8, 8))
    assert planes.shape == (1, ColorDecoder.PLANES, 2, 2)
    assert torch.allclose(planes[0, 0, 0, 0], torch.tensor(0.5))  # (75 - 50) / 50
    assert planes[0, 0, 1, 1] == 0


def test_the_critic_judges_patches_and_sees_noise_only_while_it_learns() -> None:
    critic = DISCRIMINATORS["patch"](channels=8)
    lines, colors = torch.rand(1, 1, 32, 32), torch.rand(1, 3, 32, 32)
    assert critic(lines, colors).shape == (1, 1, 4, 4)
    critic.eval()
    assert torch.equal(critic(lines, colors), critic(lines, colors))
    critic.train()
    assert not torch.equal(critic(lines, colors), critic(lines, colors))
