"""``python -m bench.krita``: the docker in the real Krita beside ``linewash color``, and what the canvas feels of it.

Needs what the tests of editors need; see tests/editors/install.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from linewash_daemon.editors.krita.package import write_zip
from tests.editors.display import screen
from tests.editors.install import NotAvailable
from tests.editors.krita.place import USUAL, VERSIONS
from tests.editors.krita.run import Krita, running_krita

from .figures import timed
from .files import command_line, drawing_files
from .machine import describe
from .table import markdown, seconds, times

SCRIPT = Path(__file__).with_name("krita_script.py")
CLICK, LARGE, LIVE = 2048, 4096, 1024  # px a side


def main(arguments: list[str] | None = None) -> int:
    """0: measured. 1: there is no Krita here, a sentence on stderr says why."""
    parser = argparse.ArgumentParser(prog="python -m bench.krita", description="Measure the docker in the real Krita.")
    parser.add_argument("--version", choices=VERSIONS, default=USUAL)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp")))
        variables = {"LINEWASH_RUNTIME_DIR": str(folder / "run"), "LINEWASH_STATE_DIR": str(folder / "state")}
        variables["LINEWASH_DAEMON"] = f'"{sys.executable}" -m linewash_daemon'
        stack.callback(command_line, variables, "daemon", "stop")
        try:
            display = stack.enter_context(screen())
            plugins = [write_zip(folder / "zip")]
            krita = stack.enter_context(running_krita(options.version, display, folder / "krita", plugins, variables))
        except NotAvailable as reason:
            print(reason, file=sys.stderr)
            return 1
        print(f"{describe()}; Krita {options.version}; medians of {options.runs}.\n")
        print(markdown(_measure(krita, folder, variables, options.runs)))
    return 0


def _measure(krita: Krita, folder: Path, variables: dict[str, str], runs: int) -> list[list[str]]:
    """Rows of name and figure. Program and docker take turns, each with drawings that the daemon hasn't seen."""
    line, hints = drawing_files(folder, 256, 0)
    command_line(variables, "color", line, "--hints", hints, "--out", str(folder / "warm.ora"))
    program, docker = [], []
    for number in range(runs):
        line, hints = drawing_files(folder, CLICK, 2 * number + 1)
        words = ("color", line, "--hints", hints, "--out", str(folder / f"{number}.ora"))
        program.append(timed(partial(command_line, variables, *words)))
        docker.append(_click(krita, drawing_files(folder, CLICK, 2 * number + 2), ["flats"])["seconds"])
    large = [_click(krita, drawing_files(folder, LARGE, 100 + number), ["flats", "color"]) for number in range(runs)]
    line, _ = drawing_files(folder, LIVE, 50)
    live = krita.play(SCRIPT, "live", 300, line=line, runs=runs)["seconds"]
    away = "main thread away at most,"
    return [
        ["", krita.version],
        [f"`linewash color`, {CLICK}², to .ora", seconds(median(program))],
        [f"click to layers, {CLICK}²", seconds(median(docker))],
        ["click to layers / `linewash color`", times(median(docker) / median(program))],
        [f"{away} reading {LARGE}²", _longest(large, "reading")],
        [f"{away} waiting, {LARGE}²", _longest(large, "waiting")],
        [f"{away} inserting 2 layers of {LARGE}²", _longest(large, "inserting")],
        [f"live, stroke's end to new colours, {LIVE}²", seconds(median(live))],
    ]


def _click(krita: Krita, files: tuple[str, str], layers: list[str]) -> dict[str, Any]:
    result = krita.play(SCRIPT, "click", 300, line=files[0], hints=files[1], layers=layers)
    krita.close_documents()
    return result


def _longest(results: list[dict[str, Any]], phase: str) -> str:
    """The median over the runs of the longest time in which the main thread didn't come back to its event loop."""
    return f"{median(one['away_ms'][phase] for one in results):.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
