"""Sample sheets of the depiction reader: what it takes the places of held-out drawings for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from linewash_daemon.device import Device
from linewash_daemon.networks.depiction import Depicted
from linewash_daemon.networks.propagator import STEP
from linewash_daemon.networks.washer import Washer

from . import writing
from .augment import Placement
from .flats import under_lines
from .pack import Pack, Pair
from .samples import as_lines
from .semantic_truth import told

DRAWINGS = 8
COLUMNS = ("line art", "taken for", "known", "painted")
_SIDE = 384
#: of skin, hair, foliage, sky, white, wood, sun and fur; of nothing, and of what is not known
_SHOWN = np.array(
    [
        (245, 185, 150), (150, 70, 40), (60, 160, 60), (130, 185, 245), (255, 255, 255), (120, 90, 60), (250, 215, 60),
        (235, 130, 60),
    ]
)  # fmt: skip
_NONE, _UNKNOWN = (150, 150, 155), (205, 205, 215)


def samples(network: Washer, device: Device, pack: Pack, which: list[int], out: Path) -> None:
    """One row for each of the pairs ``which``, with the `COLUMNS`."""
    writing.picture(out, np.concatenate([_row(network, device, pack[index]) for index in which]))


@torch.inference_mode()
def read(network: Washer, device: Device, line: NDArray[np.uint8]) -> Depicted:
    """What the places of ``line`` uint8 (H, W) depict, as far as whole ones go, a batch of one on the CPU."""
    assert network.depiction is not None
    height, width = (-(-side // network.multiple) * network.multiple for side in line.shape)
    padded = np.zeros((height, width), np.float32)
    padded[: line.shape[0], : line.shape[1]] = as_lines(line)
    with device.autocast():
        levels, _ = network.read(torch.from_numpy(padded)[None, None].to(device.device))
        found = network.depiction(levels)
    height, width = (side // STEP for side in line.shape)
    said, likeness = (plane[..., :height, :width].float().cpu() for plane in (found.said, found.likeness))
    return Depicted(said, likeness, found.same.cpu())


def _row(network: Washer, device: Device, pair: Pair) -> NDArray[np.uint8]:
    whole = Placement(_SIDE, _SIDE / max(pair.line.shape), 0, 0, mirrored=False)
    line, color = whole.apply(pair.line), whole.apply(pair.color)
    said = np.moveaxis(read(network, device, line).said[0].numpy(), 0, 2)
    taken = cv2.resize(_colored(np.asarray(said > 0), said), None, fx=STEP, fy=STEP, interpolation=cv2.INTER_NEAREST)
    truth = told(color, pair.meta)
    known = _colored(np.asarray(truth == 1), truth)
    known[np.asarray((truth.max(2) < 1) & (truth.min(2) < 0))] = _UNKNOWN
    grey = np.repeat(line[..., None], 3, 2)
    return np.concatenate([grey, under_lines(np.asarray(taken, np.uint8), line), known, color], 1)


def _colored(sure: NDArray[np.bool_], said: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The colour of the class that is most so, of (H, W, classes)."""
    return np.where(np.asarray(sure.any(2))[..., None], _SHOWN[said.argmax(2)], _NONE).astype(np.uint8)
