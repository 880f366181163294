"""*History*: earlier results of the document as thumbnails; a click, or Enter, applies one again."""

from __future__ import annotations

from ..linewash.editor.texts import tr
from ..qt import Qt, QtCore, QtGui, QtWidgets
from ..view import HistoryRow, View
from .glyphs import Role, mixed
from .hand import Hand
from .section import Section, quiet

SIDE = 60  # px of a thumbnail's longer side
CELL = SIDE + 5


class HistorySection(Section):
    def __init__(self, hand: Hand) -> None:
        super().__init__("history", tr("History"), tr("Earlier results of this document"), opened=True)
        self._empty = quiet(QtWidgets.QLabel(tr("Your results are kept here; click one to apply it again.")))
        self._strip = Strip(hand)
        self.rows.addWidget(self._empty)
        self.rows.addWidget(self._strip)

    def show_view(self, view: View) -> None:
        self._empty.setVisible(not view.history)
        self._strip.setVisible(bool(view.history))
        self._strip.show_rows(view.history)


class Strip(QtWidgets.QListWidget):
    """Thumbnails, newest first, in as many rows as they need: the docker scrolls, the strip does not."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self._hand = hand
        self._rows: tuple[HistoryRow, ...] = ()
        self.setObjectName("strip")
        self.setAccessibleName(tr("History"))
        self.setToolTip(tr("Earlier results, newest first; click one to apply it again"))
        self.setViewMode(QtWidgets.QListView.ViewMode.IconMode)
        self.setFlow(QtWidgets.QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        self.setMovement(QtWidgets.QListView.Movement.Static)
        self.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setIconSize(QtCore.QSize(SIDE, SIDE))
        self.setGridSize(QtCore.QSize(CELL, CELL))
        self.setUniformItemSizes(True)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)  # type: ignore[union-attr]  # a list always has one
        self.setItemDelegate(_Thumbnails(self))
        self.clicked.connect(lambda index: self._apply(index.row()))

    def show_rows(self, rows: tuple[HistoryRow, ...]) -> None:
        if rows == self._rows:
            return
        self._rows = rows
        self.clear()
        for row in rows:
            item = QtWidgets.QListWidgetItem(QtGui.QIcon(_pixmap(row)), "")
            item.setToolTip(row.caption)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.caption)
            self.addItem(item)
        self._fit()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(CELL, CELL)

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:  # noqa: N802
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event is not None and event.key() in keys:
            self._apply(self.currentRow())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QtGui.QFocusEvent | None) -> None:  # noqa: N802
        super().focusInEvent(event)
        if self.currentRow() < 0 and self._rows:
            self.setCurrentRow(0)

    def wheelEvent(self, event: QtGui.QWheelEvent | None) -> None:  # noqa: N802
        if event is not None:  # the docker scrolls, not the strip under the pointer
            event.ignore()

    def _apply(self, place: int) -> None:
        if 0 <= place < len(self._rows):
            self._hand(self._hand.flow.apply_again, self._rows[place].key)

    def _fit(self) -> None:
        across = max((self.width() - 2) // CELL, 1)
        self.setFixedHeight(-(-len(self._rows) // across) * CELL + 2)


class _Thumbnails(QtWidgets.QStyledItemDelegate):
    """A picture with a hairline around it; the accent where the keyboard or the pointer is."""

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        if painter is None:
            return
        palette, state = option.palette, option.state
        icon: QtGui.QIcon = index.data(Qt.ItemDataRole.DecorationRole)
        size = icon.actualSize(QtCore.QSize(SIDE, SIDE))
        box = QtCore.QRect(QtCore.QPoint(0, 0), size)
        box.moveCenter(option.rect.center())
        enabled = bool(state & QtWidgets.QStyle.StateFlag.State_Enabled)
        painter.setOpacity(1.0 if enabled else 0.4)
        icon.paint(painter, box)
        focused = state & QtWidgets.QStyle.StateFlag.State_HasFocus
        hovered = state & QtWidgets.QStyle.StateFlag.State_MouseOver
        rim = mixed(palette.color(Role.WindowText), palette.color(Role.Window), 0.3)
        chosen = enabled and (focused or hovered)
        painter.setPen(QtGui.QPen(palette.color(Role.Highlight) if chosen else rim, 2 if chosen else 1))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.setOpacity(1.0)


def _pixmap(row: HistoryRow) -> QtGui.QPixmap:
    """The thumbnail on white paper, so that what was left empty doesn't take the theme's colour."""
    image = QtGui.QImage(
        row.thumbnail, row.width, row.height, row.width * 4, QtGui.QImage.Format.Format_RGBA8888
    ).scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    pixmap = QtGui.QPixmap(image.size())
    pixmap.fill(Qt.GlobalColor.white)
    painter = QtGui.QPainter(pixmap)
    painter.drawImage(0, 0, image)
    painter.end()
    return pixmap
