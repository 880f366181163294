"""A little film that the tests draw themselves: shapes that move a little, on grounds of different colours."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

GROUNDS = ((235, 240, 250), (60, 90, 140), (200, 170, 60), (90, 30, 60), (40, 160, 120), (250, 250, 250))


def drawn(scene: int, step: int, side: int = 96) -> Image:
    """Frame `step` of a scene, uint8 (side * 3 / 4, side, 3) RGB: what the scene shows moves a px each frame."""
    picture = np.full((side * 3 // 4, side, 3), GROUNDS[scene % len(GROUNDS)], np.uint8)
    shapes = np.random.default_rng(scene)
    for _ in range(4):
        x, y, size = (int(n) for n in shapes.integers((5, 5, 10), (side - 20, side // 2, 30)))
        color = tuple(int(n) for n in shapes.integers(0, 256, 3))
        box = (x + abs(15 - step % 30), y, size, size)  # to and fro: a jump would look like a cut
        cv2.rectangle(picture, box, color, -1)
        cv2.rectangle(picture, box, (15, 15, 15), 2)
    return picture


def write(path: Path, frames: Iterable[Image], rate: float = 10) -> Path:
    """A Motion JPEG of frames of one size, uint8 (H, W, 3) RGB."""
    writer = None
    for frame in frames:
        if writer is None:
            size = (frame.shape[1], frame.shape[0])
            writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), rate, size)
        writer.write(np.ascontiguousarray(frame[..., ::-1]))
    assert writer is not None and writer.isOpened()
    writer.release()
    return path


def three_scenes(path: Path) -> Path:
    """40, 25 and 35 frames at 10 frames a second: 10 s, cuts at 4.0 s and 6.5 s."""
    return write(path, (drawn(scene, step) for scene, count in enumerate((40, 25, 35)) for step in range(count)))
