"""*Colours*: style, variety, seed, palette, strength and the colour of strokes that leave a region empty."""

from __future__ import annotations

from ..linewash.contract import Rgb
from ..linewash.editor.texts import tr
from ..qt import QtCore, QtGui, QtWidgets
from ..view import View
from .glyphs import GlyphButton, Role, mixed
from .hand import Hand
from .inputs import Bar, Chooser, Item, Number
from .roles import chosen_style, kept_roles
from .section import Section, labelled

MAGENTA: Rgb = (255, 0, 255)  # what strokes for "leave empty" are painted with until the artist chooses


class ColorsSection(Section):
    def __init__(self, hand: Hand) -> None:
        super().__init__("colors", tr("Colours"), tr("Which colours the drawing gets"), opened=True)
        self._hand = hand
        self._style = Chooser(tr("Style"), tr("The trained style that colours the drawing"), self._pick_style)
        self._palette = Chooser(
            tr("Palette"),
            tr("Paint with the colours of one of your palettes only; strokes keep theirs"),
            lambda name: hand.change(palette=name),
        )
        self._variety = Bar(
            tr("Variety"),
            tr("How daring the colours are where you painted no stroke; at 0 % always the likeliest"),
            100,
            lambda value: hand.change(variety=value / 100),
            _percent,
        )
        self._strength = Bar(
            tr("Strength"),
            tr("How colourful the result is; 100 % as the style paints it"),
            200,
            lambda value: hand.change(strength=value / 100),
            _percent,
        )
        self._seed = SeedRow(hand)
        self._empty = EmptyRow(hand)
        names = ("style", "palette", "variety", "strength")
        for name, field in zip(names, (self._style, self._palette, self._variety, self._strength), strict=True):
            field.setObjectName(name)
        grid = QtWidgets.QGridLayout()
        grid.setSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, (text, field) in enumerate(((tr("Style"), self._style), (tr("Palette"), self._palette))):
            grid.addWidget(labelled(text, field), row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(labelled(tr("Seed"), self._seed.number), 2, 0)
        grid.addWidget(self._seed, 2, 1)
        self.rows.addLayout(grid)
        self.rows.addWidget(self._variety)
        self.rows.addWidget(self._strength)
        self.rows.addWidget(self._empty)
        QtWidgets.QWidget.setTabOrder(self._style, self._palette)

    def show_view(self, view: View) -> None:
        choices = view.choices
        style = chosen_style(view)
        self._style.setEnabled(bool(view.styles))
        self._style.show_items(_styles(view), style.name if style else choices.style)
        if not view.styles:
            self._style.setToolTip(tr("The daemon tells which styles it has when it first runs"))
        self._palette.show_items(_palettes(view), choices.palette)
        self._variety.show_value(round(choices.variety * 100))
        self._strength.show_value(round(choices.strength * 100))
        self._seed.show_view(view)
        self._empty.show_color(choices.empty)

    def _pick_style(self, name: str) -> None:
        view = self._hand.flow.view()
        style = next((s for s in view.styles if s.name == name), None)
        self._hand.change(style=name, layers=kept_roles(view.choices.layers, style))


class SeedRow(QtWidgets.QWidget):
    """The number that repeats a result, the dice that rolls another, the lock that keeps it."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        flow = hand.flow
        self.number = Number(
            tr("Seed"),
            tr("The same seed gives the same colours again"),
            2**31 - 1,
            lambda value: hand.change(seed=value),
        )
        dice = GlyphButton("dice", tr("Roll the dice"), tr("Roll the dice: other colours with another seed"))
        dice.clicked.connect(lambda: hand(flow.roll_seed))
        self._lock = GlyphButton(
            "unlocked", tr("Keep the seed"), tr("Keep the seed; unlocked, every Auto color takes a new one"), "locked"
        )
        self._lock.clicked.connect(lambda on: hand.change(seed_locked=on))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name, field in (("seed", self.number), ("dice", dice), ("lock", self._lock)):
            field.setObjectName(name)
            row.addWidget(field)

    def show_view(self, view: View) -> None:
        self.number.show_value(view.choices.seed)
        self._lock.setChecked(view.choices.seed_locked)


class EmptyRow(QtWidgets.QWidget):
    """*Leave empty*: off, or the colour whose strokes leave their region unpainted."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self._hand = hand
        self._color: Rgb = MAGENTA
        tip = tr("Strokes in this colour leave their region unpainted")
        self._on = QtWidgets.QCheckBox(tr("Leave empty"))
        self._on.setToolTip(tip)
        self._on.setAccessibleName(tr("Leave empty"))
        self._on.clicked.connect(lambda on: hand.change(empty=self._color if on else None))
        self.swatch = Swatch(tr("Colour of strokes that leave empty"), tip)
        self.swatch.clicked.connect(self._choose)
        self._on.setObjectName("leave_empty")
        self.swatch.setObjectName("empty_color")
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._on, 1)
        row.addWidget(self.swatch)

    def show_color(self, color: Rgb | None) -> None:
        self._on.setChecked(color is not None)
        self._color = color or self._color
        self.swatch.show_color(self._color, color is not None)

    def _choose(self) -> None:
        """Not modal, and without an event loop of its own: the canvas stays free to pick a colour from."""
        dialog = QtWidgets.QColorDialog(QtGui.QColor(*self._color), self)
        dialog.setObjectName("color_dialog")
        dialog.setWindowTitle(tr("Colour of strokes that leave empty"))
        dialog.colorSelected.connect(self._chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _chosen(self, color: QtGui.QColor) -> None:
        self._hand.change(empty=(color.red(), color.green(), color.blue()))


class Swatch(QtWidgets.QAbstractButton):
    """A patch of colour; struck through while it is off."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self._color = QtGui.QColor(*MAGENTA)
        self._on = False
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(40, 20)
        self.setAccessibleName(name)
        self.setToolTip(tip)

    def show_color(self, color: Rgb, on: bool) -> None:
        self._color, self._on = QtGui.QColor(*color), on
        self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:  # noqa: N802
        palette = self.palette()
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        base, text = palette.color(Role.Base), palette.color(Role.Text)
        painter.setPen(QtGui.QPen(palette.color(Role.Highlight) if self.hasFocus() else mixed(text, base, 0.35), 1))
        painter.setBrush(self._color if self._on and self.isEnabled() else base)
        box = QtCore.QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 3, 3)
        if not self._on:
            painter.setPen(QtGui.QPen(mixed(text, base, 0.4), 1.2))
            painter.drawLine(QtCore.QPointF(7, self.height() - 5), QtCore.QPointF(self.width() - 7, 5))


def _percent(value: int) -> str:
    return tr("{value} %", value=value)


def _styles(view: View) -> list[Item]:
    if not view.styles:
        return [Item(view.choices.style, view.choices.style or tr("Default"))]
    items = [
        Item(
            style.name,
            tr("{style} (default)", style=style.name) if style.default else style.name,
            tip=style.licence,
            why_not=style.problem,
        )
        for style in view.styles
    ]
    known = not view.choices.style or any(style.name == view.choices.style for style in view.styles)
    return items if known else [*items, _missing(view.choices.style)]


def _palettes(view: View) -> list[Item]:
    items = [Item("", tr("Any colour"))]
    if view.active_palette:
        items.append(Item(view.active_palette, tr("{palette} (in use)", palette=view.active_palette)))
    items += [Item(name, name) for name in view.palettes if name != view.active_palette]
    known = any(item.key == view.choices.palette for item in items)
    return items if known else [*items, _missing(view.choices.palette)]


def _missing(name: str) -> Item:
    return Item(name, tr("{name} (missing)", name=name), why_not=tr("It is not there any more."))
