"""What the harness itself asks of Krita."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QStandardPaths, QTimer


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
    """What the dialog of Krita's own plug-in importer does with the file that was chosen in it."""
    from plugin_importer.plugin_importer import PluginImporter

    yield
    resources = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    importer = PluginImporter(stage.args["package"], resources, lambda plugin: True)
    stage.result["names"] = [plugin["name"] for plugin in importer.import_all()]
