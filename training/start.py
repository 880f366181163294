"""What a run starts from when it does not start from nothing: the weights of an exported model file."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from linewash.errors import BadInput
from linewash_daemon.models import ModelFile, read_metadata
from linewash_daemon.network_generator import load_network

from .recipe import LightRecipe, LinesRecipe, Recipe, RegionsRecipe


@dataclass(frozen=True)
class Start:
    """``weights``: the network's state, float32. ``origin``: plain facts for the run's state and its models' metadata:
    the file's ``name``, ``hash`` (SHA-256), ``licence``, ``sources``, and the ``minutes`` and ``steps`` that its
    training took in all, None where it does not say."""

    weights: dict[str, Tensor]
    origin: dict[str, Any]


def read(path: Path, recipe: Recipe) -> Start:
    """The start that the model file ``path`` gives a run of ``recipe``.

    Raises `ModelError` for a file that is missing, damaged or no model, `BadInput` when its network is not the
    recipe's.
    """
    metadata = read_metadata(path)
    if difference := _difference(metadata, recipe):
        raise BadInput(
            f"The style file {path.name} can't start a run of the recipe {recipe.name}: {difference}.",
            "Give the recipe the network and settings of the file, or train from nothing, without --from.",
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    weights = load_network(ModelFile(path, metadata, digest)).state_dict()
    spent = metadata.get("budget")
    origin = {
        "name": metadata["name"],
        "hash": digest,
        "licence": metadata["licence"],
        "minutes": _amount(spent, "minutes"),
        "steps": _amount(spent, "steps"),
        "sources": metadata["sources"],
    }
    return Start(weights, origin)


def _difference(metadata: dict[str, Any], recipe: Recipe) -> str:
    """What tells the file's network from the recipe's, in words; empty when they are the same.

    The first two stages of one style share their line encoder, so either may start from a file of the other; the third
    starts from the second's, which has no light head, and the second from the third's, whose light head it drops, or
    from one that knows nothing of what drawings depict.
    """
    if (type(recipe), metadata["network"]) in ((RegionsRecipe, "line-reader"), (LinesRecipe, "washer")):
        return _other(metadata["settings"], recipe.settings, ("encoder", "blocks", "bins"))
    if metadata["network"] != recipe.network:
        return f"its network is {metadata['network']}, the recipe's is {recipe.network}"
    theirs, ours = metadata["settings"], recipe.settings
    keys = theirs.keys() | ours.keys()
    if isinstance(recipe, RegionsRecipe) or (isinstance(recipe, LightRecipe) and not theirs.get("light")):
        keys -= {"light"}
    if isinstance(recipe, RegionsRecipe) and not theirs.get("semantics"):
        keys -= {"semantics"}
    return _other(theirs, ours, sorted(keys))


def _other(theirs: dict[str, Any], ours: dict[str, Any], keys: Iterable[str]) -> str:
    for key in keys:
        if theirs.get(key) != ours.get(key):
            return f"its network has {key} = {theirs.get(key)}, the recipe's has {key} = {ours.get(key)}"
    return ""


def _amount(spent: Any, key: str) -> float | None:
    value = spent.get(key) if isinstance(spent, dict) else None
    known = isinstance(value, int | float) and math.isfinite(value) and value >= 0
    return value if known else None
