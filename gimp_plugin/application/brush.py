"""A brush for hints: hard and opaque, for a pixel that is less than half covered is no hint."""

from __future__ import annotations

from .api import Gimp

_HARD = ("2. Hardness 100", "1. Pixel")  # of those that come with GIMP; brushes' names are not translated


def choose_hint_brush() -> None:
    """Make it the one in use; what can't be had stays as it is."""
    brush = next((found for name in _HARD if (found := Gimp.Brush.get_by_name(name)) is not None), None)
    if brush is not None:
        Gimp.context_set_brush(brush)
    Gimp.context_set_opacity(100.0)
    Gimp.context_set_paint_mode(Gimp.LayerMode.NORMAL)
