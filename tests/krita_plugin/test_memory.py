"""What was chosen for a document is found again, and never mixed up with another's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewash_krita.history import Entry, PackedLayer
from linewash_krita.memory import Group, Memories, Memory
from linewash_krita.thumbnail import Thumbnail


@dataclass(eq=False)
class Sheet:
    """A document of a name and an annotation."""

    name: str = ""
    saved: str = ""
    open: bool = True

    def file_name(self) -> str:
        return self.name

    def title(self) -> str:
        return self.name or "unnamed"

    def recall(self) -> str:
        return self.saved

    def is_open(self) -> bool:
        return self.open


@pytest.fixture
def memories() -> Memories:
    return Memories()


def of(memories: Memories, sheet: Sheet) -> Memory:
    return memories.of(cast(Any, sheet))


def with_result(memory: Memory) -> Memory:
    memory.history.add(Entry(7, "", (1, 1), None, False, (), Thumbnail(1, 1, bytes(4))))
    return memory


def test_two_documents_never_share_a_memory(memories: Memories) -> None:
    one, two = Sheet("a.kra"), Sheet("a.kra")  # the same file opened twice
    assert of(memories, one) is not of(memories, two)
    assert of(memories, one) is of(memories, one)


def test_choices_come_back_with_the_file(memories: Memories) -> None:
    memory = Memory("{line}", True, "{hints}", [Group("{group}", {"Flats": "{flats}"}, {"{flats}": 3})])
    again = of(memories, Sheet("a.kra", memory.to_json()))
    assert (again.line, again.line_chosen, again.hints) == ("{line}", True, "{hints}")
    assert again.groups == memory.groups


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(repr))
def test_an_annotation_that_makes_no_sense_counts_as_none(text: str) -> None:
    memory = Memory()
    memory.recall(text)
    assert memory.groups == []


@pytest.mark.parametrize(
    "text",
    [
        '{"groups": 3}',
        '{"groups": [{"key": "a"}]}',
        '{"line": 5, "hints": []}',
        "[]",
        "",
        pytest.param("[" * 100_000, id="deep"),
        '{"groups": [{"key": "a", "layers": {}, "stamps": {"a": Infinity}}]}',
    ],
)
def test_a_damaged_annotation_counts_as_none(text: str) -> None:
    memory = Memory()
    memory.recall(text)
    assert memory == Memory(history=memory.history)


def test_results_of_a_closed_document_are_kept(memories: Memories) -> None:
    sheet = Sheet("cat.kra")
    with_result(of(memories, sheet))
    sheet.open = False
    memories.sweep()
    [(title, history)] = memories.closed()
    assert title == "cat.kra"
    assert history.find(7) is not None


def test_a_document_opened_again_gets_its_results_back(memories: Memories) -> None:
    sheet = Sheet("cat.kra")
    memory = with_result(of(memories, sheet))
    sheet.open = False
    memories.sweep()
    assert of(memories, Sheet("cat.kra")) is memory
    assert memories.closed() == []


def test_a_new_document_never_gets_the_results_of_an_unsaved_one(memories: Memories) -> None:
    sheet = Sheet()
    with_result(of(memories, sheet))
    sheet.open = False
    memories.sweep()
    assert of(memories, Sheet()).history.entries == ()


def test_closed_documents_leave_room_for_the_open_ones(memories: Memories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linewash_krita.memory.MAX_BYTES", 100)
    for name in ("a.kra", "b.kra", "c.kra"):
        sheet = Sheet(name)
        layer = PackedLayer("Flats", "flats", "normal", 1, 1, "rgba", 8, 0, 0, 1.0, bytes(30))
        of(memories, sheet).history.add(Entry(1, "", (1, 1), None, False, (layer,), Thumbnail(1, 1, bytes(4))))
        sheet.open = False
        memories.sweep()
    assert [title for title, _ in memories.closed()] == ["c.kra"]
