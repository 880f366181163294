"""The entries of *Tools > Scripts > Linewash*; actions/linewash_krita.action tells *Configure Shortcuts* of them."""

from __future__ import annotations

from collections.abc import Callable

from .linewash.editor.remedies import button
from .linewash.editor.texts import tr
from .qt import QAction, QtWidgets
from .widgets.hand import Commands
from .widgets.notice import copy_diagnostics

Create = Callable[[str, str, str], QAction]
"""Makes an entry of an id, with a text, at a place such as ``tools/scripts``, as ``Window.createAction`` does."""

_MENU = "linewash"
_PLACE = "tools/scripts"


def add_actions(flow: Commands, create: Create) -> None:
    """Add the entries to one window of Krita. None has a shortcut of its own; any can be given one."""
    entry = create(_MENU, "Linewash", _PLACE)
    menu = QtWidgets.QMenu()
    entry.setMenu(menu)
    kept = [menu]  # an action does not own its menu, so it is kept for as long as the action lives
    entry.destroyed.connect(lambda: kept.clear())

    def add(name: str, text: str, command: Callable[[], None]) -> QAction:
        action = create(name, text, f"{_PLACE}/{_MENU}")
        action.triggered.connect(lambda: command())
        return action

    add("linewash_auto_color", tr("Auto color"), flow.color)
    add("linewash_cancel", tr("Cancel"), flow.cancel)
    live = add("linewash_live", tr("Live"), lambda: flow.set_live(not flow.view().live))
    add("linewash_new_hint_layer", tr("New hint layer"), flow.new_hint_layer)
    add("linewash_roll_seed", tr("Another seed"), flow.roll_seed)
    regions = add("linewash_show_regions", tr("Show regions"), lambda: flow.show_regions(not flow.view().regions))
    add("linewash_free_gpu", button("free_gpu"), flow.free_gpu)
    add("linewash_copy_diagnostics", button("copy_diagnostics"), lambda: copy_diagnostics(flow))

    def show_state() -> None:
        """The docker and other windows switch these too, so what counts is the flow's state, not the tick."""
        view = flow.view()
        live.setChecked(view.live)
        regions.setChecked(view.regions)

    for toggle in (live, regions):
        toggle.setCheckable(True)
        toggle.triggered.connect(lambda: show_state())
    menu.aboutToShow.connect(show_state)
