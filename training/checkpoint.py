"""A run's state on disk, so that it goes on where it stopped: one safetensors file, nothing unpickled.

The plain facts (step, minutes, …) are in its metadata, so tensors and facts never come from two different moments.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.optim import Optimizer

from linewash.errors import BadInput

from . import writing

STATE, FACTS = "state.safetensors", "linewash.run"


def save(folder: Path, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer], facts: dict[str, Any]) -> None:
    """Write the modules' and optimisers' tensors and the plain ``facts`` of a run.

    Raises `BadInput` (output_unwritable) where they can't be; the state that was there stays.
    """
    held = {f"{name}/{key}": t for name, module in modules.items() for key, t in module.state_dict().items()}
    for name, optimizer in optimizers.items():
        for index, slots in optimizer.state_dict()["state"].items():
            held |= {f"{name}/{index}/{slot}": t for slot, t in slots.items() if isinstance(t, Tensor)}
    plain = {k: t.detach().cpu().contiguous() for k, t in held.items()}
    writing.tensors(folder / STATE, plain, {FACTS: json.dumps(facts)})


def facts(folder: Path) -> dict[str, Any] | None:
    """The plain facts of the state in ``folder``, or None where there is none. Raises `BadInput` for a damaged one."""
    if not (folder / STATE).exists():
        return None
    try:
        with safe_open(folder / STATE, framework="pt") as file:
            told: dict[str, Any] = json.loads((file.metadata() or {})[FACTS])
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise _damaged(folder) from error
    return told


def tensors(folder: Path) -> dict[str, Tensor]:
    """The tensors of the state in ``folder``: MODULE/PARAMETER and OPTIMISER/PARAMETER'S NUMBER/SLOT."""
    try:
        return load_file(folder / STATE)
    except (SafetensorError, OSError) as error:
        raise _damaged(folder) from error


def load(folder: Path, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> None:
    """Put the state in ``folder`` back into ``modules`` and ``optimizers``. Raises `BadInput` where it doesn't fit."""
    held = tensors(folder)
    try:
        for name, module in modules.items():
            module.load_state_dict(_under(held, name))
    except RuntimeError as error:
        raise _damaged(folder) from error
    for name, optimizer in optimizers.items():
        slots: dict[int, dict[str, Tensor]] = {}
        for key, tensor in _under(held, name).items():
            index, slot = key.split("/")
            slots.setdefault(int(index), {})[slot] = tensor
        optimizer.load_state_dict({**optimizer.state_dict(), "state": slots})


def _under(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key.removeprefix(f"{name}/"): t for key, t in tensors.items() if key.startswith(f"{name}/")}


def _damaged(folder: Path) -> BadInput:
    return BadInput(
        f"The run in {folder} can't go on: its state is damaged, or of another recipe.",
        "Name another folder with --out, or remove this one.",
    )
