"""The docker: draws the flow's `View` and hands the artist's commands to the flow. It keeps no state of its own."""

from __future__ import annotations

from .linewash.editor.texts import tr
from .qt import Qt, QtCore, QtWidgets
from .view import View
from .widgets.colors import ColorsSection
from .widgets.hand import Commands, Hand
from .widgets.head import LayerChoosers, RunRow
from .widgets.history import HistorySection
from .widgets.inputs import Elided
from .widgets.layers import LayersSection
from .widgets.lines import LinesSection
from .widgets.notice import Notice
from .widgets.section import quiet

MARGIN = 6  # px around everything


class DockerPanel(QtWidgets.QWidget):
    """What stands in the dock. It ticks the flow and shows its view when that changed."""

    def __init__(self, flow: Commands) -> None:
        super().__init__()
        self._flow = flow
        self._shown: View | None = None
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        hand = Hand(flow, self._soon)
        self._no_document = quiet(QtWidgets.QLabel(tr("Open a drawing to colour it.")))
        self._choosers = LayerChoosers(hand)
        self._run = RunRow(hand)
        self._colors = ColorsSection(hand)
        self._lines = LinesSection(hand)
        self._layers = LayersSection(hand)
        self._history = HistorySection(hand)
        self._notice = Notice(hand)
        self._status = Elided(tr("Status"))
        self._no_document.setObjectName("no_document")
        self._status.setObjectName("status")
        self._controls = QtWidgets.QWidget()
        self._lay_out()
        self._show(flow.view())
        self._timer.start(0)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(280, 560)

    def _lay_out(self) -> None:
        column = QtWidgets.QVBoxLayout(self._controls)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(6)
        parts = (self._choosers, self._run, self._colors, self._lines, self._layers, self._history)
        for part in (self._no_document, *parts):
            column.addWidget(part)
        column.addStretch(1)
        scroll = _Scroll()
        scroll.setWidget(self._controls)
        foot = QtWidgets.QVBoxLayout()
        foot.setContentsMargins(MARGIN, 2, MARGIN, 4)
        foot.setSpacing(3)
        foot.addWidget(self._notice)
        foot.addWidget(self._status)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)

    def _soon(self) -> None:
        """After a command: show what came of it, even if that is that nothing changed."""
        self._shown = None
        self._timer.start(0)

    def _tick(self) -> None:
        wanted = self._flow.tick()
        view = self._flow.view()
        if view != self._shown:
            self._show(view)
        self._timer.start(max(round(wanted * 1000), 0))

    def _show(self, view: View) -> None:
        self._shown = view
        opened = view.document is not None
        self._no_document.setVisible(not opened)
        for part in (self._choosers, self._run, self._colors, self._lines, self._layers, self._history):
            part.setEnabled(opened)
            part.show_view(view)
        self._history.setEnabled(opened or bool(view.history))  # results of drawings that were closed since
        self._notice.show_message(view.message)
        self._status.show_text(view.status)


class _Scroll(QtWidgets.QScrollArea):
    """Takes the height that is left, and as little width as its content can do with."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(self.minimumSizeHint().width(), 96)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802
        content, bar = self.widget(), self.verticalScrollBar()
        width = content.minimumSizeHint().width() if content is not None else 0
        return QtCore.QSize(width + (bar.sizeHint().width() if bar is not None else 0), 96)

    def eventFilter(self, watched: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:  # noqa: N802
        if event is not None and event.type() == QtCore.QEvent.Type.LayoutRequest:
            self.updateGeometry()  # a section that was opened may need more width than those before
        return super().eventFilter(watched, event)
