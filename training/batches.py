"""Batches by number: what a step learns from depends on the seed and the step alone.

So an interrupted run goes on with the very pictures it would have had, however many processes make them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from linewash.errors import BadInput

from .pack import Pack, Pair

S = TypeVar("S")
B = TypeVar("B")
_ENDLESS = 1 << 40


class Batches(Dataset[B], Generic[S, B]):
    """Batch number ``step``: ``count`` training pairs, drawn by their weights, each made a sample by ``draw``.

    Raises `BadInput` for a pack without training pairs.
    """

    def __init__(
        self,
        pack: Pack,
        count: int,
        seed: int,
        draw: Callable[[Pair, np.random.Generator], S],
        collate: Callable[[list[S]], B],
    ) -> None:
        self.pack, self.count, self.seed = pack, count, seed
        self._draw, self._collate = draw, collate
        self.indices = pack.indices("train")
        if not self.indices:
            raise BadInput(f"The pack {pack.path} has no pairs to learn from.", "Make one of more art.", "bad_pack")
        weights = np.array([pack.infos[i].weight for i in self.indices], float)
        self._chances = weights / weights.sum()

    def __getitem__(self, step: int) -> B:
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.seed, step])
        chosen = rng.choice(self.indices, self.count, p=self._chances)
        return self._collate([self._draw(self.pack[int(i)], rng) for i in chosen])

    def __len__(self) -> int:
        return _ENDLESS


def stream(batches: Dataset[B], step: int, workers: int) -> Iterator[B]:
    """The batches from number ``step`` on, made by ``workers`` processes."""
    loader: DataLoader[B] = DataLoader(
        batches,
        batch_size=None,
        sampler=_Counting(step),
        num_workers=workers,
        multiprocessing_context="spawn" if workers else None,  # OpenCV's threads don't survive a fork
        prefetch_factor=4 if workers else None,
        pin_memory=torch.cuda.is_available(),
    )
    yield from loader


class _Counting:
    def __init__(self, start: int) -> None:
        self._start = start

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._start, _ENDLESS))

    def __len__(self) -> int:
        return _ENDLESS
