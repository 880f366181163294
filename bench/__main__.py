"""``python -m bench``: measure on this machine, and print one table. See docs/bench.md."""

from __future__ import annotations

import argparse
import sys

from linewash import LinewashError
from linewash.contract import MAX_SIDE
from linewash_training.evaluation.programs import named

from .beside import measure_beside
from .coloring import measure_coloring
from .figures import SizeFigures
from .machine import busy, describe
from .table import markdown, rows
from .wire import measure_wire

_SIZES = (512, 1024, 2048, 4096, 8192)
_QUICK = (512, 2048)
_BUSY = 0.15


def main(arguments: list[str] | None = None) -> int:
    """0: measured. 1: it could not be, a sentence on stderr says why."""
    options = _parser().parse_args(arguments)
    runs = options.runs or (2 if options.quick else 5)
    try:
        commands = dict(named(template) for template in options.beside)
        others = busy()
        figures = [_measure(side, runs, commands) for side in options.sizes or (_QUICK if options.quick else _SIZES)]
    except LinewashError as error:
        print(error, file=sys.stderr)
        return 1
    coloring = figures[-1].coloring
    print(f"{describe()}; {coloring.model} on {coloring.device}; medians of {runs}.\n")
    print(markdown(rows(figures)))
    if others > _BUSY:
        print(f"\nOther programs kept the processor {others:.0%} busy when this began: trust ratios, not digits.")
    return 0


def _measure(side: int, runs: int, commands: dict[str, str]) -> SizeFigures:
    print(f"{side} × {side} px …", file=sys.stderr, flush=True)
    beside = {name: measure_beside(template, side, runs) for name, template in commands.items()}
    return SizeFigures(side, measure_coloring(side, runs), measure_wire(side, runs), beside)


def _sizes(text: str) -> list[int]:
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError:
        sizes = [0]
    if not all(64 <= side <= MAX_SIDE for side in sizes):
        raise argparse.ArgumentTypeError(f"sides of 64 to {MAX_SIDE} px, commas between, are needed")
    return sizes


def _runs(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError("a number of 1 or more is needed")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Linewash on this machine.")
    parser.add_argument("--sizes", type=_sizes, metavar="PX,PX", help="sides of the square drawings (512 to 8192)")
    parser.add_argument("--runs", type=_runs, metavar="N", help="how often each thing is done (5)")
    parser.add_argument("--quick", action="store_true", help="512 and 2048 px, twice each")
    parser.add_argument(
        "--beside",
        action="append",
        default=[],
        metavar="[NAME=]COMMAND",
        help="another program to measure in the same run, with {line}, {hints} and {out} for its files",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
