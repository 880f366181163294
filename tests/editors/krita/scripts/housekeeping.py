"""What the harness itself asks of Krita."""

from __future__ import annotations

import importlib
from typing import Any

from PyQt5.QtCore import QTimer


def first_start(stage: Any) -> Any:
    """Let Krita finish what it does only once: thumbnails of brushes, its list of resources."""
    yield 2.0


def close_documents(stage: Any) -> Any:
    yield from stage.close_documents()


def leave(stage: Any) -> Any:
    yield from stage.close_documents()
    quit_action = stage.app.action("file_quit")
    QTimer.singleShot(500, quit_action.trigger)  # after the answer to this order is written


def import_plugin(stage: Any) -> Any:
    """Krita's own plug-in importer with the file that was chosen in its dialog, and yes to all that it asks."""
    importer: Any = importlib.import_module("plugin_importer.plugin_importer_extension")

    class Agreeing(importer.PluginImporterExtension):  # type: ignore[misc]
        def confirm_overwrite(self, plugin: Any) -> bool:
            return True

        def confirm_activate(self, plugins: Any) -> bool:
            stage.result["names"] = [plugin["name"] for plugin in plugins]
            return True

        def display_errors(self, error: Exception) -> None:
            raise error

    yield
    Agreeing(stage.app).do_import(stage.args["package"])
