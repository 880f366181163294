"""A painter's model file brought to life: networks that paint a picture directly, as the earlier systems do.

They are given the lightness, and some of them a map of hints (`hintmaps`); what they paint is the whole colour.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from linewash.contract import Options

from . import hintmaps
from .colorist.graph import Graph
from .device import Device, choose
from .generator import PLAIN, Encoded, Hints, Light, Painting, Semantics
from .given import Given
from .histogram import Histogram
from .models import ModelFile, unusable
from .network_generator import load_network
from .networks.tandem import Tandem
from .spaces import PLANES, Space, decode


class PainterGenerator:
    """See `linewash_daemon.generator.Generator` and `Tinter`; a model file's modes say which of them it is."""

    cells = False

    def __init__(self, file: ModelFile, device: Device | None = None) -> None:
        """Raises `ModelError`: model_unusable."""
        paints = file.metadata["paints"]
        self._on = device or choose()
        network = load_network(file)
        self._space: Space = paints["space"]
        self._hints: str = paints["hints"]
        self._try(file, network)
        self._network = self._on.place(network)
        self._histogram = Histogram.of(file.metadata["histogram"]) if self._hints == "histogram" else None
        self.info = file.info
        self.device = self._on.name
        self.takes_like = self._histogram is not None
        self.multiple = _multiple(network)
        self.long_side = int(file.metadata["long_side"])

    def encode(self, lines: NDArray[np.float32]) -> Encoded:
        """No contours: regions come from closed areas alone. What is kept are the lines themselves."""
        return Encoded(np.zeros_like(lines), lines, 2 * lines.nbytes)

    def paint(self, given: Given) -> Painting:
        options = given.options
        lightness = np.asarray(100 * (1 - given.encoded.features), np.float32)
        own = self.tint(lightness, given.hints, options)
        if self._space == "lab":
            own[..., 0] = lightness + np.float32(options.lightness) * (own[..., 0] - lightness)
        return Painting(own)

    def semantics(self, lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics | None:
        return None

    def one_color(self, pairs: NDArray[np.float32]) -> NDArray[np.float32] | None:
        return None

    def light(self, lines: NDArray[np.float32], flats: NDArray[np.float32]) -> Light | None:
        return None

    @torch.inference_mode()
    def _try(self, file: ModelFile, network: nn.Module) -> None:
        """Whether the network takes and gives the planes that the file says. Raises `ModelError`."""
        try:
            side = 2 * _multiple(network)
            painted = network(torch.zeros(1, 1 if self._hints == "none" else 4, side, side))
            fits = painted.shape[:2] == (1, PLANES[self._space]) and painted.ndim == 4
        except (AttributeError, TypeError, RuntimeError) as error:
            raise unusable(file.path, "its network does not take what it says") from error
        if not fits:
            raise unusable(file.path, "its network does not paint what it says")

    @torch.inference_mode()
    def tint(self, lightness: NDArray[np.float32], hints: Hints, options: Options = PLAIN) -> NDArray[np.float32]:
        given = np.concatenate([lightness[None] / np.float32(50) - 1, *self._hint_planes(hints, options)])
        with self._on.autocast():
            painted = self._network(torch.from_numpy(given)[None].to(self._on.device))
        planes = painted[0].float().cpu().numpy()
        size = (lightness.shape[1], lightness.shape[0])
        enlarged = np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR) for plane in planes])
        return decode(enlarged, self._space, lightness)

    def _hint_planes(self, hints: Hints, options: Options) -> list[NDArray[np.float32]]:
        """The planes beside the lightness: one array (3, h, w), or none."""
        if self._hints == "none":
            return []
        told = options.like and self._histogram is not None
        if isinstance(self._network, Tandem) and hints.empty and options.tandem and not told:
            return []  # it imagines them itself
        if self._histogram is None:
            return [hintmaps.blurred_strokes(hints.markers, hints.colors)]
        fill = Histogram.of(options.like) if options.like else self._histogram
        rng = np.random.default_rng(options.seed)
        return [hintmaps.histogram_hint(hints.markers, hints.colors, fill, rng)]


def _multiple(network: nn.Module) -> int:
    """Raises `AttributeError` where the network is no painter."""
    multiple = network.multiple
    assert isinstance(multiple, int)
    return multiple
