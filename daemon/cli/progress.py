"""A progress bar on a terminal, silence elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

STAGES = {
    "queued": "Waiting for its turn",
    "loading": "Loading the style",
    "prepare": "Reading the lines",
    "color": "Choosing colours",
    "layers": "Painting the layers",
}


@contextmanager
def shown_progress(quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """A callback for (stage, fraction 0…1 of the whole job); the bar is on standard error and goes when done."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda stage, fraction: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)

        def advance(stage: str, fraction: float) -> None:
            bar.update(task, description=STAGES.get(stage, stage), completed=fraction)

        yield advance
