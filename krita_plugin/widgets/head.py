"""The top of the docker: which layers, the *Auto color* button with its progress, and *Live*."""

from __future__ import annotations

from ..linewash.editor.texts import tr
from ..qt import Qt, QtCore, QtGui, QtWidgets
from ..view import View
from .glyphs import GlyphButton, PushButton, Role, mixed
from .hand import Hand
from .inputs import Chooser, Item
from .section import labelled


class LayerChoosers(QtWidgets.QWidget):
    """Line art and hints, and the button that makes a new hint layer."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        flow = hand.flow
        self._line = Chooser(
            tr("Line art"), tr("The layer with your lines. It is only read."), lambda key: hand(flow.choose_line, key)
        )
        self._hints = Chooser(
            tr("Hints"),
            tr("The layer with your colour strokes. Every stroke is obeyed; under half opacity it only suggests."),
            lambda key: hand(flow.choose_hints, key or None),
        )
        new = GlyphButton("plus", tr("New hint layer"), tr("New hint layer: an empty layer above the line art"))
        new.clicked.connect(lambda: hand(flow.new_hint_layer))
        self._line.setObjectName("line")
        self._hints.setObjectName("hints")
        new.setObjectName("new_hint_layer")
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.addWidget(labelled(tr("Line art"), self._line), 0, 0)
        grid.addWidget(self._line, 0, 1, 1, 2)
        grid.addWidget(labelled(tr("Hints"), self._hints), 1, 0)
        grid.addWidget(self._hints, 1, 1)
        grid.addWidget(new, 1, 2)

    def show_view(self, view: View) -> None:
        layers = [Item(row.key, row.name, row.depth) for row in view.layers]
        self._line.show_items(layers, view.line or "")
        self._hints.show_items([Item("", tr("None")), *layers], view.hints or "")


class RunRow(QtWidgets.QWidget):
    """*Auto color*, in whose place the progress and its *Cancel* appear, and *Live*.

    While Live is on the button stays, and a thin line under it shows the progress: a docker that changes with every
    stroke would draw the eye away from the canvas.
    """

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        flow = hand.flow
        self._color = PushButton(
            "brush", tr("Auto color"), tr("Colour the line art into a group of layers beneath it"), 36, accent=1.0
        )
        self._color.setObjectName("color")
        font = self._color.font()
        font.setBold(True)
        self._color.setFont(font)
        self._color.clicked.connect(lambda: hand(flow.color))
        self._live = PushButton(
            "live",
            tr("Live"),
            tr("Live: colour again after every stroke. Switching it off stops the work at once."),
            36,
            accent=0.5,
            toggle=True,
        )
        self._live.setObjectName("live")
        self._live.clicked.connect(lambda on: hand(flow.set_live, on))
        self._progress = _Progress(hand)
        self._place = QtWidgets.QStackedWidget()
        self._place.addWidget(self._color)
        self._place.addWidget(self._progress)
        self._line = ProgressLine()
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(5)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._place, 0, 0)
        grid.addWidget(self._live, 0, 1)
        grid.addWidget(self._line, 1, 0, 1, 2)

    def show_view(self, view: View) -> None:
        self._live.setChecked(view.live)
        self._progress.show_state(view.running or "", view.fraction)
        running = view.running is not None
        self._line.show_fraction(view.fraction if running and view.live else 0.0)
        page: QtWidgets.QWidget = self._progress if running and not view.live else self._color
        if page is not self._place.currentWidget():
            had_focus = self._color.hasFocus() or self._progress.cancel.hasFocus()
            self._place.setCurrentWidget(page)
            if had_focus:
                (self._progress.cancel if page is self._progress else self._color).setFocus()


class _Progress(QtWidgets.QWidget):
    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self.cancel = GlyphButton("close", tr("Cancel"))
        self.cancel.setObjectName("cancel")
        self.cancel.clicked.connect(lambda: hand(hand.flow.cancel))
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setMinimumWidth(40)
        self._bar.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar.setAccessibleName(tr("Progress"))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel)
        self.cancel.setFixedWidth(30)
        self.cancel.setSizePolicy(QtWidgets.QSizePolicy.Policy.Fixed, QtWidgets.QSizePolicy.Policy.Expanding)
        self._bar.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Expanding)

    def show_state(self, doing: str, fraction: float) -> None:
        self._bar.setValue(round(fraction * 1000))
        self._bar.setToolTip(doing or tr("Progress"))
        room = max(self._bar.width() - 12, 0)
        self._bar.setFormat(
            self._bar.fontMetrics().elidedText(doing, Qt.TextElideMode.ElideRight, room).replace("%", "%%")
        )


class ProgressLine(QtWidgets.QWidget):
    """Three pixels that fill from the left; always there, so nothing moves."""

    def __init__(self) -> None:
        super().__init__()
        self._fraction = 0.0
        self.setFixedHeight(3)
        self.setAccessibleName(tr("Progress"))
        self.setToolTip(tr("Progress"))

    def show_fraction(self, fraction: float) -> None:
        if fraction != self._fraction:
            self._fraction = fraction
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:  # noqa: N802
        if self._fraction <= 0:
            return
        painter = QtGui.QPainter(self)
        accent = self.palette().color(Role.Highlight)
        painter.fillRect(self.rect(), mixed(accent, self.palette().color(Role.Window), 0.25))
        done = QtCore.QRectF(0, 0, self.width() * min(self._fraction, 1.0), self.height())
        painter.fillRect(done, accent)
