"""What a comparison found: the tables, as Markdown and as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from linewash.contract import Mode

from .report import HEADS, Report, compact, failed, line, mean, number, on_shared, told
from .scoring import System

_FIGURES = ("inside", "all", "psnr", "ssim", "colorfulness", "swd")
_TITLES: dict[Mode, str] = {"lines": "Given the line art", "grey": "Given the grey picture"}


@dataclass(frozen=True)
class Comparison:
    """``reports``: by what the systems were given, the scores of those that were given it."""

    systems: tuple[System, ...]
    reports: dict[Mode, Report]
    notes: dict[str, str]

    def rows(self) -> list[dict[str, Any]]:
        """The tables as data: a row for each system and number of hints; None where a figure has no meaning."""
        return [
            _row(system, self.reports[system.mode], k)
            for mode, report in self.reports.items()
            for k in report.ks()
            for system in self.systems
            if system.mode == mode and report.of(system.name, k)
        ]

    def markdown(self) -> str:
        parts = ["# The systems side by side\n", told(self.notes)]
        for mode, report in self.reports.items():
            rows = [row for row in self.rows() if row["given"] == mode]
            parts += [f"\n# {_TITLES[mode]}\n\n", *_full(rows), compact(report, "all pictures"), on_shared(report)]
            parts.append(failed(report))
        return "".join(parts)

    def save(self, out: Path) -> list[Path]:
        """table.json and TABLE.md in the folder ``out``."""
        out.mkdir(parents=True, exist_ok=True)
        value = {
            "notes": self.notes,
            "models": {system.name: system.model.name for system in self.systems if system.model},
            "rows": self.rows(),
            "failures": [failure for report in self.reports.values() for failure in report.failures],
        }
        files = out / "table.json", out / "TABLE.md"
        files[0].write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
        files[1].write_text(self.markdown(), encoding="utf-8")
        return list(files)


def _row(system: System, report: Report, k: int) -> dict[str, Any]:
    rows = report.of(system.name, k)
    return {
        "given": system.mode,
        "k": k,
        "system": system.name,
        **{name: mean(rows, name) for name in _FIGURES},
        "pooled_swd": report.pooled_swd.get(system.name) if k == 0 else None,
        "millions": system.millions,
        "ms": 1000 * float(np.median([row.seconds for row in rows])),
        "pictures": len(rows),
    }


def _full(rows: list[dict[str, Any]]) -> Iterator[str]:
    heads = ["hints", "system", *(HEADS[name] for name in _FIGURES), "pooled SWD", "M parameters", "ms", "pictures"]
    yield line(heads) + line(["---"] * len(heads))
    for row in rows:
        figures = [number(row[name]) for name in (*_FIGURES, "pooled_swd", "millions")]
        yield line([str(row["k"]), row["system"], *figures, f"{row['ms']:.0f}", str(row["pictures"])])
