"""What was typed, as the contract's options."""

from __future__ import annotations

import re
import typing
from pathlib import Path

from linewash.contract import Mode, Options, Rgb, Role, check_options
from linewash.errors import BadInput

from .palette import read_gpl

ROLES: tuple[Role, ...] = typing.get_args(Role)
MODES: tuple[Mode, ...] = typing.get_args(Mode)
_HEX = re.compile(r"#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


def chosen_options(
    seed: int,
    style: str,
    palette: str,
    variety: float,
    strength: float,
    shading: float,
    gap: float,
    empty: str,
    layers: str,
    mode: str,
    lightness: float,
    tandem: bool,
) -> Options:
    """Options from the command line's words. Raises `BadInput` (``bad_option``, or ``no_such_file`` for a palette)."""
    options = Options(
        style=style,
        seed=seed,
        variety=variety,
        palette=parse_palette(palette),
        strength=strength,
        shading=shading,
        gap=gap,
        empty=parse_color(empty) if empty else None,
        layers=parse_layers(layers) if layers else Options().layers,
        mode=parse_mode(mode),
        lightness=lightness,
        tandem=tandem,
    )
    check_options(options)
    return options


def parse_mode(text: str) -> Mode:
    """The name of a mode; *gray* is one too."""
    name = text.strip().lower().replace("gray", "grey")
    found = next((mode for mode in MODES if mode == name), None)
    if found is None:
        raise BadInput(f'There is no mode "{text.strip()}".', f"Choose of {', '.join(MODES)}.", "bad_option")
    return found


def parse_color(text: str) -> Rgb:
    """``#rrggbb``, the # may be missing."""
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise BadInput(f'"{text.strip()}" is not a colour.', 'Write it like "#ffcc00".', "bad_option")
    red, green, blue = (int(part, 16) for part in match.groups())
    return red, green, blue


def parse_palette(text: str) -> tuple[Rgb, ...]:
    """Colours with commas between, or the name of a GIMP palette (.gpl); "" is no palette. Duplicates are dropped."""
    if not text.strip():
        return ()
    if text.lower().endswith(".gpl"):
        return read_gpl(Path(text))
    return tuple(dict.fromkeys(parse_color(part) for part in text.split(",") if part.strip()))


def parse_layers(text: str) -> tuple[Role, ...]:
    """Names of layers with commas between, in the contract's order of roles, each once."""
    names = [part.strip().lower() for part in text.split(",") if part.strip()]
    unknown = [name for name in names if name not in ROLES]
    if unknown or not names:
        sentence = f'There is no layer "{unknown[0]}".' if unknown else "No layer was named."
        raise BadInput(sentence, f"Choose of {', '.join(ROLES)}.", "bad_option")
    return tuple(role for role in ROLES if role in names)
