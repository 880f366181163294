"""Runs a comparison: every model file beside the default style and what can be had without learning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from linewash.contract import Mode

from ..pack import Pack
from . import systems
from .comparison import Comparison
from .evaluate import KS, pictures
from .scoring import Setting
from .sweep import LEVIN_LIMIT, Progress, held_out, reported, spread, sweep

_MODES: tuple[Mode, ...] = ("lines", "grey")


def compare(
    pack: Pack,
    out: Path,
    models: Sequence[Path],
    *,
    ks: Sequence[int] = KS,
    law: bool = False,
    limit: int = 0,
    levin_limit: int = LEVIN_LIMIT,
    jobs: int = 2,
    progress: Progress = lambda done, total: None,
) -> Comparison:
    """Score ``models`` and their rivals on the held-out pairs; nothing is trained.

    Writes table.json and TABLE.md into the folder ``out``, and keeps the scores in out/.cache by the model files'
    hashes, so that a second run scores what is new. Systems are judged as `systems.of_models` says; ``law``: also with
    regions and strokes as law. ``limit``, ``levin_limit``, ``progress``: as for `evaluate`. Raises `BadInput` and
    `ModelError`.
    """
    setting = prepared(pack, out, models, ks, law)
    chosen = held_out(pack, "held", limit)
    scored = sweep(setting, chosen, levin_limit, jobs, progress)
    names = {mode: [system.name for system in setting.systems if system.mode == mode] for mode in _MODES}
    reports = {mode: reported(pack, scored, names[mode]) for mode in _MODES if names[mode]}
    found = Comparison(setting.systems, reports, _notes(pack, chosen, levin_limit))
    found.save(out)
    return found


def prepared(pack: Pack, out: Path, models: Sequence[Path], ks: Sequence[int], law: bool) -> Setting:
    """The rivals first; those on greyscale pictures only where a model colours such."""
    judged = systems.of_models(models, law)
    on_grey = systems.FOR_GREY if any(system.mode == "grey" for system in judged) else ()
    everybody = (*systems.FOR_LINES, *on_grey, *judged)
    return Setting(pack.path.absolute(), out.absolute() / ".cache", everybody, tuple(sorted(set(ks))))


def _notes(pack: Pack, chosen: list[int], levin_limit: int) -> dict[str, str]:
    notes = {
        "pictures": pictures(pack, chosen),
        "figures": "means over pictures, ms the median of a first colouring; definitions in docs/evaluation.md",
    }
    few = len(spread(chosen, levin_limit))
    if few < len(chosen):
        notes["Levin 2004"] = f"on {few} of the pictures only, spread evenly"
    return notes
