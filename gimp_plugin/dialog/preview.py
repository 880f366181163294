"""The picture at the left of the dialog, and under it what is being done."""

from __future__ import annotations

from ..linewash.pictures import Picture
from .gtk import GdkPixbuf, GLib, Gtk, Pango

SIDE = 400  # px of the preview's longer side, as it is coloured and shown


class Preview(Gtk.Box):  # type: ignore[misc]
    """``show_picture``: "rgb", 8 bit, at most `SIDE` px a side. ``show_doing``: "" when nothing is."""

    def __init__(self) -> None:
        super().__init__(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self._shown: Picture | None = None
        self._picture = Gtk.Image()
        frame = Gtk.Frame(shadow_type=Gtk.ShadowType.IN, halign=Gtk.Align.CENTER)
        frame.add(self._picture)
        self.set_size_request(SIDE + 2, -1)  # of portraits, too: nothing moves when another layer is chosen
        self._spinner = Gtk.Spinner()
        self._text = Gtk.Label(xalign=0.0, ellipsize=Pango.EllipsizeMode.END)
        row = Gtk.Box(spacing=6)
        row.pack_start(self._spinner, False, False, 0)
        row.pack_start(self._text, True, True, 0)
        row.set_size_request(-1, 20)
        self.pack_start(frame, False, False, 0)
        self.pack_start(row, False, False, 0)

    def show_picture(self, picture: Picture | None) -> None:
        if picture is self._shown or picture is None:
            return
        self._shown = picture
        data, size = GLib.Bytes.new(bytes(picture.bytes)), (picture.width, picture.height)
        rgb = GdkPixbuf.Colorspace.RGB
        self._picture.set_from_pixbuf(GdkPixbuf.Pixbuf.new_from_bytes(data, rgb, False, 8, *size, 3 * picture.width))

    def show_doing(self, text: str) -> None:
        if text != self._text.get_text():
            self._text.set_text(text)
        if bool(text) != self._spinner.get_property("active"):
            self._spinner.set_property("active", bool(text))
