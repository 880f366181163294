#!/usr/bin/env python3
"""A plug-in with a dialog, for the harness's own tests: it names the upper layer."""

from __future__ import annotations

import sys
from typing import Any

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gimp, GimpUi, GLib, GObject  # noqa: E402

NAME = "plug-in-greeting"


class Greeting(Gimp.PlugIn):  # type: ignore[misc, unused-ignore]
    def do_set_i18n(self, name: str) -> bool:
        return False

    def do_query_procedures(self) -> list[str]:
        return [NAME]

    def do_create_procedure(self, name: str) -> Any:
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, self._run, None)
        procedure.set_image_types("*")
        procedure.set_menu_label("Greeting...")
        procedure.add_menu_path("<Image>/Filters/Colors")
        procedure.add_string_argument("name", "_Name", "What to call the layer", "hello", GObject.ParamFlags.READWRITE)
        return procedure

    def _run(self, procedure: Any, mode: Any, image: Any, drawables: Any, config: Any, data: object) -> Any:
        if mode == Gimp.RunMode.INTERACTIVE:
            GimpUi.init(NAME)
            dialog = GimpUi.ProcedureDialog.new(procedure, config, "Greeting")
            dialog.fill(None)
            if not dialog.run():
                return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, GLib.Error())
        image.get_layers()[0].set_name(config.get_property("name"))
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())


Gimp.main(Greeting.__gtype__, sys.argv)
