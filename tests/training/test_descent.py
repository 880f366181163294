"""How a run's rate goes, and what a step does with a gradient."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from linewash_training.descent import cosine_rate, descend


def test_the_rate_warms_up_stays_and_falls_to_its_least() -> None:
    assert cosine_rate(1.0, 0.5, 0.0, 0) == pytest.approx(0.01)
    assert cosine_rate(1.0, 0.5, 0.3, 500) == 1.0
    falling = [cosine_rate(1.0, 0.5, spent, 500) for spent in (0.5, 0.6, 0.75, 0.9, 1.0)]
    assert falling == sorted(falling, reverse=True) and falling[0] == 1.0
    assert falling[2] == pytest.approx(0.51) and falling[-1] == pytest.approx(0.02)


def test_a_large_gradient_moves_no_farther_than_a_clipped_one() -> None:
    weight = nn.Parameter(torch.zeros(4))
    norm = descend(torch.optim.SGD([weight], 1.0), (weight * 1000).sum(), rate=0.1)
    assert norm == pytest.approx(2000)
    assert weight.detach().norm() == pytest.approx(0.1)


def test_a_batch_that_is_not_finite_teaches_nothing() -> None:
    weight = nn.Parameter(torch.ones(3))
    descend(torch.optim.SGD([weight], 1.0), (weight * float("nan")).sum(), rate=0.1)
    assert torch.equal(weight.detach(), torch.ones(3))


def test_a_slow_group_learns_at_its_share_of_the_rate() -> None:
    quick, slow = (nn.Parameter(torch.zeros(1)) for _ in range(2))
    groups: list[dict[str, Any]] = [{"params": [quick]}, {"params": [slow], "slow": 0.4}]
    optimizer = torch.optim.SGD(groups, 1.0)
    for _ in range(2):
        descend(optimizer, quick.sum() + slow.sum(), rate=0.1)
    assert float(slow.detach()) == pytest.approx(0.4 * float(quick.detach()))
