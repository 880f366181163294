"""A run's folder, read for people: what the state, the model file, the log and the sheets in it say."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from linewash.errors import BadInput, ModelError
from linewash_daemon.models import SUFFIX, read_metadata

from . import checkpoint
from .curves import read_log

_PNG_SIZE = slice(16, 24)  # bytes of a PNG that hold its width and height


class Sheet(NamedTuple):
    """Samples as they were at a step; ``width`` and ``height`` in px, 0 where the file doesn't tell."""

    step: int
    path: Path
    width: int
    height: int


@dataclass(frozen=True)
class Run:
    """Empty is what a run has not: ``session`` in a run from before `session.told`, ``model`` before the first model.

    ``facts``: of the state; ``model``: the model file's metadata; ``sheets``: the newest first.
    """

    folder: Path
    facts: dict[str, Any]
    model_path: Path | None
    model: dict[str, Any]
    log: list[dict[str, Any]]
    sheets: list[Sheet]
    written: datetime = field(default_factory=datetime.now)

    @classmethod
    def read(cls, folder: Path, facts: dict[str, Any] | None = None) -> Run:
        """``facts`` instead of the state's, where they are newer. Raises `BadInput` (no_such_file) where no run is, and
        for a state that is damaged."""
        told = facts or checkpoint.facts(folder) or {}
        path, model = _model(folder, told)
        log = _log(folder)
        there = [p for p in (path, folder / checkpoint.STATE, folder) if p and p.exists()]
        if not there or not (told or log or path):
            raise BadInput(f"There is no run in {folder}.", "Give a folder that train wrote.", "no_such_file")
        newest = max(p.stat().st_mtime for p in there)
        return cls(folder, told, path, model, log, _sheets(folder), datetime.fromtimestamp(newest).astimezone())

    @property
    def session(self) -> dict[str, Any]:
        """As `session.told` has it."""
        told = self.facts.get("session")
        return told if isinstance(told, dict) else {}

    @property
    def step(self) -> int:
        return int(self.facts.get("step") or (self.log[-1]["step"] + 1 if self.log else 0))

    @property
    def minutes(self) -> float:
        return float(self.facts.get("minutes") or (self.log[-1].get("minutes", 0) if self.log else 0))

    def epochs(self, step: int) -> float | None:
        """How many epochs there were before ``step``; None where the run doesn't say how large one is."""
        samples, batch = self.session.get("samples"), self.session.get("batch")
        return step * batch / samples if samples and batch else None

    def mean(self, key: str) -> float | None:
        """The mean over the time of the log; None where it doesn't have ``key``. A line counts by how long it took."""
        lines = [line for line in self.log if line.get("samples_per_second") and line.get(key) is not None]
        times = [1 / line["samples_per_second"] for line in lines]
        if not lines:
            return None
        return float(sum(line[key] * time for line, time in zip(lines, times, strict=True)) / sum(times))


def _model(folder: Path, facts: dict[str, Any]) -> tuple[Path | None, dict[str, Any]]:
    name = (facts.get("run") or {}).get("recipe", "")
    wanted = [folder / f"{name}{SUFFIX}"] if name else []
    others = [path for path in sorted(folder.glob(f"*{SUFFIX}")) if path.name != checkpoint.STATE]
    for path in [*wanted, *others]:
        with contextlib.suppress(ModelError):
            return path, read_metadata(path)
    return None, {}


def _log(folder: Path) -> list[dict[str, Any]]:
    try:
        return read_log(folder)
    except BadInput:
        return []


def _sheets(folder: Path) -> list[Sheet]:
    numbered = [path for path in (folder / "sheets").glob("*.png") if path.stem.isdecimal()]
    sheets = [Sheet(int(path.stem), path, *_size(path)) for path in numbered]
    return sorted(sheets, key=lambda sheet: sheet.step, reverse=True)


def _size(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        numbers = file.read(_PNG_SIZE.stop)[_PNG_SIZE]
    return int.from_bytes(numbers[:4], "big"), int.from_bytes(numbers[4:], "big")
