"""Linewash in GIMP 3: *Filters > Colors > Auto color (Linewash)…*, and the same for scripts.

``application/`` is the one place that knows GIMP, ``dialog/`` the one that knows GTK; the rest is plain Python.
``plugin_main.py`` is what GIMP starts, as ``linewash/linewash.py`` beside this package.
"""
