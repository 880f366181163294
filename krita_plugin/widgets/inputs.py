"""Inputs that fit a narrow dock: they elide instead of forcing a width, and the wheel that scrolls past leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..qt import Qt, QtCore, QtGui, QtWidgets
from .glyphs import Role, mixed


@dataclass(frozen=True)
class Item:
    """An entry of a `Chooser`. ``why_not``: it can't be chosen, and this is why."""

    key: str
    text: str
    depth: int = 0
    tip: str = ""
    why_not: str = ""


class Chooser(QtWidgets.QComboBox):
    """A drop-down list of `Item`; ``chosen`` (a key) is sent only when the artist picks one."""

    def __init__(self, name: str, tip: str, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self._items: tuple[Item, ...] = ()
        self.setAccessibleName(name)
        self._tip = tip
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda row: chosen(self._items[row].key))

    def show_items(self, items: Iterable[Item], key: str) -> None:
        """Show ``items`` with the one of this key chosen; none when there is no such key."""
        items = tuple(items)
        if items != self._items:
            self._items = items
            self._fill()
        row = next((i for i, item in enumerate(items) if item.key == key), -1)
        if row != self.currentIndex():
            self.setCurrentIndex(row)
        self.setToolTip(f"{items[row].text}\n{self._tip}" if row >= 0 else self._tip)

    def _fill(self) -> None:
        self.clear()
        for row, item in enumerate(self._items):
            self.addItem("\N{EM SPACE}" * item.depth + item.text)
            self.setItemData(row, item.why_not or item.tip, Qt.ItemDataRole.ToolTipRole)
        model = self.model()
        if isinstance(model, QtGui.QStandardItemModel):
            for row, item in enumerate(self._items):
                entry = model.item(row)
                if entry is not None:
                    entry.setEnabled(not item.why_not)

    def showPopup(self) -> None:  # noqa: N802
        view = self.view()
        if view is not None:  # the list shows whole names however narrow the dock is
            view.setMinimumWidth(min(view.sizeHintForColumn(0) + 24, 480))
        super().showPopup()

    def wheelEvent(self, event: QtGui.QWheelEvent | None) -> None:  # noqa: N802
        if event is not None and not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:  # noqa: N802
        painter = QtWidgets.QStylePainter(self)
        option = QtWidgets.QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style() or QtWidgets.QApplication.style()
        assert style is not None
        field = style.subControlRect(
            QtWidgets.QStyle.ComplexControl.CC_ComboBox,
            option,
            QtWidgets.QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        text = (option.currentText or "").strip()
        option.currentText = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideMiddle, field.width() - 4)
        painter.drawComplexControl(QtWidgets.QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QtWidgets.QStyle.ControlElement.CE_ComboBoxLabel, option)


class Bar(QtWidgets.QSlider):
    """A slider as Krita draws them: one bar with its name and value inside, filled as far as it is set.

    ``changed`` gets the value once the artist lets go, so that a drag asks for one result and not for fifty.
    """

    def __init__(
        self, name: str, tip: str, top: int, changed: Callable[[int], None], spoken: Callable[[int], str]
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._name = name
        self._spoken = spoken
        self.setRange(0, top)
        self.setPageStep(max(top // 10, 1))
        self.setTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.valueChanged.connect(changed)
        self.sliderMoved.connect(self.update)

    def show_value(self, value: int) -> None:
        if value == self.value() or self.isSliderDown():
            return
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)
        self.update()

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(180, self.fontMetrics().height() + 9)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(100, self.sizeHint().height())

    def wheelEvent(self, event: QtGui.QWheelEvent | None) -> None:  # noqa: N802
        if event is not None and not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QtGui.QMouseEvent | None) -> None:  # noqa: N802
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent | None) -> None:  # noqa: N802
        if event is not None and self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent | None) -> None:  # noqa: N802
        if event is not None and event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.update()

    def _follow(self, event: QtGui.QMouseEvent) -> None:
        share = (event.pos().x() - 2) / max(self.width() - 4, 1)
        self.setSliderPosition(round(min(max(share, 0), 1) * self.maximum()))
        self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:  # noqa: N802
        palette = self.palette()
        base, text = palette.color(Role.Base), palette.color(Role.Text)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        frame = QtCore.QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QtGui.QPainterPath()
        shape.addRoundedRect(frame, 3, 3)
        painter.fillPath(shape, base)
        filled = QtCore.QRectF(frame)
        filled.setWidth(frame.width() * self.sliderPosition() / self.maximum())
        painter.save()
        painter.setClipPath(shape)
        accent = palette.color(Role.Highlight) if self.isEnabled() else text
        painter.fillRect(filled, mixed(accent, base, 0.5 if self.isEnabled() else 0.1))
        painter.restore()
        rim = palette.color(Role.Highlight) if self.hasFocus() else mixed(text, base, 0.25)
        painter.setPen(QtGui.QPen(rim, 1))
        painter.drawPath(shape)
        self._write(painter, frame.adjusted(7, 0, -7, 0), text)

    def _write(self, painter: QtGui.QPainter, box: QtCore.QRectF, color: QtGui.QColor) -> None:
        metrics = self.fontMetrics()
        value = self._spoken(self.sliderPosition())
        width = metrics.horizontalAdvance(value)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, int(box.width()) - width - 8)
        painter.setPen(color)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, name, QtGui.QTextOption(middle | Qt.AlignmentFlag.AlignLeft))
        painter.drawText(box, value, QtGui.QTextOption(middle | Qt.AlignmentFlag.AlignRight))


class Number(QtWidgets.QSpinBox):
    """A whole number from 0 to ``top`` without arrows; ``changed`` gets it when it was typed to its end."""

    def __init__(self, name: str, tip: str, top: int, changed: Callable[[int], None]) -> None:
        super().__init__()
        self.setRange(0, top)
        self.setKeyboardTracking(False)
        self.setButtonSymbols(QtWidgets.QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.valueChanged.connect(changed)

    def show_value(self, value: int) -> None:
        if value == self.value():
            return  # perhaps a new number is being typed
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def wheelEvent(self, event: QtGui.QWheelEvent | None) -> None:  # noqa: N802
        if event is not None and not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)


class Elided(QtWidgets.QLabel):
    """One line that ends in … where the dock is too narrow; its tooltip is the whole of it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._whole = ""
        self._name = name
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        self._whole = text
        self.setToolTip(text or self._name)
        self._fit()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))
