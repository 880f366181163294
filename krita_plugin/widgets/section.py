"""A part of the docker that folds away under its title."""

from __future__ import annotations

from typing import Any

from ..qt import Qt, QtCore, QtGui, QtWidgets
from .glyphs import Role, glyph_pixmap, mixed


class Section(QtWidgets.QWidget):
    """``rows`` is where its content goes; ``key`` names the title button for tests and style sheets."""

    def __init__(self, key: str, title: str, tip: str, opened: bool) -> None:
        super().__init__()
        self._title = _Title(title, tip)
        self._title.setObjectName(key)
        self._body = QtWidgets.QWidget()
        self.rows = QtWidgets.QVBoxLayout(self._body)
        self.rows.setContentsMargins(0, 2, 0, 4)
        self.rows.setSpacing(5)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._title)
        whole.addWidget(self._body)
        self._title.toggled.connect(self._body.setVisible)
        self._title.setChecked(opened)
        self._body.setVisible(opened)


class _Title(QtWidgets.QAbstractButton):
    """A chevron and a bold word over a hairline: no button's frame, which would look pressed while it is open."""

    def __init__(self, text: str, tip: str) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setBold(True)
        self.setFont(font)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        metrics = self.fontMetrics()
        return QtCore.QSize(22 + metrics.horizontalAdvance(self.text()), metrics.height() + 8)

    def enterEvent(self, event: Any) -> None:  # noqa: N802  # a QEvent in Qt 5, a QEnterEvent in Qt 6
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QtCore.QEvent | None) -> None:  # noqa: N802
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:  # noqa: N802
        painter = QtGui.QPainter(self)
        palette = self.palette()
        ink, ground = palette.color(Role.WindowText), palette.color(Role.Window)
        if self.underMouse() and self.isEnabled():
            painter.fillRect(self.rect(), mixed(ink, ground, 0.08))
        painter.setPen(mixed(ink, ground, 0.16))
        painter.drawLine(0, 0, self.width(), 0)
        if self.hasFocus():
            painter.setPen(palette.color(Role.Highlight))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        chevron = glyph_pixmap("open" if self.isChecked() else "closed", ink, 16, self.devicePixelRatioF())
        painter.drawPixmap(0, (self.height() - 16) // 2, chevron)
        painter.setPen(ink)
        painter.drawText(self.rect().adjusted(20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())


def labelled(text: str, field: QtWidgets.QWidget) -> QtWidgets.QLabel:
    """A label that the field is named by; clicking it goes to the field."""
    label = QtWidgets.QLabel(text)
    label.setBuddy(field)
    label.setToolTip(field.toolTip())
    return label


def quiet(label: QtWidgets.QLabel) -> QtWidgets.QLabel:
    """The same label, wrapping, a little smaller: a note that doesn't call."""
    label.setWordWrap(True)
    label.setMinimumWidth(1)  # else the longest word sets the dock's width
    font = label.font()
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * 0.9)
    label.setFont(font)
    return label
