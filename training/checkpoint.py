"""A run's state on disk, so that it goes on where it stopped: safetensors and JSON, nothing unpickled."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

STATE, TENSORS = "state.json", "state.safetensors"


def save(folder: Path, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer], facts: dict[str, Any]) -> None:
    """Write the modules' and optimisers' tensors and the plain ``facts`` (step, minutes, …) of a run, atomically."""
    tensors = {f"{name}/{key}": t for name, module in modules.items() for key, t in module.state_dict().items()}
    for name, optimizer in optimizers.items():
        for index, slots in optimizer.state_dict()["state"].items():
            tensors |= {f"{name}/{index}/{slot}": t for slot, t in slots.items() if isinstance(t, Tensor)}
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: t.detach().cpu().contiguous() for k, t in tensors.items()}, folder / f"{TENSORS}.new")
    (folder / f"{STATE}.new").write_text(json.dumps(facts))
    os.replace(folder / f"{TENSORS}.new", folder / TENSORS)
    os.replace(folder / f"{STATE}.new", folder / STATE)


def facts(folder: Path) -> dict[str, Any] | None:
    """The plain facts of the state in ``folder``, or None where there is none."""
    path = folder / STATE
    told: dict[str, Any] | None = json.loads(path.read_text()) if path.exists() else None
    return told


def load(folder: Path, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> None:
    """Put the state in ``folder`` back into ``modules`` and ``optimizers``."""
    tensors = load_file(folder / TENSORS)
    for name, module in modules.items():
        module.load_state_dict(_under(tensors, name))
    for name, optimizer in optimizers.items():
        slots: dict[int, dict[str, Tensor]] = {}
        for key, tensor in _under(tensors, name).items():
            index, slot = key.split("/")
            slots.setdefault(int(index), {})[slot] = tensor
        optimizer.load_state_dict({**optimizer.state_dict(), "state": slots})


def _under(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key.removeprefix(f"{name}/"): t for key, t in tensors.items() if key.startswith(f"{name}/")}
