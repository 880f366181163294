"""The stage `linewash-train evaluate`: runs an evaluation with a progress bar and tells what it found."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from linewash.errors import BadInput

from ..pack import Pack
from .evaluate import evaluate
from .report import table, write_scores
from .scoring import METHODS, Setting
from .sheets import sheets


def run(
    pack: Path,
    out: Path,
    model: Path | None,
    methods: str | None,
    k: str,
    limit: int,
    levin_limit: int,
    split: str,
    jobs: int,
    into_model: bool,
) -> None:
    """``methods`` and ``k``: lists with commas between. ``into_model``: put the scores into the model file."""
    opened, ks = Pack.open(pack), numbers_of_hints(k)
    names = METHODS if methods is None else tuple(name for name in methods.split(",") if name)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task("evaluate", total=None)

        def progress(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        report = evaluate(
            opened, out, model=model, split=split, ks=ks, methods=names,
            limit=limit, levin_limit=levin_limit, jobs=jobs, progress=progress,
        )  # fmt: skip
    written = sheets(opened, out, Setting(pack, out / ".cache", model, ks), names, split)
    if into_model and model is not None:
        write_scores(model, report)
    console = Console()
    console.print(Markdown(table(report)))
    for path in (out / "results.json", out / "TABLE.md", *written):
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
