"""``python -m bench.gimp``: the filter in the real GIMP beside ``linewash color``, and how soon its preview follows.

Needs what the tests of editors need; see tests/editors/install.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median

from linewash_daemon.editors.gimp.package import write_zip
from tests.editors.gimp.console import VERSION, Gimp, running_gimp
from tests.editors.gimp.dialog import TITLE, Dialog
from tests.editors.gimp.gui import GimpWindow, gimp_window
from tests.editors.install import NotAvailable

from .figures import timed
from .files import command_line, drawing_files
from .machine import describe
from .table import markdown, seconds, times

SCRIPT = Path(__file__).with_name("gimp_script.py")
SIDE = 2048  # px
_LIMIT_S = 20.0  # for the preview


def main(arguments: list[str] | None = None) -> int:
    """0: measured. 1: there is no GIMP here, a sentence on stderr says why."""
    parser = argparse.ArgumentParser(prog="python -m bench.gimp", description="Measure the filter in the real GIMP.")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp")))
        variables = {"LINEWASH_RUNTIME_DIR": str(folder / "run"), "LINEWASH_STATE_DIR": str(folder / "state")}
        variables["LINEWASH_DAEMON"] = f'"{sys.executable}" -m linewash_daemon'
        stack.callback(command_line, variables, "daemon", "stop")
        plugins = [write_zip(folder / "zip")]
        try:
            with running_gimp(folder / "console", plugins, variables) as gimp:
                rows = _filter(gimp, folder, variables, options.runs)
            with gimp_window(folder / "window", plugins, variables) as window:
                rows += _preview(window, folder, options.runs)
        except NotAvailable as reason:
            print(reason, file=sys.stderr)
            return 1
        print(f"{describe()}; GIMP {VERSION}; medians of {options.runs}.\n")
        print(markdown([["", VERSION], *rows]))
    return 0


def _filter(gimp: Gimp, folder: Path, variables: dict[str, str], runs: int) -> list[list[str]]:
    """Program and filter take turns, each with drawings that the daemon hasn't seen."""
    line, hints = drawing_files(folder, 256, 0)
    command_line(variables, "color", line, "--hints", hints, "--out", str(folder / "warm.ora"))
    program, filtered = [], []
    for number in range(runs):
        line, hints = drawing_files(folder, SIDE, 2 * number + 1)
        words = ("color", line, "--hints", hints, "--out", str(folder / f"{number}.ora"))
        program.append(timed(partial(command_line, variables, *words)))
        line, hints = drawing_files(folder, SIDE, 2 * number + 2)
        filtered.append(gimp.play(SCRIPT, "color", 300, line=line, hints=hints)["seconds"])
    return [
        [f"`linewash color`, {SIDE}², to .ora", seconds(median(program))],
        [f"the procedure, {SIDE}²", seconds(median(filtered))],
        ["the procedure / `linewash color`", times(median(filtered) / median(program))],
    ]


def _preview(window: GimpWindow, folder: Path, runs: int) -> list[list[str]]:
    line, hints = drawing_files(folder, SIDE, 500)
    window.play(SCRIPT, "show", line=line, hints=hints)
    dialog = Dialog(window)
    dialog.open()
    dialog.shows_colors()
    found = []
    for _ in range(runs):
        dialog.settles()
        found.append(_change(dialog))
    dialog.closes_with("Cancel")
    return [[f"a click on *Seed* to the preview's new colours, {SIDE}²", seconds(median(found))]]


def _change(dialog: Dialog) -> float:
    """Seconds from a click on the seed's plus to another picture; looked at again and again."""
    seed = next(
        widget for widget in dialog.window.widgets(TITLE) if widget.role == "spin button" and widget.box[3] > 30
    )
    x, y, width, height = seed.box
    dialog.window.point(x + width - 17, y + height // 2)
    time.sleep(0.2)
    look = dialog.viewer()
    before = look()
    dialog.window.click(x + width - 17, y + height // 2)
    start = time.monotonic()
    while look() == before:
        if time.monotonic() > start + _LIMIT_S:
            raise AssertionError("the preview stays as it was")
    return time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main())
