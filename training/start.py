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

from .recipe import DepictionRecipe, LightRecipe, LinesRecipe, PairsRecipe, Recipe, RegionsRecipe

#: `Start.kept` of a run that starts from nothing
NOTHING: dict[str, Any] = {"settings": {}, "provides": []}
_HEADS = ("look", "light", "depiction", "pairs")  # of a washer, which may be there or not
#: the head that each of a washer's stages trains
_TRAINS: dict[type[Recipe], str] = {
    RegionsRecipe: "look", LightRecipe: "light", DepictionRecipe: "depiction", PairsRecipe: "pairs",
}  # fmt: skip
_LIGHT = ("shading", "highlights")


@dataclass(frozen=True)
class Start:
    """``weights``: the network's state, float32. ``origin``: plain facts for the run's state and its models' metadata:
    the file's ``name``, ``hash`` (SHA-256), ``licence``, ``sources``, and the ``minutes`` and ``steps`` that its
    training took in all, None where it does not say. ``kept``: what the run's network has of the file's that its recipe
    does not speak of: ``settings`` of heads, and the layers that it ``provides`` by them."""

    weights: dict[str, Tensor]
    origin: dict[str, Any]
    kept: dict[str, Any]


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
    return Start(weights, origin, _kept(metadata, recipe))


def _kept(metadata: dict[str, Any], recipe: Recipe) -> dict[str, Any]:
    if type(recipe) not in _TRAINS or metadata["network"] != recipe.network:
        return NOTHING
    theirs = metadata["settings"]
    heads = {head: theirs[head] for head in _HEADS if theirs.get(head) and not recipe.settings.get(head)}
    lit = [role for role in metadata["provides"] if role in _LIGHT] if "light" in heads else []
    return {"settings": heads, "provides": lit}


def _difference(metadata: dict[str, Any], recipe: Recipe) -> str:
    """What tells the file's network from the recipe's, in words; empty when they are the same.

    The first two stages of one style share their line encoder, so either may start from a file of the other. All later
    ones may start from each other's: what a stage does not train it keeps (`Start.kept`), and the head that it
    trains may be new.
    """
    if (type(recipe), metadata["network"]) in ((RegionsRecipe, "line-reader"), (LinesRecipe, "washer")):
        return _other(metadata["settings"], recipe.settings, ("encoder", "blocks", "bins"))
    if metadata["network"] != recipe.network:
        return f"its network is {metadata['network']}, the recipe's is {recipe.network}"
    theirs, ours = metadata["settings"], recipe.settings
    keys = theirs.keys() | ours.keys()
    for head in _HEADS if type(recipe) in _TRAINS else ():
        if not ours.get(head) or (not theirs.get(head) and head == _TRAINS[type(recipe)]):
            keys -= {head}
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
