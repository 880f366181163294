"""Contact sheets: what the figures can't say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from linewash.contract import Mode

from ..flats import Image
from ..pack import Pack
from . import cases
from .scoring import CEILING, Scorer, Setting, System
from .sweep import spread

CELL = 256
_HEAD = 22
_ACROSS = 4  # pairs of result and truth in a row of the sheet without hints
_PICTURES, _WITHOUT_HINTS, _COMPARED = 8, 24, 6
_SHEET_K = 16


def sheets(pack: Pack, out: Path, setting: Setting, split: str = "held") -> list[Path]:
    """sheet.png: line art, hints, every system at 16 hints, truth, for 8 pictures; and, with a model, no_hints.png: its
    colours without hints beside the truth, for 24. Gives the files written into the folder ``out``."""
    scorer = Scorer(setting)
    shown = [system for system in setting.systems if system.key not in ("white", CEILING)]
    rows = [_row(pack, scorer, index, shown, "lines", _SHEET_K) for index in spread(pack.indices(split), _PICTURES)]
    heads = ["line", f"{_SHEET_K} hints", *(system.name for system in shown), "truth"]
    written = [write(out / "sheet.png", np.concatenate([headings(heads), *rows]))]
    for system in setting.systems:
        if system.model is not None:
            written.append(write(out / "no_hints.png", _without_hints(pack, scorer, system, split)))
    return written


def comparison_sheets(pack: Pack, out: Path, setting: Setting) -> list[Path]:
    """sheet.png, and grey_sheet.png where there are systems for greyscale pictures: a column for each system, two rows
    for each of 6 held-out pictures, without hints and with 16. Gives the files written into the folder ``out``."""
    scorer, written = Scorer(setting), []
    names: dict[Mode, str] = {"lines": "sheet.png", "grey": "grey_sheet.png"}
    for mode, name in names.items():
        shown = [system for system in setting.systems if system.mode == mode]
        if not shown:
            continue
        indices = spread(pack.indices("held"), _COMPARED)
        rows = [_row(pack, scorer, index, shown, mode, k) for index in indices for k in (0, _SHEET_K)]
        heads = ["line" if mode == "lines" else "grey", "hints", *(system.name for system in shown), "truth"]
        written.append(write(out / name, np.concatenate([headings(heads), *rows])))
    return written


def _row(pack: Pack, scorer: Scorer, index: int, shown: Sequence[System], mode: Mode, k: int) -> Image:
    """What is given, the hints on it, what each of ``shown`` makes of it, and the truth."""
    pair = pack[index]
    given, hints, results = scorer.paint(index, shown, mode, k)
    grey = np.repeat(given[..., None], 3, axis=2)
    strokes = np.where(hints[..., 3:] > 0, hints[..., :3], grey // 4 + 191)
    truth = pair.color if mode == "lines" else cases.finished(pair)
    return np.concatenate([cell(picture) for picture in (grey, strokes, *results, truth)], axis=1)


def _without_hints(pack: Pack, scorer: Scorer, system: System, split: str) -> Image:
    cells = []
    for index in spread(pack.indices(split), _WITHOUT_HINTS):
        (painted,) = scorer.paint(index, [system], "lines", 0)[2]
        cells += [cell(painted), cell(pack[index].color)]
    cells += [cell(np.full((1, 1, 3), 255, np.uint8))] * (-len(cells) % (2 * _ACROSS))
    rows = [np.concatenate(cells[i : i + 2 * _ACROSS], axis=1) for i in range(0, len(cells), 2 * _ACROSS)]
    return np.concatenate([headings([f"{system.name}, no hints", "truth"] * _ACROSS), *rows])


def cell(picture: Image) -> Image:
    """``picture`` uint8 (H, W, 3) RGB scaled to fit a white square, uint8 (CELL, CELL, 3)."""
    factor = (CELL - 8) / max(picture.shape[:2])
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    small = cv2.resize(np.asarray(picture, np.uint8), size, interpolation=cv2.INTER_AREA)
    square = np.full((CELL, CELL, 3), 255, np.uint8)
    top, left = (CELL - small.shape[0]) // 2, (CELL - small.shape[1]) // 2
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return square


def headings(texts: Sequence[str]) -> Image:
    """A heading over each column, smaller where it is long; uint8 (h, CELL · columns, 3)."""
    head = np.full((_HEAD, CELL * len(texts), 3), 255, np.uint8)
    for column, text in enumerate(texts):
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
        size = 0.5 * min(1, (CELL - 12) / max(1, width))
        place = (column * CELL + 6, _HEAD - 7)
        cv2.putText(head, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, (60, 60, 60), 1, cv2.LINE_AA)
    return head


def write(path: Path, sheet: Image) -> Path:
    """``sheet`` uint8 (H, W, 3) RGB as a PNG."""
    data = cv2.imencode(".png", np.ascontiguousarray(sheet[..., ::-1]))[1]
    path.write_bytes(data.tobytes())
    return path
