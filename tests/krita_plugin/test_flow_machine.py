"""Whatever an artist does, in whatever order: nothing raises, nothing of theirs changes, nothing goes astray."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from linewash_krita.view import View

from .stand_in import Document, Krita, Node
from .studio import Daemon, Studio

PICK = st.integers(0, 1000)
SPOT = st.integers(0, 15)
WHOLE = 12
OVERLAY = "Regions (temporary)"
TICKS = st.integers(0, 2 * WHOLE)


class Desk(RuleBasedStateMachine):
    """Each document is coloured with a seed of its own, so that a colour tells whose it is."""

    daemon: Daemon

    def __init__(self) -> None:
        super().__init__()
        self.studio = Studio(Krita(), self.daemon)
        self.studio.daemon.open_gate("go")
        self.seeds: dict[Document, int] = {}
        self.theirs: dict[Document, list[tuple[object, ...]]] = {}
        self.allowed: dict[Document, int] = {}  # undo steps: the artist's own, and those of what they asked for
        self.was_live = False
        self.open_page()

    # The artist's own hands. What they do is noted; nothing else may change their layers.

    def act(self, work: Callable[[], Any]) -> None:
        steps = {document: len(document.undo_steps) for document in self.pages()}
        work()
        for document in self.pages():
            self.theirs[document] = self.own_layers(document)
            own = len(document.undo_steps) - steps.get(document, 0)
            self.allowed[document] = self.allowed.get(document, 0) + own

    def pages(self) -> list[Document]:
        return list(dict.fromkeys(view.document() for view in self.studio.krita.views()))

    def front(self) -> Document:
        front = self.studio.krita.activeDocument()
        assert front is not None
        return front

    def own_layers(self, document: Document) -> list[tuple[object, ...]]:
        def below(parent: Node) -> Iterator[tuple[object, ...]]:
            for node in parent.children_nodes:
                if node.name() not in ("Auto color", OVERLAY):
                    yield (parent.key(), node.key(), *node.looks())
                    yield from below(node)

        return list(below(document.root))

    @rule()
    def open_page(self) -> None:
        if len(self.pages()) < 3:
            seed = 40 * (len(self.seeds) + 1)
            self.studio.choose(seed=seed)
            self.act(lambda: self.seeds.update({self.studio.open(f"page {seed}"): seed}))

    @precondition(lambda self: self.pages())
    @rule(pick=PICK)
    def look_at_page(self, pick: int) -> None:
        document = self.pages()[pick % len(self.pages())]
        self.studio.krita.front = document
        self.studio.choose(seed=self.seeds.setdefault(document, 7))

    @precondition(lambda self: self.pages())
    @rule(pick=PICK)
    def close_page(self, pick: int) -> None:
        document = self.pages()[pick % len(self.pages())]
        document.setModified(False)
        document.close()
        front = self.studio.krita.activeDocument()
        if front is not None:
            self.studio.choose(seed=self.seeds.setdefault(front, 7))

    @precondition(lambda self: self.pages())
    @rule(pick=PICK, x=SPOT, y=SPOT, what=st.sampled_from(["stroke", "move", "hide", "rename", "delete", "activate"]))
    def touch_layer(self, pick: int, x: int, y: int, what: str) -> None:
        document = self.front()
        nodes = [node for node in document.root.all()[1:] if node.type() == "paintlayer" and node.name() != OVERLAY]
        if not nodes:
            return
        node = nodes[pick % len(nodes)]
        does: dict[str, Callable[[], Any]] = {
            "stroke": lambda: node.stroke(x, y, 3, 3, (x, y, 9, 255)),
            "move": lambda: node.move(x - 8, y - 8),
            "hide": lambda: node.setVisible(not node.visible()),
            "rename": lambda: node.setName(f"layer {pick}"),
            "delete": lambda: node.remove() if len(document.root.children_nodes) > 1 else None,
            "activate": lambda: document.activate(node),
        }
        self.act(does[what])

    @precondition(lambda self: self.pages())
    @rule(width=st.sampled_from([8, 20, 32]))
    def resize(self, width: int) -> None:
        self.act(lambda: self.front().resizeImage(0, 0, width, 24))

    @precondition(lambda self: self.pages())
    @rule()
    def undo(self) -> None:
        if self.front().undo_steps:
            self.act(self.front().undo)

    @precondition(lambda self: self.pages())
    @rule()
    def redo(self) -> None:
        if self.front().redo_steps:
            self.act(self.front().redo)

    # The docker's buttons.

    @rule(ticks=TICKS)
    def click(self, ticks: int) -> None:
        self.counted(1)
        self.studio.flow.color()
        self.go_on(ticks)

    @rule(ticks=TICKS)
    def cancel(self, ticks: int) -> None:
        if ticks % 5 == 0:
            self.studio.flow.cancel()

    @rule(on=st.booleans(), ticks=TICKS)
    def live(self, on: bool, ticks: int) -> None:
        self.was_live |= on
        self.studio.flow.set_live(on)
        self.go_on(ticks)

    @rule(on=st.booleans(), ticks=TICKS)
    def regions(self, on: bool, ticks: int) -> None:
        self.counted(3)  # shown, hidden, and hidden when it was shown before
        self.studio.flow.show_regions(on)
        self.go_on(ticks)

    @rule()
    def new_hint_layer(self) -> None:
        self.act(self.studio.flow.new_hint_layer)

    @rule(pick=PICK, hints=st.booleans())
    def choose_layer(self, pick: int, hints: bool) -> None:
        rows = self.studio.flow.view().layers
        if rows:
            key = rows[pick % len(rows)].key
            if hints:
                self.studio.flow.choose_hints(key if pick % 3 else None)
            else:
                self.studio.flow.choose_line(key)

    @rule(
        style=st.sampled_from(["", "", "wait go", "report 2;sleep 0.01", "fail busy", "empty", "crash"]),
        placement=st.sampled_from(["update", "new_group"]),
        layers=st.sampled_from([("flats",), ("flats", "shading")]),
    )
    def choose(self, **choices: Any) -> None:
        self.studio.choose(**choices)

    @rule(pick=PICK)
    def apply_again(self, pick: int) -> None:
        rows = self.studio.flow.view().history
        if rows and self.pages():
            self.counted(1)
            self.studio.flow.apply_again(rows[pick % len(rows)].key)
            self.go_on(pick % 20)

    @rule()
    def other_buttons(self) -> None:
        self.studio.flow.dismiss()
        self.studio.flow.free_gpu()
        assert "Faults:" in self.studio.flow.diagnostics()

    # Time.

    @rule(ticks=TICKS)
    def go_on(self, ticks: int) -> None:
        """So many ticks, or until nothing is running any more."""
        if ticks >= WHOLE:
            self.studio.finish()
        for _ in range(ticks):
            self.studio.look()

    def counted(self, steps: int) -> None:
        """A command may take so many undo steps in the document in front."""
        if self.pages():
            self.allowed[self.front()] = self.allowed.get(self.front(), 0) + steps

    # What holds at all times.

    @invariant()
    def the_view_can_be_shown(self) -> None:
        view = self.studio.flow.view()
        assert isinstance(view, View)
        assert self.studio.krita.crashes == []
        if not self.studio.faults_expected:
            assert "Faults:\nnone\n" in self.studio.flow.diagnostics()
        assert 0 <= view.fraction <= 1
        assert view.message is None or view.message.sentence

    @invariant()
    def the_artist_s_layers_are_as_they_left_them(self) -> None:
        for document in self.pages():
            if document in self.theirs:
                assert self.own_layers(document) == self.theirs[document]

    @invariant()
    def no_command_takes_more_undo_steps_than_it_may(self) -> None:
        live = self.studio.flow.view().live
        for document in self.pages():
            if live or self.was_live:  # it places a new group whenever the artist painted on the last
                self.allowed[document] = max(self.allowed.get(document, 0), len(document.undo_steps))
            if document in self.allowed:
                assert len(document.undo_steps) <= self.allowed[document]
        self.was_live = live

    @invariant()
    def colours_are_in_the_document_that_they_were_made_for(self) -> None:
        for document in self.pages():
            if document in self.seeds:
                for node in document.root.all():
                    parent = node.parent_node
                    if node.name() == "Flats" and parent is not None and parent.name() == "Auto color":
                        seed, (*color, alpha) = self.seeds[document], node.rgba(0, 0)
                        strokes = color[2:] == [9]
                        assert strokes or not alpha or color == [seed >> 16 & 255, seed >> 8 & 255, seed & 255]

    def teardown(self) -> None:
        self.studio.flow.set_live(False)
        self.studio.flow.cancel()
        self.studio.flow.close()
        assert self.studio.krita.crashes == []
        assert len(self.studio.krita.documents()) == len(self.pages())  # no hidden one is left
        self.the_artist_s_layers_are_as_they_left_them()


@pytest.mark.usefixtures("studio")
def test_an_artist_can_do_what_they_like(daemon: Daemon) -> None:
    Desk.daemon = daemon
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,  # answers of a real daemon come when they come: the least chance of a passing failure
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
