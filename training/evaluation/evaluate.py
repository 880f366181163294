"""Runs an evaluation: methods over the held-out pairs of a pack, spread over processes."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np

from linewash.errors import BadInput

from ..pack import Pack, PairInfo
from . import scoring
from .metrics import sliced_wasserstein
from .report import Report, Row
from .scoring import METHODS, OURS, Scored, Scorer, Setting

KS = (0, 4, 16, 64)
LEVIN_LIMIT = 60


def evaluate(
    pack: Pack,
    out: Path,
    *,
    model: Path | None = None,
    split: str = "held",
    ks: Sequence[int] = KS,
    methods: Sequence[str] = METHODS,
    limit: int = 0,
    levin_limit: int = LEVIN_LIMIT,
    jobs: int = 2,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Score ``methods``, and ``model`` beside them, on the pairs of one side of the split.

    Writes results.json and TABLE.md into the folder ``out``, and keeps the rivals' scores in out/.cache.
    ``limit`` pairs, spread evenly, 0: all; ``levin`` gets ``levin_limit`` of them, for it is slow. ``progress`` hears
    of finished and all pairs. Raises `BadInput` for unknown methods and an empty split.
    """
    if unknown := [name for name in methods if name not in METHODS]:
        raise BadInput(f"There is no method called {unknown[0]}.", f"Choose among: {', '.join(METHODS)}.", "bad_option")
    chosen = spread(pack.indices(split), limit)
    if not chosen:
        raise BadInput(f"The pack has no pairs of the split {split}.", "Make it again with: linewash-train prepare.")
    setting = Setting(pack.path.absolute(), out.absolute() / ".cache", model, tuple(sorted(set(ks))))
    setting.cache.mkdir(parents=True, exist_ok=True)
    slow = set(spread(chosen, levin_limit))
    tasks = [(index, _methods_for(methods, index in slow, model is not None)) for index in chosen]
    scored = _run(setting, tasks, jobs, progress)
    report = _report(pack, scored, list(methods))
    report.notes.update(_notes(pack, chosen, setting, len(slow) if "levin" in methods else None))
    report.save(out)
    return report


def spread(indices: Sequence[int], limit: int) -> list[int]:
    """``limit`` of the indices, spread evenly; all of them when it is 0 or there are no more."""
    if not limit or len(indices) <= limit:
        return list(indices)
    return [indices[i * len(indices) // limit] for i in range(limit)]


def _methods_for(methods: Sequence[str], with_levin: bool, with_ours: bool) -> tuple[str, ...]:
    wanted = [name for name in methods if name != "levin" or with_levin]
    return (*wanted, OURS) if with_ours else tuple(wanted)


def _run(
    setting: Setting, tasks: list[tuple[int, tuple[str, ...]]], jobs: int, progress: Callable[[int, int], None]
) -> list[Scored]:
    scored: list[Scored] = []

    def keep(pair: Scored) -> None:
        scored.append(pair)
        progress(len(scored), len(tasks))

    if jobs == 1:
        scorer = Scorer(setting)
        for task in tasks:
            keep(scorer.score(*task))
        return scored
    context = multiprocessing.get_context("spawn")  # a forked process would inherit torch's threads
    with _one_thread_each(), ProcessPoolExecutor(jobs, context, scoring.start, (setting,)) as pool:
        waiting = [pool.submit(scoring.score, *task) for task in tasks]
        try:
            for done in as_completed(waiting):
                keep(done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return sorted(scored, key=lambda pair: pair.index)


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started meanwhile compute with one thread each: they are as many as there are cores for."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _report(pack: Pack, scored: list[Scored], methods: list[str]) -> Report:
    rows, failures = [], []
    for pair in scored:
        info = pack.infos[pair.index]
        name = f"{info.id}#{pair.index}"  # a picture may give two pairs
        for score in pair.scores:
            if score.figures is None:
                failures.append(f"{name}, {score.k} hints: {score.failure}")
            else:
                rows.append(Row(name, info.source, info.kind, score.method, score.k, score.seconds, score.figures))
    rank = {name: i for i, name in enumerate([*(m for m in methods if m != scoring.CEILING), OURS, scoring.CEILING])}
    rows.sort(key=lambda row: rank[row.method])
    return Report(tuple(rows), _pooled(scored), {}, tuple(failures))


def _pooled(scored: list[Scored]) -> dict[str, float]:
    """By method, all its colours without hints against all the truth's."""
    samples: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for pair in scored:
        for score in pair.scores:
            if score.sample is not None:
                samples.setdefault(score.method, []).append((score.sample, pair.sample))
    return {
        method: sliced_wasserstein(np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs]))
        for method, pairs in samples.items()
    }


def _notes(pack: Pack, chosen: list[int], setting: Setting, levin: int | None) -> dict[str, str]:
    infos: list[PairInfo] = [pack.infos[i] for i in chosen]
    kinds = {kind: sum(info.kind == kind for info in infos) for kind in sorted({info.kind for info in infos})}
    notes = {
        "pictures": f"{len(chosen)} held out: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()),
        "figures": "means over pictures, s the median; ΔE is CIEDE2000 off the lines; definitions in metrics.py",
    }
    if levin is not None and levin < len(chosen):
        notes["levin"] = f"on {levin} of the pictures only, spread evenly"
    if setting.model is not None:
        notes["model"] = setting.model.name
    return notes
