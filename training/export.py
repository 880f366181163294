"""A run's average as a model file: float16 tensors, and metadata that names everything it was made from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from linewash_daemon.models import FORMAT

from . import writing
from .learner import Learner
from .pack import Pack
from .recipe import Recipe
from .sources import read_sources


def path(out: Path, recipe: Recipe) -> Path:
    return out / f"{recipe.name}.safetensors"


def write(learner: Learner[Any], out: Path, facts: dict[str, Any]) -> Path:
    """Write the averaged weights of ``learner`` to ``out``/NAME.safetensors, whole or not at all.

    ``facts``: those of the run's state. Raises `BadInput` (output_unwritable).
    """
    recipe, origin = learner.recipe, facts.get("origin")
    tensors = {k: _compact(t) for k, t in learner.average.state_dict().items()}
    metadata = {
        "format": FORMAT,
        "name": recipe.name,
        "recipe": recipe.name,
        "network": recipe.network,
        "settings": recipe.settings,
        "colour_space": "lab",
        "long_side": recipe.long_side,
        "licence": recipe.licence,
        "sources": [*credits(learner.pack, origin), *learner.credits],
        "budget": budget(facts, origin),
        "scores": {},
        **learner.told(),
    }
    kept = [role for role in facts.get("kept", {}).get("provides", ()) if role not in metadata["provides"]]
    metadata["provides"] = [*metadata["provides"], *kept]
    if origin:
        metadata["started_from"] = {key: value for key, value in origin.items() if key != "sources"}
    final = path(out, recipe)
    writing.tensors(final, tensors, {"linewash": json.dumps(metadata)})
    return final


def _compact(tensor: torch.Tensor) -> torch.Tensor:
    """float16 on the CPU; whole numbers, such as batch normalisation's count, as they are."""
    plain = tensor.detach().cpu().contiguous()
    return plain.half() if plain.is_floating_point() else plain


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
    named += [asdict(credit) for credit in pack.sources if credit.id in used]
    return named + [source for source in (origin or {}).get("sources", []) if source not in named]
