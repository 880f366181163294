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


def write(run: Run, pack: Pack, out: Path, facts: dict[str, Any]) -> Path:
    """Write the averaged weights of ``run`` to ``out``/NAME.safetensors, atomically. ``facts``: those of its state."""
    recipe, origin = run.recipe, facts.get("origin")
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
        "sources": credits(pack, origin),
        "budget": budget(facts, origin),
        "scores": {},
    }
    if origin:
        metadata["started_from"] = {key: value for key, value in origin.items() if key != "sources"}
    final = path(out, recipe)
    out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, final.with_suffix(".new"), {"linewash": json.dumps(metadata)})
    os.replace(final.with_suffix(".new"), final)
    return final


def budget(facts: dict[str, Any], origin: dict[str, Any] | None) -> dict[str, Any]:
    """Minutes and steps of the run, those that went into its origin counted in as far as that file tells them."""
    earlier = origin or {}
    return {
        "minutes": round(facts["minutes"] + (earlier.get("minutes") or 0), 1),
        "steps": facts["step"] + (earlier.get("steps") or 0),
    }


def credits(pack: Pack, origin: dict[str, Any] | None) -> list[dict[str, str]]:
    """Title, authors and licence of every source that the pack's training part draws on, and of the origin's."""
    used = {pack.infos[i].source for i in pack.indices("train")}
    named = [
        {"id": s.id, "title": s.title, "authors": s.authors, "licence": s.licence}
        for s in read_sources().values()
        if s.id in used
    ]
    return named + [source for source in (origin or {}).get("sources", []) if source not in named]
