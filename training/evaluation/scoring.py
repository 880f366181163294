"""Scores one held-out pair: every system, every number of hints. Runs in a process of its own.

What a system scores does not change as long as it does not, so it is kept in a folder under a name made of the pair's
pixels, the system's key, the number of hints and the source of all that the figures depend on.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

import linewash_daemon
from linewash.contract import Mode, Role
from linewash.errors import LinewashError
from linewash_daemon.propagate import grown

from .. import flats, truth
from ..flats import Image
from ..pack import Pack, Pair
from . import cases, lab, metrics, programs, rivals, strokes
from .cases import Case
from .metrics import Figures, figures
from .strokes import simulated_hints

if TYPE_CHECKING:
    from .ours import Ours

OURS = "ours"
CEILING = "true_flats"
METHODS = (*rivals.RIVALS, CEILING)
_RIVALS = rivals.RIVALS | rivals.GREY_RIVALS
_SLOW = ("levin", "levin_grey")
_NOTHING_WITHOUT_HINTS = ("flood", "watershed", *_SLOW)
_DAEMON = Path(linewash_daemon.__file__).parent
#: of the daemon, what a model's colours depend on
_COLORING = (
    "colorist/*.py", "networks/*.py", "device.py", "generator.py", "given.py", "hintmaps.py", "histogram.py",
    "models.py", "network_generator.py", "painter_generator.py", "propagate.py", "region_generator.py", "spaces.py",
)  # fmt: skip


@dataclass(frozen=True)
class System:
    """Somebody who colours. ``name``: of its row; ``mode``: whether it is given line art or a greyscale picture.

    ``key``: a rival's name, or a name for a model under which its scores are kept; "": they are not. ``model``: its
    file; ``role``: the layer that it is judged by; ``lightness``: how far it may leave the given L, 0…1; ``millions``:
    its parameters. ``command``: of another program, as `programs` runs it.
    """

    name: str
    mode: Mode = "lines"
    key: str = ""
    model: Path | None = None
    role: Role = "composite"
    lightness: float = 0.0
    millions: float | None = None
    command: str = ""

    @property
    def waits_for_hints(self) -> bool:
        return self.key in _NOTHING_WITHOUT_HINTS or programs.takes_hints(self.command)

    @property
    def slow(self) -> bool:
        return self.key in _SLOW


@dataclass(frozen=True)
class Score:
    """One colouring's figures and seconds. ``method``: the system's name; ``sample`` uint8 (n, 3): its colours for the
    distance of whole sets, kept without hints only; ``failure`` says why there are no figures."""

    method: str
    k: int
    seconds: float
    figures: Figures | None
    sample: Image | None = None
    failure: str = ""
    mode: Mode = "lines"


@dataclass(frozen=True)
class Scored:
    """A pair's scores; ``samples`` uint8 (n, 3): the truth's colours, by mode."""

    index: int
    scores: tuple[Score, ...]
    samples: dict[Mode, Image] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """What is the same for all pairs."""

    pack: Path
    cache: Path
    systems: tuple[System, ...]
    ks: tuple[int, ...]


class Scorer:
    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._pack = Pack.open(setting.pack)
        self._systems = {system.name: system for system in setting.systems}
        self._models = _loaded(setting.systems)

    def score(self, index: int, names: tuple[str, ...]) -> Scored:
        """The systems called ``names`` on pair number ``index`` at every number of hints where they do anything."""
        pair, systems = self._pack[index], [self._systems[name] for name in names]
        met: dict[Mode, Case] = {mode: Case.of(pair, mode) for mode in _modes(systems)}
        samples = {mode: case.known.colors_at_sample(case.known.color) for mode, case in met.items()}
        return Scored(index, tuple(self._scores(pair, met, systems)), samples)

    def paint(self, index: int, systems: Sequence[System], mode: Mode, k: int) -> tuple[Image, Image, list[Image]]:
        """Pair number ``index`` as ``systems``, all of one ``mode``, are given it uint8 (H, W), its ``k`` hints uint8
        (H, W, 4) RGBA, and what each makes of it, uint8 (H, W, 3) RGB, grey all over where it fails."""
        pair = self._pack[index]
        regions = truth.truth_regions(pair.color, pair.line)
        hints = simulated_hints(pair.color, pair.line, regions, k)
        given = pair.line if mode == "lines" else cases.grey(cases.finished(pair))
        return given, hints, [self._shown(system, given, regions, hints) for system in systems]

    def _shown(self, system: System, given: Image, regions: truth.Regions, hints: Image) -> Image:
        try:
            return self.colored(system, given, regions, hints)[0]
        except LinewashError:
            return np.full((*given.shape, 3), 128, np.uint8)

    def _scores(self, pair: Pair, met: dict[Mode, Case], systems: list[System]) -> Iterator[Score]:
        name = hashlib.sha256(pair.line.tobytes() + pair.color.tobytes()).hexdigest()[:16]
        known = met["lines"].known.regions if "lines" in met else None
        for k in self.setting.ks:
            hints: Image | None = None
            for system in systems:
                if k == 0 and system.waits_for_hints:
                    continue
                file = self._file(name, system, k)
                kept = _read(file) if file else None
                if kept is None:
                    if known is None:
                        known = truth.truth_regions(pair.color, pair.line)
                    if hints is None:
                        hints = simulated_hints(pair.color, pair.line, known, k)
                    kept = self._judge(system, k, met[system.mode], hints)
                    if file:
                        _write(file, kept)
                yield replace(kept, method=system.name)

    def _file(self, pair: str, system: System, k: int) -> Path | None:
        """Where a score is kept, None where it is not."""
        if not system.key:
            return None
        return self.setting.cache / f"{pair}.{system.key}.{k}.{_definitions(system.model is not None)}.json"

    def _judge(self, system: System, k: int, case: Case, hints: Image) -> Score:
        try:
            result, seconds = self.colored(system, case.given, case.known.regions, hints)
        except LinewashError as error:
            return Score(system.name, k, 0.0, None, failure=f"{system.name}: {error.sentence}", mode=system.mode)
        sample = case.known.colors_at_sample(result) if k == 0 else None
        return Score(system.name, k, seconds, figures(result, case.known, hints), sample, mode=system.mode)

    def colored(self, system: System, given: Image, regions: truth.Regions, hints: Image) -> tuple[Image, float]:
        """What ``system`` makes of ``given`` uint8 (H, W) and ``hints`` uint8 (H, W, 4) RGBA: uint8 (H, W, 3) RGB, and
        in how many seconds. ``regions`` are the truth's, for the ceiling. Raises `LinewashError`."""
        if system.model is not None:
            return self._models[system.model](given, hints, system.mode, system.role, system.lightness)
        start = time.perf_counter()
        if system.command:
            return programs.colored(system.command, given, hints), time.perf_counter() - start
        known = system.key == CEILING
        result = rivals.true_flats(given, regions) if known else _RIVALS[system.key](given, hints)
        return result, time.perf_counter() - start


def _modes(systems: Iterable[System]) -> set[Mode]:
    return {system.mode for system in systems}


def _loaded(systems: Iterable[System]) -> dict[Path, Ours]:
    paths = {system.model for system in systems if system.model is not None}
    if not paths:
        return {}
    import torch  # only where a model is judged: the rivals need none

    from .ours import Ours

    torch.set_num_threads(1)
    return {path: Ours(path) for path in paths}


@cache
def _definitions(of_a_model: bool) -> str:
    """A name for the code that the figures of a rival, or of a model, depend on."""
    judging = (flats, truth, lab, metrics, strokes, cases)
    sources = [inspect.getsource(source) for source in (*judging, rivals, grown)]
    if of_a_model:
        coloring = [path for pattern in _COLORING for path in sorted(_DAEMON.glob(pattern))]
        asking = Path(__file__).with_name("ours.py")
        sources = [*map(inspect.getsource, judging), *(path.read_text("utf-8") for path in (asking, *coloring))]
    trees = [_Bare().visit(ast.parse(source)) for source in sources]
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


def score(task: tuple[int, tuple[str, ...]]) -> Scored:
    """Pair number and names of systems, as for `Scorer.score`."""
    assert _scorer is not None
    return _scorer.score(*task)
