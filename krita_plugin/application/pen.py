"""Whether a tablet's pen is on the canvas: Krita takes its events, and then Qt counts no button as pressed."""

from __future__ import annotations

from ..qt import QtCore, QtGui

_OF_PEN = frozenset({
    QtCore.QEvent.Type.TabletPress,
    QtCore.QEvent.Type.TabletMove,
    QtCore.QEvent.Type.TabletRelease,
})  # fmt: skip


class Pen(QtCore.QObject):
    """Looks on at what the windows it `watch`es are told, and takes nothing of it away. ``down``: a pen draws."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False

    def watch(self, window: QtGui.QWindow | None) -> None:
        """From now on ``window`` counts; to say so again changes nothing."""
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:  # noqa: N802
        if event is not None:
            kind = event.type()
            if kind in _OF_PEN and isinstance(event, QtGui.QTabletEvent):
                self.down = event.buttons() != QtCore.Qt.MouseButton.NoButton
            elif kind == QtCore.QEvent.Type.FocusOut:  # the release goes to another window
                self.down = False
        return False
