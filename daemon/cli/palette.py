"""GIMP palettes (.gpl), which Krita, Inkscape and MyPaint write too."""

from __future__ import annotations

from pathlib import Path

from linewash.contract import MAX_PALETTE, Rgb
from linewash.errors import BadInput

MAX_BYTES = 1 << 20


def read_gpl(path: Path) -> tuple[Rgb, ...]:
    """The colours of a palette file in their order, each once.

    Raises `BadInput`: ``no_such_file``, or ``bad_option`` when it is no palette, empty or too long.
    """
    try:
        with path.open("rb") as file:
            lines = file.read(MAX_BYTES).decode("utf-8", "replace").splitlines()
    except FileNotFoundError as error:
        raise BadInput(f"There is no palette {path}.", "Check the name and the folder.", "no_such_file") from error
    except OSError as error:
        raise _bad(path, f"can't be read ({error.strerror})") from error
    if not lines or lines[0].strip("\ufeff \t") != "GIMP Palette":
        raise _bad(path, "is not a GIMP palette")
    colors = dict.fromkeys(color for color in map(_color, lines[1:]) if color is not None)
    if not colors:
        raise _bad(path, "holds no colours")
    if len(colors) > MAX_PALETTE:
        raise _bad(path, f"holds {len(colors)} colours; {MAX_PALETTE} are the most")
    return tuple(colors)


def _color(line: str) -> Rgb | None:
    """A line of three numbers 0…255 and perhaps a name; None for headers, comments and empty lines."""
    parts = line.split()[:3]
    if len(parts) < 3 or not all(part.isascii() and part.isdigit() and int(part) < 256 for part in parts):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def _bad(path: Path, what: str) -> BadInput:
    return BadInput(f"The palette {path.name} {what}.", "Choose a .gpl file with up to 256 colours.", "bad_option")
