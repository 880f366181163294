"""Other programs beside Linewash: a command line that colours files, on the same drawing, in the same run."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2

from .drawing import Drawing, draw
from .figures import timed

_LIMIT = 600.0  # seconds for one run
_FIELDS = ("{line}", "{hints}", "{out}")


class CommandError(Exception):
    """The command line can't be used, in words for a person."""


def check_template(template: str) -> None:
    """Raise `CommandError` unless the template names the line art and the result."""
    if "{line}" not in template or "{out}" not in template:
        raise CommandError(f"The command {template!r} must hold {{line}} and {{out}} ({{hints}} where it takes them).")


def fill(template: str, line: Path, hints: Path, out: Path) -> list[str]:
    """The command's words, files in the place of the fields; a file's blanks don't split it."""
    files = dict(zip(_FIELDS, (line, hints, out), strict=True))
    words = shlex.split(template)
    for name, path in files.items():
        words = [word.replace(name, str(path)) for word in words]
    return words


def measure_beside(template: str, side: int, runs: int) -> list[float]:
    """Seconds of each of ``runs`` runs, process start and files included; none when it fails, and stderr says why."""
    with tempfile.TemporaryDirectory(prefix="lwbench") as folder:
        line, hints = write_files(draw(side, seed=1), Path(folder))
        seconds = []
        for number in range(runs):
            words = fill(template, line, hints, Path(folder) / f"out{number}.png")
            try:
                seconds.append(timed(lambda words=words: _run(words)))  # type: ignore[misc]
            except CommandError as error:
                print(error, file=sys.stderr)
                return []
        return seconds


def write_files(drawing: Drawing, folder: Path) -> tuple[Path, Path]:
    """Write line art and hints as PNG; returns both paths."""
    line, hints = folder / "line.png", folder / "hints.png"
    cv2.imwrite(str(line), drawing.lines)
    cv2.imwrite(str(hints), cv2.cvtColor(drawing.hints, cv2.COLOR_RGBA2BGRA))
    return line, hints


def _run(words: list[str]) -> None:
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_LIMIT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandError(f"{words[0]} could not be measured: {error}") from error
    if done.returncode != 0:
        raise CommandError(f"{shlex.join(words)} failed:\n{done.stderr.strip()}")
