"""``linewash models``: the styles that the daemon offers, and where they come from."""

from __future__ import annotations

import dataclasses

import typer

from linewash.contract import ModelInfo

from .connect import connected
from .show import print_json

_MODES = {"lines": "line art", "grey": "greyscale pictures"}


def show(json: bool) -> None:
    """List the models as text or as one line of JSON. Raises `LinewashError`."""
    with connected() as client:
        found = client.models()
    if json:
        print_json({"models": [dataclasses.asdict(model) for model in found]})
        return
    if not found:
        typer.echo("There are no styles. Run `linewash doctor` to see why.")
    for model in found:
        typer.echo("\n".join(_lines(model)))


def _lines(model: ModelInfo) -> list[str]:
    head = model.name + (" (default)" if model.default else "")
    if model.problem:
        return [f"{head}: {model.problem}"]
    scores = ", ".join(f"{name} {value:g}" for name, value in model.scores.items())
    lines = [
        head,
        f"  colours  {', '.join(_MODES.get(mode, mode) for mode in model.modes)}",
        f"  makes    {', '.join(model.provides)}",
        f"  recipe   {model.recipe}, network {model.network}",
        f"  licence  {model.licence or 'not stated'}, trained on {len(model.sources)} sources",
        f"  hash     {model.hash[:16]}…",
    ]
    return [*lines, f"  scores   {scores}"] if scores else lines
