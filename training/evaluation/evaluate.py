"""Runs an evaluation: one model and the rivals over the held-out pairs of a pack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from linewash.errors import BadInput
from linewash_daemon.models import read_metadata

from ..pack import Pack, PairInfo
from . import hint_auc, programs
from .report import Report
from .scoring import CEILING, METHODS, OURS, Setting, System
from .sweep import LEVIN_LIMIT, held_out, reported, spread, sweep

KS = (0, 4, 16, 64)


def evaluate(
    pack: Pack,
    out: Path,
    *,
    model: Path | None = None,
    beside: Sequence[str] = (),
    split: str = "held",
    ks: Sequence[int] = KS,
    methods: Sequence[str] = METHODS,
    limit: int = 0,
    levin_limit: int = LEVIN_LIMIT,
    jobs: int = 2,
    with_hint_auc: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Score ``methods``, ``model`` and the programs ``beside`` them (`programs.named`), on the pairs of one side of the
    split.

    Writes results.json and TABLE.md into the folder ``out``, and keeps the rivals' scores in out/.cache.
    ``limit`` pairs, spread evenly, 0: all; ``levin`` gets ``levin_limit`` of them, for it is slow. ``with_hint_auc``:
    judge them by that too, on the same pairs. ``progress`` hears of finished and all pairs; each counts twice then.
    Raises `BadInput` as `contenders` does, and for an empty split and Hint-AUC without its package.
    """
    systems = contenders(methods, model, beside)
    chosen = held_out(pack, split, limit)
    rounds = 1
    if with_hint_auc:
        hint_auc.package()  # whether it is there is told before anything is measured
        rounds = 2
    setting = Setting(pack.path.absolute(), out.absolute() / ".cache", systems, tuple(sorted(set(ks))))
    scored = sweep(setting, chosen, levin_limit, jobs, lambda done, total: progress(done, rounds * total))
    report = reported(pack, scored, _ranked([system.name for system in systems]))
    report.notes.update(_notes(pack, chosen, model, len(spread(chosen, levin_limit)) if "levin" in methods else None))
    if with_hint_auc:
        judged = hint_auc.contestants(systems, model)
        found = hint_auc.measure(pack, judged, chosen, jobs, lambda done, total: progress(total + done, 2 * total))
        report = replace(report, hint_auc=found, failures=(*report.failures, *found.failures))
    report.save(out)
    return report


def contenders(methods: Sequence[str], model: Path | None, beside: Sequence[str] = ()) -> tuple[System, ...]:
    """The rivals called ``methods``, the programs ``beside`` them, and ``model``; only rivals' scores are kept. Raises
    `BadInput` for unknown methods, commands that can't be used, names that are taken, and a model that does not colour
    line art, `ModelError` for a file that is none."""
    if unknown := [name for name in methods if name not in METHODS]:
        raise BadInput(f"There is no method called {unknown[0]}.", f"Choose among: {', '.join(METHODS)}.", "bad_option")
    rivals = tuple(System(name, key=name) for name in methods)
    for name, command in map(programs.named, beside):
        if name in (OURS, *(system.name for system in rivals)):
            raise BadInput(f"The name {name} is taken.", "Give another: --beside NAME=COMMAND.", "bad_option")
        rivals = (*rivals, System(name, command=command))
    if model is None:
        return rivals
    if "lines" not in read_metadata(model)["modes"]:
        raise BadInput(
            f"The style file {model.name} does not colour line art.", "Use: linewash-train compare.", "bad_option"
        )
    return (*rivals, System(OURS, model=model.absolute()))


def _ranked(names: list[str]) -> list[str]:
    """The ceiling comes last."""
    return sorted(names, key=lambda name: name == CEILING)


def pictures(pack: Pack, chosen: list[int]) -> str:
    """How many pairs of which kinds are judged."""
    infos: list[PairInfo] = [pack.infos[i] for i in chosen]
    kinds = {kind: sum(info.kind == kind for info in infos) for kind in sorted({info.kind for info in infos})}
    return f"{len(chosen)} held out: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items())


def _notes(pack: Pack, chosen: list[int], model: Path | None, levin: int | None) -> dict[str, str]:
    notes = {
        "pictures": pictures(pack, chosen),
        "figures": "means over pictures, s the median; ΔE is CIEDE2000 off the lines; definitions in metrics.py",
    }
    if levin is not None and levin < len(chosen):
        notes["levin"] = f"on {levin} of the pictures only, spread evenly"
    if model is not None:
        notes["model"] = model.name
    return notes
