"""What is known of each document: its layers' parts, our group, its results; some of it is saved with the file."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .history import MAX_BYTES, History

if TYPE_CHECKING:
    from .application import OpenDocument

MAX_GROUPS = 256  # kept with a file: an animation has one for every frame that was coloured


@dataclass
class Group:
    """A group of ours in a document. ``layers``: keys by the names that the result gave its layers; ``stamps``: by
    key, what each looked like when it was written, so that what the artist painted on it since is never lost."""

    key: str
    layers: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, int] = field(default_factory=dict)


@dataclass
class Memory:
    """Of one document. ``line_chosen``: the line art is settled and no longer follows the active layer."""

    line: str | None = None
    line_chosen: bool = False
    hints: str | None = None
    groups: list[Group] = field(default_factory=list)  # ours, the latest placed last
    history: History = field(default_factory=History)

    def to_json(self) -> str:
        saved = [asdict(group) for group in self.groups[-MAX_GROUPS:]]
        return json.dumps({"line": self.line if self.line_chosen else None, "hints": self.hints, "groups": saved})

    def recall(self, text: str) -> None:
        """Take over what `to_json` wrote into the file; anything unreadable counts as nothing remembered."""
        try:
            found: Any = json.loads(text)
            self.line, self.hints = _key(found.get("line")), _key(found.get("hints"))
            self.line_chosen = self.line is not None
            for group in found["groups"]:
                layers = {str(name): str(key) for name, key in group["layers"].items()}
                stamps = {str(key): int(stamp) for key, stamp in group["stamps"].items()}
                self.groups.append(Group(str(group["key"]), layers, stamps))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return


@dataclass
class _Known:
    document: OpenDocument
    memory: Memory
    title: str
    file_name: str  # "" while it was never saved


class Memories:
    """A `Memory` for each document of this session, also of those closed since."""

    def __init__(self) -> None:
        self._open: list[_Known] = []
        self._closed: list[_Known] = []
        self._numbers = itertools.count(1)

    def next_number(self) -> int:
        """A key for a history entry, unlike any other of this session."""
        return next(self._numbers)

    def of(self, document: OpenDocument) -> Memory:
        """The memory of an open document; one that was closed and opened again gets its own back."""
        known = next((known for known in self._open if known.document == document), None)
        if known is None:
            known = self._opened(document)
            self._open.append(known)
        known.title, known.file_name = document.title(), document.file_name()
        return known.memory

    def sweep(self) -> None:
        """Notice documents that were closed; what came of them is kept, the latest closed longest: closed documents may
        take half of the room, so that the open ones keep theirs."""
        gone = [known for known in self._open if not known.document.is_open()]
        self._open = [known for known in self._open if known not in gone]
        self._closed += gone
        while len(self._closed) > 1 and sum(known.memory.history.nbytes for known in self._closed) > MAX_BYTES // 2:
            del self._closed[0]

    def closed(self) -> list[tuple[str, History]]:
        """Title and results of documents that are no longer open, the latest closed first."""
        return [(known.title, known.memory.history) for known in reversed(self._closed)]

    def room(self, history: History) -> int:
        """Bytes that ``history`` may take besides all the others."""
        others = [known.memory.history for known in [*self._open, *self._closed]]
        return MAX_BYTES - sum(other.nbytes for other in others if other is not history)

    def _opened(self, document: OpenDocument) -> _Known:
        name = document.file_name()
        for known in self._closed:
            if name and known.file_name == name:
                self._closed.remove(known)
                return _Known(document, known.memory, "", "")
        memory = Memory()
        memory.recall(document.recall())
        return _Known(document, memory, "", "")


def _key(value: Any) -> str | None:
    return value if isinstance(value, str) else None
