"""GTK and GIMP's widgets, of the versions that are meant."""

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")

from gi.repository import Gdk, GdkPixbuf, GimpUi, GLib, Gtk, Pango  # noqa: E402

__all__ = ["GLib", "Gdk", "GdkPixbuf", "GimpUi", "Gtk", "Pango"]
