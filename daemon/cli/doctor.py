"""``linewash doctor``: everything that colouring needs, checked one by one, each with its cure."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from linewash.connection import connection_path, make_runtime_folder, read_connection, runtime_folder
from linewash.errors import LinewashError
from linewash.version import __version__

from ..editors.gimp.findings import findings as in_gimp
from ..editors.krita.findings import findings as in_krita
from ..finding import Finding
from ..models import DEFAULT, SHIPPED, SUFFIX, ModelFolder
from .service import running_status
from .show import megabytes, print_json

ROOM = 500_000_000
"""Free bytes under which results, logs and virtual memory become doubtful."""

OLDEST_PYTHON = (3, 11)


def examine(json: bool) -> bool:
    """Run all checks, print each, and say whether all is well."""
    findings = [finding for name, check in (CHECKS | EDITORS).items() for finding in _guarded(name, check)]
    healthy = all(finding.ok for finding in findings)
    if json:
        print_json({"ok": healthy, "version": __version__, "checks": [dataclasses.asdict(f) for f in findings]})
        return healthy
    for finding in findings:
        typer.echo(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.check}: {finding.detail}")
        if finding.remedy:
            typer.echo(f"         {finding.remedy}")
    typer.echo("All is well." if healthy else "Some things need attention.")
    return healthy


def _guarded(name: str, check: Callable[[], Finding | list[Finding]]) -> list[Finding]:
    """A check that fails in an unforeseen way is a finding too: the others still run."""
    try:
        found = check()
    except LinewashError as error:
        found = Finding(name, False, error.sentence, error.remedy)
    except Exception as error:
        found = Finding(name, False, f"The check itself failed: {type(error).__name__}: {error}", "Please report this.")
    return [found] if isinstance(found, Finding) else found


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= OLDEST_PYTHON
    remedy = "" if ok else "Install Python 3.11 or newer and set Linewash up again with it."
    return Finding("Python", ok, f"{version}, {sys.executable}", remedy)


def _torch() -> Finding:
    install = "Run `make color` in the checkout, or: uv pip install torch --torch-backend=auto"
    if importlib.util.find_spec("torch") is None:
        return Finding("PyTorch", False, "It is not installed, so no colours can be computed.", install)
    try:
        import torch

        from ..device import choose

        device = choose()
    except (ImportError, OSError, RuntimeError) as error:
        return Finding("PyTorch", False, f"It is installed but does not work: {error}", install)
    return Finding("PyTorch", True, f"{torch.__version__}, works on {device.name} ({device.reason})")


def _disk() -> Finding:
    folder = _existing(runtime_folder())
    free = shutil.disk_usage(folder).free
    remedy = "" if free >= ROOM else "Make room: results and logs may not fit."
    return Finding("Disk", free >= ROOM, f"{megabytes(free)} free at {folder}", remedy)


def _runtime_folder() -> Finding:
    folder = runtime_folder()
    if not os.path.lexists(folder):
        parent = _existing(folder)
        ok = os.access(parent, os.W_OK)
        remedy = "" if ok else "Set LINEWASH_RUNTIME_DIR to a folder that you can write to."
        return Finding("Runtime folder", ok, f"{folder} does not exist yet; it would be made in {parent}", remedy)
    make_runtime_folder()  # raises when it is another's or open to others
    ok = os.access(folder, os.W_OK | os.X_OK)
    remedy = "" if ok else f"Make it yours: chmod 700 {folder}"
    return Finding("Runtime folder", ok, f"{folder}, {'yours alone' if ok else 'which you may not write to'}", remedy)


def _connection() -> Finding:
    info = read_connection()  # raises when it is damaged, another's, or readable by others
    if info is None:
        return Finding("Connection file", True, "none, as no daemon runs")
    return Finding("Connection file", True, f"{connection_path()}, process {info.pid}, protocol {info.protocol}")


def _daemon() -> Finding:
    status = running_status()
    if status is None:
        stale = read_connection() is not None
        detail = "none runs (the connection file is a dead one's; the next start replaces it)" if stale else "none runs"
        return Finding("Daemon", True, f"{detail}; the next colouring starts one")
    same = status.version == __version__
    detail = f"{status.version}, process {status.pid}, on {status.device}"
    if same:
        return Finding("Daemon", True, detail)
    return Finding("Daemon", False, f"{detail}; this program is {__version__}", "Restart it: linewash daemon stop")


def _weights() -> Finding:
    broken = f"Fetch {SHIPPED.name}/{DEFAULT}{SUFFIX} again from where Linewash came from."
    infos = ModelFolder().infos()
    default = next((info for info in infos if info.default), None)
    problems = " ".join(info.problem for info in infos if info.problem)
    if default is None:
        detail = problems or f"The default style is not in {SHIPPED}."
        return Finding("Default style", False, detail, broken)
    released = {info.name: expected_hash(SHIPPED / f"{info.name}.sha256") for info in infos}
    for info in infos:
        if released[info.name] and released[info.name] != info.hash:
            detail = f"The file of the style {info.name} is not the one that was released: its hash differs."
            return Finding("Styles", False, detail, broken.replace(DEFAULT, info.name))
    checked = "as released" if released[default.name] else "no released hash to compare with"
    if problems:
        return Finding("Styles", False, problems, "Remove the file, or replace it with a whole copy.")
    return Finding("Default style", True, f"{default.name}, SHA-256 {default.hash[:16]}…, {checked}")


def expected_hash(path: Path) -> str:
    """The first word of a ``sha256sum`` file, "" when there is none."""
    try:
        words = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeError):
        return ""
    return words[0].lower() if words else ""


def _existing(folder: Path) -> Path:
    """``folder`` or the nearest folder above it that exists."""
    return next(path for path in (folder, *folder.resolve().parents) if path.is_dir())


CHECKS: dict[str, Callable[[], Finding]] = {
    "Python": _python,
    "PyTorch": _torch,
    "Disk": _disk,
    "Runtime folder": _runtime_folder,
    "Connection file": _connection,
    "Daemon": _daemon,
    "Default style": _weights,
}
EDITORS: dict[str, Callable[[], list[Finding]]] = {"Krita": in_krita, "GIMP": in_gimp}
