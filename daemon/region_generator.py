"""A washer's model file brought to life: see `linewash_daemon.generator.Generator`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from .colorist.graph import EDGE, NODE, Graph, spoken_for
from .colorist.manner import FIGURES
from .colorist.pairs import PAIR
from .colorist.reach import beyond_reach
from .device import Device, choose
from .generator import Encoded, Light, Marks, Painting, Semantics
from .given import Given
from .models import ModelFile, unusable
from .network_generator import load_network
from .networks.depiction import CLASSES
from .networks.propagator import STEP, denormalised_rows, normalised
from .networks.region_decoder import Decided, Regions, least_apart
from .networks.washer import Washer

_SAID = 3.0  # of a logit, some 4.5 ΔE: a colour that an artist said is rather taken than one of the network's own
_OFF, _LITTLE = 0.3, 1e-3  # ink from which on a pixel is line, and what such a one counts where there are others
_NO_SAY = -1e4  # the logit of a colour that has none
_MOST = 1000  # regions that are decided one by one: the decoder's work grows with their square


class RegionGenerator:
    """See `linewash_daemon.generator.Generator`."""

    cells = True
    takes_like = True  # the colorist keeps to its colours: see `colorist.allowed`

    def __init__(self, file: ModelFile, device: Device | None = None) -> None:
        """Raises `ModelError`: model_unusable."""
        self._on = device or choose()
        network = load_network(file)
        if not isinstance(network, Washer):
            raise unusable(file.path, "its network can't colour regions")
        _try(file, network)
        self._network = self._on.place(network)
        schemes = self._network.schemes.float().cpu().numpy()
        filled = (schemes[..., 3] > 0).any(1)
        self._schemes = schemes[filled] if filled.any() else None
        self.info = file.info
        self.device = self._on.name
        self.multiple = network.multiple
        self.long_side = int(file.metadata["long_side"])

    @torch.inference_mode()
    def encode(self, lines: NDArray[np.float32]) -> Encoded:
        with self._on.autocast():
            levels, contours = self._network.read(self._tensor(lines)[None, None])
        probability = torch.sigmoid(contours.float())[0, 0].cpu().numpy()
        kept = tuple(level[0].float().flatten(1).T.cpu().numpy() for level in levels)
        return Encoded(probability, None, probability.nbytes + sum(plane.nbytes for plane in kept), planes=kept)

    @torch.inference_mode()
    def paint(self, given: Given) -> Painting:
        graph, speaker = spoken_for(given.graph, given.marks.region, _MOST)
        regions = self._regions(given, graph, speaker)
        decided = self._network.decide(regions)
        bins = (decided.bins - self._network.rarity.log()).log_softmax(-1)[0].cpu().numpy()
        own = denormalised_rows(decided.own)[0].cpu().numpy()
        marks = replace(given.marks, region=speaker[given.marks.region])
        logits = decided.choice[0] if given.imagined else said_within_reach(decided, regions, given, marks, graph)
        logits[:, -1] -= 0.0 if given.imagined else _SAID
        choice = chosen(logits.float().cpu().numpy(), graph, marks.region)
        choice[choice == decided.choice.shape[-1] - 1] = -1
        return Painting(
            own=np.ascontiguousarray(own[speaker][given.graph.working]),
            choice=choice[speaker],
            distribution=bins[speaker],
            bins=self._network.palette.cpu().numpy(),
            schemes=self._schemes,
        )

    @torch.inference_mode()
    def light(self, lines: NDArray[np.float32], flats: NDArray[np.float32]) -> Light | None:
        head = self._network.light
        if head is None or "shading" not in self.info.provides:  # a head still at school is not shown
            return None
        small = F.avg_pool2d(normalised(self._tensor(flats).permute(2, 0, 1)[None]), STEP)
        with self._on.autocast():
            light = head(self._tensor(lines)[None, None], small)
        shading, highlights = light[0].cpu().numpy()
        return Light(shading, highlights if "highlights" in self.info.provides else None)

    @torch.inference_mode()
    def semantics(self, lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics | None:
        reader = self._network.depiction
        if reader is None:
            return None
        height, width = (side // STEP for side in encoded.contours.shape)
        levels = [
            self._tensor(plane).T.view(1, -1, height >> scale, width >> scale)
            for scale, plane in enumerate(encoded.planes)
        ]
        with self._on.autocast():
            read = reader(levels)
        planes = torch.cat([read.said[0].float().sigmoid(), read.likeness[0].float()]).cpu().numpy()
        found = by_basin(planes, lines, graph)
        likeness = found[:, len(CLASSES) :]
        likeness /= np.linalg.norm(likeness, axis=1, keepdims=True) + 1e-6
        scale, offset = read.same.tolist()
        tones = reader.tones.float().cpu().numpy()
        shown = tuple(tone[tone[:, 0] > 0] for tone in tones)
        return Semantics(CLASSES, found[:, : len(CLASSES)], likeness, (scale, offset), shown)

    @torch.inference_mode()
    def one_color(self, pairs: NDArray[np.float32]) -> NDArray[np.float32] | None:
        reader = self._network.pairs
        return None if reader is None else reader(self._tensor(pairs)).cpu().numpy()

    def _regions(self, given: Given, graph: Graph, speaker: NDArray[np.int64]) -> Regions:
        """As a batch of one."""
        marks, colors = given.marks, given.hints.colors
        none = len(marks.region) == 0
        region, color = (np.zeros(1, np.int64),) * 2 if none else (speaker[marks.region], marks.color)
        soft = np.zeros(1, bool) if none else marks.soft
        lab = np.zeros((1, 3), np.float32) if none else (colors - [50, 0, 0]) / 50
        return Regions(
            features=self._tensor(graph.features)[None],
            nodes=self._tensor(graph.nodes)[None],
            place=self._tensor(graph.place)[None],
            there=torch.ones(1, len(graph.nodes), dtype=torch.bool, device=self._on.device),
            basin=self._whole(graph.basin)[None],
            edges=self._whole(graph.edges)[None],
            borders=self._tensor(graph.borders)[None],
            edge_there=torch.ones(1, len(graph.edges), device=self._on.device),
            mark_region=self._whole(region)[None],
            mark_color=self._whole(color)[None],
            mark_soft=self._tensor(soft)[None],
            mark_drawn=self._tensor(np.zeros((1, FIGURES)) if none else marks.drawn)[None],
            mark_there=torch.full((1, len(region)), 0.0 if none else 1.0, device=self._on.device),
            colors=self._tensor(lab)[None],
            color_there=self._tensor(np.isin(np.arange(len(lab)), color) & (not none))[None] > 0,
        )

    def _tensor(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(self._on.device)

    def _whole(self, array: NDArray[np.integer]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, np.int64)).to(self._on.device)


def said_within_reach(decided: Decided, regions: Regions, given: Given, marks: Marks, graph: Graph) -> Tensor:
    """`Decided.choice` of the one drawing, (n, c + 1), where each stroke has a say alone (`beyond_reach`). Where one is
    kept out, a colour of the network's own, which takes after it, is too."""
    if not len(marks.region):
        return decided.choice[0]
    beyond = beyond_reach(given.hints, marks, given.lines, graph)
    if not beyond.any():
        return decided.choice[0]
    barred = torch.from_numpy(np.column_stack([beyond, beyond.any(1)])).to(decided.said.device)
    choice = least_apart(decided.said.masked_fill(barred, _NO_SAY), decided.own, regions)[0]
    return choice.masked_fill(barred, _NO_SAY)  # else one that lies between two others could come back in


