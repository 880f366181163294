"""Sample sheets of the light head: what it makes of the flats of finished pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from linewash_daemon.device import Device
from linewash_daemon.networks.light import LightHead
from linewash_daemon.networks.propagator import STEP, normalised

from . import writing
from .augment import Placement
from .flats import under_lines
from .light_truth import lit, page, read_light
from .pack import Pack, Pair
from .samples import as_lines, to_lab

DRAWINGS = 8
COLUMNS = ("line art", "flats", "shading", "highlights", "with light", "painted")
_SIDE = 384


def samples(head: LightHead, device: Device, pack: Pack, which: list[int], out: Path) -> None:
    """One row for each of the pairs ``which``, with the `COLUMNS`."""
    writing.picture(out, np.concatenate([_row(head, device, pack[index]) for index in which]))


def _row(head: LightHead, device: Device, pair: Pair) -> NDArray[np.uint8]:
    height, width = pair.line.shape
    whole = Placement(_SIDE, _SIDE / max(height, width), 0, 0, mirrored=False)
    line, color = whole.apply(pair.line), whole.apply(pair.color)
    tones = read_light(color, line).tones
    light = made(head, device, line, tones) * ~page(tones)
    shone = np.rint(lit(tones.astype(np.float32) / np.float32(255), *light) * 255).astype(np.uint8)
    shading, highlights = np.rint(np.stack([1 - light[0], light[1]]) * 255).astype(np.uint8)
    grey = [np.repeat(plane[..., None], 3, 2) for plane in (line, shading, highlights)]
    return np.concatenate([grey[0], tones, grey[1], grey[2], under_lines(shone, line), color], 1)


@torch.inference_mode()
def made(head: LightHead, device: Device, line: NDArray[np.uint8], tones: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Shading and highlights, float32 (2, H, W), for ``line`` uint8 (H, W) and ``tones`` uint8 (H, W, 3) RGB; sides are
    multiples of the head's."""
    lines = torch.from_numpy(as_lines(line))[None, None].to(device.device)
    lab = torch.from_numpy(to_lab(tones)).permute(2, 0, 1)[None].to(device.device)
    with device.autocast():
        light = head(lines, F.avg_pool2d(normalised(lab), STEP))
    return np.asarray(light[0].cpu().numpy(), np.float32)
