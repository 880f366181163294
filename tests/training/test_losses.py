"""Each loss and the promise it makes."""

from __future__ import annotations

import torch

from linewash_training import losses


def test_the_right_colour_costs_nothing_and_a_wrong_one_its_distance() -> None:
    truth = torch.rand(2, 3, 4, 4)
    weight = torch.ones(2, 1, 4, 4)
    assert losses.color_loss(truth, truth, weight) == 0
    assert torch.allclose(losses.color_loss(truth + 0.3, truth, weight), torch.tensor(0.3))


def test_a_pixel_of_no_weight_has_no_say() -> None:
    truth, painted = torch.zeros(1, 3, 2, 2), torch.zeros(1, 3, 2, 2)
    painted[..., 0, 0] = 9
    weight = torch.ones(1, 1, 2, 2)
    weight[..., 0, 0] = 0
    assert losses.color_loss(painted, truth, weight) == 0


def test_a_missed_contour_costs_more_than_an_imagined_one() -> None:
    sure = torch.full((1, 1, 4, 4), 3.0)
    missed = losses.contour_loss(-sure, torch.ones(1, 1, 4, 4))
    imagined = losses.contour_loss(sure, torch.zeros(1, 1, 4, 4))
    assert missed > imagined > 0


def test_each_colour_falls_into_its_nearest_bin() -> None:
    palette = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1, 1]])
    truth = torch.tensor([0.9, 0.1, 0.0]).view(1, 3, 1, 1).expand(1, 3, 2, 2)
    assert losses.nearest_bin(truth, palette).tolist() == [[[1, 1], [1, 1]]]


def test_a_rare_colour_counts_more() -> None:
    logits = torch.zeros(1, 2, 1, 2)
    logits[:, 1, 0, 0] = -2  # wrong about the first pixel, of the rare bin
    bins = torch.tensor([[[1, 0]]])
    fair = losses.distribution_loss(logits, bins, torch.tensor([1.0, 1.0]))
    rare = losses.distribution_loss(logits, bins, torch.tensor([0.2, 1.8]))
    assert rare > fair


def test_the_critic_wants_to_tell_and_the_generator_wants_to_fool() -> None:
    real, fake = torch.full((1, 1, 2, 2), 2.0), torch.full((1, 1, 2, 2), -2.0)
    assert losses.discriminator_loss(real, fake) == 0
    assert losses.discriminator_loss(fake, real) > 5
    assert losses.adversarial_loss(real) < losses.adversarial_loss(fake)
