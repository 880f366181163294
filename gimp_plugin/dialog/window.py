"""The whole dialog: preview at the left, choices at the right, and what to do when it can't go on below."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from ..application.arguments import argument_of, choices_of, palette_colors, role_blurb
from ..application.drawing import Drawing
from ..application.miniature import Miniature
from ..application.versions import versions
from ..coloring import Wish, check
from ..linewash.contract import ModelInfo, Role
from ..linewash.editor.choices import ROLES
from ..linewash.editor.diagnostics import report
from ..linewash.editor.remedies import OTHER_VERSION, Mend, Message, message_of
from ..linewash.editor.texts import tr
from ..linewash.errors import LinewashError
from ..previewing import Previewer, Sketch
from .choosers import LayerChooser, PaletteChooser, StyleChooser
from .gtk import Gdk, GimpUi, GLib, Gtk
from .notice import MessageBar
from .preview import SIDE, Preview

_TICK = 25  # milliseconds between two looks at the preview's job


class Window:
    def __init__(self, procedure: Any, config: Any, drawing: Drawing) -> None:
        GimpUi.init("linewash")
        self._config, self._drawing = config, drawing
        self._line = config.get_property("line-art")
        self._previewer = Previewer(lambda line, hints: Miniature(drawing, line, hints, SIDE))
        self._refused: Message | None = None  # what is wrong with the choices, or was with the last colouring
        self._dialog = GimpUi.ProcedureDialog.new(procedure, config, tr("Auto color"))
        self._preview, self._bar = Preview(), MessageBar(self._mend)
        self._boxes: dict[Role, Any] = {}
        columns = Gtk.Box(spacing=18, border_width=6)
        columns.pack_start(self._preview, False, False, 0)
        columns.pack_start(self._choices(), True, True, 0)
        area = self._dialog.get_content_area()
        area.pack_start(columns, True, True, 0)
        area.pack_start(self._bar, False, False, 0)
        columns.show_all()
        config.connect("notify", lambda *_: self._changed())
        self._changed()
        self._timer = GLib.timeout_add(_TICK, self._tick)

    def run(self, paint: Callable[[str], Any]) -> Any | None:
        """See `ask`. Raises what ``paint`` raised when the image was closed."""
        while self._dialog.run():
            self._previewer.pause()
            self._dialog.hide()
            while Gtk.events_pending():  # or it stays on the screen while the colours are worked out
                Gtk.main_iteration()
            try:
                return paint(self._bar.code)
            except LinewashError as error:
                if not self._drawing.is_open():
                    raise  # there is nothing left to choose for
                self._refused = message_of(error)
                self._previewer.resume()
                self._dialog.show()
        return None

    def close(self) -> None:
        GLib.source_remove(self._timer)
        self._previewer.close()
        self._dialog.destroy()

    def _choices(self) -> Any:
        config, dialog = self._config, self._dialog
        rows = [row for row in self._drawing.layers() if row.mark != "colors"]
        self._style = StyleChooser(config, self._show_provided)
        grid = Gtk.Grid(row_spacing=6, column_spacing=8)
        fields = (
            (tr("Line _art"), "line-art", LayerChooser(config, "line-art", self._drawing, rows, None)),
            (tr("H_ints"), "hints", LayerChooser(config, "hints", self._drawing, rows, tr("None"))),
            (tr("St_yle"), "style", self._style),
            (tr("_Palette"), "palette", PaletteChooser(config)),
            (tr("See_d"), "seed", self._seed()),
        )
        for row, (text, name, field) in enumerate(fields):
            label = Gtk.Label.new_with_mnemonic(text)
            label.set_xalign(0.0)
            label.set_mnemonic_widget(field)
            for part in (label, field):
                part.set_tooltip_text(config.find_property(name).blurb)
            grid.attach(label, 0, row, 1, 1)
            grid.attach(field, 1, row, 1, 1)
        sliders = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=4)
        for name, factor in (("variety", 100.0), ("strength", 100.0), ("gap", 1.0)):
            scale = dialog.get_spin_scale(name, factor)
            scale.set_digits(0)
            sliders.pack_start(scale, False, False, 0)
        whole = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12)
        for part in (grid, sliders, self._layers(), self._selection()):
            whole.pack_start(part, False, False, 0)
        return whole

    def _seed(self) -> Any:
        box = Gtk.Box(spacing=4)
        dice = Gtk.Button(label=tr("_New"), use_underline=True)
        dice.set_tooltip_text(tr("Roll the dice: other colours with another seed"))
        dice.connect("clicked", lambda _: self._config.set_property("seed", secrets.randbelow(2**31)))
        box.pack_start(self._dialog.get_widget("seed", GimpUi.SpinButton), True, True, 0)
        box.pack_start(dice, False, False, 0)
        return box

    def _layers(self) -> Any:
        grid = Gtk.Grid(row_spacing=2, column_spacing=12, column_homogeneous=True)
        for place, role in enumerate(ROLES):
            box = self._dialog.get_widget(argument_of(role), Gtk.CheckButton)
            self._boxes[role] = box
            grid.attach(box, place % 2, place // 2, 1, 1)
        frame = GimpUi.Frame.new(tr("Layers"))
        frame.add(grid)
        return frame

    def _selection(self) -> Any:
        box = self._dialog.get_widget("selection-only", Gtk.CheckButton)
        box.set_sensitive(self._drawing.has_selection())
        return box

    def _show_provided(self, style: ModelInfo | None) -> None:
        for role, box in self._boxes.items():
            tip = role_blurb(role)
            if style is not None and role not in style.provides:
                tip = tr("The style {style} does not make this layer.", style=style.name)
            box.set_tooltip_text(tip)
            box.set_sensitive(style is None or role in style.provides)

    def _changed(self) -> None:
        """Something was chosen: show what comes of it, or say why nothing can."""
        config = self._config
        if config.get_property("line-art") is None and self._line is not None:
            config.set_property("line-art", self._line)  # *Reset* knows no layers
            return
        self._line, hints = config.get_property("line-art"), config.get_property("hints")
        wish = Wish(
            None if self._line is None else self._line.get_id(),
            None if hints is None else hints.get_id(),
            choices_of(config),
            palette_colors(config.get_property("palette")),
            config.get_property("selection-only"),
        )
        try:
            line = check(self._drawing, wish)
            wish.choices.options(wish.palette)
        except LinewashError as error:
            self._refused = message_of(error)
        else:
            self._refused = None
            self._previewer.show(Sketch((line, wish.hints), wish.choices, wish.palette, wish.within_selection))
        self._dialog.set_response_sensitive(Gtk.ResponseType.OK, self._refused is None)

    def _tick(self) -> bool:
        self._previewer.tick()
        self._preview.show_picture(self._previewer.picture)
        self._preview.show_doing(self._previewer.doing)
        self._style.show_styles(self._previewer.styles)
        self._bar.show_message(self._refused or self._previewer.message)
        return True

    def _mend(self, what: Mend) -> None:
        if what == "start_daemon":
            self._previewer.start_daemon(anew=self._bar.code in OTHER_VERSION)
            self._refused = None
        elif what == "free_gpu":
            self._previewer.free_gpu()
            self._refused = None
        else:
            self._copy_diagnostics()

    def _copy_diagnostics(self) -> None:
        faults = [] if self._refused is None else [f"{self._refused.code}: {self._refused.sentence}"]
        text = report(
            versions(), self._drawing.describe(), choices_of(self._config), None, self._previewer.styles, faults
        )
        clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
        clipboard.set_text(text, -1)
        clipboard.store()  # it outlives this process
