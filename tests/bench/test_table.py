from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bench.figures import ColoringFigures, SizeFigures, WireFigures, median, ratio, timed
from bench.table import markdown, megabytes, rows, seconds, times


def size(side: int = 512, beside: Mapping[str, Sequence[float]] | None = None) -> SizeFigures:
    coloring = ColoringFigures(0.9, 3.0, 640.2, [1.0, 9.0, 2.0], [0.5, 0.25, 4.0], None, "first-light", "cpu")
    return SizeFigures(side, coloring, WireFigures([0.04], [0.02]), beside or {})


def cells(table: list[list[str]]) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in table}


def test_one_slow_run_does_not_move_the_median() -> None:
    assert median([1.0, 50.0, 2.0]) == 2.0
    assert median([1.0, 2.0]) == 1.5


def test_nothing_measured_has_no_median_and_no_ratio() -> None:
    assert median([]) is None
    assert ratio(None, 1.0) is None
    assert ratio(1.0, None) is None
    assert ratio(1.0, 0.0) is None


def test_work_is_done_once_when_it_is_timed() -> None:
    done: list[int] = []
    assert timed(lambda: done.append(1)) >= 0
    assert done == [1]


@pytest.mark.parametrize(
    ("value", "text"), [(0.01234, "0.0123 s"), (1.0, "1.00 s"), (12.34, "12.3 s"), (345.6, "346 s"), (None, "–")]
)
def test_seconds_have_three_digits(value: float | None, text: str) -> None:
    assert seconds(value) == text


def test_what_was_not_measured_is_shown_as_a_dash() -> None:
    assert megabytes(None) == times(None) == "–"
    assert cells(rows([size()]))["memory, peak"] == ["–"]


def test_the_table_gives_medians_and_their_ratios() -> None:
    found = cells(rows([size(512), size(2048)]))
    assert found[""] == ["512²", "2048²"]
    assert found["first colour"] == ["2.00 s", "2.00 s"]
    assert found["hint edit / first colour"] == ["0.250 x", "0.250 x"]
    assert found["wire / echo"] == ["2.00 x", "2.00 x"]


def test_another_program_is_compared_with_both_ways_of_colouring() -> None:
    found = cells(rows([size(beside={"gmic": [4.0, 6.0, 5.0]})]))
    assert found["gmic"] == ["5.00 s"]
    assert found["gmic / first colour"] == ["2.50 x"]
    assert found["gmic / hint edit"] == ["10.0 x"]


def test_a_program_that_failed_leaves_dashes_and_not_a_gap() -> None:
    found = cells(rows([size(beside={"gmic": []})]))
    assert found["gmic"] == found["gmic / first colour"] == ["–"]


def test_markdown_is_aligned_and_whole() -> None:
    text = markdown([["", "512²"], ["first colour", "1.00 s"], ["x", "–"]])
    assert text.splitlines() == [
        "|              |   512² |",
        "| ------------ | -----: |",
        "| first colour | 1.00 s |",
        "| x            |      – |",
    ]
