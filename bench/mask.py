"""``python -m bench.mask PACK``: Krita's Colorize Mask on held-out drawings, in the real Krita, judged as
``linewash-train evaluate`` judges its rivals.

Needs what the tests of editors need; see tests/editors/install.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from linewash.errors import BadInput, LinewashError
from linewash_training.evaluation.command import numbers_of_hints
from linewash_training.evaluation.evaluate import pictures
from linewash_training.evaluation.metrics import Truth, figures
from linewash_training.evaluation.programs import read, write
from linewash_training.evaluation.report import Report, Row, name_of, table
from linewash_training.evaluation.strokes import simulated_hints
from linewash_training.evaluation.sweep import held_out
from linewash_training.flats import Image
from linewash_training.pack import Pack
from tests.editors.display import screen
from tests.editors.install import SCREEN, NotAvailable, install
from tests.editors.krita.place import USUAL
from tests.editors.krita.run import Krita, KritaDied, KritaHangs, ScriptFailed, running_krita

SCRIPT = Path(__file__).with_name("mask_script.py")
_CLEAN_UP = 0.7  # Krita's own: drops strokes that lose to what is around them
_LIMIT = 120.0  # seconds for one picture
_BEFORE_NEW = 150  # pictures until Krita is started anew, which keeps its memory small
_DEATHS = 3  # in a row: then it is not a picture's fault

Masked = Callable[[Image, Image], tuple[Image, float]]


def main(arguments: list[str] | None = None) -> int:
    """0: measured. 1: it could not be, a sentence on stderr says why."""
    options = _parser().parse_args(arguments)
    try:
        pack = Pack.open(options.pack)
        chosen, ks = held_out(pack, "held", options.limit), numbers_of_hints(options.k)
        if 0 in ks:
            raise BadInput("Without hints a mask does nothing.", "Leave 0 out of --k.", "bad_option")
        install(SCREEN)
        report = measure(pack, chosen, ks, options.clean_up)
    except (LinewashError, NotAvailable) as error:
        print(error, file=sys.stderr)
        return 1
    report.save(options.out)
    print(table(report))
    return 0


def measure(pack: Pack, chosen: Sequence[int], ks: Sequence[int], clean_up: float) -> Report:
    """The mask with so much ``clean_up`` (0…1) on the pairs ``chosen``. A picture that fails at one of ``ks`` has no
    row. After one at which Krita dies or hangs the next meets a new Krita; after three in a row no more are tried.
    Raises `NotAvailable` without Krita 5.2."""
    rows: list[Row] = []
    failures: list[str] = []
    left, deaths = deque(chosen), 0
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Colorize Mask", total=len(chosen))
        while left and deaths < _DEATHS:
            trying = f"Krita {USUAL}"
            try:
                with _one_krita(clean_up) as (krita, mask):
                    for _ in range(min(_BEFORE_NEW, len(left))):
                        index = left.popleft()
                        trying = name_of(pack.infos[index], index)
                        try:
                            rows += _judged(pack, index, ks, mask)
                        except ScriptFailed as error:
                            failures.append(f"{trying}: {_cause(error)}")
                            krita.close_documents()
                        trying, deaths = f"Krita {USUAL}", 0
                        bar.update(task, completed=len(chosen) - len(left))
            except (KritaDied, KritaHangs, ScriptFailed) as error:
                deaths += 1
                failures.append(f"{trying}: {_cause(error)}")
    failures += [f"{name_of(pack.infos[index], index)}: not tried" for index in left]
    notes = {"pictures": pictures(pack, list(chosen)), "mask": f"Krita {USUAL}, clean-up {clean_up:g}"}
    return Report(tuple(rows), {}, notes, tuple(failures))


@contextmanager
def _one_krita(clean_up: float) -> Iterator[tuple[Krita, Masked]]:
    """A new Krita, and what it makes of line art and hints; see `masked`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp")))
        krita = stack.enter_context(running_krita(USUAL, stack.enter_context(screen()), folder / "krita"))
        yield krita, lambda line, hints: masked(krita, folder, line, hints, clean_up)


def _judged(pack: Pack, index: int, ks: Sequence[int], mask: Masked) -> list[Row]:
    """The rows of pair number ``index``, one for each number of hints. Raises as `masked` does."""
    pair, info, rows = pack[index], pack.infos[index], []
    known, name = Truth.of(pair.color, pair.line), name_of(info, index)
    for k in ks:
        hints = simulated_hints(pair.color, pair.line, known.regions, k)
        result, seconds = mask(pair.line, hints)
        rows.append(Row(name, info.source, info.kind, "mask", k, seconds, figures(result, known, hints)))
    return rows


def masked(krita: Krita, folder: Path, line: Image, hints: Image, clean_up: float) -> tuple[Image, float]:
    """Line art uint8 (H, W) with a mask of ``hints`` uint8 (H, W, 4) RGBA: uint8 (H, W, 3) RGB on white; and the
    seconds from *Update* until it is there. Raises `ScriptFailed`, `KritaDied`, `KritaHangs`."""
    paths = write(folder, line, hints)
    out = folder / "mask.png"
    files = {"line": str(paths[0]), "hints": str(paths[1]), "out": str(out)}
    seconds = krita.play(SCRIPT, "colorize", _LIMIT, clean_up=clean_up, **files)["seconds"]
    found = read(out)
    assert found is not None  # the script raises where it can't write
    return found, seconds


def _cause(error: AssertionError) -> str:
    """Of a script's traceback the last line, of anything else the first."""
    return str(error).strip().splitlines()[-1 if isinstance(error, ScriptFailed) else 0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.mask", description="Judge Krita's Colorize Mask.")
    parser.add_argument("pack", type=Path, help="a pack made by linewash-train prepare")
    parser.add_argument("--k", default="4,16,64", help="numbers of hints from 1 on, with commas between")
    parser.add_argument("--limit", type=int, default=0, help="so many pictures, spread evenly; 0: all")
    parser.add_argument("--clean-up", type=float, default=_CLEAN_UP, metavar="SHARE", help="0…1 (0.7 as in Krita)")
    parser.add_argument("--out", type=Path, default=Path("out/mask"), help="folder for results and table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
