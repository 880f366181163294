"""Each loss and the promise it makes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from linewash_daemon.networks import DISCRIMINATORS
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


def test_bins_may_be_of_two_planes_as_well() -> None:
    palette = torch.tensor([[0.4, 0.0], [0.0, 0.4]])
    truth = torch.tensor([0.1, 0.3]).view(1, 2, 1, 1)
    assert losses.nearest_bin(truth, palette).tolist() == [[[1]]]


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_a_painter_pays_nothing_for_the_truth_and_its_distance_otherwise(name: str) -> None:
    truth = torch.rand(2, 2, 5, 4)
    assert losses.LOSSES[name](truth, truth) == 0
    assert torch.allclose(losses.LOSSES[name](truth - 0.5, truth), torch.tensor({"l1": 0.5, "l2": 0.25}[name]))


@pytest.mark.parametrize("name", losses.LOSSES)
def test_every_loss_teaches_the_painting_and_leaves_the_truth(name: str) -> None:
    painted, truth = torch.rand(1, 2, 5, 6, requires_grad=True), torch.rand(1, 2, 5, 6, requires_grad=True)
    losses.LOSSES[name](painted, truth.detach()).backward()
    assert painted.grad is not None and painted.grad.abs().sum() > 0
    assert truth.grad is None


def test_a_constant_has_no_total_variation() -> None:
    assert losses.total_variation(torch.full((2, 2, 6, 6), 0.3)) == 0


@pytest.mark.parametrize("size", [4, 32])
def test_the_total_variation_of_a_step_is_its_height_at_any_size(size: int) -> None:
    step = torch.zeros(1, 2, size, size)
    step[..., size // 2 :] = 0.7
    assert torch.allclose(losses.total_variation(step), torch.tensor(0.7))
    assert torch.allclose(losses.total_variation(step.transpose(2, 3)), torch.tensor(0.7))
    assert torch.allclose(losses.LOSSES["tv"](step, torch.rand_like(step)), torch.tensor(0.7))


def test_noise_varies_more_than_a_slope_between_the_same_two_values() -> None:
    slope = torch.linspace(0, 1, 16).expand(1, 1, 16, 16)
    noise = (torch.arange(16) % 2).float().expand(1, 1, 16, 16)
    assert losses.total_variation(noise) > 10 * losses.total_variation(slope)


def test_the_weighted_variation_of_the_true_gradients_is_about_one() -> None:
    steep = torch.arange(8.0)
    truth = (steep.view(1, 8) + steep.view(8, 1)).view(1, 1, 8, 8)
    weighted = losses.weighted_total_variation(truth, truth, eps=0.01)
    assert 0.98 < weighted < 1
    assert torch.allclose(losses.weighted_total_variation(truth * 3, truth, eps=0.01), weighted * 3)


def test_an_edge_costs_more_where_the_truth_has_none() -> None:
    edge, flat = torch.zeros(1, 2, 8, 8), torch.zeros(1, 2, 8, 8)
    edge[..., 4:] = 0.5
    assert losses.weighted_total_variation(edge, flat) > 5 * losses.weighted_total_variation(edge, edge)
    assert losses.weighted_total_variation(flat, edge) == 0


@pytest.mark.parametrize("kind", losses.ADVERSARIAL)
def test_every_critic_pays_for_being_wrong_and_every_generator_for_being_seen_through(kind: str) -> None:
    adversarial = losses.ADVERSARIAL[kind]
    true, false = torch.full((2, 1, 3, 3), 2.0), torch.full((2, 1, 3, 3), -2.0)
    assert adversarial.critic(true, false) < adversarial.critic(true, true) < adversarial.critic(false, true)
    assert adversarial.generator(true) < adversarial.generator(false)


def test_cross_entropy_is_that_of_a_coin_where_the_critic_does_not_know() -> None:
    unsure = torch.zeros(1, 1, 4, 4)
    assert torch.allclose(losses.ADVERSARIAL["gan"].critic(unsure, unsure), 2 * torch.tensor(2.0).log())


def test_a_generator_that_is_surely_seen_through_still_learns() -> None:
    for kind in losses.ADVERSARIAL.values():
        verdict = torch.full((1, 1, 1, 1), -30.0, requires_grad=True)
        kind.generator(verdict).backward()
        assert torch.allclose(verdict.grad, torch.tensor(-1.0))  # type: ignore[arg-type]


def test_the_wasserstein_critic_measures_the_distance_of_the_means() -> None:
    real, fake = torch.rand(4, 1, 2, 2), torch.rand(4, 1, 2, 2)
    assert torch.allclose(losses.ADVERSARIAL["wgan"].critic(real, fake), fake.mean() - real.mean())


def test_a_clipped_critic_stays_within_its_bound_after_a_step() -> None:
    critic = DISCRIMINATORS["patch"](channels=8, spectral=False, noise=0.0)
    optimizer = torch.optim.RMSprop(critic.parameters(), 0.05)
    verdict = critic(torch.rand(2, 1, 16, 16), torch.rand(2, 3, 16, 16))
    losses.ADVERSARIAL["wgan"].critic(verdict, -verdict).backward()
    optimizer.step()
    assert max(p.abs().max() for p in critic.parameters()) > 0.01
    losses.clip_weights(critic)
    assert max(p.abs().max() for p in critic.parameters()) == torch.tensor(0.01)


class Slope(nn.Module):
    """A critic whose gradient has the same norm everywhere, in whatever direction."""

    def __init__(self, norm: float, like: Tensor) -> None:
        super().__init__()
        weight = torch.rand(like.shape[1:])
        self.weight = nn.Parameter(weight * norm / weight.norm())

    def forward(self, given: Tensor, painted: Tensor) -> Tensor:
        return (painted * self.weight).sum((1, 2, 3)).view(-1, 1, 1, 1) + given.mean()


@pytest.mark.parametrize(("norm", "penalty"), [(1.0, 0.0), (0.0, 1.0), (3.0, 4.0), (0.5, 0.25)])
def test_the_gradient_penalty_is_the_squared_distance_of_the_norm_from_one(norm: float, penalty: float) -> None:
    given, real, fake = torch.rand(3, 1, 4, 4), torch.rand(3, 2, 4, 4), torch.rand(3, 2, 4, 4)
    found = losses.gradient_penalty(Slope(norm, real), given, real, fake)
    assert torch.allclose(found, torch.tensor(penalty), atol=1e-5)


def test_the_gradient_penalty_brings_a_critic_s_slope_to_one() -> None:
    given, real, fake = torch.rand(3, 1, 4, 4), torch.rand(3, 2, 4, 4), torch.rand(3, 2, 4, 4)
    critic = Slope(4.0, real)
    optimizer = torch.optim.SGD(critic.parameters(), 0.1)
    for _ in range(60):
        optimizer.zero_grad()
        losses.gradient_penalty(critic, given, real, fake).backward()
        optimizer.step()
    assert torch.allclose(critic.weight.norm(), torch.tensor(1.0), atol=1e-3)


def test_the_gradient_penalty_teaches_the_critic_and_not_the_painter() -> None:
    critic = DISCRIMINATORS["patch"](channels=8, spectral=False, noise=0.0)
    fake = torch.rand(2, 3, 16, 16, requires_grad=True)
    losses.gradient_penalty(critic, torch.rand(2, 1, 16, 16), torch.rand(2, 3, 16, 16), fake).backward()
    assert fake.grad is None
    assert all(c.weight.grad.abs().sum() > 0 for c in critic.body)  # type: ignore[union-attr]


def test_the_same_draw_gives_the_same_gradient_penalty() -> None:
    critic = DISCRIMINATORS["patch"](channels=8, spectral=False, noise=0.0)
    batch = torch.rand(2, 1, 16, 16), torch.rand(2, 3, 16, 16), torch.rand(2, 3, 16, 16)
    one, same, other = (
        losses.gradient_penalty(critic, *batch, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert one == same != other
