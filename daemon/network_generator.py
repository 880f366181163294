"""A model file brought to life: the `Generator` that the colorist asks, with torch behind it."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from .colorist.graph import Graph
from .device import Device, choose
from .generator import Encoded, Hints, Light, Painting, Semantics, Sources
from .given import Given
from .models import ModelFile, unusable
from .networks import build
from .networks.propagator import Propagator, denormalised


def load_network(file: ModelFile) -> nn.Module:
    """The network of a model file with its weights, float32 on the CPU. Raises `ModelError`."""
    try:
        network = build(file.metadata["network"], file.metadata["settings"])
        network.load_state_dict({k: v.float() for k, v in load_file(file.path).items()})
    except KeyError as error:
        raise unusable(file.path, f"it needs a network called {file.metadata['network']}") from error
    except (IndexError, TypeError, ValueError, RuntimeError, SafetensorError, OSError) as error:
        raise unusable(file.path, "its weights don't fit its network") from error
    return network.eval()


class NetworkGenerator:
    """See `linewash_daemon.generator.Generator`."""

    cells = False
    takes_like = False

    def __init__(self, file: ModelFile, device: Device | None = None) -> None:
        self._on = device or choose()
        network = load_network(file)
        if not isinstance(network, Propagator):
            raise unusable(file.path, "its network can't colour line art")
        self._network = self._on.place(network)
        self.info = file.info
        self.device = self._on.name
        self.multiple = network.multiple
        self.long_side = int(file.metadata["long_side"])

    @torch.inference_mode()
    def encode(self, lines: NDArray[np.float32]) -> Encoded:
        with self._on.autocast():
            features, contours = self._network.encoder(self._tensor(lines)[None, None])
        probability = torch.sigmoid(contours.float())[0, 0].cpu().numpy()
        return Encoded(probability, features, probability.nbytes + features.nbytes)

    @torch.inference_mode()
    def paint(self, given: Given) -> Painting:
        hints = given.hints
        strokes, carried, filled = self._carried(hints, given.sources)
        on = self._tensor(hints.markers > 0)[None, None]
        with self._on.autocast():
            painted = self._network.paint(given.encoded.features, strokes, on, carried, filled)
        size = hints.markers.shape
        chances = _image(self._posterior(painted.bins))
        return Painting(
            own=_image(F.interpolate(denormalised(painted.own), size, mode="bilinear")),
            gates=_image(F.interpolate(painted.weights, size, mode="bilinear")),
            distribution=np.asarray(given.graph.pool @ chances.reshape(-1, chances.shape[2]), np.float32),
            bins=self._network.palette.cpu().numpy(),
        )

    def semantics(self, lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics | None:
        return None

    def one_color(self, pairs: NDArray[np.float32]) -> NDArray[np.float32] | None:
        return None

    def light(self, lines: NDArray[np.float32], flats: NDArray[np.float32]) -> Light | None:
        return None

    def _carried(self, hints: Hints, sources: Sources) -> tuple[Tensor, Tensor, Tensor]:
        """Label maps as colours: strokes (1, 3, h, w), sources (1, 9, h, w); and where the fill went, (1, 1, h, w)."""
        table = np.concatenate([np.zeros((1, 3), np.float32), hints.colors])
        maps = [hints.markers, sources.watershed, sources.contour_watershed, sources.fill]
        colors = [self._tensor(table[m]).permute(2, 0, 1)[None] for m in maps]
        return colors[0], torch.cat(colors[1:], 1), self._tensor(sources.fill > 0)[None, None]

    def _posterior(self, bins: Tensor) -> Tensor:
        """Bin logits as log-probabilities, the weight that training gave to rare colours taken back."""
        return (bins - self._network.rarity.log().view(1, -1, 1, 1)).log_softmax(1)

    def _tensor(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(self._on.device)


def _image(planes: Tensor) -> NDArray[np.float32]:
    """(1, c, h, w) -> float32 (h, w, c), contiguous."""
    array: NDArray[np.float32] = planes[0].permute(1, 2, 0).float().cpu().contiguous().numpy()
    return array
