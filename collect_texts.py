"""Bring the language files in step with the code: every ``tr("…")`` of the client and the plug-ins, in order.

Writes linewash/editor/languages/template.json, which a translator copies, and sorts every other file there the same
way: new texts come empty, those that are gone go.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FOLDERS = ("linewash", "krita_plugin", "gimp_plugin")
LANGUAGES = ROOT / "linewash" / "editor" / "languages"

Texts = dict[str, dict[str, str]]
"""{source file: {English: translation}}"""


def calls(source: str, name: str) -> Iterator[tuple[str, set[str]]]:
    """The text and the names of the values of each call of ``tr`` in ``source``, from top to bottom.

    Raises `ValueError`, which names the line, for one that can't be collected or would be translated too early.
    """
    tree = ast.parse(source, name)
    inside = {id(n) for f in ast.walk(tree) if isinstance(f, _FUNCTIONS) for part in _body(f) for n in ast.walk(part)}
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _is_tr(n.func)]
    for call in sorted(found, key=lambda call: (call.lineno, call.col_offset)):
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant) or not isinstance(call.args[0].value, str):
            raise ValueError(f"{name}:{call.lineno}: tr takes one text, written out")
        if id(call) not in inside:
            raise ValueError(f"{name}:{call.lineno}: tr is called on import, before the language is known")
        yield call.args[0].value, {keyword.arg or "**" for keyword in call.keywords}


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.AST]:
    return [function.body] if isinstance(function, ast.Lambda) else [*function.body]


def _is_tr(called: ast.expr) -> bool:
    return (isinstance(called, ast.Name) and called.id == "tr") or (
        isinstance(called, ast.Attribute) and called.attr == "tr"
    )


def sources() -> Iterator[tuple[str, str]]:
    """Path from the root and text of every file that may call ``tr``, sorted; links are not followed."""
    paths = [Path(at, n) for f in FOLDERS for at, _, names in os.walk(ROOT / f) for n in names if n.endswith(".py")]
    for path in sorted(paths):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def template() -> Texts:
    """Every text once, under the first file that has it, with empty translations."""
    seen: set[str] = set()
    out: Texts = {}
    for name, source in sources():
        for text, _ in calls(source, name):
            if text not in seen:
                seen.add(text)
                out.setdefault(name, {})[text] = ""
    return out


def refreshed(empty: Texts, translated: Texts) -> Texts:
    """``empty`` with the translations of ``translated``, under whatever file they stood."""
    known = {text: said for group in translated.values() for text, said in group.items()}
    return {name: {text: known.get(text, "") for text in group} for name, group in empty.items()}


def main() -> None:
    empty = template()
    _write(LANGUAGES / "template.json", empty)
    for path in sorted(LANGUAGES.glob("*.json")):
        if path.stem == "template":
            continue
        texts = refreshed(empty, json.loads(path.read_text(encoding="utf-8")))
        _write(path, texts)
        missing = [text for group in texts.values() for text, said in group.items() if not said]
        print(f"{path.name}: {len(missing)} texts to translate", *missing, sep="\n  ")


def _write(path: Path, texts: Texts) -> None:
    path.write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except ValueError as error:
        sys.exit(str(error))
