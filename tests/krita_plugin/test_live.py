"""*Live* notices what matters, and leaves the editor alone otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from linewash_krita.linewash.editor.choices import Choices
from linewash_krita.live import Watch
from linewash_krita.memory import Memory


@dataclass
class Sheet:
    """A document whose layers are only stamps; a stamp costs ``cost`` seconds."""

    clock: Clock
    stamps: dict[str, int]
    active: str = "hints"
    cost: float = 0.0
    asked: list[str] = field(default_factory=list)

    def has_layer(self, key: str) -> bool:
        return key in self.stamps

    def stamp(self, key: str) -> int:
        self.asked.append(key)
        self.clock.now += self.cost
        return self.stamps[key]

    def active_layer(self) -> str:
        return self.active

    def size(self) -> tuple[int, int]:
        return 100, 100

    def frame(self) -> int | None:
        return None


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


class Scene:
    def __init__(self) -> None:
        self.clock = Clock()
        self.sheet = Sheet(self.clock, {"line": 1, "hints": 1})
        self.pen = False
        self.watch = Watch(lambda: self.pen, self.clock)
        self.memory = Memory(line="line", hints="hints")
        self.choices = Choices()
        self.changed()

    def changed(self, later: float = 1.0) -> bool:
        self.clock.now += later
        return self.watch.changed(cast(Any, self.sheet), self.memory, self.choices)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_nothing_new_means_no_new_colouring(scene: Scene) -> None:
    assert not scene.changed()


def test_a_stroke_of_hints_is_noticed_once(scene: Scene) -> None:
    scene.sheet.stamps["hints"] = 2
    assert scene.changed()
    assert not scene.changed()


def test_a_stroke_counts_when_the_pen_is_lifted(scene: Scene) -> None:
    scene.pen = True
    scene.sheet.stamps["hints"] = 2
    assert not scene.changed()
    scene.pen = False
    assert scene.changed()


def test_lines_count_while_the_artist_draws_them(scene: Scene) -> None:
    scene.sheet.active = "line"
    scene.changed()
    scene.sheet.stamps["line"] = 2
    assert scene.changed()
    assert not scene.changed()


def test_going_back_to_the_hint_layer_changes_nothing(scene: Scene) -> None:
    scene.sheet.active = "line"
    scene.changed()
    scene.sheet.active = "hints"
    assert not scene.changed()


def test_the_line_art_is_not_read_while_the_artist_paints_hints(scene: Scene) -> None:
    scene.sheet.asked.clear()
    scene.changed()
    assert scene.sheet.asked == ["hints"]


def test_other_choices_are_noticed(scene: Scene) -> None:
    scene.choices = replace(scene.choices, strength=1.5)
    assert scene.changed()


def test_a_deleted_hint_layer_is_noticed_and_harmless(scene: Scene) -> None:
    del scene.sheet.stamps["hints"]
    assert scene.changed()
    assert not scene.changed()


def test_the_longer_a_look_takes_the_more_seldom_it_is(scene: Scene) -> None:
    scene.sheet.cost = 0.2
    scene.changed()
    scene.sheet.asked.clear()
    assert not scene.changed(later=1.0)
    assert scene.sheet.asked == []
    scene.changed(later=1.0)
    assert scene.sheet.asked == ["hints"]
