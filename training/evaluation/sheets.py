"""Contact sheets: what the figures can't say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ..flats import Image
from ..pack import Pack
from .evaluate import spread
from .scoring import OURS, WITHOUT_HINTS, Scorer, Setting

_CELL = 256
_HEAD = 22
_ACROSS = 4  # pairs of result and truth in a row of the sheet without hints
_PICTURES, _WITHOUT_HINTS = 8, 24
_SHEET_K = 16


def sheets(pack: Pack, out: Path, setting: Setting, methods: Sequence[str], split: str = "held") -> list[Path]:
    """sheet.png: line art, hints, every method at 16 hints, truth, for 8 pictures; and, with a model, no_hints.png: its
    colours without hints beside the truth, for 24. Gives the files written into the folder ``out``."""
    scorer = Scorer(setting)
    written = [_write(out / "sheet.png", _with_hints(pack, scorer, methods, split))]
    if setting.model is not None:
        written.append(_write(out / "no_hints.png", _without_hints(pack, scorer, split)))
    return written


def _with_hints(pack: Pack, scorer: Scorer, methods: Sequence[str], split: str) -> Image:
    shown = [method for method in methods if method not in WITHOUT_HINTS]
    if scorer.setting.model is not None:
        shown.append(OURS)
    rows = [_headings(["line", f"{_SHEET_K} hints", *shown, "truth"])]
    for index in spread(pack.indices(split), _PICTURES):
        pair = pack[index]
        painted = [scorer.paint(index, method, _SHEET_K) for method in (shown or ["white"])]
        line = np.repeat(pair.line[..., None], 3, axis=2)
        strokes = np.where(painted[0][1][..., 3:] > 0, painted[0][1][..., :3], line // 4 + 191)
        results = [result for result, _ in painted] if shown else []
        rows.append(np.concatenate([_cell(picture) for picture in (line, strokes, *results, pair.color)], axis=1))
    return np.concatenate(rows)


def _without_hints(pack: Pack, scorer: Scorer, split: str) -> Image:
    cells = []
    for index in spread(pack.indices(split), _WITHOUT_HINTS):
        cells += [_cell(scorer.paint(index, OURS, 0)[0]), _cell(pack[index].color)]
    cells += [_cell(np.full((1, 1, 3), 255, np.uint8))] * (-len(cells) % (2 * _ACROSS))
    rows = [np.concatenate(cells[i : i + 2 * _ACROSS], axis=1) for i in range(0, len(cells), 2 * _ACROSS)]
    return np.concatenate([_headings([f"{OURS}, no hints", "truth"] * _ACROSS), *rows])


def _cell(picture: Image) -> Image:
    """``picture`` scaled to fit a white square."""
    factor = (_CELL - 8) / max(picture.shape[:2])
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    small = cv2.resize(np.asarray(picture, np.uint8), size, interpolation=cv2.INTER_AREA)
    cell = np.full((_CELL, _CELL, 3), 255, np.uint8)
    top, left = (_CELL - small.shape[0]) // 2, (_CELL - small.shape[1]) // 2
    cell[top : top + small.shape[0], left : left + small.shape[1]] = small
    return cell


def _headings(texts: Sequence[str]) -> Image:
    head = np.full((_HEAD, _CELL * len(texts), 3), 255, np.uint8)
    for column, text in enumerate(texts):
        place = (column * _CELL + 6, _HEAD - 7)
        cv2.putText(head, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (60, 60, 60), 1, cv2.LINE_AA)
    return head


def _write(path: Path, sheet: Image) -> Path:
    data = cv2.imencode(".png", np.ascontiguousarray(sheet[..., ::-1]))[1]
    path.write_bytes(data.tobytes())
    return path
