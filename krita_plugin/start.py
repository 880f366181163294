"""Puts the docker and the menu entries into Krita."""

from __future__ import annotations

from .actions import add_actions
from .application import Application
from .docker import DockerPanel
from .flow import Flow
from .last_start import worked
from .linewash.editor.texts import set_language


def start() -> None:
    """Register with Krita; its windows then ask for a docker and for menu entries of their own."""
    application = Application()
    set_language(application.language())
    flow = Flow(application)
    application.register(
        docker=lambda: DockerPanel(flow),
        actions=lambda create: add_actions(flow, create),
        closing=flow.close,
    )
    worked(application.versions())
