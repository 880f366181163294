"""A model file's colouring, by the very colorist that the daemon runs, in this process."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal, overload

import numpy as np

from linewash.contract import Color, Mode, ModelInfo, Options, Role
from linewash.errors import BadInput
from linewash.pictures import Picture, lineart_hash
from linewash_daemon.colorist import Colorist, Painted
from linewash_daemon.generator import Generator, Tinter
from linewash_daemon.models import ModelFile, opened, read_metadata

from ..flats import Image

_CACHE = 32 << 20  # bytes a model keeps of pictures: the one at hand, and hardly more, since many are judged at once


class OneModel:
    """A model file wherever it lies, as the colorist asks for its models."""

    def __init__(self, path: Path) -> None:
        """Raises `ModelError` for a file that is no model."""
        self._file = ModelFile(path, read_metadata(path), hashlib.sha256(path.read_bytes()).hexdigest())

    def infos(self) -> tuple[ModelInfo, ...]:
        return (self._file.info,)

    @overload
    def load(self, style: str, mode: Literal["lines"] = "lines") -> Generator: ...
    @overload
    def load(self, style: str, mode: Literal["grey"]) -> Tinter: ...
    def load(self, style: str, mode: Mode = "lines") -> Generator | Tinter:
        """Raises `ModelError`, and `BadInput` (bad_option) for a model that has not this mode."""
        if mode not in self._file.metadata["modes"]:
            raise BadInput(f"The style {self._file.info.name} has no mode {mode}.", code="bad_option")
        return opened(self._file)


class Ours:
    """One model file as a method of the evaluation."""

    def __init__(self, model: Path) -> None:
        """Raises `ModelError` for a file that is no model."""
        self._colorist = Colorist(OneModel(model), _CACHE)
        self._prepared: tuple[str, str, float] = ("lines", "", 0.0)

    def __call__(
        self, given: Image, hints: Image, mode: Mode = "lines", role: Role = "composite", lightness: float = 0.0
    ) -> tuple[Image, float]:
        """``given`` uint8 (H, W): line art, 0 ink to 255 paper, or in the ``mode`` grey a picture; ``hints`` uint8
        (H, W, 4) RGBA; ``role``: the layer that is judged; ``lightness``: see `linewash.contract.Options`.

        Gives the layer uint8 (H, W, 3) RGB and the seconds of a first colouring, prepare and color, also where
        the colorist still had the picture prepared. Raises `LinewashError`.
        """
        options = Options(layers=(role,), mode=mode, lightness=lightness)  # without light: colours are judged alone
        painted = self._painted(given, hints, options)
        seconds = self._seconds(mode, painted.record.lineart_hash, painted.record.seconds)
        return _on_white(_pixels(painted)), seconds

    def layer(self, line: Image, options: Options, hints: Image | None = None) -> Image:
        """The one layer that ``options`` ask for, of line art uint8 (H, W): uint8 (H, W, 3 RGB or 4 RGBA), as the
        colorist gives it. ``hints``: uint8 (H, W, 4), no strokes unless given. Raises `LinewashError`."""
        assert len(options.layers) == 1
        return _pixels(self._painted(line, hints, options))

    def _painted(self, given: Image, hints: Image | None, options: Options) -> Painted:
        height, width = given.shape
        drawing = Picture(width, height, "gray", pixels=np.ascontiguousarray(given))
        strokes = None if hints is None else Picture(width, height, "rgba", pixels=np.ascontiguousarray(hints))
        request = Color(
            id="evaluate",
            lineart=drawing.plane(0),
            hash=lineart_hash(drawing),
            hints=None if strokes is None else strokes.plane(1),
            options=options,
        )
        frame = None if strokes is None else strokes.bytes
        return self._colorist.color(request, drawing.bytes, frame, lambda stage, share: None, lambda: False)

    def _seconds(self, mode: str, picture: str, seconds: dict[str, float]) -> float:
        if self._prepared[:2] != (mode, picture):
            self._prepared = mode, picture, seconds["prepare"]
        return self._prepared[2] + seconds["color"]


def _pixels(painted: Painted) -> Image:
    """The first layer, uint8 (H, W, channels)."""
    plane = painted.layers[0].plane
    assert plane.frame is not None
    return np.frombuffer(painted.planes[plane.frame], np.uint8).reshape(plane.height, plane.width, -1)


def _on_white(pixels: Image) -> Image:
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.float32) / 255
    return np.asarray((pixels[..., :3] * alpha + 255 * (1 - alpha)).round(), np.uint8)
