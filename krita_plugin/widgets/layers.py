"""*Layers*: what is inserted and where."""

from __future__ import annotations

from ..linewash.contract import Role
from ..linewash.editor.choices import ROLES
from ..linewash.editor.texts import tr
from ..qt import QtWidgets
from ..view import View
from .hand import Hand
from .roles import chosen_style
from .section import Section, quiet


class LayersSection(Section):
    def __init__(self, hand: Hand) -> None:
        super().__init__("layers", tr("Layers"), tr("Which layers you get, and where"), opened=False)
        self._hand = hand
        self._words = _words()
        self._boxes: dict[Role, QtWidgets.QCheckBox] = {}
        grid = QtWidgets.QGridLayout()
        grid.setSpacing(4)
        for place, role in enumerate(ROLES):
            text, tip = self._words[role]
            box = QtWidgets.QCheckBox(text)
            box.setObjectName(f"layer_{role}")
            box.setAccessibleName(text)
            box.setToolTip(tip)
            box.clicked.connect(self._pick)
            grid.addWidget(box, place // 2, place % 2)
            self._boxes[role] = box
        self._update = _radio("update", tr("Update in place"), tr("Repaint the group of the last result"))
        self._new = _radio("new_group", tr("New group"), tr("Insert a new group and leave earlier ones alone"))
        self._update.clicked.connect(lambda: hand.change(placement="update"))
        self._new.clicked.connect(lambda: hand.change(placement="new_group"))
        self._note = quiet(QtWidgets.QLabel())
        self.rows.addLayout(grid)
        self.rows.addSpacing(4)
        self.rows.addWidget(self._update)
        self.rows.addWidget(self._new)
        self.rows.addWidget(self._note)

    def show_view(self, view: View) -> None:
        style = chosen_style(view)
        for role, box in self._boxes.items():
            provided = style is None or role in style.provides
            box.setEnabled(provided)
            box.setChecked(provided and role in view.choices.layers)
            box.setToolTip(
                self._words[role][1]
                if provided
                else tr("The style {style} does not make this layer.", style=style.name if style else "")
            )
        update = view.choices.placement == "update"
        self._update.setChecked(update)
        self._new.setChecked(not update)
        self._note.setText(_note(update, view.can_update))

    def _pick(self) -> None:
        picked = tuple(role for role, box in self._boxes.items() if box.isChecked())
        if picked:
            self._hand.change(layers=picked)
        else:  # a result has at least one layer: the view puts the tick back
            self.show_view(self._hand.flow.view())


def _words() -> dict[Role, tuple[str, str]]:
    """What each layer is called, and what it is for."""
    return {
        "flats": (tr("Flats"), tr("One even colour in every region")),
        "shading": (tr("Shading"), tr("Shadows, multiplied over the flats")),
        "highlights": (tr("Highlights"), tr("Lights, screened over the flats")),
        "color": (tr("Colour"), tr("Hue and saturation only, to lay over a grey drawing")),
        "per_color": (tr("One per colour"), tr("A layer of its own for every flat colour")),
    }


def _radio(name: str, text: str, tip: str) -> QtWidgets.QRadioButton:
    button = QtWidgets.QRadioButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    return button


def _note(update: bool, can_update: bool) -> str:
    if not update:
        return tr("One undo step takes the new group away.")
    if not can_update:
        return tr("The first result makes a group; later ones update it, which can't be undone.")
    return tr("Updating in place can't be undone; the history keeps the earlier result.")
