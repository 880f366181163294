"""The table of art sources (`sources.toml`): who drew what, under which licence, and how its line art is got."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tomllib

LineKind = Literal["group", "whiten", "layer", "extract"]
Shows = Literal["things", "heads", "animals", "scenes"]
TABLE = Path(__file__).with_name("sources.toml")
#: of a source's `skin`: whatever has the colour of skin
PAINTED = "painted"


@dataclass(frozen=True)
class Source:
    """One collection of pictures.

    `weight` is its share of the training draws; `group` a regular expression whose first bracket names the story,
    character or thing of a file (the whole name where it does not match), or ``emoji`` for names that are code points.
    `kernel` and `low` steer the black-hat extractor, `ink_below` is the largest RGB channel that still counts as ink.
    `skin`, `hair`: the colours, as #RRGGBB, that people's skin and hair have in flat art, and hardly anything else;
    of skin also `PAINTED`. `shows`: ``heads`` of people and nothing that grows, ``animals`` in any colours, whole
    ``scenes``, or ``things``.
    """

    id: str
    title: str
    authors: str
    licence: str
    repository: str
    commit: str
    line: LineKind
    extract: tuple[str, ...]
    weight: float
    group: str | None = None
    held_out: bool = False
    ink_below: int = 70
    kernel: tuple[int, int] = (5, 13)
    low: int = 24
    skin: tuple[str, ...] = ()
    hair: tuple[str, ...] = ()
    shows: Shows = "things"

    def group_of(self, name: str) -> str:
        """The group of the file `name` (its path inside the source, without suffix)."""
        if self.group == "emoji":
            return base_emoji(name)
        found = re.search(self.group, name) if self.group else None
        return (found.group(1) if found else name).strip("_-").lower()


_MODIFIERS = {"FE0F", "200D", "2640", "2642", "1F9B0", "1F9B1", "1F9B2", "1F9B3"} | {f"1F3F{c}" for c in "BCDEF"}
_PEOPLE = {"1F468", "1F469", "1F9D1", "1F466", "1F467", "1F9D2", "1F474", "1F475", "1F9D3"}


def base_emoji(name: str) -> str:
    """Code points of an emoji without skin, hair and gender; whatever begins with a person is one group, ``person``.

    Men, women and professions share one head in most emoji sets, so that they may not lie on both sides of a split.
    """
    codes = [code for code in name.upper().split("-") if code not in _MODIFIERS]
    if not codes:
        return name
    return "person" if codes[0] in _PEOPLE else "-".join(codes).lower()


def read_sources(table: Path = TABLE) -> dict[str, Source]:
    """All sources by id, in the order of the table."""
    rows = tomllib.loads(table.read_text(encoding="utf-8"))["source"]
    sources = {}
    for row in rows:
        for key in ("extract", "skin", "hair"):
            row[key] = tuple(row.get(key, ()))
        if "kernel" in row:
            row["kernel"] = tuple(row["kernel"])
        sources[row["id"]] = Source(**row)
    return sources
