"""The foot of the docker: what the artist should know, the buttons that mend it, and the status line."""

from __future__ import annotations

from typing import get_args

from ..linewash.editor.remedies import Mend, Message, button
from ..linewash.editor.texts import tr
from ..qt import Qt, QtCore, QtGui, QtWidgets
from .glyphs import GlyphButton, Role, glyph_pixmap, mixed
from .hand import Commands, Hand

AMBER = QtGui.QColor(232, 150, 20)  # reads on dark and on light


class Notice(QtWidgets.QScrollArea):
    """A sentence, what to do about it, and the buttons for that. As tall as it needs; in a low dock it scrolls."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self._hand = hand
        self._message: Message | None = None
        self.setObjectName("notice")
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Maximum)
        self._card = _Card()
        self._icon = QtWidgets.QLabel()
        self._sentence = QtWidgets.QLabel()
        self._sentence.setObjectName("sentence")
        self._sentence.setWordWrap(True)
        self._sentence.setMinimumWidth(1)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = GlyphButton("close", tr("Hide this message"))
        close.setObjectName("dismiss")
        close.clicked.connect(lambda: hand(hand.flow.dismiss))
        top = QtWidgets.QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._sentence, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._mends = {mend: self._button(mend, button(mend)) for mend in get_args(Mend)}
        column = QtWidgets.QVBoxLayout(self._card)
        column.setContentsMargins(8, 5, 4, 6)
        column.setSpacing(4)
        column.addLayout(top)
        for control in self._mends.values():
            column.addWidget(control)
        self.setWidget(self._card)
        self.hide()

    def show_message(self, message: Message | None) -> None:
        if message != self._message:
            self._message = message
            self._fill(message)
        self.setVisible(message is not None)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        layout = self._card.layout()
        width = max(self.width(), 120)
        return QtCore.QSize(width, layout.heightForWidth(width) if layout is not None else 0)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(120, min(56, self.sizeHint().height()))

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event is not None and event.size().width() != event.oldSize().width():
            self.updateGeometry()
        # Left to itself, a bar that was once needed takes the width that makes it needed.
        fits = self.height() >= self.sizeHint().height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
        layout = self._card.layout()
        if layout is not None:
            layout.update()  # else it may stay as it was before the card got its height

    def _fill(self, message: Message | None) -> None:
        if message is None:
            return
        self._sentence.setText(" ".join(part for part in (message.sentence, message.remedy) if part))
        self._sentence.setAccessibleName(self._sentence.text())
        self._sentence.setToolTip(message.code)
        self._icon.setVisible(not message.calm)
        self._icon.setPixmap(glyph_pixmap("warning", AMBER, 16, self.devicePixelRatioF()))
        self._card.show_calm(message.calm)
        for mend, control in self._mends.items():
            control.setVisible(mend in message.mends)
        self.updateGeometry()

    def _button(self, mend: Mend, text: str) -> QtWidgets.QPushButton:
        control = QtWidgets.QPushButton(text)
        control.setObjectName(mend)
        control.setAccessibleName(text)
        control.setToolTip(text)
        control.clicked.connect(lambda: self._mend(mend))
        return control

    def _mend(self, mend: Mend) -> None:
        flow = self._hand.flow
        if mend == "start_daemon":
            self._hand(flow.start_daemon)
        elif mend == "free_gpu":
            self._hand(flow.free_gpu)
        else:
            copy_diagnostics(flow)


class _Card(QtWidgets.QWidget):
    """The ground of a message: amber at its left edge when something went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._calm = True

    def show_calm(self, calm: bool) -> None:
        self._calm = calm
        self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:  # noqa: N802
        window = self.palette().color(Role.Window)
        edge = self.palette().color(Role.Highlight) if self._calm else AMBER
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        ground = QtGui.QPainterPath()
        ground.addRoundedRect(QtCore.QRectF(self.rect()), 4, 4)
        painter.setClipPath(ground)
        painter.fillPath(ground, mixed(edge, window, 0.13))
        painter.fillRect(QtCore.QRectF(0, 0, 3, self.height()), edge)


def copy_diagnostics(flow: Commands) -> None:
    """Put the text for a report on the clipboard."""
    clipboard = QtWidgets.QApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(flow.diagnostics())
