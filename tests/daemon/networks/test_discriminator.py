"""Critics: what they see, and the rules they live under."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from linewash_daemon.networks import DISCRIMINATORS


def critic(**settings: object) -> nn.Module:
    torch.manual_seed(0)
    return DISCRIMINATORS["patch"](channels=8, **settings)


def pair(given: int = 1, painted: int = 3) -> tuple[Tensor, Tensor]:
    return torch.rand(2, given, 32, 32), torch.rand(2, painted, 32, 32)


def test_it_takes_any_planes_and_judges_patches_as_large_as_its_depth_says() -> None:
    for depth in (2, 3, 4):
        verdict = critic(planes=6, depth=depth)(*pair(4, 2))
        assert verdict.shape == (2, 1, 32 >> depth, 32 >> depth)


def test_the_verdict_depends_on_what_was_given_and_on_what_was_painted() -> None:
    judge, (given, painted) = critic(noise=0.0), pair()
    assert not torch.equal(judge(given, painted), judge(1 - given, painted))
    assert not torch.equal(judge(given, painted), judge(given, 1 - painted))


def test_noise_is_different_each_time_in_training_and_absent_otherwise() -> None:
    judge, seen = critic(noise=0.1), pair()
    judge.train()
    assert not torch.equal(judge(*seen), judge(*seen))
    judge.eval()
    assert torch.equal(judge(*seen), judge(*seen))


def test_without_noise_training_is_repeatable() -> None:
    judge, seen = critic(noise=0.0, spectral=False).train(), pair()
    assert torch.equal(judge(*seen), judge(*seen))


def test_spectral_normalisation_keeps_every_layer_s_gain_at_one_and_is_off_when_not_wanted() -> None:
    judge = critic(noise=0.0)
    for parameter in judge.parameters():
        parameter.data.mul_(50)
    judge.train()
    for _ in range(40):  # power iterations
        judge(*pair())
    for convolution in [m for m in judge.modules() if isinstance(m, nn.Conv2d)]:
        assert torch.linalg.matrix_norm(convolution.weight.flatten(1), 2) < 1.05
    plain = critic(spectral=False)
    assert all("parametrizations" not in name for name in plain.state_dict())


def test_a_verdict_on_one_picture_does_not_depend_on_the_others() -> None:
    judge, (given, painted) = critic(noise=0.0, spectral=False).train(), pair()
    assert torch.allclose(judge(given, painted)[:1], judge(given[:1], painted[:1]), atol=1e-6)
