"""What *Copy diagnostics* says of Krita."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .daemon_watch import DaemonWatch
from .linewash.editor.choices import Choices
from .linewash.editor.diagnostics import report

if TYPE_CHECKING:
    from .application import Application, OpenDocument


def diagnostics(
    application: Application,
    document: OpenDocument | None,
    daemon: DaemonWatch,
    choices: Choices,
    faults: list[str],
) -> str:
    """Several lines of plain English text; never raises."""
    kind = "none" if document is None else document.describe()
    return report(application.versions(), kind, choices, daemon.status, daemon.styles, faults)
