"""The training stage: `linewash-train train RECIPE --pack PACK --out RUN --minutes N`.

A run is a folder: ``state.*`` (to go on from), ``log.jsonl`` (a line every few steps: step, minutes, rate, losses,
share of the time spent waiting for data), ``sheets/`` (sample pictures as it learns) and ``NAME.safetensors``, the
model as the daemon loads it, written anew with every state. ``--from MODEL`` starts a new run from a model file.
With several cards: ``torchrun --nproc-per-node N -m linewash_training train …``.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import torch
import torch.distributed as distributed
from rich.console import Console
from torch.utils.data import DataLoader

from linewash.errors import BadInput
from linewash_daemon.device import Device, choose

from . import checkpoint, export, sheet, start
from .forward import Batch
from .pack import Pack
from .palette import color_bins, rarity, sampled_colors
from .recipe import Recipe
from .run import Run, phase
from .samples import Samples, collate

_LOG_EVERY = 20  # steps
_SAVE_EVERY = 300.0  # seconds


@dataclass
class Clock:
    """How much of the budget is spent, earlier sessions of the run counted in."""

    budget: float  # minutes of the whole run
    before: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def minutes(self) -> float:
        return self.before + (time.monotonic() - self.started) / 60

    @property
    def share(self) -> float:
        return min(1.0, self.minutes / self.budget)


def train(
    recipe: Recipe,
    pack_path: Path,
    out: Path,
    minutes: float,
    workers: int = 1,
    seed: int = 0,
    model: Path | None = None,
) -> Path:
    """Train ``recipe`` until its run in ``out`` has had ``minutes`` in all; returns the model file.

    A run that was stopped goes on from its last state. A new one starts from the weights of the model file ``model``
    if there is one, with the recipe's schedule for that. Raises `BadInput` for a pack that can't be used, for a
    ``model`` of another network than the recipe's, and for one that is given to a run that has a state already;
    `ModelError` for a ``model`` that can't be read.
    """
    rank, ranks = _join()
    device = choose(f"cuda:{rank}" if ranks > 1 and torch.cuda.is_available() else "")
    console = Console(quiet=rank > 0)
    console.print(f"Training {recipe.name} on {device.name}: {device.reason}.")
    torch.manual_seed(seed + rank)
    pack = Pack.open(pack_path)
    run, facts = _opened(recipe, pack, out, model, device, ranks)
    step = int(facts["step"])
    clock = Clock(minutes, float(facts["minutes"]))
    batches = _batches(recipe, pack, seed + 1000 * rank + step, workers)
    log = Log(out, clock, enabled=rank == 0)
    saved = time.monotonic()
    while (spent := _agreed(clock.share, ranks, run)) < 1:
        now = phase(run.recipe, spent, step)
        asked = time.monotonic()
        batch = next(batches)
        waited = time.monotonic() - asked
        log.add(step, now.rate, waited, run.step(batch, now), recipe.data.batch * ranks, console)
        step += 1
        if rank == 0 and time.monotonic() - saved > _SAVE_EVERY:
            _keep(run, pack, out, facts | {"step": step, "minutes": clock.minutes})
            saved = time.monotonic()
    if rank == 0:
        _keep(run, pack, out, facts | {"step": step, "minutes": clock.minutes})
    if ranks > 1:
        distributed.destroy_process_group()
    return export.path(out, recipe)


def _join() -> tuple[int, int]:
    """This process's rank and how many there are; joins torchrun's group where it was started by one."""
    ranks = int(os.environ.get("WORLD_SIZE", "1"))
    if ranks > 1:
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return int(os.environ.get("LOCAL_RANK", "0")), ranks


def _agreed(share: float, ranks: int, run: Run) -> float:
    """The first process's ``share`` in all of them, so that they change phase and stop at the same step."""
    if ranks == 1:
        return share
    told = torch.tensor(share, dtype=torch.float64, device=run.device.device)
    distributed.broadcast(told, 0)
    return float(told)


def _opened(
    recipe: Recipe, pack: Pack, out: Path, model: Path | None, device: Device, ranks: int
) -> tuple[Run, dict[str, Any]]:
    """The run in ``out`` as it was left, or a new one, with the facts of its state."""
    facts = checkpoint.facts(out)
    if facts and model:
        raise BadInput(
            f"There is a run in {out} already, so it goes on from its own state and not from {model.name}.",
            "Leave --from away to go on, or name another folder with --out.",
            "output_exists",
        )
    begun = start.read(model, recipe) if model else None
    told = facts or {"step": 0, "minutes": 0.0, "origin": begun.origin if begun else None}
    if told.get("origin"):
        recipe = msgspec.structs.replace(recipe, schedule=recipe.further)
    run = Run(recipe, device, distributed=ranks > 1)
    if begun:
        run.network.load_state_dict(begun.weights)
        run.average.load_state_dict(begun.weights)
    if facts:
        checkpoint.load(out, run.modules, run.optimizers)
    _count_colors(run, pack, fresh=not (begun or facts))
    return run, told


def _count_colors(run: Run, pack: Pack, fresh: bool) -> None:
    """How rare each colour bin is in the art; the bins too for a ``fresh`` network. What a network has learned holds
    for the bins that it has."""
    colors = sampled_colors(pack, pack.indices("train"))
    if fresh:
        run.network.palette.copy_(torch.from_numpy(color_bins(colors, len(run.network.palette))))
    run.network.rarity.copy_(torch.from_numpy(rarity(colors, run.network.palette.cpu().numpy())))


def _batches(recipe: Recipe, pack: Pack, seed: int, workers: int) -> Iterator[Batch]:
    samples = Samples(pack, recipe.data.crop, seed)
    loader: DataLoader[Any] = DataLoader(
        samples,
        recipe.data.batch,
        collate_fn=collate,
        num_workers=workers,
        multiprocessing_context="spawn" if workers else None,  # OpenCV's threads don't survive a fork
        prefetch_factor=4 if workers else None,
        pin_memory=torch.cuda.is_available(),
    )
    yield from loader


def _keep(run: Run, pack: Pack, out: Path, facts: dict[str, Any]) -> None:
    checkpoint.save(out, run.modules, run.optimizers, facts)
    model = export.write(run, pack, out, facts)
    sheet.samples(model, pack, out / "sheets" / f"{facts['step']:06d}.png")


class Log:
    """Means of every few steps, as lines of JSON and on the console."""

    def __init__(self, out: Path, clock: Clock, enabled: bool) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._path, self._clock, self._enabled = out / "log.jsonl", clock, enabled
        self._sums: dict[str, float] = {}
        self._count, self._since, self._waited = 0, time.monotonic(), 0.0

    def add(self, step: int, rate: float, waited: float, parts: dict[str, float], pictures: int, to: Console) -> None:
        for name, value in parts.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        self._count += 1
        self._waited += waited
        if self._count < _LOG_EVERY or not self._enabled:
            return
        took = time.monotonic() - self._since
        line = {
            "step": step,
            "minutes": round(self._clock.minutes, 2),
            "rate": round(rate, 7),
            "pictures_per_second": round(self._count * pictures / took, 2),
            "waiting": round(self._waited / took, 3),
            **{name: round(value / self._count, 5) for name, value in self._sums.items()},
        }
        with self._path.open("a") as file:
            file.write(json.dumps(line) + "\n")
        to.print(" ".join(f"{k}={v}" for k, v in line.items()), highlight=False)
        self._sums, self._count, self._since, self._waited = {}, 0, time.monotonic(), 0.0
