"""The region decoder: which stroke's colour each region gets, or a colour of its own.

Regions are tokens. A transformer whose attention knows the borders between them (graph biases: Ying et al. 2021)
reads what the line encoder says of each and which ones hold a stroke. Strokes then flow over the graph: a random walk
from a region ends in strokes' colours (Grady 2006), along borders whose conductance is learned. What flows, what the
tokens say to each other, how alike two regions are, and what colour is likely at all are weighed into one choice. A
soft mark says *around here*: its colour is a candidate like any other, but it does not hold its region. What is chosen
is not the likeliest colour but the one from which the true one may be expected to differ least: two strokes in nearly
one red speak for either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .cie94 import difference
from .propagator import denormalised_rows

HELD = 40.0  # conductance with which an exact stroke holds its region; borders' are about 1
_DECISIVE = 1.5  # ΔE by which a colour has to be expected nearer to be chosen e times as readily
_NEVER = 1e4  # ΔE, of a colour that is not there
_NEAR = (0.02, 0.1)  # of the long side: the two scales at which a stroke is near


@dataclass
class Regions:
    """B drawings of n regions with m borders, k marks and c stroke colours, padded.

    ``features`` (B, n, f) the line encoder's, as `graph.read_graph` pools them: their sizes are ``features`` of
    `RegionDecoder`; ``nodes`` (B, n, `graph.NODE`); ``place`` (B, n, 2); ``there`` bool
    (B, n); ``basin`` int64 (B, n); ``edges`` int64 (B, m, 2), ``borders`` (B, m, `graph.EDGE`),
    ``edge_there`` (B, m) 0 or 1.
    Marks, one for each region that a stroke speaks for: ``mark_region``, ``mark_color`` int64 (B, k), ``mark_soft``
    (B, k) 0 or 1, where 1 says *around here*, ``mark_drawn`` (B, k, `manner.FIGURES`) in what manner its strokes were
    drawn, 0 where that is not told, ``mark_there`` (B, k) 0 or 1. ``colors`` (B, c, 3) normalised Lab of the strokes,
    ``color_there`` bool (B, c).
    """

    features: Tensor
    nodes: Tensor
    place: Tensor
    there: Tensor
    basin: Tensor
    edges: Tensor
    borders: Tensor
    edge_there: Tensor
    mark_region: Tensor
    mark_color: Tensor
    mark_soft: Tensor
    mark_drawn: Tensor
    mark_there: Tensor
    colors: Tensor
    color_there: Tensor

    def to(self, device: torch.device) -> Regions:
        return Regions(*(getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)))


class Decided(NamedTuple):
    """``said``: logits (B, n, c + 1) that each of the stroke colours is the true one, the last for ``own``, (B, n, 3)
    normalised Lab; ``choice``: logits over the same, the higher the less the true colour may be expected to differ;
    ``bins``: logits (B, n, bins) over the palette; ``alike``: logits (B, n, n) that two regions have one colour."""

    said: Tensor
    choice: Tensor
    own: Tensor
    bins: Tensor
    alike: Tensor


class Layer(nn.Module):
    """A transformer layer, norms first."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_a, self.norm_b = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 3 * width), nn.Linear(3 * width, width)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, n, w = x.shape
        q, k, v = self.qkv(self.norm_a(x)).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        x = x + self.out(mixed.transpose(1, 2).reshape(b, n, w))
        out: Tensor = x + self.narrow(F.silu(self.wide(self.norm_b(x))))
        return out


