"""A second look at what the region decoder said: how far does each stroke reach, going by how it was drawn?

Who marks something thin draws little, and close to its outline; and where one stroke reaches, its rivals do not. Each
colour in each region has a few figures: how its nearest stroke was drawn, how far that and its rivals are, what was
said there and beside it. A small network makes a correction of them. Strokes of which nothing is told are not looked at
again.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from .cie94 import difference
from .propagator import denormalised_rows
from .region_decoder import Regions

FIGURES = 31
_FAR = 9.0  # of the long side: no stroke there
_AREA, _BASIN = 0, 1  # of `Regions.nodes`, the logarithms of a region's and its basin's areas, as `graph` scales them
_ROOM, _DEEPEST = 10, 11  # … and how far it is from lines, in the mean and at most
_WEAKEST, _LENGTH = 3, 5  # of `Regions.borders`, its weakest place and the logarithm of its length
_FEW, _MANY = 16, 64  # marks
_OPEN, _MIDDLE = 4.0, 0.6  # how `colorist.manner` scales the root of a stroke's room
_SHUT = 5.0  # a border of full ink lets e to the minus this through


class SecondLook(nn.Module):
    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.read = nn.Sequential(nn.Linear(FIGURES, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.leave = nn.Linear(width, 1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, r: Regions, said: Tensor, own: Tensor) -> Tensor:
        """``said``, ``own``: as `region_decoder.Decided` has them. ``said`` with what this adds, (B, n, c + 1).

        What holds for the strokes of a basin would turn other basins grey: there only which stroke's colour it is to be
        is looked at again, not whether it is one's, and not where strokes are few. Where they are many, basins that
        hold some are left as they were said: there the decoder knows as much by itself.
        """
        drawn = (r.mark_drawn != 0).flatten(1).any(1)
        if not self.training and not drawn.any():  # at school each weight has its part, whichever card it is on
            return said
        told = figures(r, said, own)
        more = self.leave(self.read(told))[..., 0] * drawn[:, None, None]
        colors = said[..., :-1]
        which = more + (colors.logsumexp(-1, keepdim=True) - (colors + more).logsumexp(-1, keepdim=True))
        many = (r.mark_there.sum(-1).clamp(_FEW, _MANY) / _FEW).log()[:, None, None] / math.log(_MANY / _FEW)
        marked = told[..., 0].amax(2, keepdim=True) > 0
        return torch.cat([colors + torch.where(marked, more * (1 - many), which * many), said[..., -1:]], -1)


def figures(r: Regions, said: Tensor, own: Tensor) -> Tensor:
    """What is told of each colour in each region, (B, n, c, `FIGURES`), about -2…2."""
    b, n, c = said.shape[0], said.shape[1], said.shape[2] - 1
    strokes = _strokes(r)
    likely = (said.softmax(-1)[..., :-1] + 1e-6).log()
    beside = _beside(r, likely)
    gap = (said[..., :-1] - said.amax(-1, keepdim=True)).clamp_min(-12)
    first = said[..., :-1].argmax(-1, keepdim=True) == torch.arange(c, device=said.device)
    from_own = difference(denormalised_rows(own)[:, :, None], denormalised_rows(r.colors)[:, None]) / 50

    def everywhere(x: Tensor) -> Tensor:  # (B, n) -> (B, n, c)
        return x[..., None].expand(b, n, c)

    nodes = [everywhere(r.nodes[..., i]) for i in (_ROOM, _DEEPEST, _BASIN, _AREA)]
    told = [
        *strokes.of_basin, *nodes, likely / 4, gap / 4, strokes.nearest, beside / 4, _beside(r, beside) / 4,
        *(one[:, None].expand(b, n, c) for one in r.colors.unbind(-1)), from_own,
        (r.mark_there.sum(-1) + 1).log()[:, None, None].expand(b, n, c) / 4,
        strokes.room, strokes.room - nodes[1], first, _share(r, first), strokes.many,
    ]  # fmt: skip
    return torch.stack([one.to(said.dtype) for one in told], -1)


class _Strokes(NamedTuple):
    """What a colour's strokes are to a region, (B, n, c) each.

    ``of_basin``, of those in its basin: whether there are any; the largest and the deepest; how far the nearest is, and
    how that was drawn, in two figures; the largest, the deepest and the nearest of other colours; how many there are,
    and how many colours; whether one lies in the region. ``nearest``: how far the nearest is wherever it lies;
    ``room``: how deep that of the basin goes, as `Regions.nodes` have a region's; ``many``: how many strokes lie in
    the basin, whatever their colour.
    """

    of_basin: list[Tensor]
    nearest: Tensor
    room: Tensor
    many: Tensor


def _strokes(r: Regions) -> _Strokes:
    (b, n), c = r.there.shape, r.colors.shape[1]
    of_color = r.mark_color[:, None].expand(-1, n, -1)
    there = r.mark_there[:, None] > 0
    same = there & (r.basin[:, :, None] == r.basin.gather(1, r.mark_region)[:, None])
    away = torch.cdist(r.place, r.place.gather(1, r.mark_region[..., None].expand(-1, -1, 2)))

    def least(x: Tensor) -> Tensor:  # over the marks of each colour, (B, n, k) -> (B, n, c)
        return x.new_full((b, n, c), _FAR).scatter_reduce(2, of_color, x, "amin")

    def most(x: Tensor, where: Tensor) -> Tensor:  # as above, `-_FAR` for none
        return x.new_full((b, n, c), -_FAR).scatter_reduce(2, of_color, x.masked_fill(~where, -_FAR), "amax")

    far = away.masked_fill(~same, _FAR)
    near = least(far)
    nearest = same & (far <= near.gather(2, of_color))
    drawn = [figure[:, None].expand(-1, n, -1) for figure in r.mark_drawn.unbind(-1)]
    largest, of_nearest = ([most(one, where) for one in drawn] for where in (same, nearest))
    rivals, rival = [_of_others(one) for one in largest], -_of_others(-near)
    counted = torch.zeros_like(near).scatter_add(2, of_color, same.to(near.dtype))
    has = counted > 0
    held = torch.zeros_like(near).transpose(1, 2).flatten(1)
    held = held.scatter_add(1, r.mark_color * n + r.mark_region, r.mark_there).view(b, c, n).transpose(1, 2)
    of_basin = [
        has, *_where(has, *largest, _log(near), *of_nearest),
        *(_where(most_of > -_FAR, most_of)[0] for most_of in rivals), *_where(rival < _FAR, _log(rival)),
        counted.log1p(), has.sum(-1, keepdim=True).log1p().expand_as(near), held.clamp(max=1),
    ]  # fmt: skip
    (room,) = _where(has, ((of_nearest[1] + _MIDDLE) / _OPEN) ** 2 * 16)  # nodes have it in 1/32 of px, at 512
    nearest_of_all = _log(least(away.masked_fill(~there, _FAR)))
    return _Strokes(of_basin, nearest_of_all, room, counted.sum(-1, keepdim=True).log1p().expand_as(near))


def _where(there: Tensor, *planes: Tensor) -> list[Tensor]:
    return [torch.where(there, plane, torch.zeros_like(plane)) for plane in planes]


def _log(far: Tensor) -> Tensor:
    return (far.clamp(max=3) + 0.01).log() + 2.5


def _of_others(x: Tensor) -> Tensor:
    """The most that any other colour has, (B, n, c) -> (B, n, c), `-_FAR` where there is no other."""
    if x.shape[-1] == 1:
        return torch.full_like(x, -_FAR)
    best = x.topk(2, -1).values
    return torch.where(x >= best[..., :1], best[..., 1:], best[..., :1])


def _beside(r: Regions, x: Tensor) -> Tensor:
    """The mean of ``x``, (B, n, c), over each region's neighbours, long and weak borders counting most."""
    b, n, c = x.shape
    start = torch.arange(b, device=x.device)[:, None] * n
    left, right = ((r.edges[..., side] + start).flatten() for side in (0, 1))
    length = (4 * r.borders[..., _LENGTH]).exp() - 0.9
    weight = ((-_SHUT * r.borders[..., _WEAKEST]).exp() * length * r.edge_there).flatten()
    rows, mean, total = x.reshape(b * n, c), x.new_zeros(b * n, c), x.new_full((b * n,), 1e-3)
    for one, other in ((left, right), (right, left)):
        mean = mean.index_add(0, one, rows[other] * weight[:, None])
        total = total.index_add(0, one, weight)
    return (mean / total[:, None]).view(b, n, c)


def _share(r: Regions, first: Tensor) -> Tensor:
    """Of each region's basin, the share of the regions in which a colour comes ``first``, by area, (B, n, c)."""
    b, n, c = first.shape
    area = ((4 * r.nodes[..., _AREA] - 6).exp() * r.there)[..., None] * first
    basin = r.basin.clamp_min(0)[..., None].expand(b, n, c)
    held = area.new_zeros(b, int(r.basin.max()) + 1, c).scatter_add(1, basin, area)
    return (held / held.sum(-1, keepdim=True).clamp_min(1e-9)).gather(1, basin)
