"""One forward pass as training needs it: encode, carry the strokes over the contours just predicted, decode."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from linewash_daemon.networks.propagator import STEP, Propagator, normalised
from linewash_daemon.propagate import flood, with_contours


@dataclass
class Batch:
    """B samples at working size (H, W); label maps are 0 or 1 + a row of ``colors``.

    ``lines`` float32 (B, 1, H, W); ``truth`` float32 (B, 3, H, W) Lab flats; ``borders`` float32 (B, 1, H, W);
    ``relief`` uint8 (B, H, W), the ink as `propagate.elevation` gives it; ``markers``, ``watershed``, ``fill``
    int64 (B, H, W); ``colors`` float32 (B, n + 1, 3) Lab, row 0 unused.
    """

    lines: Tensor
    truth: Tensor
    borders: Tensor
    relief: Tensor
    markers: Tensor
    watershed: Tensor
    fill: Tensor
    colors: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(t.to(device, non_blocking=True) for t in vars(self).values()))


@dataclass
class Outputs:
    """``contours`` logits at working size; the rest at a quarter of it, None while the line encoder learns alone."""

    contours: Tensor
    own: Tensor | None = None
    painted: Tensor | None = None
    weights: Tensor | None = None
    bins: Tensor | None = None


class Forward(nn.Module):
    """The network as one module to call, so that DistributedDataParallel can wrap it."""

    def __init__(self, network: Propagator) -> None:
        super().__init__()
        self.network = network
        self._floods = ThreadPoolExecutor(2)

    def forward(self, batch: Batch, contours_alone: bool) -> Outputs:
        features, contours = self.network.encoder(batch.lines)
        if contours_alone:
            return Outputs(contours)
        flooded = self._flood(batch, contours)
        strokes, on = recolored(batch.markers, batch.colors), (batch.markers > 0).float().unsqueeze(1)
        maps = (batch.watershed, flooded, batch.fill)
        carried = torch.cat([recolored(m, batch.colors) for m in maps], 1)
        filled = (batch.fill > 0).float().unsqueeze(1)
        painted = self.network.paint(features, strokes, on, carried, filled)
        return Outputs(contours, painted.own, painted.painted, painted.weights, painted.bins)

    def _flood(self, batch: Batch, contours: Tensor) -> Tensor:
        """The contour watershed of each sample, from what the encoder says right now; no gradient passes."""
        chance = torch.sigmoid(contours.detach().float())[:, 0].cpu().numpy()
        relief, markers = batch.relief.cpu().numpy(), batch.markers.cpu().numpy().astype(np.int32)
        jobs = self._floods.map(_flood_one, relief, chance, markers)
        return torch.from_numpy(np.stack(list(jobs))).to(batch.markers)


def _flood_one(relief: NDArray[np.uint8], chance: NDArray[np.float32], markers: NDArray[np.int32]) -> NDArray[np.int32]:
    return flood(with_contours(relief, chance), markers)


def recolored(labels: Tensor, colors: Tensor) -> Tensor:
    """Label maps (B, H, W) with the rows of ``colors`` (B, n, 3) for labels -> (B, 3, H, W)."""
    b, h, w = labels.shape
    index = labels.view(b, -1, 1).expand(-1, -1, 3)
    return colors.gather(1, index).view(b, h, w, 3).permute(0, 3, 1, 2)


def small_truth(truth: Tensor) -> Tensor:
    """Normalised Lab of the flats at a quarter of the working size, (B, 3, h, w)."""
    return F.avg_pool2d(normalised(truth), STEP)
