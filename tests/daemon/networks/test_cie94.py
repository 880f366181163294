"""Colour differences that a network can learn by."""

from __future__ import annotations

import numpy as np
import torch
from skimage.color import deltaE_ciede94
from torch import Tensor

from linewash_daemon.networks.cie94 import difference


def colors(count: int, seed: int) -> Tensor:
    spread = torch.rand(count, 3, generator=torch.Generator().manual_seed(seed))
    return spread * torch.tensor([100.0, 160, 160]) - torch.tensor([0.0, 80, 80])


def test_equal_colours_do_not_differ_and_can_be_learned_from() -> None:
    a = torch.cat([colors(50, 0), torch.tensor([[0.0, 0, 0], [100, 0, 0], [50, 0, 0]])]).requires_grad_()
    apart = difference(a, a.detach().clone())
    assert torch.allclose(apart, torch.zeros(53), atol=1e-3)
    apart.sum().backward()
    assert a.grad is not None and torch.isfinite(a.grad).all()


def test_the_difference_is_that_of_cie94_whichever_colour_is_the_standard() -> None:
    a, b = colors(400, 1), colors(400, 2)
    got = difference(a, b).numpy()
    both = np.stack([deltaE_ciede94(a.numpy(), b.numpy()), deltaE_ciede94(b.numpy(), a.numpy())])
    assert (got >= both.min(0) - 0.6).all()  # near 0 it is bent so as to be smooth: half a unit less
    assert (got <= both.max(0) + 0.1).all()
    assert torch.allclose(difference(a, b), difference(b, a), atol=1e-4)


def test_the_difference_of_two_greys_is_that_of_their_lightness() -> None:
    greys = torch.tensor([[20.0, 0, 0], [90.0, 0, 0]])
    assert torch.allclose(difference(greys[0], greys[1]), torch.tensor(69.5), atol=0.1)
