"""The figures as one Markdown table: a row for each thing measured, a column for each size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .figures import SizeFigures, median, ratio

Cell = Callable[[SizeFigures], str]
NOTHING = "–"


def seconds(value: float | None) -> str:
    """Three significant digits: 0.0123 s, 1.23 s, 123 s."""
    if value is None:
        return NOTHING
    return f"{value:.0f} s" if value >= 100 else f"{value:#.3g} s"


def megabytes(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0f} MB"


def times(value: float | None) -> str:
    return NOTHING if value is None else f"{value:#.3g} x"


def rows(figures: Sequence[SizeFigures]) -> list[list[str]]:
    """The whole table, its head first; every row has as many cells. ``figures`` holds one size at least."""
    table = [["", *(f"{size.side}²" for size in figures)]]
    beside = [row for name in figures[0].beside for row in _beside(name)]
    for name, cell in [*_OURS, *beside]:
        table.append([name, *(cell(size) for size in figures)])
    return table


def markdown(table: Sequence[Sequence[str]]) -> str:
    """``table`` as Markdown, columns aligned so that it can be read as it is."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    head, *body = [_padded(row, widths) for row in table]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *body])


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    name, *cells = row
    return [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))]


def first(size: SizeFigures) -> float | None:
    return median(size.coloring.first)


def edit(size: SizeFigures) -> float | None:
    return median(size.coloring.edit)


_OURS: list[tuple[str, Cell]] = [
    ("first colour", lambda s: seconds(first(s))),
    ("hint edit", lambda s: seconds(edit(s))),
    ("hint edit / first colour", lambda s: times(ratio(edit(s), first(s)))),
    ("daemon start, to hello", lambda s: seconds(s.coloring.start)),
    ("first job, model loaded by it (128²)", lambda s: seconds(s.coloring.cold)),
    ("memory, idle, model loaded", lambda s: megabytes(s.coloring.idle_memory)),
    ("memory, peak", lambda s: megabytes(s.coloring.peak_memory)),
    ("wire: hints there, a layer back", lambda s: seconds(median(s.wire.ours))),
    ("the same bytes by a pyzmq echo", lambda s: seconds(median(s.wire.echo))),
    ("wire / echo", lambda s: times(ratio(median(s.wire.ours), median(s.wire.echo)))),
]


def _beside(name: str) -> list[tuple[str, Cell]]:
    """Another program's rows: its seconds, and how often ours fit into them."""

    def theirs(size: SizeFigures) -> float | None:
        return median(size.beside[name])

    return [
        (name, lambda s: seconds(theirs(s))),
        (f"{name} / first colour", lambda s: times(ratio(theirs(s), first(s)))),
        (f"{name} / hint edit", lambda s: times(ratio(theirs(s), edit(s)))),
    ]
