"""``python -m bench.mask PACK``: Krita's Colorize Mask on held-out drawings, in the real Krita, judged as
``linewash-train evaluate`` judges its rivals.

Needs what the tests of editors need; see tests/editors/install.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
from rich.progress import track

from linewash.errors import LinewashError
from linewash_training.evaluation.command import numbers_of_hints
from linewash_training.evaluation.evaluate import pictures
from linewash_training.evaluation.metrics import Truth, figures
from linewash_training.evaluation.programs import write
from linewash_training.evaluation.report import Report, Row, table
from linewash_training.evaluation.strokes import simulated_hints
from linewash_training.evaluation.sweep import held_out
from linewash_training.flats import Image
from linewash_training.pack import Pack
from tests.editors.display import screen
from tests.editors.install import NotAvailable
from tests.editors.krita.place import USUAL
from tests.editors.krita.run import Krita, KritaDied, KritaHangs, ScriptFailed, running_krita

SCRIPT = Path(__file__).with_name("mask_script.py")
_CLEAN_UP = 0.7  # Krita's own: drops strokes that lose to what is around them
_LIMIT = 120.0  # seconds for one picture
_BEFORE_NEW = 150  # pictures until Krita is started anew, which keeps its memory small


def main(arguments: list[str] | None = None) -> int:
    """0: measured. 1: it could not be, a sentence on stderr says why."""
    options = _parser().parse_args(arguments)
    try:
        pack = Pack.open(options.pack)
        chosen, ks = held_out(pack, "held", options.limit), numbers_of_hints(options.k)
        report = measure(pack, chosen, ks, options.clean_up)
    except (LinewashError, NotAvailable) as error:
        print(error, file=sys.stderr)
        return 1
    report.save(options.out)
    print(table(report))
    return 0


def measure(pack: Pack, chosen: Sequence[int], ks: Sequence[int], clean_up: float) -> Report:
    """The mask with so much ``clean_up`` (0…1) on the pairs ``chosen``. Raises `NotAvailable` without Krita 5.2."""
    rows: list[Row] = []
    failures: list[str] = []
    progress = iter(track(chosen, "Colorize Mask", transient=True))
    while batch := [index for _, index in zip(range(_BEFORE_NEW), progress, strict=False)]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp")))
            krita = stack.enter_context(running_krita(USUAL, stack.enter_context(screen()), folder / "krita"))
            for index in batch:
                try:
                    rows.extend(_rows(krita, folder, pack, index, ks, clean_up))
                except (ScriptFailed, KritaDied, KritaHangs) as error:
                    failures.append(f"{pack.infos[index].id}#{index}: {str(error).splitlines()[0]}")
                    if not krita.is_alive():
                        break  # what is left of this batch is told below
        done = {row.picture for row in rows}
        failures += [f"{pack.infos[i].id}#{i}: not reached" for i in batch if _name(pack, i) not in done]
    notes = {"pictures": pictures(pack, list(chosen)), "mask": f"Krita {USUAL}, clean-up {clean_up:g}"}
    return Report(tuple(rows), {}, notes, tuple(dict.fromkeys(failures)))


def _rows(krita: Krita, folder: Path, pack: Pack, index: int, ks: Sequence[int], clean_up: float) -> Iterator[Row]:
    pair, info = pack[index], pack.infos[index]
    known = Truth.of(pair.color, pair.line)
    for k in ks:
        hints = simulated_hints(pair.color, pair.line, known.regions, k)
        result, seconds = masked(krita, folder, pair.line, hints, clean_up)
        judged = figures(result, known, hints)
        yield Row(_name(pack, index), info.source, info.kind, "mask", k, seconds, judged)


def masked(krita: Krita, folder: Path, line: Image, hints: Image, clean_up: float) -> tuple[Image, float]:
    """Line art uint8 (H, W) with a mask of ``hints`` uint8 (H, W, 4) RGBA: uint8 (H, W, 3) RGB on white; and the
    seconds from *Update* until it is there."""
    paths = write(folder, line, hints)
    out = folder / "mask.png"
    files = {"line": str(paths[0]), "hints": str(paths[1]), "out": str(out)}
    seconds = krita.play(SCRIPT, "colorize", _LIMIT, clean_up=clean_up, **files)["seconds"]
    found = cv2.imread(str(out), cv2.IMREAD_UNCHANGED)
    assert found is not None
    alpha = found[..., 3:].astype(np.float32) / 255
    return np.asarray((found[..., 2::-1] * alpha + 255 * (1 - alpha)).round(), np.uint8), seconds


def _name(pack: Pack, index: int) -> str:
    return f"{pack.infos[index].id}#{index}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.mask", description="Judge Krita's Colorize Mask.")
    parser.add_argument("pack", type=Path, help="a pack made by linewash-train prepare")
    parser.add_argument("--k", default="4,16,64", help="numbers of hints, with commas between")
    parser.add_argument("--limit", type=int, default=0, help="so many pictures, spread evenly; 0: all")
    parser.add_argument("--clean-up", type=float, default=_CLEAN_UP, metavar="SHARE", help="0…1 (0.7 as in Krita)")
    parser.add_argument("--out", type=Path, default=Path("out/mask"), help="folder for results and table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
