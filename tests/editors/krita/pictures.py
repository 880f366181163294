"""The pictures of docs/krita.md, made from the real Krita: ``make pictures`` writes them anew into docs/images."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from linewash_daemon.editors.krita.package import write_zip
from tests.editors.display import screen
from tests.editors.install import NotAvailable
from tests.editors.place import CHECKOUT

from .place import USUAL
from .run import SCRIPTS, running_krita

PICTURES = SCRIPTS / "pictures.py"
EXAMPLES = CHECKOUT / "examples"
WIDTHS = (240, 320, 480)
WIDE = 1600  # px of the widest picture
GAP = 16  # px between two parts of one
PAPER, FRAME = (247, 246, 242), (205, 203, 198)
CANVAS_TOP, CANVAS_FOOT = 88, 46  # px of the window above and below the canvas
DOCKS_TOP, DOCKS_FOOT = 56, 26


def make(folder: Path, into: Path) -> dict[str, Any]:
    """Play the scripts in Krita, with ``folder`` (empty, short, below /tmp) for all that they need, and write the
    finished pictures ``into`` another. Gives what the scripts found. Raises `NotAvailable`.
    """
    files = {kind: str(EXAMPLES / f"animal.{kind}.png") for kind in ("line", "hints")}
    variables = {
        "LINEWASH_RUNTIME_DIR": str(folder / "run"),
        "LINEWASH_STATE_DIR": str(folder / "state"),
        "LINEWASH_DAEMON": f'"{sys.executable}" -m linewash_daemon',
    }
    plugins = [write_zip(folder / "zip")]
    with ExitStack() as stack:
        stack.callback(_stop_daemon, variables)
        display = stack.enter_context(screen())
        with running_krita(USUAL, display, folder / "en", plugins, variables) as krita:
            found = krita.play(PICTURES, "story", 180, **files)
            found |= krita.play(PICTURES, "dockers", 120, widths=WIDTHS)
        german = {**variables, "LANGUAGE": "de"}
        with running_krita(USUAL, display, folder / "de", plugins, german) as krita:
            krita.play(PICTURES, "translated", 120, width=WIDTHS[1], **files)
    _finish(folder / "en", folder / "de", found["at"], into)
    return found


def _finish(english: Path, german: Path, page: Sequence[int], into: Path) -> None:
    """``page``: left, top, right, bottom of the drawing on the screen."""
    windows = {name: _opened(english, name) for name in ("line", "strokes", "colored", "regions", "live")}
    left, _, right, _ = page
    height = windows["line"].height
    canvas = (left, CANVAS_TOP, right, height - CANVAS_FOOT)
    beside_docks = (left, DOCKS_TOP, WIDE, height - DOCKS_FOOT)
    sheets = {name: window.crop(canvas) for name, window in windows.items()}
    _write(_split(windows["strokes"], windows["colored"], page), into / "krita.png")
    _write(_row([sheets["line"], sheets["strokes"], sheets["colored"]], WIDE), into / "krita-steps.png")
    _write(windows["strokes"].crop(beside_docks), into / "krita-strokes.png")
    _write(windows["regions"].crop(beside_docks), into / "krita-regions.png")
    _write(_row([sheets["colored"], sheets["live"]], WIDE * 3 // 4), into / "krita-live.png")
    _write(_row([_opened(english, f"docker-dark-{width}") for width in WIDTHS]), into / "krita-widths.png")
    themes = [_opened(english, f"docker-{theme}-{WIDTHS[1]}") for theme in ("dark", "bright")]
    _write(_row([*themes, _opened(german, "docker-translated")]), into / "krita-themes.png")


def _opened(folder: Path, name: str) -> Image.Image:
    with Image.open(folder / f"{name}.png") as picture:
        return picture.convert("RGB")


def _split(before: Image.Image, after: Image.Image, page: Sequence[int]) -> Image.Image:
    """Within the page: ``before`` left of a slanting line, ``after`` right of it."""
    left, top, right, bottom = page
    line = [((2 * left + right) // 3 + 150, top), ((2 * left + right) // 3 - 60, bottom)]
    scale = 4
    mask = Image.new("L", (before.width * scale, before.height * scale), 0)
    shape = [(left, top), *line, (left, bottom)]
    ImageDraw.Draw(mask).polygon([(x * scale, y * scale) for x, y in shape], fill=255)
    joined = Image.composite(before, after, mask.resize(before.size, Image.Resampling.BOX))
    seam = Image.new("L", mask.size, 0)
    ImageDraw.Draw(seam).line([(x * scale, y * scale) for x, y in line], fill=255, width=5 * scale)
    joined.paste((255, 255, 255), mask=seam.resize(before.size, Image.Resampling.BOX))
    whole = after.copy()
    canvas = (left, CANVAS_TOP, right, after.height - CANVAS_FOOT)
    whole.paste(joined.crop(canvas), canvas[:2])
    return whole


def _row(parts: Sequence[Image.Image], width: int | None = None) -> Image.Image:
    """Side by side on paper, each in a thin frame, scaled to ``width`` px."""
    height = max(part.height for part in parts)
    row = Image.new("RGB", (sum(part.width + GAP for part in parts) + GAP, height + 2 * GAP), PAPER)
    x = GAP
    for part in parts:
        row.paste(part, (x, GAP))
        ImageDraw.Draw(row).rectangle((x - 1, GAP - 1, x + part.width, GAP + part.height), outline=FRAME)
        x += part.width + GAP
    return row if width is None else row.resize((width, row.height * width // row.width), Image.Resampling.LANCZOS)


def _write(picture: Image.Image, path: Path) -> None:
    """As a small file, of few colours; the rare ones, a bird's or a mushroom's, are kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small = picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def _stop_daemon(variables: dict[str, str]) -> None:
    command = [sys.executable, "-c", "from linewash_daemon.cli import main; main()", "daemon", "stop"]
    subprocess.run(command, env={**os.environ, **variables}, timeout=60)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp") as place:
        try:
            make(Path(place), Path(sys.argv[1]))
        except NotAvailable as reason:
            sys.exit(f"No picture was taken: {reason}")
