"""Scores one held-out pair: every method, every number of hints. Runs in a process of its own.

What the rivals score does not change with the model, so it is kept in a folder under a name made of the pair's pixels,
method, number of hints and the definitions' source.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from linewash.errors import LinewashError
from linewash_daemon.propagate import grown

from .. import flats, truth
from ..flats import Image
from ..pack import Pack, Pair
from . import lab, metrics, rivals, strokes
from .metrics import Figures, Truth, figures
from .strokes import simulated_hints

OURS = "ours"
CEILING = "true_flats"
METHODS = (*rivals.RIVALS, CEILING)
#: the others do nothing without hints
WITHOUT_HINTS = ("white", CEILING, OURS)


@dataclass(frozen=True)
class Score:
    """One colouring's figures and seconds; ``sample`` uint8 (n, 3): its colours for the distance of whole sets, kept
    without hints only; ``failure`` says why there are no figures."""

    method: str
    k: int
    seconds: float
    figures: Figures | None
    sample: Image | None = None
    failure: str = ""


@dataclass(frozen=True)
class Scored:
    """A pair's scores; ``sample`` uint8 (n, 3): the truth's colours."""

    index: int
    scores: tuple[Score, ...]
    sample: Image


@dataclass(frozen=True)
class Setting:
    """What is the same for all pairs. ``model`` None: the rivals alone."""

    pack: Path
    cache: Path
    model: Path | None
    ks: tuple[int, ...]


class Scorer:
    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._pack = Pack.open(setting.pack)
        self._ours = _load(setting.model)

    def score(self, index: int, methods: tuple[str, ...]) -> Scored:
        """All of ``methods`` on pair number ``index`` at every number of hints where they do anything."""
        pair = self._pack[index]
        known = Truth.of(pair.color, pair.line)
        return Scored(index, tuple(self._scores(pair, known, methods)), known.colors_at_sample(pair.color))

    def paint(self, index: int, method: str, k: int) -> tuple[Image, Image]:
        """The result uint8 (H, W, 3) RGB of one method, and the hints uint8 (H, W, 4) RGBA it got."""
        pair = self._pack[index]
        regions = truth.truth_regions(pair.color, pair.line)
        hints = simulated_hints(pair.color, pair.line, regions, k)
        return self._paint(method, pair, regions, hints)[0], hints

    def _scores(self, pair: Pair, known: Truth, methods: tuple[str, ...]) -> Iterator[Score]:
        name = hashlib.sha256(pair.line.tobytes() + pair.color.tobytes()).hexdigest()[:16]
        for k in self.setting.ks:
            hints: Image | None = None
            for method in methods:
                if k == 0 and method not in WITHOUT_HINTS:
                    continue
                file = self.setting.cache / f"{name}.{method}.{k}.{_definitions()}.json"
                kept = _read(file) if method != OURS else None
                if kept is None:
                    if hints is None:
                        hints = simulated_hints(pair.color, pair.line, known.regions, k)
                    kept = self._judge(method, k, pair, known, hints)
                    if method != OURS:
                        _write(file, kept)
                yield kept

    def _judge(self, method: str, k: int, pair: Pair, known: Truth, hints: Image) -> Score:
        try:
            result, seconds = self._paint(method, pair, known.regions, hints)
        except LinewashError as error:
            return Score(method, k, 0.0, None, failure=error.sentence)
        sample = known.colors_at_sample(result) if k == 0 else None
        return Score(method, k, seconds, figures(result, known, hints), sample)

    def _paint(self, method: str, pair: Pair, regions: truth.Regions, hints: Image) -> tuple[Image, float]:
        if method == OURS:
            assert self._ours is not None
            return self._ours(pair.line, hints)
        start = time.perf_counter()
        known = method == CEILING
        result = rivals.true_flats(pair.line, regions) if known else rivals.RIVALS[method](pair.line, hints)
        return result, time.perf_counter() - start


def _load(model: Path | None) -> Callable[[Image, Image], tuple[Image, float]] | None:
    if model is None:
        return None
    import torch  # only where a model is judged: the rivals need none

    from .ours import Ours

    torch.set_num_threads(1)
    return Ours(model)


@cache
def _definitions() -> str:
    """A name for the code that the rivals' figures depend on."""
    sources = (flats, truth, lab, metrics, rivals, strokes, grown)
    trees = [_Bare().visit(ast.parse(inspect.getsource(source))) for source in sources]
    return hashlib.sha256("".join(map(ast.dump, trees)).encode()).hexdigest()[:8]


class _Bare(ast.NodeTransformer):
    """Code without what computes nothing: imports and docstrings; comments and layout are not in the tree."""

    def visit_Import(self, node: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        return None

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if isinstance(node.value, ast.Constant) else node


def _read(file: Path) -> Score | None:
    try:
        value = json.loads(file.read_text())
        sample = value.pop("sample")
        colors = None if sample is None else np.frombuffer(bytes.fromhex(sample), np.uint8).reshape(-1, 3)
        return Score(**value | {"figures": Figures(**value["figures"])}, sample=colors)
    except (OSError, ValueError, TypeError, KeyError):  # not there, or of another version: scored again
        return None


def _write(file: Path, score: Score) -> None:
    value = asdict(score) | {"sample": None if score.sample is None else score.sample.tobytes().hex()}
    unfinished = file.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(value))
    os.replace(unfinished, file)


_scorer: Scorer | None = None


def start(setting: Setting) -> None:
    """Called once in every process."""
    global _scorer
    cv2.setNumThreads(1)
    _scorer = Scorer(setting)


def score(index: int, methods: tuple[str, ...]) -> Scored:
    assert _scorer is not None
    return _scorer.score(index, methods)
