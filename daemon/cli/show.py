"""Words and JSON for the terminal."""

from __future__ import annotations

import json
from typing import Any

import typer


def print_json(value: Any) -> None:
    """One line on standard output, ASCII only, whatever the terminal's encoding is."""
    typer.echo(json.dumps(value, ensure_ascii=True, separators=(",", ":")))


def megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f} MB"


def duration(seconds: float) -> str:
    """Seconds as a person says them: 0.8 s, 12 s, 5 min, 2 h 10 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"
