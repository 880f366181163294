"""What a failure is told as, to an artist and to a script: the real procedures, with stand-ins for GIMP's libraries."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from linewash_gimp.linewash.errors import DaemonError, LinewashError

COLOR, HINTS = "plug-in-linewash-color", "plug-in-linewash-hints"
NOT_RUNNING = DaemonError("No Linewash daemon runs.", "Start one: linewash daemon start", "daemon_unreachable")


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module that GIMP calls."""
    gimp = MagicMock(PlugIn=type("PlugIn", (), {"error_quark": staticmethod(str)}))
    glib = MagicMock()
    glib.Error.new_literal = lambda _quark, text, _code: text
    glib.get_language_names = lambda: ["C"]
    libraries = {"Babl": MagicMock(), "Gegl": MagicMock(), "GObject": MagicMock(), "Gimp": gimp, "GLib": glib}
    gi, repository = ModuleType("gi"), ModuleType("gi.repository")
    vars(gi).update(require_version=lambda *_: None, repository=repository)
    vars(repository).update(libraries)
    monkeypatch.setitem(sys.modules, "gi", gi)
    monkeypatch.setitem(sys.modules, "gi.repository", repository)
    yield importlib.import_module("linewash_gimp.application.plug_in")
    for name in [name for name in sys.modules if name.startswith("linewash_gimp.application")]:
        del sys.modules[name]


def told(plug_in: Any, name: str, mode: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> str:
    """What GIMP is handed when ``error`` comes up in the procedure ``name``."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(plug_in, {COLOR: "color", HINTS: "guess"}[name], fail)
    monkeypatch.setattr(plug_in, "Client", MagicMock())  # the real one would start a daemon, and leave it behind
    gimp, config = plug_in.Gimp, SimpleNamespace(get_property=lambda _: None)
    plug_in.Linewash().do_create_procedure(name)
    run = gimp.ImageProcedure.new.call_args.args[3]
    procedure = SimpleNamespace(new_return_values=lambda status, text: (status, text))
    status, text = run(procedure, getattr(gimp.RunMode, mode), MagicMock(), [], config, None)
    assert status is gimp.PDBStatusType.EXECUTION_ERROR
    return str(text)


@pytest.mark.parametrize("name", [COLOR, HINTS])
def test_a_script_is_told_what_to_do_without_a_dialog(name: str, plug_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(plug_in, name, "NONINTERACTIVE", NOT_RUNNING, monkeypatch)
    assert text.endswith("is not running. Start one: linewash daemon start")


@pytest.mark.parametrize("error", [LinewashError("It broke."), ValueError("no such thing")])
def test_a_script_whose_error_has_no_remedy_is_not_sent_to_a_button(
    error: Exception, plug_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = told(plug_in, COLOR, "NONINTERACTIVE", error, monkeypatch)
    assert text.endswith("Your drawing is untouched. Try again. If it comes back, report it.")


def test_an_artist_is_told_of_the_button_in_the_dialog(plug_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(plug_in, HINTS, "INTERACTIVE", NOT_RUNNING, monkeypatch)
    assert text.endswith("is not running. Press Start daemon.")
