from __future__ import annotations

import numpy as np
import pytest

from bench.drawing import draw


def test_the_same_seed_is_the_same_drawing_and_another_is_not() -> None:
    one, same, other = draw(256, 1), draw(256, 1), draw(256, 2)
    assert np.array_equal(one.lines, same.lines)
    assert np.array_equal(one.hints, same.hints)
    assert not np.array_equal(one.lines, other.lines)


@pytest.mark.parametrize("side", [64, 512])
def test_a_drawing_has_ink_on_paper_and_hints_on_nothing(side: int) -> None:
    drawing = draw(side, 1)
    assert drawing.lines.shape == (side, side)
    assert 0.005 < (drawing.lines < 128).mean() < 0.4
    assert 0.0 < (drawing.hints[..., 3] > 0).mean() < 0.2
    assert set(np.unique(drawing.hints[..., 3])) == {0, 255}


def test_a_larger_page_holds_more_outlines() -> None:
    def ink_per_width(side: int) -> float:
        return float((draw(side, 1).lines < 128).sum()) / side / max(1, side // 512)

    assert ink_per_width(2048) > 2 * ink_per_width(512)


def test_each_edit_is_another_picture_and_leaves_the_hints_alone() -> None:
    drawing = draw(256, 1)
    before = drawing.hints.copy()
    first, second = bytes(drawing.edited(1).bytes), bytes(drawing.edited(2).bytes)
    assert len({first, second, before.tobytes()}) == 3
    assert np.array_equal(drawing.hints, before)
