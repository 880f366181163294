"""The pair reader: whether two basins of a drawing have one colour, by what is told of the two."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PairReader(nn.Module):
    """Buffers ``usual``, ``spread``, (figures,): mean and standard deviation of what it learned from."""

    usual: Tensor
    spread: Tensor

    def __init__(self, figures: int, width: int) -> None:
        super().__init__()
        self.register_buffer("usual", torch.zeros(figures))
        self.register_buffer("spread", torch.ones(figures))
        self.dropped = nn.Dropout(0.1)
        self.enter, self.narrow = nn.Linear(figures, width), nn.Linear(width, width // 2)
        self.leave, self.direct = nn.Linear(width // 2, 1), nn.Linear(figures, 1)

    def forward(self, told: Tensor) -> Tensor:
        """(pairs, figures) -> log-odds (pairs,)."""
        x = (told.float() - self.usual) / self.spread.clamp_min(1e-3)
        inner = nn.functional.silu(self.narrow(self.dropped(nn.functional.silu(self.enter(x)))))
        said: Tensor = (self.leave(inner) + self.direct(x))[:, 0]
        return said
