"""Krita itself: its documents, palettes and settings."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from typing import Any

from krita import Krita, Palette

from ..linewash.contract import Rgb
from ..qt import QtCore, QtGui, QtWidgets
from .docker import SETTINGS, CreateAction, register
from .document import OpenDocument
from .layers import freed
from .pen import Pen
from .spaces import SRGB8, id_of


class Application:
    """Everything asked of Krita that is not about one document."""

    def __init__(self) -> None:
        self._krita: Any = Krita.instance()
        self._pen = Pen()

    def register(
        self,
        docker: Callable[[], QtWidgets.QWidget],
        actions: Callable[[CreateAction], None],
        closing: Callable[[], None],
    ) -> None:
        """See `docker.register`."""
        self._registered = register(self._krita, docker, actions, closing)

    def language(self) -> str:
        """Krita's language such as "de_DE": its own setting, which Krita puts into the environment, or the system's."""
        return os.environ.get("LANGUAGE", "").split(":")[0] or QtCore.QLocale().name()

    def active_document(self) -> OpenDocument | None:
        """That of the active view, if it is done loading."""
        document = self._krita.activeDocument()
        return None if document is None else self._known(id_of(document))

    def documents(self) -> list[OpenDocument]:
        """Those that the artist sees, each once however many views it has."""
        keys = dict.fromkeys(id_of(view.document()) for view in freed(self._krita.views()))
        return [document for key in keys if (document := self._known(key)) is not None]

    def new_document(self, title: str, width: int, height: int) -> OpenDocument:
        """A new, empty document in a view of its own: RGBA, 8 bit, sRGB."""
        document = self._krita.createDocument(width, height, title, *SRGB8, 300.0)
        self._krita.activeWindow().addView(document)
        known = self._known(id_of(document))
        assert known is not None
        return known

    def palettes(self) -> tuple[str, ...]:
        """Names of the palettes that Krita knows, in order."""
        return tuple(sorted(self._palettes()))

    def active_palette(self) -> str:
        """The palette docker's choice, "" for none."""
        return str(self._krita.readSetting("", "defaultPalette", ""))

    def palette_colors(self, name: str) -> tuple[Rgb, ...]:
        """The palette's colours as sRGB 0…255, each once, whatever space it keeps them in; () if there is none."""
        resource = self._palettes().get(name)
        return () if resource is None else tuple(dict.fromkeys(_colors(resource)))

    def read_setting(self, key: str) -> str:
        """What `write_setting` wrote, "" if nothing was."""
        return str(self._krita.readSetting(SETTINGS, key, ""))

    def write_setting(self, key: str, value: str) -> None:
        """Krita writes its settings file when it likes, and says nothing when it can't."""
        self._krita.writeSetting(SETTINGS, key, value)

    def pen_is_down(self) -> bool:
        """Whether a stroke is being drawn, with the mouse or with a tablet's pen."""
        self._pen.watch(QtGui.QGuiApplication.focusWindow())
        return self._pen.down or QtWidgets.QApplication.mouseButtons() != QtCore.Qt.MouseButton.NoButton

    def versions(self) -> dict[str, str]:
        """Of Krita, Python and Qt, for diagnostics."""
        return {"Krita": self._krita.version(), "Python": platform.python_version(), "Qt": QtCore.qVersion()}

    def _palettes(self) -> dict[str, Any]:
        found: dict[str, Any] = self._krita.resources("palette")
        freed(found.values())
        return found

    def _known(self, key: str) -> OpenDocument | None:
        return OpenDocument(self._krita, key) if key else None


def _colors(resource: Any) -> Iterator[Rgb]:
    palette = Palette(resource)
    for index in range(palette.numberOfEntries()):
        entry = palette.colorSetEntryByIndex(index)
        if entry.isValid():
            color = entry.color()
            color.setColorSpace(*SRGB8)
            blue, green, red = (round(255 * value) for value in color.components()[:3])
            yield red, green, blue
