"""Our own colouring, by the very colorist that the daemon runs, in this process."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from linewash.contract import Color, ModelInfo, Options
from linewash.pictures import Picture, lineart_hash
from linewash_daemon.colorist import Colorist
from linewash_daemon.generator import Generator
from linewash_daemon.models import ModelFile, read_metadata
from linewash_daemon.network_generator import NetworkGenerator

from ..flats import Image


class OneModel:
    """A model file wherever it lies, as the colorist asks for its models."""

    def __init__(self, path: Path) -> None:
        """Raises `ModelError` for a file that is no model."""
        self._file = ModelFile(path, read_metadata(path), hashlib.sha256(path.read_bytes()).hexdigest())

    def infos(self) -> tuple[ModelInfo, ...]:
        return (self._file.info,)

    def load(self, style: str) -> Generator:
        return NetworkGenerator(self._file)


class Ours:
    """One model file as a method of the evaluation."""

    def __init__(self, model: Path) -> None:
        """Raises `ModelError` for a file that is no model."""
        self._colorist = Colorist(OneModel(model))
        self._prepared = ("", 0.0)

    def __call__(self, line: Image, hints: Image) -> tuple[Image, float]:
        """``line`` uint8 (H, W), 0 ink to 255 paper; ``hints`` uint8 (H, W, 4) RGBA.

        Gives the composite uint8 (H, W, 3) RGB and the seconds of a first colouring, prepare and color, also where
        the colorist still had the line art prepared. Raises `LinewashError`.
        """
        height, width = line.shape
        drawing = Picture(width, height, "gray", pixels=np.ascontiguousarray(line))
        strokes = Picture(width, height, "rgba", pixels=np.ascontiguousarray(hints))
        request = Color(
            id="evaluate",
            lineart=drawing.plane(0),
            hash=lineart_hash(drawing),
            hints=strokes.plane(1),
            options=Options(layers=("composite",)),
        )
        painted = self._colorist.color(request, drawing.bytes, strokes.bytes, lambda stage, share: None, lambda: False)
        layer = painted.layers[0]
        assert layer.plane.frame is not None
        pixels = np.frombuffer(painted.planes[layer.plane.frame], np.uint8).reshape(height, width, -1)
        return _on_white(pixels), self._seconds(painted.record.lineart_hash, painted.record.seconds)

    def _seconds(self, lineart: str, seconds: dict[str, float]) -> float:
        if self._prepared[0] != lineart:
            self._prepared = lineart, seconds["prepare"]
        return self._prepared[1] + seconds["color"]


def _on_white(pixels: Image) -> Image:
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.float32) / 255
    return np.asarray((pixels[..., :3] * alpha + 255 * (1 - alpha)).round(), np.uint8)
