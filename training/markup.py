"""HTML made of elements, in which every text is escaped: only what was made here goes in as it is."""

from __future__ import annotations

from html import escape

_EMPTY = frozenset({"meta", "img", "br"})  # elements without an end


class Markup(str):
    """Finished HTML or SVG, which isn't escaped again."""


def element(name: str, /, *content: str, **attributes: object) -> Markup:
    """``<name attributes>content</name>``.

    ``content``: text, which is escaped, and `Markup`, which is not. Of attributes' names a ``_`` at the end is dropped
    (``class_``) and others become ``-``; None leaves the attribute away.
    """
    told = "".join(f' {_named(key)}="{escape(str(value))}"' for key, value in attributes.items() if value is not None)
    inner = joined(*content)
    return Markup(f"<{name}{told}>" if name in _EMPTY else f"<{name}{told}>{inner}</{name}>")


def joined(*content: str) -> Markup:
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in content))


def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
