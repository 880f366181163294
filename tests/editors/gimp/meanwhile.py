#!/usr/bin/env python3
"""A plug-in that does what an artist, or another plug-in, may do while Auto color is at work: as soon as the tests'
daemon was asked for colours (``asked.json`` in the runtime folder), what ``meanwhile.json`` there says is done.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib  # noqa: E402

NAME = "linewash-test-meanwhile"


class Meanwhile(Gimp.PlugIn):  # type: ignore[misc, unused-ignore]
    """Started by GIMP when GIMP starts, and there until it ends."""

    def do_set_i18n(self, name: str) -> bool:
        return False

    def do_query_procedures(self) -> list[str]:
        return [NAME]

    def do_create_procedure(self, name: str) -> Any:
        procedure = Gimp.Procedure.new(self, name, Gimp.PDBProcType.PERSISTENT, self._run, None)
        procedure.set_documentation("Interferes", "Interferes", name)
        return procedure

    def _run(self, procedure: Any, config: Any, data: object) -> Any:
        procedure.persistent_ready()
        folder = Path(os.environ.get("LINEWASH_RUNTIME_DIR", "/nowhere"))
        order = folder / "meanwhile.json"
        while folder.exists():
            self.persistent_process(20)
            if order.exists() and (folder / "asked.json").exists():
                _do(**json.loads(order.read_text()))
                order.unlink()
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())


def _do(what: str, image: int) -> None:
    picture = Gimp.Image.get_by_id(image)
    line = next(layer for layer in picture.get_layers() if layer.get_name() == "Ink")
    if what == "resize":
        picture.resize(200, 100, 0, 0)
    elif what == "delete":
        picture.remove_layer(line)
    elif what == "move":
        picture.reorder_item(line, None, len(picture.get_layers()) - 1)


Gimp.main(Meanwhile.__gtype__, sys.argv)
