"""What Krita gets from the plug-in when it starts: a docker for each window, and entries in the menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from linewash_krita.qt import QtCore, QtWidgets, sip

from .stand_in import Document, Krita, Window
from .studio import LIMIT_S, Studio, groups, looks


@dataclass
class Plugin:
    """``docker``: that of Krita's window, as the window shows it."""

    studio: Studio
    docker: QtWidgets.QDockWidget
    window: Window

    def button(self, name: str) -> QtWidgets.QAbstractButton:
        found = self.docker.findChild(QtWidgets.QAbstractButton, name)
        assert found is not None
        return found

    def strip(self) -> QtWidgets.QListWidget:
        found = self.docker.findChild(QtWidgets.QListWidget, "strip")
        assert found is not None
        return found

    def colored(self, document: Document) -> None:
        self.until_true(lambda: len(groups(document)) == 1 and not self.button("cancel").isVisibleTo(self.docker))

    def until_true(self, condition: Callable[[], object]) -> None:
        """Krita's event loop runs; the docker's own timer does the rest."""
        clock = QtCore.QElapsedTimer()
        clock.start()
        while not condition():
            assert clock.elapsed() < 1000 * LIMIT_S
            QtCore.QThread.msleep(2)
            self.studio.krita.turn()


@pytest.fixture
def plugin(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    from linewash_krita.start import start

    monkeypatch.setenv("LANGUAGE", "en_GB")
    krita = studio.krita
    start()
    docker = krita.factories[0].kind()
    docker.setObjectName(krita.factories[0].name)
    krita.docks.append(docker)
    window = krita.activeWindow()
    krita.extensions[0].createActions(window)
    yield Plugin(studio, docker, window)
    closing = QtWidgets.QApplication.instance()
    assert closing is not None
    closing.aboutToQuit.emit()
    krita.docks.clear()
    sip.delete(docker)  # its timer with it


def page(krita: Krita) -> Document:
    """A document in the window; nothing of the plug-in is told of it."""
    document = krita.createDocument(32, 24, "page", "RGBA", "U8", "", 72.0)
    lines = document.createNode("Lines", "paintlayer")
    document.root.addChildNode(lines, None)
    lines.stroke(4, 4, 8, 8, (0, 0, 0, 255))
    document.undo_steps.clear()
    document.activate(lines)
    krita.activeWindow().addView(document)
    return document


def test_the_docker_is_named_and_stands_at_the_right(plugin: Plugin) -> None:
    factory = plugin.studio.krita.factories[0]
    assert (factory.name, plugin.docker.windowTitle()) == ("linewash", "Linewash")


def test_the_docker_shows_itself_at_the_first_start_only(plugin: Plugin) -> None:
    krita = plugin.studio.krita
    krita.turn()
    assert plugin.docker.isVisible()
    plugin.docker.hide()
    krita.extensions[0].createActions(plugin.window)  # another window, or the next session
    krita.turn()
    assert plugin.docker.isHidden()


def test_the_docker_notices_a_document_and_colours_it(plugin: Plugin) -> None:
    document = page(plugin.studio.krita)
    plugin.until_true(lambda: plugin.button("color").isEnabled())
    plugin.button("color").click()
    plugin.colored(document)


def test_the_menu_s_entries_do_as_the_docker_s_buttons(plugin: Plugin) -> None:
    document = page(plugin.studio.krita)
    plugin.until_true(lambda: plugin.button("color").isEnabled())
    plugin.window.actions["linewash_auto_color"].trigger()
    plugin.colored(document)
    plugin.window.actions["linewash_new_hint_layer"].trigger()
    assert document.names()[-1] == "Hints"


def test_every_menu_entry_is_harmless_without_a_document(plugin: Plugin) -> None:
    for action in plugin.window.actions.values():
        action.trigger()
        plugin.studio.krita.turn()


def test_results_of_a_closed_document_can_be_clicked_on(plugin: Plugin) -> None:
    document = page(plugin.studio.krita)
    plugin.until_true(lambda: plugin.button("color").isEnabled())
    plugin.button("color").click()
    plugin.until_true(lambda: plugin.strip().count() == 1)
    document.setModified(False)
    document.close()
    plugin.until_true(lambda: not plugin.button("color").isEnabled())
    assert plugin.strip().isEnabled()
    plugin.strip().clicked.emit(plugin.strip().indexFromItem(plugin.strip().item(0)))
    plugin.until_true(lambda: plugin.studio.krita.documents() and groups(plugin.studio.krita.documents()[0]))


def test_krita_s_end_ends_what_is_running_and_leaves_the_document_alone(plugin: Plugin) -> None:
    document = page(plugin.studio.krita)
    plugin.until_true(lambda: plugin.button("color").isEnabled())
    before = looks(document)
    plugin.button("color").click()
    application = QtWidgets.QApplication.instance()
    assert application is not None
    application.aboutToQuit.emit()
    assert looks(document) == before
