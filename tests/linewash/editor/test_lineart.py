"""What a plug-in sees in a line art."""

from __future__ import annotations

import pytest

from linewash.editor.lineart import is_opaque
from linewash.pictures import Picture


@pytest.mark.parametrize(("paper", "opaque"), [(bytes([255] * 4), True), (bytes(4), False)])
def test_ink_on_white_is_opaque_and_ink_on_transparency_is_not(paper: bytes, opaque: bool) -> None:
    ink = bytes([0, 0, 0, 255])
    picture = Picture(300, 300, "rgba", 8, (ink * 30 + paper * 270) * 300)
    assert is_opaque(picture) is opaque


def test_a_few_opaque_columns_do_not_make_line_art_opaque() -> None:
    row = (bytes([0, 0, 0, 255]) + bytes(4) * 1023) * 3
    assert not is_opaque(Picture(3072, 3072, "rgba", 8, row * 3072))


def test_a_canvas_of_one_pixel_is_looked_at_too() -> None:
    assert is_opaque(Picture(1, 1, "rgba", 8, bytes([0, 0, 0, 255])))
