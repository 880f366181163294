"""The stages `linewash-train evaluate` and `compare`: run with a progress bar, and tell what was found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from linewash.errors import BadInput

from ..pack import Pack
from .compare import compare
from .evaluate import contenders, evaluate
from .report import table, write_scores
from .scoring import METHODS, Setting
from .sheets import comparison_sheets, sheets
from .sweep import Progress
from .systems import files


def run(
    pack: Path,
    out: Path,
    model: Path | None,
    methods: str | None,
    beside: Sequence[str],
    k: str,
    limit: int,
    levin_limit: int,
    split: str,
    jobs: int,
    hint_auc: bool,
    into_model: bool,
) -> None:
    """``methods`` and ``k``: lists with commas between. ``beside``: commands of other programs. ``hint_auc``: measure
    it too. ``into_model``: put the scores into the model file."""
    opened, ks = Pack.open(pack), numbers_of_hints(k)
    names = METHODS if methods is None else tuple(name for name in methods.split(",") if name)
    with _shown("evaluate") as progress:
        report = evaluate(
            opened, out, model=model, beside=beside, split=split, ks=ks, methods=names,
            limit=limit, levin_limit=levin_limit, jobs=jobs, with_hint_auc=hint_auc, progress=progress,
        )  # fmt: skip
    written = sheets(opened, out, Setting(pack, out / ".cache", contenders(names, model, beside), ks), split)
    if into_model and model is not None:
        write_scores(model, report)
    _tell(table(report), [out / "results.json", out / "TABLE.md", *written])


def run_comparison(
    pack: Path, out: Path, models: Sequence[Path], folder: Path | None, k: str, limit: int, jobs: int, law: bool
) -> None:
    """``models``, and those in ``folder``; ``k``: a list with commas between; ``law``: see `compare`."""
    opened, ks = Pack.open(pack), numbers_of_hints(k)
    judged = files(models, folder)
    with _shown("compare") as progress:
        found = compare(opened, out, judged, ks=ks, law=law, limit=limit, jobs=jobs, progress=progress)
    written = comparison_sheets(opened, out, Setting(pack, out / ".cache", found.systems, ks))
    _tell(found.markdown(), [out / "table.json", out / "TABLE.md", *written])


@contextlib.contextmanager
def _shown(what: str) -> Iterator[Progress]:
    """A progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(markdown: str, written: Sequence[Path]) -> None:
    console = Console()
    console.print(Markdown(markdown))
    for path in written:
        console.print(str(path), soft_wrap=True)


def numbers_of_hints(text: str) -> tuple[int, ...]:
    """The text 16,4 as (4, 16). Raises `BadInput` for anything else than numbers from 0 on."""
    try:
        numbers = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError as error:
        raise BadInput(f"“{text}” is no list of numbers of hints.", "Write it like 0,4,16,64.", "bad_option") from error
    if numbers[0] < 0:
        raise BadInput("A number of hints can't be negative.", "Write it like 0,4,16,64.", "bad_option")
    return numbers
