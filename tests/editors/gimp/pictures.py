"""The pictures of docs/gimp.md, made from the real GIMP: ``make pictures`` writes them anew into docs/images."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from linewash_daemon.editors.gimp.package import write_zip
from tests.editors.install import NotAvailable
from tests.editors.place import CHECKOUT

from .dialog import TITLE, Dialog, look, show
from .gui import GimpWindow, gimp_window

EXAMPLES = CHECKOUT / "examples"
COLORS = 128
WIDE = 1200  # px of the widest picture


def make(folder: Path, into: Path) -> None:
    """Play an artist in GIMP, with ``folder`` (empty, short, below /tmp) for all that it needs, and write the finished
    pictures ``into`` another. Raises `NotAvailable`.
    """
    variables = {
        "LINEWASH_RUNTIME_DIR": str(folder / "run"),
        "LINEWASH_STATE_DIR": str(folder / "state"),
        "LINEWASH_DAEMON": f'"{sys.executable}" -m linewash_daemon',
    }
    plugins = [write_zip(folder / "zip")]
    with ExitStack() as stack:
        stack.callback(_linewash, variables, "stop")
        _linewash(variables, "start")
        window = stack.enter_context(gimp_window(folder / "gimp", plugins, variables))
        _story(window, into)


def _story(window: GimpWindow, into: Path) -> None:
    show(window, EXAMPLES / "face.line.png", EXAMPLES / "face.hints.png")
    window.keys("ctrl+shift+j")  # the whole drawing
    dialog = Dialog(window)
    _write(_sight(window, "strokes"), into / "gimp-strokes.png")
    dialog.open()
    dialog.shows_colors()
    dialog.settles()
    _write(_sight(window, "dialog", TITLE), into / "gimp-dialog.png", 1.0)
    dialog.closes_with("OK")
    window.wait(lambda: len(look(window)["layers"]) > 2, "the group is there", 60)
    _write(_sight(window, "colored"), into / "gimp.png")


def _sight(window: GimpWindow, name: str, title: str = "") -> Image.Image:
    """The whole screen, or the window of that ``title``, once it is drawn, the pointer out of the way."""
    window.point(1599, 999)
    time.sleep(2)
    with Image.open(window.shot(name, title)) as picture:
        return picture.convert("RGB")


def _write(picture: Image.Image, path: Path, scale: float | None = None) -> None:
    """As a small file, of few colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    factor = WIDE / picture.width if scale is None else scale
    size = (round(picture.width * factor), round(picture.height * factor))
    small = picture.resize(size, Image.Resampling.LANCZOS)
    small.quantize(COLORS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(path, optimize=True)


def _linewash(variables: dict[str, str], word: str) -> None:
    command = [sys.executable, "-c", "from linewash_daemon.cli import main; main()", "daemon", word]
    subprocess.run(command, env={**os.environ, **variables}, timeout=60, check=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp") as place:
        try:
            make(Path(place), Path(sys.argv[1]))
        except NotAvailable as reason:
            sys.exit(f"No picture was taken: {reason}")
