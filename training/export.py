"""A run's average as a model file: float16 tensors, and metadata that names everything it was made from."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from linewash_daemon.models import FORMAT

from .pack import Pack
from .recipe import Recipe
from .run import Run
from .sources import read_sources


def path(out: Path, recipe: Recipe) -> Path:
    return out / f"{recipe.name}.safetensors"


def write(run: Run, pack: Pack, out: Path, budget: dict[str, Any]) -> Path:
    """Write the averaged weights of ``run`` to ``out``/NAME.safetensors, atomically."""
    recipe = run.recipe
    tensors = {k: t.detach().to("cpu", torch.float16).contiguous() for k, t in run.average.state_dict().items()}
    metadata = {
        "format": FORMAT,
        "name": recipe.name,
        "recipe": recipe.name,
        "network": recipe.network,
        "settings": recipe.settings,
        "colour_space": "lab",
        "long_side": recipe.long_side,
        "provides": ["flats", "color", "composite", "per_color", "per_region"],
        "licence": recipe.licence,
        "sources": credits(pack),
        "budget": budget,
        "scores": {},
    }
    final = path(out, recipe)
    out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, final.with_suffix(".new"), {"linewash": json.dumps(metadata)})
    os.replace(final.with_suffix(".new"), final)
    return final


def credits(pack: Pack) -> list[dict[str, str]]:
    """Title, authors and licence of every source that the pack's training part draws on."""
    used = {pack.infos[i].source for i in pack.indices("train")}
    return [
        {"id": s.id, "title": s.title, "authors": s.authors, "licence": s.licence}
        for s in read_sources().values()
        if s.id in used
    ]
