"""A recipe: everything that decides how a style is trained, as one TOML file in `recipes/`.

``trains`` says what is learned: ``lines``, ``regions``, ``light``, ``depiction`` and ``pairs`` (the default style's
five stages), ``propagation`` (the first default style's way) or ``painting`` (a network that paints a picture directly,
as the earlier systems do). A table ``[variant.NAME]`` changes some of the rest; the style it makes is called
RECIPE-NAME.
``[pretrained]`` does the same where weights of VGG-16 are given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import tomllib
from msgspec import Meta

from linewash.errors import BadInput
from linewash_daemon.spaces import Space

RECIPES = Path(__file__).parent / "recipes"

Positive = Annotated[float, Meta(gt=0)]
Amount = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=1, le=4096)]
Given = Literal["lines", "threshold", "canny", "coloring-book", "grey"]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    crop: Count  # px, a multiple of 32
    batch: Count  # pictures a step and process


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares are of the run's budget."""

    rate: Amount
    cooldown: Share
    contours_alone: Share
    critic_after: Share
    average: Share


class Losses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    own: Amount
    contours: Amount
    distribution: Amount
    adversarial: Amount


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="trains"):
    """What a recipe of any kind says of the style it makes. ``long_side``: px, at which the daemon runs it;
    ``settings``: the network's constructor's."""

    name: str
    network: str
    licence: str
    long_side: Count
    settings: dict[str, Any]


class PropagationRecipe(Style, frozen=True, tag="propagation"):
    data: Data
    schedule: Schedule
    further: Schedule  # of a run that starts from a model file
    losses: Losses


class LinesSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rate: Positive
    cooldown: Share  # share of the budget over which the rate falls to a twentieth
    average: Share


class LinesLosses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    contours: Amount
    kinship: Amount
    distribution: Amount


class LinesRecipe(Style, frozen=True, tag="lines"):
    data: Data
    schedule: LinesSchedule
    losses: LinesLosses


class RegionsData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    batch: Count  # drawings a step and process
    most: Count  # regions that a drawing may have to be learned from
    pages: Annotated[int, Meta(ge=0)]  # drawn in code, each learned from as often as a drawing
    around: Share  # these three: see `region_marks.Habits`
    mixed: Share
    swapped: Share


class RegionsLosses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    painted: Amount
    hit: Amount
    own: Amount
    distribution: Amount
    alike: Amount
    contours: Amount


class RegionsRecipe(Style, frozen=True, tag="regions"):
    data: RegionsData
    schedule: LinesSchedule
    losses: RegionsLosses


class LightSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rate: Positive
    cooldown: Share
    critic_after: Share
    average: Share


class LightLosses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    light: Amount
    chance: Amount
    adversarial: Amount


class DepictionRecipe(Style, frozen=True, tag="depiction"):
    data: Data
    schedule: LinesSchedule


class PairsData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    batch: Annotated[int, Meta(ge=1, le=1 << 20)]  # pairs a step and process
    drawings: Annotated[int, Meta(ge=1)]  # of the pack that are read, by lot
    pages: Annotated[int, Meta(ge=0)]  # drawn in code, which are read beside them


class PairsRecipe(Style, frozen=True, tag="pairs"):
    data: PairsData
    schedule: LinesSchedule


class PaintingData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: Count  # px, side of the square that is learned from
    batch: Count
    given: Annotated[tuple[Given, ...], Meta(min_length=1)]  # what the network is shown; of several each as often
    space: Space  # what it predicts
    hints: Literal["none", "blurred", "histogram"] = "none"
    mirrored: bool = True  # half of the pictures are mirrored, left to right


class PaintingSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rate: Positive
    least: Amount = 0.0  # the rate falls no lower
    decay: Share = 1.0  # factor on the rate, an epoch
    momentum: Share = 0.9  # Adam's first
    average: Share = 0.0  # EMA of the weights, a step; 0: the weights as they are
    sheets: tuple[int, ...] = ()  # steps at which samples are kept, beside those kept with every state


class Critic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The discriminator, stepped as often as the generator."""

    kind: Literal["gan", "hinge", "wgan"]
    rate: Positive
    channels: Count = 48
    noise: Amount = 0.0  # standard deviation of what is added to what it sees
    spectral: bool = False
    clip: Amount = 0.0  # bound of its weights (WGAN); 0: none
    penalty: Amount = 0.0  # on its gradient's norm (WGAN-GP); 0: none


class LightRecipe(Style, frozen=True, tag="light"):
    data: Data
    schedule: LightSchedule
    losses: LightLosses
    critic: Critic


class PaintingRecipe(Style, frozen=True, tag="painting"):
    modes: tuple[Literal["lines", "grey"], ...]  # what the daemon may give it
    data: PaintingData
    schedule: PaintingSchedule
    losses: dict[str, Positive]  # by the names of `losses.LOSSES`, and `classification`, `adversarial`
    critic: Critic | Literal[False] = False


Recipe = PropagationRecipe | LinesRecipe | RegionsRecipe | LightRecipe | DepictionRecipe | PairsRecipe | PaintingRecipe


def read(name: str, variant: str = "", pretrained: bool = False) -> Recipe:
    """The recipe called ``name`` in `recipes/`, or the TOML file of that path. Raises `BadInput`."""
    path = Path(name) if name.endswith(".toml") else RECIPES / f"{name}.toml"
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        variants, vgg = told.pop("variant", {}), told.pop("pretrained", None)
        if variant:
            told = _changed(told, _of(variants, variant, path)) | {"name": f"{told.get('name')}-{variant}"}
        if pretrained:
            told = _changed(told, _vgg(vgg, path))
        recipe: Recipe = msgspec.convert(told, Recipe)
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise BadInput(f"There is no recipe {name}.", f"Known ones: {known}.", "no_such_file") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise BadInput(f"The recipe {path.name} is not right: {error}.", "Compare it with training/recipes.") from error
    return recipe


def _of(variants: Any, variant: str, path: Path) -> dict[str, Any]:
    chosen = variants.get(variant) if isinstance(variants, dict) else None
    if not isinstance(chosen, dict):
        known = f"It has: {', '.join(variants)}." if variants else "It has none."
        raise BadInput(f"The recipe {path.stem} has no variant {variant}.", known, "bad_option")
    return chosen


def _vgg(table: Any, path: Path) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise BadInput(f"The recipe {path.stem} has no use for VGG-16.", "Leave --vgg away.", "bad_option")
    return table


def _changed(base: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """``base`` with what ``other`` has; of a table the keys, but ``losses`` as a whole."""
    out = dict(base)
    for key, value in other.items():
        inner = out.get(key)
        both = isinstance(inner, dict) and isinstance(value, dict) and key != "losses"
        out[key] = _changed(inner, value) if both else value  # type: ignore[arg-type]
    return out
