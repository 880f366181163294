"""Files of a run, written whole or not at all: what was there stays until the new one is complete."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from linewash.errors import BadInput


def tensors(path: Path, what: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Write a safetensors file. Raises `BadInput` (output_unwritable)."""
    _whole(path, lambda unfinished: save_file(what, unfinished, metadata))


def picture(path: Path, rgb: NDArray[np.uint8]) -> None:
    """Write uint8 (H, W, 3) RGB as a PNG. Raises `BadInput` (output_unwritable)."""
    data = cv2.imencode(".png", np.ascontiguousarray(rgb[..., ::-1]))[1].tobytes()
    _whole(path, lambda unfinished: unfinished.write_bytes(data))


def text(path: Path, what: str) -> None:
    """Write ``what`` in UTF-8; what has no UTF-8, as a damaged file name, becomes “?”. Raises `BadInput`."""
    _whole(path, lambda unfinished: unfinished.write_bytes(what.encode("utf-8", "replace")))


def line(path: Path, text: str) -> None:
    """Append a line of text. Raises `BadInput` (output_unwritable)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(text + "\n")
    except OSError as error:
        raise _unwritable(path, error) from error


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    unfinished = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(unfinished)
        os.replace(unfinished, path)
    except (OSError, SafetensorError) as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: Exception) -> BadInput:
    return BadInput(
        f"{path} could not be written: {_reason(error)}.",
        "Make room or choose another folder, then give the same command again.",
        "output_unwritable",
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error)
    return "the disk is full" if "os error 28" in text or "No space" in text else text
