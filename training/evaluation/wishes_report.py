"""What was found of wishes without strokes, as a table and as data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from linewash.errors import BadInput

from .metrics import sliced_wasserstein
from .report import line as row
from .report import number
from .wishes import SEEDS, VARIETIES, Wished


@dataclass(frozen=True)
class Report:
    """``judged``: the style's name; ``of``: how many drawings; ``figures``: means over the drawings that have the
    figure, named as in `wishes.wishes_of`, and ``swd_V``, all colours of a variety against all true ones."""

    judged: str
    of: int
    figures: dict[str, float]

    def data(self) -> dict[str, Any]:
        figures = {name: round(value, 4) for name, value in self.figures.items()}
        return {"model": self.judged, "pictures": self.of, "seeds": list(SEEDS), "figures": figures}

    def markdown(self) -> str:
        return "".join([f"# Wishes without strokes: {self.judged}, {self.of} held-out pictures\n", *self._parts()])

    def _parts(self) -> Iterator[str]:
        heads = ["variety", "distinct", "pooled SWD", "colourful", "sepia", "grey", "together", "apart"]
        yield f"\n## Variety, {len(SEEDS)} seeds\n\n" + row(heads) + row(["---"] * len(heads))
        for variety in (f"{v:g}" for v in VARIETIES):
            names = ("distinct", "swd", "colorful", "sepia", "grey", "together", "apart")
            yield row([variety, *(self._of(f"{name}_{variety}") for name in names)])
        yield row(["the truth", "–", "0", "1", self._of("truth_sepia"), self._of("truth_grey"), "1", "1"])
        yield f"\nThe same seed gave the same picture: {self._of('seed_kept')} of them; "
        yield f"at variety 0 every seed did: {self._of('seed_ignored')}.\n"
        yield "\n## What is depicted, in its colours\n\n"
        heads = ["variety", "skin", "no skin", "foliage", "no foliage", "sky", "no sky", "white", "no white"]
        yield row(heads) + row(["---"] * len(heads))
        for variety in (f"{v:g}" for v in VARIETIES):
            depicted = (f"{no}{what}_{variety}" for what in ("skin", "foliage", "sky", "white") for no in ("", "not_"))
            yield row([variety, *map(self._of, depicted)])
        yield "\n## A palette of another picture's colours\n\n"
        heads = ["flats' colours in the palette", "its colours", "of them used"]
        yield row(heads) + row(["---"] * len(heads))
        yield row(self._of(name) for name in ("palette_obeyed", "palette_size", "palette_used"))
        yield "\n## Another picture as the reference, SWD to its colours\n\n"
        heads = ["with it", "without it", "two random pictures"]
        yield row(heads) + row(["---"] * len(heads))
        yield row(self._of(name) for name in ("like_with", "like_without", "like_random"))

    def _of(self, name: str) -> str:
        return number(self.figures.get(name))


def gathered(judged: str, wished: Sequence[Wished]) -> Report:
    """What `wishes.judge` found of several drawings."""
    names = list(dict.fromkeys(name for one in wished for name in one.figures))
    having = {name: [one.figures[name] for one in wished if name in one.figures] for name in names}
    figures = {name: float(np.mean(values)) for name, values in having.items()}
    truth = np.concatenate([one.colors["truth"] for one in wished])
    for variety in (f"{v:g}" for v in VARIETIES):
        colors = np.concatenate([one.colors[f"variety_{variety}"] for one in wished])
        figures[f"swd_{variety}"] = sliced_wasserstein(colors, truth)
    return Report(judged, len(wished), figures)


def save(report: Report, out: Path) -> list[Path]:
    """wishes.json and TABLE.md in the folder ``out``. Raises `BadInput` (output_unwritable)."""
    texts = {"wishes.json": json.dumps(report.data(), ensure_ascii=False, indent=1), "TABLE.md": report.markdown()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out} can't be written: {error}.", "Choose another place.", "output_unwritable") from error
    return [out / name for name in texts]
