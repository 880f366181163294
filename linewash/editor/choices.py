"""What the artist chose in a plug-in, as it is shown, remembered and sent."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from ..contract import ModelInfo, Options, Rgb, Role, check_options
from ..errors import LinewashError
from ..schema import from_wire

Placement = Literal["new_group", "update"]
ROLES: tuple[Role, ...] = ("flats", "shading", "highlights", "color", "per_color")
"""What a plug-in offers to insert, from the bottom of the group to its top; ``color`` is for greyscale pictures."""


def offered(styles: tuple[ModelInfo, ...]) -> tuple[ModelInfo, ...]:
    """The styles that a plug-in lists: those for line art, whole or not."""
    return tuple(style for style in styles if "lines" in style.modes)


@dataclass(frozen=True)
class Choices:
    """Ranges as in `Options`. ``palette`` is the name of one of the editor's palettes, "" for any colour."""

    style: str = ""
    seed: int = 0
    seed_locked: bool = True  # False: every *Auto color* takes a new seed
    variety: float = 0.5
    palette: str = ""
    strength: float = 1.0
    shading: float = 1.0
    gap: float = 0.0
    empty: Rgb | None = None
    layers: tuple[Role, ...] = ("flats", "shading", "highlights")
    placement: Placement = "update"

    def rolled(self) -> Choices:
        """The same with another seed."""
        return replace(self, seed=secrets.randbelow(2**31))

    def options(self, palette: tuple[Rgb, ...] = (), depth: Literal[8, 16] = 8) -> Options:
        """What the daemon is asked for. ``palette``: the colours of the palette that was chosen by name.

        Raises `BadInput` (``bad_option``).
        """
        options = Options(
            style=self.style,
            seed=self.seed,
            variety=self.variety,
            palette=palette,
            strength=self.strength,
            shading=self.shading,
            gap=self.gap,
            empty=self.empty,
            layers=self.layers,
            depth=depth,
        )
        check_options(options)
        return options

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Choices:
        """What `to_json` wrote, perhaps by another version: what can't be read keeps its default."""
        try:
            found: Any = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        choices = cls()
        for field in fields(cls):
            if isinstance(found, dict) and field.name in found:
                choices = choices._with(field.name, found[field.name])
        return choices

    def _with(self, name: str, value: Any) -> Choices:
        try:
            changed = from_wire(Choices, {**asdict(self), name: value})
            changed.options()
        except (LinewashError, TypeError, ValueError):
            return self
        return changed