class RegionDecoder(nn.Module):
    def __init__(
        self, features: tuple[int, ...], nodes: int, borders: int, bins: int, width: int = 160, layers: int = 4,
        heads: int = 4, flows: int = 3, kin: int = 24,
    ) -> None:  # fmt: skip
        """``features``: how many the line encoder gives of each scale, finest first, which its heads read."""
        super().__init__()
        self.heads, self.flows = heads, flows
        clues = flows + 4 + 1 + 2 + 2
        self.sizes = features
        self.norm = nn.LayerNorm(features[0])
        self.enter = nn.Linear(features[0], width)
        self.more = nn.ModuleList([nn.Sequential(nn.LayerNorm(size), nn.Linear(size, width)) for size in features[1:]])
        self.figures = nn.Sequential(nn.Linear(nodes, 96), nn.SiLU(), nn.Linear(96, width))
        self.paint = nn.Sequential(nn.Linear(5, 64), nn.SiLU(), nn.Linear(64, width))
        self.layers = nn.ModuleList([Layer(width, heads) for _ in range(layers)])
        self.apart = nn.Parameter(torch.linspace(0, 12, heads))  # slopes, as ALiBi (Press et al. 2022)
        self.kin = nn.Parameter(torch.zeros(heads))
        self.beside = nn.Sequential(nn.Linear(borders, 32), nn.SiLU(), nn.Linear(32, heads))
        self.leave = nn.LayerNorm(width)
        self.side = nn.Linear(width, 16)
        self.conduct = nn.Sequential(nn.Linear(borders + 32, 48), nn.SiLU(), nn.Linear(48, flows))
        self.leak = nn.Linear(width, flows)
        nn.init.constant_(self.leak.bias, -4.0)
        self.soft = nn.Parameter(torch.tensor(-1.5))  # logarithm of the conductance into a soft mark
        self.ask, self.answer = nn.Linear(width, 4 * 24), nn.Linear(width, 4 * 24)
        self.color = nn.Sequential(nn.Linear(3 + width, 96), nn.SiLU(), nn.Linear(96, 48))
        self.taste = nn.Linear(width, 48)
        self.weigh = nn.Sequential(nn.Linear(clues + 5, 24), nn.SiLU(), nn.Linear(24, 1))
        self.direct = nn.Linear(clues, 1)
        self.alone = nn.Linear(width, 1)
        self.own = nn.Linear(width, 3)
        # what the line encoder's own heads said at school (`line_reader`), and what the tokens add to it
        self.likeness, self.likeness_added = nn.Linear(features[0], kin), nn.Linear(width, kin)
        self.likeness_scale = nn.Parameter(torch.tensor([8.0, -4.0]))
        self.prior, self.bins = nn.Linear(features[0], bins), nn.Linear(width, bins)
        for added in (self.likeness_added, self.bins):
            nn.init.zeros_(added.weight)
            nn.init.zeros_(added.bias)

    def forward(self, r: Regions, palette: Tensor) -> Decided:
        """``palette``: (bins, 3) normalised Lab."""
        finest, *others = r.features.split(self.sizes, -1)
        x = self.enter(self.norm(finest)) + self.figures(r.nodes) + self._painted(r)
        for enter, level in zip(self.more, others, strict=True):
            x = x + enter(level)
        bias = self._bias(r)
        for layer in self.layers:
            x = layer(x, bias)
        x = self.leave(x).float()
        own, bins, alike = self.own(x), self.prior(finest) + self.bins(x), self._alike(finest, x)
        clues = self._clues(r, x, own, bins, alike, palette)
        held = self._of_colors(r, x)
        logits = self.direct(clues) + self.weigh(torch.cat([clues, self._told(r, clues)], -1))
        color = self.color(torch.cat([r.colors, held], -1))
        choice = logits[..., 0] + self.taste(x) @ color.transpose(1, 2) / math.sqrt(color.shape[-1])
        said = torch.cat([choice.masked_fill(~r.color_there[:, None], -1e4), self.alone(x)], -1)
        return Decided(said, least_apart(said, own, r), own, bins, alike)

    def _painted(self, r: Regions) -> Tensor:
        """What a region's marks add to its token."""
        color = r.colors.gather(1, r.mark_color[..., None].expand(-1, -1, 3))
        kind = torch.stack([torch.ones_like(r.mark_soft), r.mark_soft], -1)
        told = self.paint(torch.cat([color, kind], -1)) * r.mark_there[..., None]
        count = torch.zeros_like(r.there, dtype=told.dtype).scatter_add_(1, r.mark_region, r.mark_there)
        total: Tensor = told.new_zeros(*r.there.shape, told.shape[-1])
        total = total.scatter_add(1, r.mark_region[..., None].expand_as(told), told)
        mean: Tensor = total / count.clamp_min(1)[..., None]
        return mean

    def _bias(self, r: Regions) -> Tensor:
        """The attention's bias, the same in all layers, (B, heads, n, n)."""
        b, n = r.there.shape
        far = torch.cdist(r.place, r.place)[:, None]
        kin = (r.basin[:, :, None] == r.basin[:, None])[:, None].to(far.dtype)
        apart = self.kin.view(-1, 1, 1) * kin - self.apart.view(-1, 1, 1) * far
        beside = (self.beside(r.borders) * r.edge_there[..., None]).transpose(1, 2)
        a, c = r.edges[..., 0], r.edges[..., 1]
        flat = beside.new_zeros(*beside.shape[:2], n * n)
        for at in (a * n + c, c * n + a):
            flat = flat.scatter_add(2, at[:, None].expand_as(beside), beside)
        bias = apart + flat.view(b, -1, n, n)
        out: Tensor = bias.masked_fill(~r.there[:, None, None], -1e4)
        return out

    def flow(self, r: Regions, x: Tensor) -> Tensor:
        """The chance that a random walk from each region ends in each colour: (B, flows, n, c), the rest leaks away."""
        b, n = r.there.shape
        side = self.side(x)
        left, right = (side.gather(1, r.edges[..., i, None].expand(-1, -1, side.shape[-1])) for i in (0, 1))
        told = torch.cat([r.borders, left * right, (left - right).abs()], -1)
        conduct = self.conduct(told).clamp(-7, 3).exp() * r.edge_there[..., None]
        conduct = conduct.transpose(1, 2)
        a, c = r.edges[..., 0], r.edges[..., 1]
        walk = conduct.new_zeros(b, self.flows, n * n)
        for at in (a * n + c, c * n + a):
            walk = walk.scatter_add(2, at[:, None].expand_as(conduct), conduct)
        walk = walk.view(b, self.flows, n, n)
        holds = r.mark_there * torch.where(r.mark_soft > 0, self.soft.exp(), HELD)
        at = r.mark_region * r.colors.shape[1] + r.mark_color
        source = x.new_zeros(b, n * r.colors.shape[1]).scatter_add(1, at, holds).view(b, n, -1)
        leak = self.leak(x).clamp(-6, 2).exp().transpose(1, 2)
        leave = walk.sum(-1) + source.sum(-1)[:, None] + leak + (~r.there[:, None]).to(x.dtype)
        held = torch.linalg.cholesky(torch.diag_embed(leave) - walk)  # symmetric, and more leaves than walks
        out: Tensor = torch.cholesky_solve(source[:, None].expand(-1, self.flows, -1, -1), held)
        return out

    def _alike(self, finest: Tensor, x: Tensor) -> Tensor:
        kin = F.normalize(self.likeness(finest) + self.likeness_added(x), dim=-1)
        logits: Tensor = self.likeness_scale[0] * kin @ kin.transpose(1, 2) + self.likeness_scale[1]
        return logits

    def _clues(self, r: Regions, x: Tensor, own: Tensor, bins: Tensor, alike: Tensor, palette: Tensor) -> Tensor:
        """What speaks for each colour in each region, (B, n, c, flows + 4 + 1 + 2 + 2), about -5…5."""
        flow = (self.flow(r, x).clamp_min(0) + 1e-4).log().permute(0, 2, 3, 1) / 2
        which = F.one_hot(r.mark_color, r.colors.shape[1]).to(x.dtype) * r.mark_there[..., None]
        marked = x.gather(1, r.mark_region[..., None].expand(-1, -1, x.shape[-1]))
        b, n = r.there.shape
        ask = self.ask(x).view(b, n, 4, -1).transpose(1, 2)
        answer = self.answer(marked).view(b, marked.shape[1], 4, -1).transpose(1, 2)
        said = ask @ answer.transpose(2, 3) / math.sqrt(ask.shape[-1])
        twins = alike.gather(2, r.mark_region[:, None].expand(-1, n, -1))[:, None]
        at = r.place.gather(1, r.mark_region[..., None].expand(-1, -1, 2))
        far = torch.cdist(r.place, at)
        near = torch.stack([-far / scale for scale in _NEAR], 1)
        spoken = _most(torch.cat([said, twins, near], 1), which, r.mark_there).permute(0, 2, 3, 1)
        kernel = (-(torch.cdist(r.colors, palette.expand(b, -1, -1)) ** 2) * 60).softmax(-1)
        likely = bins.log_softmax(-1) @ kernel.transpose(1, 2)
        unlike = torch.cdist(own, r.colors)
        return torch.cat([flow, spoken / 3, likely[..., None] / 3, -unlike[..., None]], -1)

    def _told(self, r: Regions, clues: Tensor) -> Tensor:
        """What is told of each colour beside the clues: Lab, how many marks it has, and the share of these that
        are soft, (B, n, c, 5)."""
        none = torch.zeros_like(r.colors[..., 0])
        marks, soft = (none.scatter_add(1, r.mark_color, r.mark_there * part) for part in (1, r.mark_soft))
        told = torch.cat([r.colors, torch.stack([(1 + marks).log(), soft / marks.clamp_min(1)], -1)], -1)
        return told[:, None].expand(-1, clues.shape[1], -1, -1)

    def _of_colors(self, r: Regions, x: Tensor) -> Tensor:
        """The mean token of each colour's marked regions, (B, c, width)."""
        which = F.one_hot(r.mark_color, r.colors.shape[1]).to(x.dtype) * r.mark_there[..., None]
        marked = x.gather(1, r.mark_region[..., None].expand(-1, -1, x.shape[-1]))
        mean: Tensor = which.transpose(1, 2) @ marked / which.sum(1).clamp_min(1)[..., None]
        return mean


def least_apart(said: Tensor, own: Tensor, r: Regions) -> Tensor:
    """`Decided.choice`: how far each colour would be expected to be off, were the chances those of ``said``."""
    chance, colors, own = said.softmax(-1), denormalised_rows(r.colors), denormalised_rows(own)
    between = difference(colors[:, :, None], colors[:, None])
    from_own = difference(own[:, :, None], colors[:, None])
    off = chance[..., :-1] @ between + chance[..., -1:] * from_own
    own_off = (chance[..., :-1] * from_own).sum(-1, keepdim=True)
    return -torch.cat([off.masked_fill(~r.color_there[:, None], _NEVER), own_off], -1) / _DECISIVE


def _most(said: Tensor, which: Tensor, there: Tensor) -> Tensor:
    """log Σ exp over each colour's marks: (B, h, n, k), (B, k, c), (B, k) -> (B, h, n, c), at least -15."""
    top = said.masked_fill(there[:, None, None] == 0, -1e4).amax(-1, keepdim=True).clamp_min(-1e3)
    total = (said - top).clamp(max=0).exp() @ which[:, None]
    return ((total + 1e-9).log() + top).clamp_min(-15.0)
