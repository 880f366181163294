"""*Lines*: how openings in the line art are closed, and the overlay that shows the regions."""

from __future__ import annotations

from ..linewash.editor.texts import tr
from ..view import View
from .glyphs import PushButton
from .hand import Hand
from .inputs import Bar
from .section import Section


class LinesSection(Section):
    def __init__(self, hand: Hand) -> None:
        super().__init__("lines", tr("Lines"), tr("How the regions between the lines are found"), opened=False)
        self._gap = Bar(
            tr("Gap tolerance"),
            tr("Openings in the lines up to this wide count as closed"),
            64,
            lambda value: hand.change(gap=float(value)),
            lambda value: tr("{value} px", value=value) if value else tr("automatic"),
        )
        self._regions = PushButton(
            "regions",
            tr("Show regions"),
            tr("Show the regions that will be filled, on a layer that goes away again"),
            accent=0.5,
            toggle=True,
        )
        self._regions.clicked.connect(lambda on: hand(hand.flow.show_regions, on))
        self._gap.setObjectName("gap")
        self._regions.setObjectName("regions")
        self.rows.addWidget(self._gap)
        self.rows.addWidget(self._regions)

    def show_view(self, view: View) -> None:
        self._gap.show_value(round(view.choices.gap))
        self._regions.setChecked(view.regions)
