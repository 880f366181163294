"""Systems over the held-out pairs of a pack, spread over processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from linewash.errors import BadInput

from ..pack import Pack
from . import scoring
from .metrics import sliced_wasserstein
from .processes import together
from .report import Report, Row, name_of
from .scoring import Scored, Scorer, Setting

Progress = Callable[[int, int], None]
#: so many pictures are enough for Levin 2004, which is slow
LEVIN_LIMIT = 60


def held_out(pack: Pack, split: str, limit: int) -> list[int]:
    """Numbers of the pairs that are judged: ``limit`` of the split, 0: all. Raises `BadInput` where there are none."""
    chosen = spread(pack.indices(split), limit)
    if not chosen:
        raise BadInput(f"The pack has no pairs of the split {split}.", "Make it again with: linewash-train prepare.")
    return chosen


def spread(indices: Sequence[int], limit: int) -> list[int]:
    """``limit`` of the indices, spread evenly; all of them when it is 0 or there are no more."""
    if not limit or len(indices) <= limit:
        return list(indices)
    return [indices[i * len(indices) // limit] for i in range(limit)]


def sweep(setting: Setting, chosen: Sequence[int], slow_limit: int, jobs: int, progress: Progress) -> list[Scored]:
    """Every system of ``setting`` on the pairs ``chosen``, slow ones on ``slow_limit`` of them only, spread evenly; in
    the order of the pairs. ``progress`` hears of finished and all pairs."""
    setting.cache.mkdir(parents=True, exist_ok=True)
    few = set(spread(chosen, slow_limit))
    all_names = tuple(system.name for system in setting.systems)
    quick_names = tuple(system.name for system in setting.systems if not system.slow)
    tasks = [(index, all_names if index in few else quick_names) for index in chosen]
    scored: list[Scored] = []
    pairs = _alone(setting, tasks) if jobs == 1 else together(jobs, scoring.start, setting, scoring.score, tasks)
    for pair in pairs:
        scored.append(pair)
        progress(len(scored), len(tasks))
    return sorted(scored, key=lambda pair: pair.index)


def _alone(setting: Setting, tasks: list[tuple[int, tuple[str, ...]]]) -> Iterator[Scored]:
    scorer = Scorer(setting)
    for task in tasks:
        yield scorer.score(*task)


def reported(pack: Pack, scored: Sequence[Scored], names: Sequence[str]) -> Report:
    """The scores of the systems called ``names``, in that order."""
    rows, failures = [], []
    for pair in scored:
        info = pack.infos[pair.index]
        picture = name_of(info, pair.index)
        for score in pair.scores:
            if score.method not in names:
                continue
            if score.figures is None:
                failures.append(f"{picture}, {score.k} hints: {score.failure}")
            else:
                rows.append(Row(picture, info.source, info.kind, score.method, score.k, score.seconds, score.figures))
    rank = {name: i for i, name in enumerate(names)}
    rows.sort(key=lambda row: rank[row.method])
    pooled = {name: distance for name in names if (distance := _pooled(scored, name)) is not None}
    return Report(tuple(rows), pooled, {}, tuple(failures))


def _pooled(scored: Sequence[Scored], name: str) -> float | None:
    """All colours of a system without hints against all the truth's."""
    found = [
        (score.sample, pair.samples[score.mode])
        for pair in scored
        for score in pair.scores
        if score.method == name and score.sample is not None
    ]
    if not found:
        return None
    return sliced_wasserstein(np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found]))
