"""The plug-in as it stands when Krita has started: docker, menu, and how the docker looks."""

from __future__ import annotations

from typing import Any

from artist import Docker, layers, node
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QAction, QApplication, QDockWidget, QLabel, QMenu, QScrollArea, QWidget
from sketches import colored, names, obey, open_sketch, sketch, state, tell

ACTIONS = (
    *("auto_color", "cancel", "copy_diagnostics", "free_gpu"),
    *("live", "new_hint_layer", "roll_seed", "show_regions"),
)


def stands(stage: Any) -> Any:
    """The docker beside a drawing, and the menu."""
    yield from stage.show(sketch(stage))
    docker = Docker(stage)
    stage.result["title"] = docker.dock.windowTitle()
    stage.result["listed"] = [dock.windowTitle() for dock in stage.app.dockers()].count("Linewash")
    stage.result["visible"] = docker.dock.isVisible()
    stage.result["shortcuts"] = {name: _action(stage, name).shortcut().toString() for name in ACTIONS}
    tools = next(action.menu() for action in stage.window.menuBar().actions() if action.objectName() == "tools")
    stage.result["menu"] = _entries(tools)


def _action(stage: Any, name: str) -> Any:
    return stage.app.action(f"linewash_{name}")


def _entries(menu: QMenu, path: str = "") -> list[str]:
    """Paths of object names of what Linewash has in a menu."""
    found = []
    for action in menu.actions():
        name = f"{path}/{action.objectName()}"
        below = action.menu()
        if below is not None:
            below.aboutToShow.emit()
            found += _entries(below, name)
        elif action.objectName().startswith("linewash"):
            found.append(name)
    return found


def actions(stage: Any) -> Any:
    """Each entry of the menu does what its button does."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    _action(stage, "new_hint_layer").trigger()
    yield stage.until(lambda: names(document) == ["Background", "Ink", "Hints"], what="the hint layer")
    yield stage.until(lambda: docker.flow.view().hints is not None, what="the chooser shows it")
    _action(stage, "show_regions").trigger()
    yield stage.until(lambda: len(layers(document)) == 4, 30, "the regions")
    yield docker.idle()
    _action(stage, "show_regions").trigger()
    yield stage.until(lambda: len(layers(document)) == 3, what="no regions")
    obey(docker, "sleep 20")
    _action(stage, "auto_color").trigger()
    yield docker.running()
    yield 0.3
    _action(stage, "cancel").trigger()
    yield docker.idle()
    yield from tell(stage, docker)
    stage.result["cancelled"] = names(document)
    obey(docker, "")
    _action(stage, "auto_color").trigger()
    yield stage.until(lambda: names(document) == ["Background", "Auto color", "Ink", "Hints"], 30, "the colours")
    yield docker.idle()
    before = len(docker.flow.view().history)
    _action(stage, "live").trigger()
    yield stage.until(lambda: len(docker.flow.view().history) == before + 1, 30, "the colours of Live")
    stage.result["live"] = [docker.flow.view().live, _action(stage, "live").isChecked()]
    yield docker.idle()
    _action(stage, "live").trigger()
    yield 0.2
    stage.result["live"] += [docker.flow.view().live, _action(stage, "live").isChecked()]
    seed = docker.flow.view().choices.seed
    _action(stage, "roll_seed").trigger()
    stage.result["another_seed"] = docker.flow.view().choices.seed != seed
    clipboard: Any = QApplication.clipboard()
    clipboard.clear()
    _action(stage, "copy_diagnostics").trigger()
    stage.result["copied"] = clipboard.text()
    _action(stage, "free_gpu").trigger()
    stage.result["freeing"] = docker.flow.view().running
    yield docker.idle()


def beside_another(stage: Any) -> Any:
    """One of two Kritas that colour at the same time, each a drawing of a size of its own."""
    width, height = stage.args["width"], stage.args["height"]
    document = sketch(stage, width=width, height=height)
    docker = yield from open_sketch(stage, document, "sleep 1")
    before = state(document)
    for _ in range(2):
        yield from docker.click("color")
        yield docker.idle()
        yield 0.3
    stage.result["told"] = docker.told()
    stage.result["layers"] = names(document)
    flats = node(document, "Auto color", "Flats").bounds()
    stage.result["size"] = [flats.width(), flats.height()]
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: state(document) == before, what="one undo gives back what was there")


def looks(stage: Any) -> Any:
    """Pictures of the docker, busy with a result and a message, in widths and themes; what does not fit in it."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    yield from docker.click("new_hint_layer")
    yield from colored(stage, docker, document, 4)
    obey(docker, "memory")
    yield from docker.click("color")
    yield docker.idle()
    yield from tell(stage, docker)
    obey(docker, "")
    layers_docker = stage.window.findChild(QDockWidget, "KisLayerBox")
    layers_docker.hide()  # it wants to be wider than 240 px
    stage.result["widths"], stage.result["cut"], stage.result["ground"] = [], [], []
    for theme in ("Krita bright", "Krita dark"):
        _theme(stage, theme).trigger()
        yield 0.7
        for width in (240, 320, 480):
            yield from _widen(stage, docker, width)
            name = f"docker-{theme.split()[1]}-{width}"
            stage.shot(name, docker.dock)
            stage.result["widths"].append([name, docker.dock.width()])
            stage.result["cut"] += [[name, *what] for what in _cut(docker)]
        grounds = docker.panel.palette().window(), docker.child("live").palette().button()
        stage.result["ground"].append([ground.color().lightness() for ground in grounds])
    layers_docker.show()


