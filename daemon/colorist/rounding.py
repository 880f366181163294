"""Borders between two colours in open paper, which are those of cells and so stairs of squares, made smooth.

Diffuse and take the largest, as Merriman, Bence and Osher (1992) do to move borders by their curvature: each colour's
area is blurred, and a pixel goes to the colour that has most there. What must not move is held while the rest
diffuses, so a border still meets the ink where it did. The blur is done on a coarse grid, and only pixels beside a
border are looked at in full.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .cells import RIDGE, cell_size
from .ladder import Labels, pyramid
from .pixels import BAND
from .regions import Regions
from .split import Division
from .strokes import Strokes, spread

_SIGMA = 0.4  # of a cell
_CORE = 0.8  # of the most room in a piece of one colour: where there is so much it stays, so that none vanishes
_REACH = 3  # px of the grid that one blur reaches, and that borders keep away from ridges: so no blur crosses one
_SIDE = 2 * _REACH + 1
_SQUARE = np.ones((3, 3), np.uint8)

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Grid:
    """``step`` px of `Regions.labels` are one of the grid; ``cell``: a cell's size in px of the grid. Of each of its
    pixels, (h, w): ``label``, int32, that of its middle; ``group``, int32, a number from 1 on of the paper that nothing
    but distance parts, 0 where borders stay; ``wall``, bool, ridges; ``held``, bool, under a stroke or beside one, or
    of a region that strokes divide."""

    step: int
    cell: float
    label: Labels
    group: Labels
    wall: Mask
    held: Mask


@dataclass(frozen=True)
class _Color:
    """One colour's part of a group, in a box of the grid that begins at ``corner``. ``field``: float32 (h + 2, w + 2),
    0…1, with a rim; ``nearest``: int32 (h, w), the colour's label that is nearest."""

    row: int
    corner: tuple[int, int]
    field: Floats
    nearest: Labels


@dataclass(frozen=True)
class _Area:
    """A group's colours, and ``beside``, bool: pixels of the grid, free to move, within 1 px of a border."""

    colors: list[_Color]
    beside: Mask


def rounded(regions: Regions, division: Division, strokes: Strokes, row: NDArray[np.int64]) -> Labels:
    """``division.labels``, int32, with pixels beside a border in open paper given to the other side's nearest label.

    ``row``: int64 (labels,), each label's colour. The labels themselves come back where no two colours share a basin,
    else a copy. Ink, its surroundings, strokes' pixels, and what strokes divided keep their label.
    """
    group_of, shared = _groups(regions, division, row)
    if not shared:
        return division.labels
    grid = _grid(regions, division, strokes, group_of)
    labels = division.labels
    group_of[regions.n :] = 0
    for number, box in enumerate(ndimage.find_objects(grid.group, shared), 1):
        if box is None:
            continue
        y, x = (slice(max(0, side.start - _REACH), side.stop + _REACH) for side in box)
        area = _area(grid, (y, x), number, row)
        if not area.beside.any():
            continue
        if labels is division.labels:
            labels = labels.copy()
        _relabel(labels, np.where(group_of == number, row, -1), area, grid.step, (y.start, x.start))
    return labels


