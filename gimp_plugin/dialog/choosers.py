"""Lists to choose from, each bound to an argument of the procedure: whatever changes that shows here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..application.api import Gimp
from ..application.drawing import Drawing
from ..layers import LayerRow
from ..linewash.contract import ModelInfo
from ..linewash.editor.texts import tr
from .gtk import GdkPixbuf, Gtk, Pango

_SIDE = 24  # px of a layer's thumbnail
_KEY, _PICTURE, _TEXT = range(3)


class LayerChooser(Gtk.ComboBox):  # type: ignore[misc]
    """The layers of one image with their thumbnails, as they lie in it. ``none``: what to call no layer at all."""

    def __init__(self, config: Any, name: str, drawing: Drawing, rows: Sequence[LayerRow], none: str | None) -> None:
        store = Gtk.ListStore(str, GdkPixbuf.Pixbuf, str)
        super().__init__(model=store, id_column=_KEY, hexpand=True)
        self._config, self._name = config, name
        if none is not None:
            store.append(["", None, none])
        for row in rows:
            store.append([str(row.key), _thumbnail(drawing, row.key), "\u2003" * row.depth + row.name])
        pictures, texts = (
            Gtk.CellRendererPixbuf(width=_SIDE + 6),
            Gtk.CellRendererText(ellipsize=Pango.EllipsizeMode.END),
        )
        self.pack_start(pictures, False)
        self.pack_start(texts, True)
        self.add_attribute(pictures, "pixbuf", _PICTURE)
        self.add_attribute(texts, "text", _TEXT)
        self._show()
        self.connect("changed", self._chosen)
        config.connect(f"notify::{name}", lambda *_: self._show())

    def _show(self) -> None:
        layer = self._config.get_property(self._name)
        key = "" if layer is None else str(layer.get_id())
        if key != (self.get_active_id() or "") or self.get_active_id() is None:
            self.set_active_id(key)

    def _chosen(self, _combo: Any) -> None:
        key = self.get_active_id()
        layer = self._config.get_property(self._name)
        if key is not None and key != ("" if layer is None else str(layer.get_id())):
            self._config.set_property(self._name, Gimp.Layer.get_by_id(int(key)) if key else None)


class PaletteChooser(Gtk.ComboBoxText):  # type: ignore[misc]
    """GIMP's palettes by name; the one in use first."""

    def __init__(self, config: Any) -> None:
        super().__init__(hexpand=True)
        self._config = config
        self.append("", tr("Any colour"))
        used = Gimp.context_get_palette()
        if used is not None:
            self.append(used.get_name(), tr("{palette} (in use)", palette=used.get_name()))
        for palette in Gimp.palettes_get_list(""):
            if used is None or palette.get_name() != used.get_name():
                self.append(palette.get_name(), palette.get_name())
        _narrow(self)
        self._show()
        self.connect("changed", self._chosen)
        config.connect("notify::palette", lambda *_: self._show())

    def _show(self) -> None:
        palette = self._config.get_property("palette")
        self.set_active_id("" if palette is None else palette.get_name())

    def _chosen(self, _combo: Any) -> None:
        name = self.get_active_id()
        if name is not None:
            self._config.set_property("palette", Gimp.Palette.get_by_name(name) if name else None)


class StyleChooser(Gtk.ComboBoxText):  # type: ignore[misc]
    """The styles that the daemon has; of no use until it told them. ``on_change(style)`` is called with what that
    means, ``None`` while it isn't known."""

    def __init__(self, config: Any, on_change: Callable[[ModelInfo | None], None]) -> None:
        super().__init__(hexpand=True, sensitive=False)
        self._config, self._on_change = config, on_change
        self._styles: Sequence[ModelInfo] = ()
        self._fill()
        self.connect("changed", self._chosen)
        config.connect("notify::style", lambda *_: self._show())

    def show_styles(self, styles: Sequence[ModelInfo]) -> None:
        if styles != self._styles:
            self._styles = styles
            self._fill()

    def _fill(self) -> None:
        chosen = self._config.get_property("style") or ""
        usable = [style for style in self._styles if not style.problem]
        self.remove_all()
        default = next((style.name for style in usable if style.default), "")
        self.append("", tr("{style} (default)", style=default) if default else tr("Default"))
        for style in usable:
            self.append(style.name, style.name)
        if chosen and all(chosen != style.name for style in usable):
            self.append(chosen, tr("{name} (missing)", name=chosen) if self._styles else chosen)
        _narrow(self)
        self.set_sensitive(bool(usable))
        self._show()

    def _show(self) -> None:
        name = self._config.get_property("style") or ""
        self.set_active_id(name)
        self._on_change(next((s for s in self._styles if (s.name == name if name else s.default)), None))

    def _chosen(self, _combo: Any) -> None:
        name = self.get_active_id()
        if name is not None and name != self._config.get_property("style"):
            self._config.set_property("style", name)


def _narrow(combo: Any) -> None:
    """Long names end in an ellipsis rather than widen the dialog."""
    for cell in combo.get_cells():
        cell.set_property("ellipsize", Pango.EllipsizeMode.END)
        cell.set_property("width-chars", 12)


def _thumbnail(drawing: Drawing, key: int) -> Any:
    return drawing.layer(key).get_thumbnail(_SIDE, _SIDE, Gimp.PixbufTransparency.SMALL_CHECKS)
