"""The one translation function. The English text is the key; languages/CODE.json holds what others read instead.

A language file is {source file: {English: translation}}; `make texts` keeps all of them in step with the code.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter
from typing import Any

LANGUAGES = Path(__file__).with_name("languages")
_translations: dict[str, str] = {}  # replaced as a whole, never changed


def tr(text: str, /, **values: object) -> str:
    """``text``, a literal in English, in the chosen language, its ``{names}`` replaced by ``values``."""
    return _translations.get(text, text).format(**values)


def set_language(code: str, folder: Path = LANGUAGES) -> None:
    """From now on `tr` speaks the language of a locale such as ``de_DE``; English where there is no translation."""
    global _translations
    parts = re.split(r"[-_.@]", code)
    names = [f"{parts[0]}_{part}" for part in parts[1:2]] + parts[:1]
    _translations = next((found for name in names if (found := _read(folder / f"{name}.json"))), {})


def speaks_english() -> bool:
    return not _translations


def placeholders(text: str) -> list[tuple[str, str, str | None]]:
    """Name, format and conversion of each ``{…}``, sorted. Raises `ValueError` where a brace has no partner."""
    return sorted(
        {(name, form or "", how) for _, name, form, how in Formatter().parse(text) if name is not None}, key=str
    )


def _read(path: Path) -> dict[str, str]:
    """The translations of a file that can be used: whatever is damaged in it is left out."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    groups = found.values() if isinstance(found, dict) else ()
    pairs = [pair for group in groups if isinstance(group, dict) for pair in group.items()]
    return {text: said for text, said in pairs if isinstance(said, str) and said and _fits(text, said)}


def _fits(text: str, said: str) -> bool:
    try:
        return placeholders(text) == placeholders(said)
    except ValueError:
        return False
