"""Which layers are meant when nobody chose any."""

from __future__ import annotations

from linewash_gimp.layers import LayerRow, guess

INK = LayerRow(1, "Ink", tattoo=11)
PAPER = LayerRow(2, "Paper", tattoo=12)
HINTS = LayerRow(3, "Hints", tattoo=13, mark="hints", line=11)
OLDER_HINTS = LayerRow(4, "Hints", tattoo=14, mark="hints", line=11)
HINTS_OF_PAPER = LayerRow(5, "Hints", tattoo=15, mark="hints", line=12)
GROUP = LayerRow(6, "Auto color", tattoo=16, mark="colors", line=11)
FLATS = LayerRow(7, "Flats", depth=1, tattoo=17, mark="colors", line=11)


def test_the_layer_worked_on_is_the_line_art() -> None:
    assert guess([INK, PAPER], active=2) == (2, None)


def test_its_own_hints_come_with_the_line_art() -> None:
    assert guess([HINTS_OF_PAPER, HINTS, INK, PAPER], active=1) == (1, 3)


def test_the_upper_of_two_hint_layers_counts() -> None:
    assert guess([HINTS, OLDER_HINTS, INK], active=1) == (1, 3)


def test_who_painted_hints_means_the_line_art_that_they_were_made_for() -> None:
    assert guess([HINTS, PAPER, INK], active=3) == (1, 3)


def test_hints_whose_line_art_is_gone_belong_to_what_lies_below() -> None:
    assert guess([HINTS, GROUP, FLATS, PAPER], active=3) == (2, 3)


def test_a_result_is_never_the_line_art_of_the_next() -> None:
    assert guess([HINTS, INK, GROUP, FLATS], active=7) == (1, 3)
    assert guess([INK, GROUP, FLATS], active=6) == (1, None)


def test_hints_alone_have_no_line_art() -> None:
    assert guess([HINTS], active=3) == (None, 3)


def test_nothing_is_meant_where_no_layer_is_active() -> None:
    assert guess([INK, HINTS], active=None) == (None, None)
    assert guess([INK, HINTS], active=99) == (None, None)
