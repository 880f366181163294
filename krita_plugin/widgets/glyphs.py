"""Icons drawn in the palette's colours, on a 16 × 16 grid, and the buttons that redraw them when a theme changes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from ..qt import Qt, QtCore, QtGui, QtWidgets

Glyph = Literal["brush", "dice", "locked", "unlocked", "plus", "live", "close", "regions", "open", "closed", "warning"]
Role = QtGui.QPalette.ColorRole
_REDRAW = (
    QtCore.QEvent.Type.PaletteChange,
    QtCore.QEvent.Type.StyleChange,
    QtCore.QEvent.Type.ApplicationPaletteChange,
)


def glyph_pixmap(glyph: Glyph, color: QtGui.QColor, side: int, ratio: float = 1.0) -> QtGui.QPixmap:
    """``side`` × ``side`` px of a screen with ``ratio`` device pixels to one."""
    pixmap = QtGui.QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(pixmap)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.scale(side / 16, side / 16)
    pen = QtGui.QPen(color, 1.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _DRAW[glyph](painter, color)
    painter.end()
    return pixmap


def glyph_icon(glyph: Glyph, palette: QtGui.QPalette, role: Role, side: int, off: Glyph | None = None) -> QtGui.QIcon:
    """For enabled and disabled; ``off`` is drawn where the button is not checked, ``glyph`` where it is."""
    icon = QtGui.QIcon()
    for mode, group in (
        (QtGui.QIcon.Mode.Normal, QtGui.QPalette.ColorGroup.Active),
        (QtGui.QIcon.Mode.Disabled, QtGui.QPalette.ColorGroup.Disabled),
    ):
        color = palette.color(group, role)
        for ratio in (1.0, 2.0):
            icon.addPixmap(glyph_pixmap(off or glyph, color, side, ratio), mode, QtGui.QIcon.State.Off)
            icon.addPixmap(glyph_pixmap(glyph, color, side, ratio), mode, QtGui.QIcon.State.On)
    return icon


class GlyphButton(QtWidgets.QToolButton):
    """A flat button with a glyph; ``name`` is its accessible name. ``checked_glyph`` makes it a toggle."""

    def __init__(self, glyph: Glyph, name: str, tip: str = "", checked_glyph: Glyph | None = None) -> None:
        super().__init__()
        self._glyph = glyph
        self._checked_glyph = checked_glyph
        self.setCheckable(checked_glyph is not None)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QtCore.QSize(16, 16))
        self.setAccessibleName(name)
        self.setToolTip(tip or name)
        self._draw()

    def changeEvent(self, event: QtCore.QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() in _REDRAW:
            self._draw()

    def _draw(self) -> None:
        on = self._checked_glyph or self._glyph
        self.setIcon(glyph_icon(on, self.palette(), Role.WindowText, 16, self._glyph))


class PushButton(QtWidgets.QPushButton):
    """A button with a glyph before its text, at least ``height`` px tall.

    ``accent``, 0…1, is how much of the theme's accent it wears: at all times, or while it is checked if it is a toggle.
    """

    def __init__(
        self, glyph: Glyph, text: str, tip: str, height: int = 0, accent: float = 0.0, toggle: bool = False
    ) -> None:
        super().__init__(text)
        self._glyph = glyph
        self._accent = accent
        self._worn: tuple[QtGui.QColor, QtGui.QColor] | None = None
        self.setCheckable(toggle)
        self.setMinimumHeight(height)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setIconSize(QtCore.QSize(16, 16))
        self.toggled.connect(lambda _: self._draw())
        self._draw()

    def changeEvent(self, event: QtCore.QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() in (*_REDRAW, QtCore.QEvent.Type.ParentChange):
            self._draw()

    def _draw(self) -> None:
        parent = self.parentWidget()
        theme = parent.palette() if parent is not None else QtWidgets.QApplication.palette()
        worn = self._accent if self.isChecked() or not self.isCheckable() else 0.0
        accent = theme.color(QtGui.QPalette.ColorGroup.Active, Role.Highlight)
        ground = mixed(accent, theme.color(QtGui.QPalette.ColorGroup.Active, Role.Button), worn)
        inks = [theme.color(QtGui.QPalette.ColorGroup.Active, role) for role in (Role.ButtonText, Role.HighlightedText)]
        ink = max(inks, key=lambda color: _contrast(color, ground))  # some themes' own pair is hard to read
        if (ground, ink) != self._worn:
            self._worn = (ground, ink)
            palette = QtGui.QPalette()  # with two colours of its own only: one that has all is not told of other themes
            for group in (QtGui.QPalette.ColorGroup.Active, QtGui.QPalette.ColorGroup.Inactive):
                palette.setColor(group, Role.Button, ground)
                palette.setColor(group, Role.ButtonText, ink)
            self.setPalette(palette)
        self.setIcon(glyph_icon(self._glyph, self.palette(), Role.ButtonText, 16))


def mixed(one: QtGui.QColor, other: QtGui.QColor, share: float) -> QtGui.QColor:
    """``share`` (0…1) of ``one``, the rest of ``other``."""
    pairs = zip((one.red(), one.green(), one.blue()), (other.red(), other.green(), other.blue()), strict=True)
    return QtGui.QColor(*(round(a * share + b * (1 - share)) for a, b in pairs))


def _contrast(one: QtGui.QColor, other: QtGui.QColor) -> float:
    """1 (none) … 21, as WCAG 2 defines it, with gamma 2.2 for sRGB's curve."""
    light = [
        0.2126 * math.pow(c.redF(), 2.2) + 0.7152 * math.pow(c.greenF(), 2.2) + 0.0722 * math.pow(c.blueF(), 2.2)
        for c in (one, other)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


def _path(painter: QtGui.QPainter, *points: tuple[float, float], closed: bool = False) -> None:
    path = QtGui.QPainterPath(QtCore.QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    if closed:
        path.closeSubpath()
    painter.drawPath(path)


def _dots(painter: QtGui.QPainter, color: QtGui.QColor, radius: float, *centers: tuple[float, float]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for center in centers:
        painter.drawEllipse(QtCore.QPointF(*center), radius, radius)


def _brush(painter: QtGui.QPainter, color: QtGui.QColor) -> None:
    _path(painter, (13.5, 2.5), (7.5, 8.5))
    drop = QtGui.QPainterPath(QtCore.QPointF(7.8, 9.9))
    drop.cubicTo(8.4, 12.4, 5.6, 14.4, 2.2, 13.6)
    drop.cubicTo(4.0, 12.6, 2.9, 10.4, 4.7, 9.1)
    drop.cubicTo(5.9, 8.3, 7.4, 8.6, 7.8, 9.9)
    painter.setBrush(color)
    painter.drawPath(drop)


def _dice(painter: QtGui.QPainter, color: QtGui.QColor) -> None:
    painter.drawRoundedRect(QtCore.QRectF(2.2, 2.2, 11.6, 11.6), 2.4, 2.4)
    _dots(painter, color, 1.15, (5.3, 5.3), (10.7, 5.3), (8, 8), (5.3, 10.7), (10.7, 10.7))


def _lock(painter: QtGui.QPainter, color: QtGui.QColor, shackle_x: float) -> None:
    shackle = QtGui.QPainterPath(QtCore.QPointF(shackle_x, 7.2))
    shackle.lineTo(shackle_x, 5)
    shackle.arcTo(QtCore.QRectF(shackle_x, 2, 5.6, 5.6), 180, -180)
    if shackle_x < 6:
        shackle.lineTo(shackle_x + 5.6, 7.2)
    painter.drawPath(shackle)
    painter.setBrush(color)
    painter.drawRoundedRect(QtCore.QRectF(3.4, 7.4, 9.2, 6.4), 1.2, 1.2)


def _locked(painter: QtGui.QPainter, color: QtGui.QColor) -> None:
    _lock(painter, color, 5.2)


def _unlocked(painter: QtGui.QPainter, color: QtGui.QColor) -> None:
    _lock(painter, color, 9.4)


def _plus(painter: QtGui.QPainter, _: QtGui.QColor) -> None:
    _path(painter, (8, 3), (8, 13))
    _path(painter, (3, 8), (13, 8))


def _live(painter: QtGui.QPainter, color: QtGui.QColor) -> None:
    for radius in (3.6, 6.4):
        box = QtCore.QRectF(8 - radius, 8 - radius, 2 * radius, 2 * radius)
        painter.drawArc(box, -45 * 16, 90 * 16)
        painter.drawArc(box, 135 * 16, 90 * 16)
    _dots(painter, color, 1.6, (8, 8))


def _close(painter: QtGui.QPainter, _: QtGui.QColor) -> None:
    _path(painter, (4, 4), (12, 12))
    _path(painter, (12, 4), (4, 12))


def _regions(painter: QtGui.QPainter, color: QtGui.QColor) -> None:
    soft = QtGui.QColor(color)
    soft.setAlpha(110)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(QtCore.QRectF(2, 2, 5.4, 7), soft)
    painter.fillRect(QtCore.QRectF(7.4, 9, 6.6, 5), soft)
    painter.restore()
    painter.drawRoundedRect(QtCore.QRectF(2, 2, 12, 12), 1.4, 1.4)
    _path(painter, (7.4, 2), (7.4, 14))
    _path(painter, (2, 9), (14, 9))


def _open(painter: QtGui.QPainter, _: QtGui.QColor) -> None:
    _path(painter, (4, 6), (8, 10), (12, 6))


def _closed(painter: QtGui.QPainter, _: QtGui.QColor) -> None:
    _path(painter, (6, 4), (10, 8), (6, 12))


def _warning(painter: QtGui.QPainter, color: QtGui.QColor) -> None:
    _path(painter, (8, 2.2), (14.4, 13.4), (1.6, 13.4), closed=True)
    _path(painter, (8, 6.4), (8, 9.4))
    _dots(painter, color, 0.9, (8, 11.5))


_DRAW: dict[Glyph, Callable[[QtGui.QPainter, QtGui.QColor], None]] = {
    "brush": _brush,
    "dice": _dice,
    "locked": _locked,
    "unlocked": _unlocked,
    "plus": _plus,
    "live": _live,
    "close": _close,
    "regions": _regions,
    "open": _open,
    "closed": _closed,
    "warning": _warning,
}