def _widen(stage: Any, docker: Docker, width: int) -> Any:
    stage.window.resizeDocks([docker.dock], [width], Qt.Orientation.Horizontal)
    yield 0.4


def _theme(stage: Any, name: str) -> Any:
    """The entry of *Settings > Themes*."""
    return next(action for action in stage.window.findChildren(QAction) if action.text().replace("&", "") == name)


def _cut(docker: Docker) -> list[list[Any]]:
    """Whatever is wider than its place: the contents of scroll areas, labels and buttons beyond the docker's edge."""
    found: list[list[Any]] = []
    for area in docker.panel.findChildren(QScrollArea):
        content = area.widget()
        if area.isVisible() and content.minimumSizeHint().width() > area.viewport().width():
            found.append(["scrolls", area.objectName(), content.minimumSizeHint().width(), area.viewport().width()])
    edge = docker.panel.width()
    for widget in docker.panel.findChildren(QWidget):
        if widget.isVisible() and widget.mapTo(docker.panel, QPoint(widget.width(), 0)).x() > edge:
            found.append(["beyond", widget.objectName() or type(widget).__name__])
        one_line = isinstance(widget, QLabel) and widget.text() and not widget.wordWrap()
        if one_line and widget.isVisible() and widget.minimumSizeHint().width() > widget.width():
            found.append(["label", widget.text(), widget.minimumSizeHint().width(), widget.width()])
    return found


def put_away(stage: Any) -> Any:
    """The docker, which was shown at the first start."""
    dock = Docker(stage).dock
    yield from stage.show(sketch(stage))
    stage.result["visible"] = dock.isVisible()
    dock.close()
    yield 0.2


def colors_all_the_same(stage: Any) -> Any:
    """In a profile that can't be written."""
    try:
        with open(stage.args["settings"], "a"):
            stage.result["frozen"] = False
    except OSError:
        stage.result["frozen"] = True
    document = sketch(stage)
    yield from stage.show(document)
    stage.result["visible"] = Docker(stage).dock.isVisible()
    docker = yield from open_sketch(stage, document)
    yield from colored(stage, docker, document)
    message = docker.flow.view().message
    stage.result["told"] = "" if message is None else message.code
    stage.result["layers"] = names(document)