def _groups(regions: Regions, division: Division, row: NDArray[np.int64]) -> tuple[NDArray[np.int32], int]:
    """Each label's number among the pieces of closed area and basin that several colours share, 1…, else 0; and how
    many such pieces there are."""
    region = np.concatenate([np.arange(regions.n), division.parent])
    _, piece = np.unique(regions.basin * np.int64(regions.n) + regions.closed_area, return_inverse=True)
    piece = piece[region]
    live = np.ones(len(region), bool)
    live[division.parent] = False  # nothing is left of a region that was divided
    pairs = np.unique(piece[live] * (row.max() + 1) + row[live])
    shared = np.bincount(pairs // (row.max() + 1), minlength=int(piece.max()) + 1) > 1
    number = np.where(shared, np.cumsum(shared), 0)
    return number[piece].astype(np.int32), int(shared.sum())


def _grid(regions: Regions, division: Division, strokes: Strokes, group_of: NDArray[np.int32]) -> _Grid:
    step = 2 * round(max(regions.labels.shape) / max(regions.relief.shape))
    wall = pyramid(regions.ridges, 1)[-1] >= RIDGE
    sides = regions.labels.shape
    y, x = (np.minimum(np.arange(n) * step + step // 2, side - 1) for n, side in zip(wall.shape, sides, strict=True))
    label = division.labels[y[:, None], x]
    held = _under(strokes, step * regions.factor, wall.shape) | (label >= regions.n)
    return _Grid(step, cell_size(regions.relief.shape) / 2, label, group_of[label], wall, held)


def _under(strokes: Strokes, step: int, shape: tuple[int, ...]) -> Mask:
    """Where on the grid a stroke is, or is next to."""
    under = np.zeros(shape, np.uint8)
    x, run = spread(strokes.x // step, (strokes.x + strokes.length - 1) // step)
    under[strokes.y[run] // step, x] = 1
    return cv2.dilate(under, _SQUARE) > 0


def _area(grid: _Grid, box: tuple[slice, slice], number: int, row: NDArray[np.int64]) -> _Area:
    """Group ``number``, which lies in ``box`` with as much around it as a blur reaches."""
    inside = grid.group[box] == number
    label = grid.label[box]
    rows, which = np.unique(row[label[inside]], return_inverse=True)
    own = np.full(inside.shape, -1, np.int16)
    own[inside] = which
    room = cv2.distanceTransform((inside & ~grid.wall[box]).astype(np.uint8), cv2.DIST_C, 3)
    free = (room > _REACH) & ~grid.held[box] & ~_cores(own)
    blurs, margin = round(12 * (_SIGMA * grid.cell) ** 2 / (_SIDE**2 - 1)), round(2.5 * _SIGMA * grid.cell)
    colors = []
    most, winner = np.zeros(inside.shape, np.float32), own.copy()
    for k, around in enumerate(ndimage.find_objects(own.astype(np.int32) + 1)):
        y, x = (slice(max(0, side.start - margin), side.stop + margin) for side in around)
        mine = own[y, x] == k
        field = _diffused(mine, free[y, x], blurs)
        more = field > most[y, x]
        most[y, x][more] = field[more]
        winner[y, x][more & free[y, x]] = k
        nearest = _nearest(label[y, x], mine)
        colors.append(_Color(int(rows[k]), (y.start, x.start), np.pad(field, 1, mode="edge"), nearest))
    moved = cv2.dilate((winner != own).astype(np.uint8), _SQUARE) > 0
    return _Area(colors, free & (_edges(winner) | moved))


def _cores(own: NDArray[np.int16]) -> Mask:
    """The roomiest places of each connected piece of one colour; none of what is a pixel or two wide."""
    depth = cv2.distanceTransform((~_edges(own)).astype(np.uint8), cv2.DIST_L2, 3)
    out = np.zeros(own.shape, bool)
    for k, box in enumerate(ndimage.find_objects(own.astype(np.int32) + 1)):
        mine = own[box] == k
        count, piece = cv2.connectedComponents(mine.astype(np.uint8), connectivity=4, ltype=cv2.CV_32S)
        most = np.asarray(ndimage.maximum(depth[box], piece, np.arange(count)), np.float32)
        out[box] |= mine & (depth[box] > 0) & (depth[box] >= _CORE * most[piece])
    return out


def _edges(numbers: NDArray[np.int16]) -> Mask:
    """Pixels next to one of another number."""
    return np.asarray(cv2.dilate(numbers, _SQUARE) != cv2.erode(numbers, _SQUARE))


def _diffused(mask: Mask, free: Mask, blurs: int) -> Floats:
    """``mask`` blurred so many times where it is ``free``; elsewhere it stays, 0 or 1."""
    start = mask.astype(np.float32)
    field = start.copy()
    for _ in range(blurs):
        field = np.asarray(cv2.blur(field, (_SIDE, _SIDE), borderType=cv2.BORDER_REPLICATE), np.float32)
        np.copyto(field, start, where=~free)
    return field


def _nearest(label: Labels, mask: Mask) -> Labels:
    """At each pixel the label of the nearest one in ``mask``."""
    _, index = cv2.distanceTransformWithLabels((~mask).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    of = np.zeros(int(index.max()) + 1, np.int32)
    of[index[mask]] = label[mask]
    return np.asarray(of[index], np.int32)


def _relabel(labels: Labels, row: NDArray[np.int64], area: _Area, step: int, corner: tuple[int, int]) -> None:
    """Gives pixels beside a border, in place, to the colour that has most there. ``row``: each label's colour, -1 for
    those that stay; ``corner``: the area's first row and column on the grid."""
    places = np.argwhere(area.beside)
    for first in range(0, len(places), max(1, BAND // step**2)):
        some = places[first : first + max(1, BAND // step**2)]
        y, x = ((some[:, axis] + corner[axis])[:, None] * step + np.arange(step) for axis in (0, 1))
        winner, label = _winners(area.colors, some, step)
        there = (y < labels.shape[0])[:, :, None] & (x < labels.shape[1])[:, None, :]
        at = np.minimum(y, labels.shape[0] - 1)[:, :, None] * labels.shape[1]
        at = at + np.minimum(x, labels.shape[1] - 1)[:, None, :]
        before = row[labels.ravel()[at]]
        moved = there & (before >= 0) & (winner >= 0) & (before != winner)
        labels.ravel()[at[moved]] = label[moved]


def _winners(colors: list[_Color], places: NDArray[np.int64], step: int) -> tuple[Labels, Labels]:
    """Of each of ``step`` · ``step`` px at each of ``places`` on the grid, (places, step, step): the row of the colour
    that has most there, between the grid's pixels bilinearly; and the label that it has nearest."""
    shape = len(places), step, step
    most, winner, label = np.zeros(shape, np.float32), np.full(shape, -1, np.int32), np.zeros(shape, np.int32)
    offset = (np.arange(step, dtype=np.float32) + 0.5) / step - 0.5
    weights = np.stack([np.maximum(-offset, 0), 1 - np.abs(offset), np.maximum(offset, 0)], 1)
    for color in colors:
        y, x = (places - color.corner).T
        on = np.flatnonzero((y >= 0) & (x >= 0) & (y < color.nearest.shape[0]) & (x < color.nearest.shape[1]))
        y, x = y[on], x[on]
        patch = color.field[(y[:, None] + np.arange(3))[:, :, None], (x[:, None] + np.arange(3))[:, None, :]]
        some = patch.max((1, 2)) * len(colors) >= 1  # all of them together are 1 everywhere
        on, nearest = on[some], color.nearest[y[some], x[some]]
        share = weights @ patch[some] @ weights.T
        more = share > most[on]
        most[on] = np.where(more, share, most[on])
        winner[on] = np.where(more, color.row, winner[on])
        label[on] = np.where(more, nearest[:, None, None], label[on])
    return winner, label
