"""A recipe of a tiny network, and a pack of drawings of discs to train it on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash_training import pack, recipe, train
from linewash_training.budget import Budget

SETTINGS = {"encoder": [8, 8, 8, 8], "decoder": [8, 8, 8, 8], "blocks": 1, "bins": 6}


def small() -> recipe.PropagationRecipe:
    shipped = recipe.read("gates")
    assert isinstance(shipped, recipe.PropagationRecipe)
    data = msgspec.structs.replace(shipped.data, crop=64, batch=2)
    schedule = msgspec.structs.replace(shipped.schedule, contours_alone=0.3, critic_after=0.5)
    return msgspec.structs.replace(shipped, name="small", settings=SETTINGS, data=data, schedule=schedule)


def trained(
    told: recipe.Recipe,
    art: Path,
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    model: Path | None = None,
) -> Path:
    """A run of ``told`` in this process alone; returns its model file."""
    return train.train(train.Wish(told, art, out, Budget(minutes, steps), workers=0, model=model))


def drawing(number: int, paints: Sequence[Rgb] = ()) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A disc on a ground, in colours of its own; line uint8 (96, 96), colour uint8 (96, 96, 3). ``paints``: what
    discs are painted with, one after another."""
    rng = np.random.default_rng(number)
    ground, disc = rng.integers(60, 255, (2, 3)).tolist()
    disc = paints[number % len(paints)] if paints else disc
    color = np.full((96, 96, 3), ground, np.uint8)
    line = np.full((96, 96), 255, np.uint8)
    center, radius = tuple(int(c) for c in rng.integers(36, 60, 2)), int(rng.integers(14, 30))
    cv2.circle(color, center, radius, disc, -1)
    cv2.circle(line, center, radius, 0, 2)
    cv2.circle(color, center, radius, (0, 0, 0), 2)
    return line, color


def write_pack(path: Path, training: int = 16, held: int = 4, paints: Sequence[Rgb] = ()) -> Path:
    """That many drawings (see `drawing`) to learn from and held out; returns the path."""
    pairs = []
    for number in range(training + held):
        line, color = drawing(number, paints)
        split = "held" if number >= training else "train"
        info = pack.PairInfo(f"openmoji/{number}", "openmoji", str(number), "real", split, 1.0, 96, 96)
        pairs.append((info, pack.Encoded(pack.encode_line(line), pack.encode_color(color))))
    pack.write(path, pairs)
    return path
