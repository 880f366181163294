"""What an evaluation found, as data (results.json), as a table, and as scores in a model file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .metrics import Figures

if TYPE_CHECKING:
    from ..pack import PairInfo
    from .hint_auc import HintAuc

#: how the figures are headed in a table
HEADS = {
    "inside": "ΔE inside", "all": "ΔE all", "hint": "hint ΔE", "bleed": "bleed", "swd": "SWD",
    "colorfulness": "colourful", "psnr": "PSNR", "ssim": "SSIM",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One colouring of one picture."""

    picture: str
    source: str
    kind: str
    method: str
    k: int
    seconds: float
    figures: Figures


@dataclass(frozen=True)
class Report:
    """``pooled_swd``: by method, the sliced Wasserstein distance of all pictures' colours together, without hints: the
    palette of the whole set, not its place. ``failures``: sentences, a colouring each. ``hint_auc``: where it was asked
    for."""

    rows: tuple[Row, ...]
    pooled_swd: dict[str, float]
    notes: dict[str, Any] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    hint_auc: HintAuc | None = None

    def methods(self) -> list[str]:
        return list(dict.fromkeys(row.method for row in self.rows))

    def ks(self) -> list[int]:
        return sorted({row.k for row in self.rows})

    def kinds(self) -> list[str]:
        return sorted({row.kind for row in self.rows})

    def of(self, method: str, k: int) -> list[Row]:
        return [row for row in self.rows if row.method == method and row.k == k]

    def only(self, rows: Iterable[Row]) -> Report:
        return Report(tuple(rows), {})

    def save(self, out: Path) -> None:
        """results.json and TABLE.md in the folder ``out``."""
        out.mkdir(parents=True, exist_ok=True)
        results = {
            "notes": self.notes,
            "pooled_swd": self.pooled_swd,
            "failures": self.failures,
            "rows": [_flat(row) for row in self.rows],
        }
        if self.hint_auc is not None:
            results["hint_auc"] = self.hint_auc.data()
        (out / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=0), encoding="utf-8")
        (out / "TABLE.md").write_text(table(self), encoding="utf-8")


def name_of(info: PairInfo, index: int) -> str:
    """What pair number ``index`` is called in a row: by its picture, and its number, since a picture may give two."""
    return f"{info.id}#{index}"


def _flat(row: Row) -> dict[str, Any]:
    value = asdict(row)
    figures = value.pop("figures")
    return value | {name: number if number is None else round(number, 4) for name, number in figures.items()}


def mean(rows: Iterable[Row], name: str) -> float | None:
    """The mean of a figure over the rows that have it, None where none has."""
    numbers = [number for row in rows if (number := getattr(row.figures, name)) is not None]
    return float(np.mean(numbers)) if numbers else None


def table(report: Report) -> str:
    """Markdown: all figures by hints and method; inside and over all on the pictures that every method coloured; the
    same by kind of line art; and Hint-AUC."""
    parts = ["# Evaluation\n", told(report.notes), "\n"]
    parts.extend(_full(report))
    parts.append(on_shared(report))
    if len(report.kinds()) > 1:
        for kind in report.kinds():
            parts.append(compact(report.only(row for row in report.rows if row.kind == kind), f"{kind} line art"))
    if report.hint_auc is not None:
        parts.append(report.hint_auc.markdown())
    return "".join([*parts, failed(report)])


def told(notes: dict[str, Any]) -> str:
    return "".join(f"- {name}: {value}\n" for name, value in notes.items())


def failed(report: Report) -> str:
    """The failures, "" when there are none."""
    if not report.failures:
        return ""
    return "\n## Failures\n\n" + "".join(f"- {failure}\n" for failure in report.failures)


def _full(report: Report) -> Iterator[str]:
    heads = ["hints", "method", *HEADS.values(), "pooled SWD", "s", "pictures"]
    yield line(heads) + line(["---"] * len(heads))
    for k in report.ks():
        for method in report.methods():
            if rows := report.of(method, k):
                figures = [number(mean(rows, name)) for name in HEADS]
                pooled = number(report.pooled_swd.get(method) if k == 0 else None)
                seconds = number(float(np.median([row.seconds for row in rows])))
                yield line([str(k), method, *figures, pooled, seconds, str(len(rows))])


def on_shared(report: Report) -> str:
    """The compact table of the pictures that every method coloured, "" when those are all."""
    every = _shared(report)
    if len({row.picture for row in every.rows}) == len({row.picture for row in report.rows}):
        return ""
    return compact(every, "the pictures that every method coloured")


def _shared(report: Report) -> Report:
    """The rows of the pictures that every method has."""
    methods = set(report.methods())
    done: dict[str, set[str]] = {}
    for row in report.rows:
        done.setdefault(row.picture, set()).add(row.method)
    return report.only(row for row in report.rows if done[row.picture] == methods)


def compact(report: Report, title: str) -> str:
    """Markdown: inside and over all, a row for each method and a column for each number of hints."""
    count = len({row.picture for row in report.rows})
    heads = [f"{count} pictures", *(f"{k} hints" for k in report.ks())]
    lines = [f"\n## ΔE inside / over all: {title}\n\n", line(heads), line(["---"] * len(heads))]
    for method in report.methods():
        cells = [report.of(method, k) for k in report.ks()]
        pictures = len({row.picture for cell in cells for row in cell})
        name = method if pictures == count else f"{method} ({pictures} pictures)"
        lines.append(line([name, *(f"{number(mean(c, 'inside'))} / {number(mean(c, 'all'))}" for c in cells)]))
    return "".join(lines)


def number(value: float | None) -> str:
    """Three digits that mean something."""
    if value is None:
        return "–"
    return f"{value:.{1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3}f}"


def line(cells: Iterable[str]) -> str:
    """A row of a table in Markdown."""
    return "| " + " | ".join(cells) + " |\n"


def scores(report: Report, method: str = "ours") -> dict[str, float]:
    """A method's means, named FIGURE_K, pooled_swd_0 and hint_auc_psnr; to three digits behind the point."""
    found: dict[str, float] = {}
    for k in report.ks():
        rows = report.of(method, k)
        for figure in fields(Figures):
            if (value := mean(rows, figure.name)) is not None:
                found[f"{figure.name}_{k}"] = round(value, 3)
    if method in report.pooled_swd:
        found["pooled_swd_0"] = round(report.pooled_swd[method], 3)
    if report.hint_auc is not None and report.hint_auc.of(method):
        found["hint_auc_psnr"] = round(report.hint_auc.psnr(method), 3)
    return found


def write_scores(model: Path, report: Report) -> None:
    """Put our scores into the model file's metadata; the file is replaced whole, its tensors byte for byte the same.

    Raises `ModelError` for a file that is no model.
    """
    from linewash_daemon.models import read_metadata

    metadata = read_metadata(model) | {"scores": scores(report)}
    data = model.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header["__metadata__"]["linewash"] = json.dumps(metadata)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # tensors stay aligned
    unfinished = model.with_suffix(".new")
    unfinished.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + size :])
    os.replace(unfinished, model)
