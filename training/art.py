"""Walks a folder of finished art: one folder per source, named as in `sources.toml`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from linewash.errors import BadInput

from .sources import Source, read_sources

PICTURES = {".svg", ".webp", ".png", ".jpg", ".jpeg"}
#: how a colour file's name ends, and how its line layer's ends
PAIRED = ((".color", ".line"), ("_color", "_line"))
#: drawings that were never coloured have nothing to teach about colour
UNCOLOURED = {"lineonly"}


@dataclass(frozen=True)
class Picture:
    """One finished picture on disk; `line_path` is the artist's own line layer where there is one."""

    source: Source
    name: str
    group: str
    path: Path
    line_path: Path | None
    author: str
    licence: str

    @property
    def id(self) -> str:
        return f"{self.source.id}/{self.name}"


def walk(art: Path, sources: Mapping[str, Source] | None = None) -> Iterator[Picture]:
    """All pictures of the known sources under `art`, sorted by source and name.

    Raises:
        BadInput: `art` is no folder, or holds none of the sources.
    """
    sources = read_sources() if sources is None else sources
    folders = [source for source in sources.values() if (art / source.id).is_dir()]
    if not folders:
        raise BadInput(
            f"There is no training art in {art}.",
            "Give a folder that holds one folder for each source of training/sources.toml.",
            "no_such_file",
        )
    for source in folders:
        yield from _walk_source(art / source.id, source)


def _walk_source(folder: Path, source: Source) -> Iterator[Picture]:
    credits = _read_credits(folder / "CREDITS.tsv")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES and path.is_file())
    for path in files:
        inside = path.relative_to(folder)
        if UNCOLOURED & set(inside.parts):
            continue
        name, line_path = _name_and_line(path, inside.with_suffix("").as_posix())
        if name is None:
            continue
        author, licence = credits.get(inside.as_posix(), (source.authors, source.licence))
        yield Picture(source, name, source.group_of(name), path, line_path, author, licence)


def _name_and_line(path: Path, name: str) -> tuple[str | None, Path | None]:
    """The picture's name and its line layer; the name is None for the line layer itself."""
    for color, line in PAIRED:
        if name.endswith(color):
            beside = path.with_name(path.stem.removesuffix(color) + line + path.suffix)
            return name.removesuffix(color), beside if beside.is_file() else None
        if name.endswith(line) and path.with_name(path.stem.removesuffix(line) + color + path.suffix).is_file():
            return None, None
    return name, None


def _read_credits(table: Path) -> dict[str, tuple[str, str]]:
    """file -> (author, licence) from a table with those columns; empty where there is no table."""
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as text:
        return {row["file"]: (row["author"], row["licence"]) for row in csv.DictReader(text, delimiter="\t")}