def chosen(choice: NDArray[np.float32], graph: Graph, marked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each region, int64 (n,), the column of ``choice``, float32 (n, c), that is most there; in a basin that holds
    none of the regions ``marked``, that is most over all of it: where nobody drew two colours, and no line parts
    them, there is one."""
    free = np.ones(int(graph.basin.max()) + 1, bool)
    free[graph.basin[marked]] = False
    total = np.zeros((len(free), choice.shape[1]))
    np.add.at(total, graph.basin, choice * graph.area[:, None])
    return np.asarray(np.where(free[graph.basin], total.argmax(1)[graph.basin], choice.argmax(1)), np.int64)


def by_basin(chance: NDArray[np.float32], lines: NDArray[np.float32], graph: Graph) -> NDArray[np.float32]:
    """Of ``chance``, (k, h / `STEP`, w / `STEP`), the mean over each region's basin off the lines, (n, k); over all of
    it where it is nowhere off them. ``lines``: (h, w), 0 paper … 1 ink."""
    height, width = chance.shape[1:]
    off = (lines < _OFF).reshape(height, STEP, width, STEP).mean((1, 3)).ravel() + _LITTLE
    planes = np.concatenate([off[None], off * chance.reshape(len(chance), -1)])
    basin = graph.basin - graph.basin.min()
    said = np.zeros((int(basin.max()) + 1, len(planes)))
    np.add.at(said, basin, graph.area[:, None] * (graph.pool @ planes.T))
    return np.asarray((said[:, 1:] / said[:, :1])[basin], np.float32)


@torch.inference_mode()
def _try(file: ModelFile, network: Washer) -> None:
    """Whether the network reads what is told of two regions, a border and a stroke, and lights them. Raises
    `ModelError`."""
    side, one = 2 * network.multiple, torch.ones(1, 1)
    index = torch.zeros(1, 1, dtype=torch.int64)
    try:
        levels = network.read(torch.zeros(1, 1, side, side))[0]
        features = torch.zeros(1, 2, sum(level.shape[1] for level in levels))
        regions = Regions(
            features=features, nodes=torch.zeros(1, 2, NODE), place=torch.zeros(1, 2, 2),
            there=torch.ones(1, 2, dtype=torch.bool), basin=index.expand(1, 2), edges=torch.tensor([[[0, 1]]]),
            borders=torch.zeros(1, 1, EDGE), edge_there=one, mark_region=index, mark_color=index, mark_soft=one,
            mark_drawn=torch.zeros(1, 1, FIGURES), mark_there=one, colors=torch.zeros(1, 1, 3), color_there=one > 0,
        )  # fmt: skip
        network.decide(regions)
        if network.depiction is not None:
            network.depiction(levels)
        if network.pairs is not None:
            network.pairs(torch.zeros(1, PAIR))
        if network.light is not None:
            network.light(torch.zeros(1, 1, side, side), torch.zeros(1, 3, side // STEP, side // STEP))
    except (RuntimeError, TypeError, ValueError) as error:
        raise unusable(file.path, "its network does not take what it says") from error
