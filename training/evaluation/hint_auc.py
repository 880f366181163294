"""Hint-AUC: how good colourings become as hints become more, by the package ``hintauc``.

Madono, Mingcheng, Simo-Serra, *Hint-AUC: Deterministic Region-based Hint Generation for Line Art Colorization
Evaluation* (IEEE TVCG 2026), section IV. Each region of the finished picture (Felzenszwalb's) gets a scribble on a grid
of 64 x 64: the longest path of its skeleton, in its mean colour. At a hint ratio of 10 % the largest tenth of the
regions keeps its hint. PSNR at 256 x 256 is integrated over the ratios by the trapezoidal rule. No chance is in it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from linewash.errors import BadInput, LinewashError

from .. import truth
from ..flats import Image
from ..pack import Pack, Pair
from .cases import finished
from .processes import together
from .report import line, name_of
from .scoring import OURS, Scorer, Setting, System
from .sweep import Progress

#: the package's other way of finding the longest path draws lots, and takes many times as long
_HINTS = {"path_method": "geodesic", "dot_method": "medoid"}
_HINT_TYPE = "scribble"
_TIES = "stable"
_NAMES = (OURS, f"{OURS} + law")  # a painter of line art is judged twice


@dataclass(frozen=True)
class Curve:
    """One system on one picture. ``hints``, ``psnr``: number of hints, and dB, at each ratio; ``auc``: dB; ``seconds``
    that all its colourings took together."""

    picture: str
    source: str
    kind: str
    method: str
    hints: tuple[int, ...]
    psnr: tuple[float, ...]
    auc: float
    seconds: float


@dataclass(frozen=True)
class HintAuc:
    """``ratios``: shares of the regions that have a hint, 0…1; ``protocol``: what the package says it did;
    ``failures``: sentences, a colouring each."""

    ratios: tuple[float, ...]
    curves: tuple[Curve, ...]
    protocol: dict[str, Any]
    failures: tuple[str, ...] = ()

    def methods(self) -> list[str]:
        return list(dict.fromkeys(curve.method for curve in self.curves))

    def of(self, method: str) -> list[Curve]:
        return [curve for curve in self.curves if curve.method == method]

    def psnr(self, method: str) -> float:
        """dB; the mean of the pictures' areas is the area under their mean, for both are sums."""
        return float(np.mean([curve.auc for curve in self.of(method)]))

    def data(self) -> dict[str, Any]:
        """For results.json."""
        means = {method: {"psnr": self.psnr(method), **self._means(method)} for method in self.methods()}
        rows = [asdict(curve) for curve in self.curves]
        return {"protocol": self.protocol, "ratios": self.ratios, "methods": means, "rows": rows}

    def markdown(self) -> str:
        """A table: a row for each system, PSNR in dB."""
        count = len({curve.picture for curve in self.curves})
        heads = [f"{count} pictures", "Hint-AUC", *(f"{100 * ratio:g} %" for ratio in self.ratios), "s"]
        rows = ["\n## Hint-AUC: PSNR by the share of regions with a hint\n\n", line(heads), line(["---"] * len(heads))]
        for method in self.methods():
            means = self._means(method)
            hints = ["hints", "", *(f"{number:.1f}" for number in means["hints"]), ""]
            name = method if means["pictures"] == count else f"{method} ({means['pictures']} pictures)"
            figures = [f"{value:.2f}" for value in (self.psnr(method), *means["psnr_at_ratios"], means["seconds"])]
            rows += [line(hints)] * (len(rows) == 3) + [line([name, *figures])]
        return "".join(rows)

    def _means(self, method: str) -> dict[str, Any]:
        curves = self.of(method)
        return {
            "psnr_at_ratios": np.mean([curve.psnr for curve in curves], axis=0).tolist(),
            "hints": np.mean([curve.hints for curve in curves], axis=0).tolist(),
            "seconds": float(np.median([curve.seconds for curve in curves])),
            "pictures": len(curves),
        }


def package() -> ModuleType:
    """The package ``hintauc``. Raises `BadInput` (bad_option) where it can't be imported."""
    try:
        import hintauc
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name == "hintauc"
        why = "is not installed" if missing else f"does not work: {error}"
        raise BadInput(f"The package hintauc {why}.", remedy(sys.version_info[:2]), "bad_option") from error
    return hintauc  # type: ignore[no-any-return]


def remedy(version: tuple[int, int]) -> str:
    """How to get the package into a Python of this version."""
    if version >= (3, 13):
        return "It runs on Python 3.12 at most: set Linewash up with `make PYTHON=python3.12 venv`."
    return "Run `make venv` in the checkout, or: pip install --no-deps hintauc==0.3.3"


