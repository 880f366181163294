"""Files of a run, written whole or not at all: what was there stays until the new one is complete."""

from __future__ import annotations

import os
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from linewash.errors import BadInput


def tensors(path: Path, what: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Write a safetensors file. Raises `BadInput` (not_written), with nothing half-written left behind."""
    unfinished = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(what, unfinished, metadata)
        os.replace(unfinished, path)
    except (OSError, SafetensorError) as error:
        unfinished.unlink(missing_ok=True)
        raise BadInput(
            f"{path} could not be written: {_reason(error)}.",
            "Make room, then give the same command again: the run goes on from its last state.",
            "output_unwritable",
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error)
    return "the disk is full" if "os error 28" in text or "No space" in text else text
