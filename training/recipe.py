"""A recipe: everything that decides how a style is trained, as one TOML file in `recipes/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import tomllib

from linewash.errors import BadInput

RECIPES = Path(__file__).parent / "recipes"


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    crop: int  # px, a multiple of 32
    batch: int  # pictures a step and process


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares are of the run's budget in minutes."""

    rate: float
    cooldown: float
    contours_alone: float
    critic_after: float
    average: float


class Losses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    own: float
    contours: float
    distribution: float
    adversarial: float


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    network: str
    licence: str
    long_side: int
    settings: dict[str, Any]
    data: Data
    schedule: Schedule
    further: Schedule  # of a run that starts from a model file
    losses: Losses


def read(name: str) -> Recipe:
    """The recipe called ``name`` in `recipes/`, or the TOML file of that path. Raises `BadInput`."""
    path = Path(name) if name.endswith(".toml") else RECIPES / f"{name}.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Recipe)
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise BadInput(f"There is no recipe {name}.", f"Known ones: {known}.", "no_such_file") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadInput(
            f"The recipe {path.name} is not right: {error}.", "Compare it with recipes/linewash.toml."
        ) from error
