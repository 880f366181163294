"""docs/protocol.md is the contract in prose: whatever both state, they state alike."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from linewash import contract
from linewash.contract import REPLIES, REQUESTS, Color, Options, Plane
from linewash.errors import CODES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
#: Raised by the client or the command line before anything is sent, or because nothing can be.
OWN_CODES = {
    "no_such_file", "not_an_image", "unsupported_image", "truncated_image", "image_too_large",
    "output_exists", "output_unwritable", "daemon_unreachable", "daemon_not_started", "daemon_refused",
    "connection_file_foreign", "connection_file_damaged", "daemon_gone", "timed_out",
}  # fmt: skip
NOT_TOLD = {"v", "id"}  # stand in every message, and are described once


def table(heading: str, first: str = "") -> list[list[str]]:
    """The rows below the line that begins with ``heading``, as cells; ``first``: how the table's first row begins."""
    begin = rf"^{re.escape(heading)}[^\n]*\n\|[-|]+\n(?={re.escape(first)})"
    found = re.search(begin + r"((?:\|[^\n]*\n)+)", TEXT, re.MULTILINE)
    assert found, heading
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]


def names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def default_of(told: str) -> Any:
    """What stands behind the comma, as a value; absent: there is no default."""
    _, comma, text = told.replace("[r, g, b, share]", "swatch").replace("[r, g, b]", "colour").partition(", ")
    text = text.partition(", at most")[0].strip("`")
    return json.loads(text.replace("nil", "null")) if comma else dataclasses.MISSING


def plain(value: Any) -> Any:
    """A default as it stands in a header."""
    if dataclasses.is_dataclass(value):
        return {}
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    ("heading", "first", "kind"),
    [
        ("| option | type, default |", "| `style`", Options),
        ("| field | type, default |", "| `width`", Plane),
        ("| field | type, default |", "| `lineart`", Color),
    ],
    ids=["options", "plane", "color"],
)
def test_fields_and_defaults_are_those_of_the_contract(heading: str, first: str, kind: Any) -> None:
    told = {name: row[1] for row in table(heading, first) for name in names(row[0])}
    fields = {field.name: field for field in dataclasses.fields(kind) if field.name not in NOT_TOLD}
    assert list(told) == list(fields)
    for name, field in fields.items():
        factory = field.default_factory
        default = field.default if factory is dataclasses.MISSING else factory()
        assert default_of(told[name]) == plain(default), name


def test_every_request_is_told_with_its_fields() -> None:
    told = {names(row[0])[0]: row[1] for row in table("| op | further fields | answer |")}
    assert set(told) == set(REQUESTS)
    for op, kind in REQUESTS.items():
        if kind is not Color:
            assert set(names(told[op])) & {f.name for f in dataclasses.fields(kind)} == _told(kind), op


@pytest.mark.parametrize("op", sorted(REPLIES))
def test_every_reply_is_told_with_its_fields(op: str) -> None:
    replies = TEXT.split("## 5. Replies", 1)[1].split("## 6.", 1)[0]
    told = re.split(r"^`\w+`[:,]", replies.split(f"\n`{op}`", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    assert _told(REPLIES[op]) <= set(names(told))


@pytest.mark.parametrize("kind", [contract.Layer, contract.Record, contract.Notice, contract.ModelInfo])
def test_every_part_of_a_reply_is_told(kind: Any) -> None:
    replies = TEXT.split("## 5. Replies", 1)[1].split("## 6.", 1)[0]
    assert {field.name for field in dataclasses.fields(kind)} <= set(names(replies))


def test_the_codes_are_those_of_the_errors() -> None:
    told = {name for row in table("| code | meaning |") for name in names(row[0])}
    assert told == set(CODES) - OWN_CODES
    assert set(CODES) >= OWN_CODES


def test_the_bounds_are_those_of_the_contract() -> None:
    assert f"The protocol, version {contract.PROTOCOL}\n" in TEXT
    assert f"{contract.MAX_HEADER:,} bytes" in TEXT
    assert f"{contract.MIN_SIDE}…{contract.MAX_SIDE} in requests" in TEXT.replace("16…16,384", "16…16384")
    assert f"at most {contract.MAX_PALETTE} colours" in TEXT
    assert f"at most {contract.MAX_LIKE} swatches" in TEXT
    assert f"Requests have at most {contract.MAX_FRAMES} of them" in TEXT
    for channels, samples in contract.CHANNELS.items():
        assert f"`{channels}` {samples}" in TEXT


def _told(kind: Any) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)} - NOT_TOLD
