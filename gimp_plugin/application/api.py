"""GIMP's libraries, of the versions that are meant."""

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Babl", "0.1")
gi.require_version("Gegl", "0.4")

from gi.repository import Babl, Gegl, Gimp, GLib, GObject  # noqa: E402

__all__ = ["Babl", "GLib", "GObject", "Gegl", "Gimp"]
