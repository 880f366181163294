"""Krita's settings file: what it says of the plug-in, and switching that on without touching anything else.

The format is KConfig's: ``[group]`` lines and ``key=value`` lines, of which the last one counts; keys may carry
flags in brackets. Everything here works on bytes, so that whatever else the file holds stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from .package import NAME

KEY = f"enable_{NAME}".encode()
_GROUP = re.compile(rb"\[python\](\[\$\w+\])*")
_ENTRY = re.compile(rb"(\s*([^=\[\s]+)(?:\[[^\]=]*\])*\s*=)(.*)", re.DOTALL)
_FALSE = {b"false", b"no", b"off", b"0"}  # KConfig takes anything else for true


def enabled(settings: bytes) -> bool | None:
    """Whether the plug-in is switched on; None when the file does not say, which Krita takes for no."""
    lines = _lines(settings)
    number = _last_entry(lines)
    return None if number is None else _value(lines[number]).lower() not in _FALSE


def with_plugin_enabled(settings: bytes) -> bytes:
    """The same settings with the plug-in switched on; every other byte stays, and all of them when it was on."""
    lines = _lines(settings)
    end = b"\r\n" if lines and lines[0].endswith(b"\r\n") else b"\n"
    if enabled(settings):
        return settings
    number = _last_entry(lines)
    if number is not None:
        entry = _ENTRY.match(lines[number])
        assert entry
        lines[number] = entry[1] + b"true" + _ending(lines[number])
        return b"".join(lines)
    place = _end_of_group(lines)
    new = [KEY + b"=true" + end]
    if place is None:
        place, new = len(lines), [b"[python]" + end, *new]
    if place and not _ending(lines[place - 1]):
        new.insert(0, end)
    return b"".join([*lines[:place], *new, *lines[place:]])


def resource_folder(settings: bytes) -> Path | None:
    """The folder that the artist chose for resources in place of Krita's own; None when there is no such choice."""
    chosen = None
    for line in _lines(settings):
        entry = _ENTRY.match(line)
        if line.lstrip().startswith(b"["):
            break
        if entry and entry[2] == b"ResourceDirectory":
            chosen = Path(_value(line).replace(b"\\\\", b"\\").decode("utf-8", "surrogateescape"))
    return chosen if chosen and chosen.is_absolute() and chosen.is_dir() else None


def _lines(settings: bytes) -> list[bytes]:
    r"""With their ends; only ``\n`` ends a line."""
    return re.findall(rb"[^\n]*\n|[^\n]+", settings)


def _group_of_each(lines: list[bytes]) -> list[bool]:
    """For each line whether it lies in the group of the Python plug-ins, its header included."""
    inside, found = False, []
    for line in lines:
        text = line.strip()
        if text.startswith(b"["):
            inside = bool(_GROUP.fullmatch(text))
        found.append(inside)
    return found


def _last_entry(lines: list[bytes]) -> int | None:
    entries = [_ENTRY.match(line) for line in lines]
    groups = _group_of_each(lines)
    ours = [n for n, entry in enumerate(entries) if groups[n] and entry and entry[2] == KEY]
    return ours[-1] if ours else None


def _end_of_group(lines: list[bytes]) -> int | None:
    """The number of the line after the last one of the group that is not blank; None when there is no such group."""
    inside = [n for n, within in enumerate(_group_of_each(lines)) if within and lines[n].strip()]
    return inside[-1] + 1 if inside else None


def _value(line: bytes) -> bytes:
    entry = _ENTRY.match(line)
    assert entry
    return entry[3].strip()


def _ending(line: bytes) -> bytes:
    return b"\r\n" if line.endswith(b"\r\n") else b"\n" if line.endswith(b"\n") else b""
