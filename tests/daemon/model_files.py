"""Tiny networks of random weights as real model files, as training writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from linewash_daemon.networks import build

SETTINGS = {"encoder": [8, 8, 8, 8], "decoder": [8, 8, 8, 8], "blocks": 1, "bins": 5}


def metadata(**changes: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "name": "tiny",
        "recipe": "tiny",
        "network": "propagator",
        "settings": SETTINGS,
        "colour_space": "lab",
        "long_side": 128,
        "provides": ["flats"],
        "licence": "CC0-1.0",
        "sources": [{"id": "own", "title": "Own", "authors": "Us", "licence": "CC0-1.0"}],
        "scores": {"inside_16": 7.5},
    } | changes


def write_model(path: Path, **changes: Any) -> Path:
    torch.manual_seed(0)
    weights = {k: v.half().contiguous() for k, v in build("propagator", SETTINGS).state_dict().items()}
    save_file(weights, path, {"linewash": json.dumps(metadata(**changes))})
    return path


WASHER = {
    "encoder": [8, 8, 8, 8], "blocks": 1, "bins": 6, "width": 32, "layers": 2, "heads": 2, "flows": 2, "look": 16,
}  # fmt: skip


PALETTE = [[95.0, 0, 2], [20, 5, 5], [55, 65, 45], [45, 5, -50], [60, -45, 40], [75, 15, 25]]


def write_washer(
    path: Path, seed: int = 0, network: str = "washer", built: dict[str, Any] = WASHER, **changes: Any
) -> Path:
    """A model file whose name is its style's, of a ``network`` of the settings ``built``."""
    torch.manual_seed(seed)
    state = build(network, built).state_dict() | {"palette": torch.tensor(PALETTE)}
    weights = {k: v.half().contiguous() for k, v in state.items()}
    told = {"name": path.stem, "network": network, "settings": built}
    save_file(weights, path, {"linewash": json.dumps(metadata(**told | changes))})
    return path


HISTOGRAM = [[220, 40, 40, 0.5], [40, 60, 200, 0.5]]
UNET = {"into": 1, "out": 3, "channels": 4, "depth": 3}


def write_painter(
    folder: Path, name: str = "painter", network: str = "unet", settings: Any = None, paints: Any = None, **changes: Any
) -> Path:
    """A model file ``name`` of ``folder``. ``paints``: what differs from lines, rgb and no hints."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"given": "lines", "space": "rgb", "hints": "none"} | (paints or {})
    chosen: dict[str, Any] = {"network": network, "settings": UNET if settings is None else settings, "paints": told}
    if told["hints"] == "histogram":
        chosen["histogram"] = HISTOGRAM
    torch.manual_seed(1)
    state = build(network, chosen["settings"]).state_dict()
    weights = {k: v.half().contiguous() if v.is_floating_point() else v for k, v in state.items()}
    path = folder / f"{name}.safetensors"
    save_file(weights, path, {"linewash": json.dumps(metadata(name=name, long_side=64, **chosen) | changes)})
    return path


def write_grey(folder: Path, name: str = "grey", space: str = "ab", **changes: Any) -> Path:
    """A painter of greyscale pictures."""
    settings = UNET | {"out": 2 if space in ("ab", "uv") else 3}
    return write_painter(
        folder, name, settings=settings, paints={"given": "grey", "space": space}, **{"modes": ["grey"]} | changes
    )
