"""The training stage: `linewash-train train RECIPE --pack PACK --out RUN --minutes N`.

A run is a folder: ``state.safetensors`` (to go on from), ``log.jsonl`` (a line every few steps: step, minutes, rate,
losses, share of the time spent waiting for data), ``sheets/`` (sample pictures as it learns), ``NAME.safetensors``,
the model as the daemon loads it, and ``index.html``, a page of all that; the last two are written anew with every sheet
and state. ``--from MODEL`` starts a new run from a model file.
With several cards: ``torchrun --nproc-per-node N -m linewash_training train …``.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import torch
import torch.distributed as distributed
from rich.console import Console

from linewash.errors import BadInput, OutOfMemory
from linewash_daemon.device import Device, choose

from . import checkpoint, export, memory, page, session, start
from .batches import stream
from .budget import Budget
from .depiction import DepictionLearner
from .epochs import Epochs, Keeping
from .learner import Learner
from .light import LightLearner
from .lines import Lines
from .log import Log
from .pack import Pack
from .painting import Painting
from .pair_reader import PairsLearner
from .propagation import Propagation
from .recipe import (
    DepictionRecipe,
    LightRecipe,
    LinesRecipe,
    PairsRecipe,
    PropagationRecipe,
    Recipe,
    RegionsRecipe,
)
from .regions import RegionsLearner


@dataclass(frozen=True)
class Wish:
    """What was asked for. ``model``: the file that a new run starts from; ``vgg``: published weights of VGG-16.
    ``given``: what the recipe was asked for by, its name or a file; ``variant``: of it; both for people alone."""

    recipe: Recipe
    pack: Path
    out: Path
    budget: Budget
    workers: int = 1
    seed: int = 0
    model: Path | None = None
    vgg: Path | None = None
    given: str = ""
    variant: str = ""


@dataclass(frozen=True)
class Place:
    """This process among those that train together."""

    rank: int
    ranks: int
    device: Device


def train(wish: Wish) -> Path:
    """Train until the run in ``wish.out`` has had its budget in all; returns the model file.

    A run that was stopped goes on from its last state: with a budget in steps to the very numbers it would have come
    to without the stop. A new one starts from the weights of ``wish.model`` if there is one, with the recipe's schedule
    for that. Raises `BadInput` for a pack that can't be used, for a ``model`` of another network than the recipe's, for
    one that is given to a run that has a state already, and when something can't be written (the last state stays);
    `ModelError` for a ``model`` that can't be read; `OutOfMemory`, which says what would take less (the last state
    stays then, too).
    """
    place = _join()
    console = Console(quiet=place.rank > 0)
    console.print(f"Training {wish.recipe.name} on {place.device.name}: {place.device.reason}.")
    torch.manual_seed(wish.seed)
    pack = Pack.open(wish.pack)
    memory_told = partial(memory.told, wish.recipe, place.device, export.path(wish.out, wish.recipe))
    with memory_told():
        learner, facts = _opened(wish, pack, place)
    facts |= {"session": session.told(wish, learner, place)}
    try:
        with memory_told():
            _run(learner, wish, facts, place, console if place.rank == 0 else None)
    except OutOfMemory as error:
        if place.rank == 0:
            page.close(wish.out, facts["session"], error.sentence)
        raise
    if place.ranks > 1:
        distributed.destroy_process_group()
    return export.path(wish.out, wish.recipe)


def _run(learner: Learner[Any], wish: Wish, facts: dict[str, Any], place: Place, console: Console | None) -> None:
    """All of a session but its beginning: learns and keeps, the last state too."""
    facts, ended = _learned(learner, wish, facts, place, console)
    if place.rank == 0:
        facts["session"]["ended"] = ended
        _keep(learner, wish.out, facts)


def _learned(
    learner: Learner[Any], wish: Wish, facts: dict[str, Any], place: Place, console: Console | None
) -> tuple[dict[str, Any], str]:
    """The loop; gives the facts of the state that it ends with, and why it ended."""
    step, budget = int(facts["step"]), replace(wish.budget, before=float(facts["minutes"]), started=time.monotonic())
    batches = stream(learner.batches(wish.seed + 1000 * place.rank), step, wish.workers)
    epochs = Epochs(learner.samples, learner.recipe.data.batch * place.ranks)
    log = Log(wish.out, budget, epochs, console)
    keeping = Keeping(epochs, time.monotonic())
    with _Stop() as stop:
        while (spent := _agreed(1.0 if stop.asked else budget.share(step), place)) < 1:
            asked = time.monotonic()
            batch = next(batches)
            waited = time.monotonic() - asked
            torch.manual_seed(hash((wish.seed, place.rank, step)))  # what a resumed run would draw, too
            log.add(step, waited, learner.step(batch, spent, step))
            step += 1
            if console:
                _keep_what_is_due(learner, wish.out, facts | {"step": step, "minutes": budget.spent}, keeping, log)
    log.check(step, learner.checked())
    ended = "finished" if budget.share(step) >= 1 else "stopped"
    return facts | {"step": step, "minutes": budget.spent}, ended


def _keep_what_is_due(learner: Learner[Any], out: Path, facts: dict[str, Any], keeping: Keeping, log: Log) -> None:
    began, step = time.monotonic(), int(facts["step"])
    state = keeping.state_due(began)
    if not state and step not in learner.sheets and not keeping.sheet_due(step - 1, began):
        return
    log.check(step, learner.checked())
    (_keep if state else _show)(learner, out, facts)
    keeping.kept(began, time.monotonic(), state)


class _Stop:
    """Ctrl+C ends the run after the step, so that its state is kept; a second one ends it at once."""

    def __init__(self) -> None:
        self.asked = False
        self._main = threading.current_thread() is threading.main_thread()  # only there may handlers be set

    def __enter__(self) -> _Stop:
        if self._main:
            self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *error: object) -> None:
        if self._main:
            signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _join() -> Place:
    """This process's place; joins torchrun's group where it was started by one."""
    ranks, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("LOCAL_RANK", "0"))
    if ranks > 1:
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return Place(rank, ranks, choose(f"cuda:{rank}" if ranks > 1 and torch.cuda.is_available() else ""))


def _agreed(share: float, place: Place) -> float:
    """The first process's ``share`` in all of them, so that they change phase and stop at the same step."""
    if place.ranks == 1:
        return share
    told = torch.tensor(share, dtype=torch.float64, device=place.device.device)
    distributed.broadcast(told, 0)
    return float(told)