def contestants(rivals: Sequence[System], model: Path | None) -> tuple[System, ...]:
    """The quick ones of ``rivals``, and ``model`` as a comparison judges it: a painter of line art by its painting, and
    once more under the law. Raises `ModelError`."""
    quick = tuple(system for system in rivals if system.model is None and not system.slow)
    if model is None:
        return quick
    from .systems import of_models  # only where a model is judged: the rivals need no PyTorch

    models = [system for system in of_models([model], law=True) if system.mode == "lines"]
    return (*quick, *(replace(system, name=name) for system, name in zip(models, _NAMES, strict=False)))


def measure(
    pack: Pack,
    systems: Sequence[System],
    chosen: Sequence[int],
    jobs: int,
    progress: Progress = lambda done, total: None,
) -> HintAuc:
    """Hint-AUC of ``systems`` on the pairs ``chosen``. ``progress`` hears of finished and all pairs. Raises `BadInput`
    (bad_option) without the package."""
    hintauc = package()
    setting = Setting(pack.path.absolute(), Path(), tuple(systems), ())
    if jobs == 1:
        judge = Judge(setting)
        found: Iterator[Judged] = (judge.curves(index) for index in chosen)
    else:
        found = together(jobs, start, setting, judge_one, chosen)
    judged: list[Judged] = []
    for picture in found:
        judged.append(picture)
        progress(len(judged), len(chosen))
    judged.sort(key=lambda picture: picture.index)
    rank = {system.name: number for number, system in enumerate(systems)}
    curves = sorted((curve for picture in judged for curve in picture.curves), key=lambda curve: rank[curve.method])
    failures = tuple(failure for picture in judged for failure in picture.failures)
    return HintAuc(tuple(hintauc.DEFAULT_ALPHAS), tuple(curves), _protocol(hintauc), failures)


def _protocol(hintauc: ModuleType) -> dict[str, Any]:
    record: dict[str, Any] = hintauc.protocol_record(
        _evaluator(hintauc), hint_type=_HINT_TYPE, hint_size=hintauc.DEFAULT_HINT_SIZE, tie_break=_TIES, **_HINTS
    )
    return record


def _evaluator(hintauc: ModuleType) -> Any:
    return hintauc.Evaluator(metrics=("psnr",))  # those beyond pixels fetch weights when they are first used


@dataclass(frozen=True)
class Judged:
    """Pair number ``index``: a curve for each system, or a sentence why there is none."""

    index: int
    curves: tuple[Curve, ...]
    failures: tuple[str, ...]


class Judge:
    def __init__(self, setting: Setting) -> None:
        self._hintauc = package()
        self._evaluator = _evaluator(self._hintauc)
        self._pack = Pack.open(setting.pack)
        self._systems = setting.systems
        self._scorer = Scorer(setting)

    def curves(self, index: int) -> Judged:
        pair = self._pack[index]
        picture = finished(pair)
        given = self.hints(picture)
        regions = truth.truth_regions(pair.color, pair.line)
        curves, failures = [], []
        for system in self._systems:
            try:
                curves.append(self._curve(system, index, pair, picture, regions, given))
            except LinewashError as error:
                failures.append(f"{name_of(pair.meta, index)}, Hint-AUC: {system.name}: {error.sentence}")
        return Judged(index, tuple(curves), tuple(failures))

    def hints(self, picture: Image) -> list[tuple[int, Image]]:
        """At each ratio, the number of regions with a hint, and the hints as uint8 (H, W, 4) RGBA, alpha 0 or 255, for
        ``picture`` uint8 (H, W, 3) RGB."""
        made = self._hintauc.generate_hints(np.ascontiguousarray(picture[..., ::-1]), **_HINTS)
        height, width = picture.shape[:2]
        given = []
        for ratio in self._hintauc.DEFAULT_ALPHAS:
            bgr, mask = self._hintauc.hint_inputs(made, ratio, _HINT_TYPE, height, width, tie_break=_TIES)
            given.append((int(made.n_regions() * ratio), np.dstack([cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), mask])))
        return given

    def _curve(
        self,
        system: System,
        index: int,
        pair: Pair,
        picture: Image,
        regions: truth.Regions,
        given: Sequence[tuple[int, Image]],
    ) -> Curve:
        psnr: dict[int, float] = {}  # by number of hints: a drawing of few regions has the same at several ratios
        seconds = 0.0
        for count, hints in given:
            if count not in psnr:
                begun = time.perf_counter()
                result = self._scorer.colored(system, pair.line, regions, hints)[0]
                seconds += time.perf_counter() - begun
                psnr[count] = self._evaluator(result, picture)["psnr"]
        counts = tuple(count for count, _ in given)
        found = tuple(psnr[count] for count in counts)
        auc = self._hintauc.hint_auc(dict(zip(self._hintauc.DEFAULT_ALPHAS, found, strict=True)))
        info = pair.meta
        return Curve(name_of(info, index), info.source, info.kind, system.name, counts, found, auc, seconds)


_judge: Judge | None = None


def start(setting: Setting) -> None:
    """Called once in every process."""
    global _judge
    cv2.setNumThreads(1)
    _judge = Judge(setting)


def judge_one(index: int) -> Judged:
    assert _judge is not None
    return _judge.curves(index)
