"""A tablet's pen counts as down although Krita takes its events, and nothing is taken from Krita."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from linewash_krita.qt import Qt, QtCore, QtGui, QtWidgets

from .stand_in import Krita

QT5 = QtCore.PYQT_VERSION_STR.startswith("5")
pytestmark = pytest.mark.skipif(not QT5, reason="events of a tablet are made otherwise in Qt 6")


class Canvas(QtGui.QWindow):
    """Takes a tablet's events, as Krita's does."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[QtCore.QEvent.Type] = []

    def tabletEvent(self, event: QtGui.QTabletEvent | None) -> None:  # noqa: N802
        assert event is not None
        self.got.append(event.type())
        event.accept()


def tablet(kind: QtCore.QEvent.Type, buttons: Qt.MouseButton) -> QtGui.QTabletEvent:
    position = QtCore.QPointF(5, 5)
    event: Any = QtGui.QTabletEvent  # whose types are Qt 6's
    device, pointer, keys = event.TabletDevice.Stylus, event.PointerType.Pen, Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    made: QtGui.QTabletEvent = event(
        kind, position, position, device, pointer, 0.5, 0, 0, 0.0, 0.0, 0, keys, 1, left, buttons
    )
    return made


@pytest.fixture
def canvas() -> Iterator[Canvas]:
    Krita()
    canvas = Canvas()
    yield canvas
    canvas.destroy()


def test_a_pen_is_down_from_its_press_to_its_release(canvas: Canvas) -> None:
    from linewash_krita.application.pen import Pen

    pen, kinds = Pen(), QtCore.QEvent.Type
    pen.watch(canvas)
    pen.watch(canvas)
    told = []
    for kind, buttons in (
        (kinds.TabletMove, Qt.MouseButton.NoButton),
        (kinds.TabletPress, Qt.MouseButton.LeftButton),
        (kinds.TabletMove, Qt.MouseButton.LeftButton),
        (kinds.TabletRelease, Qt.MouseButton.NoButton),
    ):
        QtWidgets.QApplication.sendEvent(canvas, tablet(kind, buttons))
        told.append(pen.down)
    assert told == [False, True, True, False]
    assert canvas.got == [kinds.TabletMove, kinds.TabletPress, kinds.TabletMove, kinds.TabletRelease]


def test_a_pen_whose_release_another_window_gets_is_not_down_for_ever(canvas: Canvas) -> None:
    from linewash_krita.application.pen import Pen

    pen = Pen()
    pen.watch(canvas)
    QtWidgets.QApplication.sendEvent(canvas, tablet(QtCore.QEvent.Type.TabletPress, Qt.MouseButton.LeftButton))
    QtWidgets.QApplication.sendEvent(canvas, QtGui.QFocusEvent(QtCore.QEvent.Type.FocusOut))
    assert not pen.down
