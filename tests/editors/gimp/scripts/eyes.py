"""Played by the eyes beside GIMP."""

from __future__ import annotations

from typing import Any


def widgets(view: Any) -> None:
    view.result["widgets"] = view.widgets()
