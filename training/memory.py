"""When memory is short: how it shows, and the one sentence for whoever trains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import torch

from linewash.errors import LinewashError, OutOfMemory
from linewash_daemon.device import Device

from . import checkpoint
from .recipe import PaintingRecipe, PairsRecipe, Recipe, RegionsRecipe

#: what PyTorch, its allocators and libraries, OpenCV and the operating system call it, in small letters
_SIGNS = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "cannot allocate memory",
    "unable to allocate",
    "insufficient memory",
    "alloc_failed",
    "bad_alloc",
    "caught memoryerror",
)
_OF_CARDS = ("cuda", "cudnn", "cublas", "hip", "mps")
#: of processes that make samples: the system ends them when memory is short
_OF_LOADERS = ("killed by signal: killed", "killed by signal: bus error", "insufficient shared memory")
_MULTIPLE = 32  # px: of which the sides that networks take are multiples, with few exceptions


@contextmanager
def told(recipe: Recipe, device: Device, model: Path) -> Iterator[None]:
    """Turn whatever the block raises for want of memory into `OutOfMemory`, which says what would take less.

    ``model``: the run's model file, in its folder; what is kept there stays as it is.
    """
    try:
        yield
    except (MemoryError, RuntimeError, OSError, cv2.error) as error:
        if cause := lacking(error):
            raise OutOfMemory(_sentence(cause, recipe, device), _remedy(cause, recipe, model)) from error
        raise


def lacking(error: BaseException) -> BaseException | None:
    """Whichever of ``error`` and what led to it came of a lack of memory; None if none did."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, LinewashError):
        text = str(cause).lower()
        if isinstance(cause, MemoryError | torch.OutOfMemoryError) or any(s in text for s in (*_SIGNS, *_OF_LOADERS)):
            return cause
        cause = cause.__cause__ or cause.__context__
    return None


def _sentence(cause: BaseException, recipe: Recipe, device: Device) -> str:
    step = f"training with {_batch(recipe)} a step"
    if _in_loader(cause):
        return f"In {step}, the system ended a process that makes samples, as it does when memory is full."
    card = device.device.type != "cpu" and any(name in str(cause).lower() for name in _OF_CARDS)
    return f"The memory of {device.name if card else 'this machine'} did not suffice for {step}."


def _batch(recipe: Recipe) -> str:
    batch = recipe.data.batch
    if isinstance(recipe, PairsRecipe):
        return f"{batch} pairs of areas"
    unit = "regions" if isinstance(recipe, RegionsRecipe) else "px"
    return f"{batch} {'picture' if batch == 1 else 'pictures'} of {_side(recipe)[1]} {unit}"


def _in_loader(cause: BaseException) -> bool:
    return any(sign in str(cause).lower() for sign in _OF_LOADERS)


def _remedy(cause: BaseException, recipe: Recipe, model: Path) -> str:
    facts = checkpoint.facts(model.parent)
    again = "close other programs and give the same command again"
    again += " (perhaps with fewer --workers)" if _in_loader(cause) else ""
    change = f"train with less: {less(recipe)} in a copy of the recipe"
    if not facts:
        return f"{again[0].upper()}{again[1:]}, or {change}."
    return (
        f"The state of step {facts['step']} is kept: {again} to go on from there. Or {change}, in another folder, with "
        f"--from {model}."
    )


def less(recipe: Recipe) -> str:
    """Named numbers of the recipe that would take about half of the memory. Painters may take no smaller pictures, so
    theirs are named only where there is one a step."""
    batch, (name, side) = recipe.data.batch, _side(recipe)
    fewer = f"batch = {batch // 2} instead of {batch}" if batch > 1 else ""
    half = side // 2 // _MULTIPLE * _MULTIPLE
    smaller = f"{name} = {half} instead of {side}" if half and (batch == 1 or name != "size") else ""
    return ", or ".join(words for words in (fewer, smaller) if words) or "smaller [settings]"


def _side(recipe: Recipe) -> tuple[str, int]:
    """What the recipe calls the size of its samples, or of all it holds, and what it is: px, regions, or drawings."""
    if isinstance(recipe, PairsRecipe):
        return "drawings", recipe.data.drawings
    if isinstance(recipe, RegionsRecipe):
        return "most", recipe.data.most
    return ("size", recipe.data.size) if isinstance(recipe, PaintingRecipe) else ("crop", recipe.data.crop)