def _opened(wish: Wish, pack: Pack, place: Place) -> tuple[Learner[Any], dict[str, Any]]:
    """The run as it was left, or a new one, with the facts of its state."""
    recipe, facts = wish.recipe, checkpoint.facts(wish.out)
    if facts and wish.model:
        raise BadInput(
            f"There is a run in {wish.out} already, so it goes on from its own state and not from {wish.model.name}.",
            "Leave --from away to go on, or name another folder with --out.",
            "output_exists",
        )
    identity = _identity(wish)
    if facts and facts.get("run") != identity:
        raise BadInput(
            f"The run in {wish.out} is one of another recipe, variant, pack or seed.",
            "Name another folder with --out, or give the command as it was.",
            "output_exists",
        )
    begun = start.read(wish.model, recipe) if wish.model else None
    beginning = {"origin": begun.origin if begun else None, "kept": begun.kept if begun else start.NOTHING}
    told = facts or {"step": 0, "minutes": 0.0, **beginning, "run": identity}
    recipe = msgspec.structs.replace(recipe, settings=recipe.settings | told.get("kept", start.NOTHING)["settings"])
    if told.get("origin") and isinstance(recipe, PropagationRecipe):
        recipe = msgspec.structs.replace(recipe, schedule=recipe.further)
    learner = _learner(recipe, pack, place, wish)
    if begun:
        learner.start_from(begun.weights)
    if facts:
        checkpoint.load(wish.out, learner.modules, learner.optimizers)
    learner.count(fresh=not (begun or facts))
    if place.rank == 0:
        learner.ready(lambda: export.write(learner, wish.out, told))
    if place.ranks > 1:
        distributed.barrier()
    return learner, told


def _identity(wish: Wish) -> dict[str, Any]:
    """What must not change from one session of a run to the next."""
    text = json.dumps(msgspec.to_builtins(wish.recipe), sort_keys=True)
    return {
        "recipe": wish.recipe.name,
        "recipe_hash": hashlib.sha256(text.encode()).hexdigest(),
        "pack_size": wish.pack.stat().st_size,
        "seed": wish.seed,
        "vgg": wish.vgg.name if wish.vgg else "",
    }


def _learner(recipe: Recipe, pack: Pack, place: Place, wish: Wish) -> Learner[Any]:
    if isinstance(recipe, PropagationRecipe):
        return Propagation(recipe, place.device, pack, distributed=place.ranks > 1)
    if isinstance(recipe, LinesRecipe):
        return Lines(recipe, place.device, pack, distributed=place.ranks > 1)
    if isinstance(recipe, RegionsRecipe):
        return RegionsLearner(recipe, place.device, pack, wish.out, distributed=place.ranks > 1)
    if isinstance(recipe, LightRecipe):
        return LightLearner(recipe, place.device, pack, distributed=place.ranks > 1)
    if isinstance(recipe, DepictionRecipe):
        return DepictionLearner(recipe, place.device, pack, distributed=place.ranks > 1)
    if isinstance(recipe, PairsRecipe):
        return PairsLearner(recipe, place.device, pack, wish.out, distributed=place.ranks > 1)
    return Painting(recipe, place.device, pack, distributed=place.ranks > 1, vgg=wish.vgg)


def _keep(learner: Learner[Any], out: Path, facts: dict[str, Any]) -> None:
    checkpoint.save(out, learner.modules, learner.optimizers, facts)
    _show(learner, out, facts)


def _show(learner: Learner[Any], out: Path, facts: dict[str, Any]) -> None:
    model = export.write(learner, out, facts)
    learner.sheet(model, out / "sheets" / f"{facts['step']:06d}.png")
    page.write(out, facts)
