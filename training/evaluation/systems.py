"""Who is judged: rivals that learn nothing, and model files, each by the layer that is its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from linewash.contract import Mode, Role
from linewash.errors import BadInput
from linewash_daemon.models import DEFAULT, SHIPPED, SUFFIX, ModelFile, opened, read_metadata

from ..checkpoint import STATE
from .scoring import System

#: what a comparison has beside the models; levin is slow
FOR_LINES = (
    System("white paper", key="white"),
    System("flood fill", key="flood"),
    System("Levin 2004", key="levin"),
)
FOR_GREY = (
    System("grey as it is", mode="grey", key="grey"),
    System("Levin 2004, on grey", mode="grey", key="levin_grey"),
)
_IN_FOLDERS = (f"*{SUFFIX}", f"*/*{SUFFIX}")  # models side by side, or the folders of runs


def files(models: Sequence[Path], folder: Path | None) -> list[Path]:
    """The default style's file, ``models``, and every model file in ``folder`` and the folders in it, which may be
    runs; each once. Raises `BadInput` (no_such_file) where one is missing."""
    wanted = [SHIPPED / f"{DEFAULT}{SUFFIX}", *models, *(_inside(folder) if folder else [])]
    for path in wanted:
        if not path.is_file():
            raise BadInput(f"There is no model file at {path}.", "Give files that end in .safetensors.", "no_such_file")
    return list({_hash(path): path for path in reversed(wanted)}.values())[::-1]


def _inside(folder: Path) -> list[Path]:
    found = sorted(path for pattern in _IN_FOLDERS for path in folder.glob(pattern) if path.name != STATE)
    if found:
        return found
    raise BadInput(f"There are no model files in {folder}.", "Give a folder of runs or of models.", "no_such_file")


def of_models(paths: Iterable[Path], law: bool) -> list[System]:
    """The systems that model files are judged as.

    A propagator is judged by what it is for, flats under strokes that are law: the layer composite. A painter of line
    art by what its network painted, the layer painting, and with ``law`` once more by the composite. A painter of
    greyscale pictures by the coloured picture. Those that predict L may use it. Raises `ModelError` for files that
    can't be used, and `BadInput` for two of one name.
    """
    systems = [system for path in paths for system in _of(path, law)]
    names = [system.name for system in (*FOR_LINES, *FOR_GREY, *systems)]
    for system in systems:
        if names.count(system.name) > 1:
            raise BadInput(
                f"Two systems of the comparison are called {system.name}.", "Leave one of them away.", "bad_option"
            )
    return systems


def _of(path: Path, law: bool) -> list[System]:
    file = ModelFile(path, read_metadata(path), _hash(path))
    opened(file)  # whether it can be used is told before anything is measured
    name, modes, paints, millions = file.info.name, file.metadata["modes"], file.metadata["paints"], _millions(file)
    lightness = 1.0 if paints.get("space") == "lab" else 0.0

    def judged(suffix: str, mode: Mode, role: Role) -> System:
        key = f"{file.hash[:16]}-{mode}-{role}"
        return System(name + suffix, mode, key, path.absolute(), role, lightness, millions)

    systems = []
    if "lines" in modes:
        systems.append(judged("", "lines", "painting" if paints else "composite"))
        if paints and law:
            systems.append(judged(" + law", "lines", "composite"))
    if "grey" in modes:
        systems.append(judged(", on grey" if "lines" in modes else "", "grey", "composite"))
    return systems


def _millions(file: ModelFile) -> float:
    """Parameters of its network."""
    from linewash_daemon.networks import build

    network = build(file.metadata["network"], file.metadata["settings"])
    return sum(parameter.numel() for parameter in network.parameters()) / 1e6


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
