"""Networks by name: a model file's metadata says which one builds it. A registry of plain functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from .discriminator import PatchDiscriminator
from .propagator import Propagator

NETWORKS: dict[str, Callable[..., nn.Module]] = {"propagator": Propagator}
DISCRIMINATORS: dict[str, Callable[..., nn.Module]] = {"patch": PatchDiscriminator}


def build(name: str, settings: dict[str, Any]) -> nn.Module:
    """The network ``name`` with ``settings`` (its constructor's arguments). Raises `KeyError` for an unknown name,
    `TypeError` for settings it does not have."""
    return NETWORKS[name](**settings)
