"""What a check of ``linewash doctor`` says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What one check found. ``remedy``: what to do next; "" when there is nothing to do."""

    check: str
    ok: bool
    detail: str
    remedy: str = ""
