"""Other programs as rivals: a command line that reads line art and hints from files and writes a picture.

A command names its files by ``{line}``, ``{hints}`` and ``{out}``; quotes hold together what has blanks in it. One that
takes hints does nothing without any.
"""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np

from linewash.errors import BadInput

from ..flats import Image

_LIMIT = 600.0  # seconds for one picture
_SAID = 200  # characters of what a program said that are told
_FIELDS = ("{line}", "{hints}", "{out}")


def named(template: str) -> tuple[str, str]:
    """Name and command of ``NAME=COMMAND`` or ``COMMAND``, which is called by its first word. Raises `BadInput`
    (bad_option) for a command that does not name its files or can't be split into words."""
    name, equals, command = template.partition("=")
    if not (equals and name.strip() and " " not in name.strip()):
        name, command = template.split(maxsplit=1)[0] if template.split() else "", template
    if "{line}" not in command or "{out}" not in command:
        raise BadInput(
            f"The command {command!r} does not say where the line art and the result are.",
            "Write {line} and {out} in it, and {hints} where it takes them.",
            "bad_option",
        )
    try:
        shlex.split(command)
    except ValueError as error:
        raise BadInput(f"The command {command!r} can't be split into words: {error}.", code="bad_option") from error
    return name.strip(), command


def takes_hints(command: str) -> bool:
    return "{hints}" in command


def words(command: str, line: Path, hints: Path, out: Path) -> list[str]:
    """The words of ``command``, files in the place of the fields; a file's blanks don't split it."""
    files = dict(zip(_FIELDS, (line, hints, out), strict=True))
    found = shlex.split(command)
    for field, path in files.items():
        found = [word.replace(field, str(path)) for word in found]
    return found


def write(folder: Path, line: Image, hints: Image) -> tuple[Path, Path]:
    """Line art uint8 (H, W) and hints uint8 (H, W, 4) RGBA as PNG in ``folder``; returns both paths."""
    paths = folder / "line.png", folder / "hints.png"
    cv2.imwrite(str(paths[0]), line)
    cv2.imwrite(str(paths[1]), cv2.cvtColor(hints, cv2.COLOR_RGBA2BGRA))
    return paths


def run(called: list[str]) -> None:
    """Run these words. Raises `BadInput` (bad_input) with the last that the program said where it fails."""
    try:
        done = subprocess.run(
            called, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_LIMIT
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput(f"{called[0]} took longer than {_LIMIT:.0f} s.", code="bad_input") from error
    except OSError as error:
        raise BadInput(f"{called[0]} could not be run: {error.strerror}.", "Is it installed?", "bad_input") from error
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise BadInput(f"{called[0]} failed ({done.returncode}): {said[:_SAID]}", code="bad_input")


def colored(command: str, line: Image, hints: Image) -> Image:
    """What ``command`` makes of line art uint8 (H, W) and hints uint8 (H, W, 4) RGBA: uint8 (H, W, 3) RGB, on white
    where it is transparent. Raises `BadInput` where it fails or gives no picture of that size."""
    if takes_hints(command) and not hints[..., 3].any():
        return np.repeat(line[..., None], 3, axis=2)
    with tempfile.TemporaryDirectory(prefix="linewash-program-") as folder:
        out = Path(folder) / "out.png"
        called = words(command, *write(Path(folder), line, hints), out)
        run(called)
        found = read(out)
    if found is None or found.shape[:2] != line.shape:
        raise BadInput(f"{called[0]} gave no picture of the line art's size.", code="bad_input")
    return found


def read(file: Path) -> Image | None:
    """The picture in ``file``, uint8 (H, W, 3) RGB, on white where it is transparent; None where there is none."""
    found = cv2.imread(str(file), cv2.IMREAD_UNCHANGED) if file.exists() else None
    if found is None:
        return None
    if found.dtype == np.uint16:
        found = (found // 257).astype(np.uint8)
    if found.ndim == 2:
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_GRAY2RGB), np.uint8)
    color = found[..., 2::-1].astype(np.float32)
    alpha = found[..., 3:].astype(np.float32) / 255 if found.shape[2] == 4 else np.float32(1)
    return np.asarray((color * alpha + 255 * (1 - alpha)).round(), np.uint8)
