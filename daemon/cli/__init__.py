"""The command line: ``linewash color | daemon | install | models | doctor``. docs/cli.md describes it for people."""

from __future__ import annotations


def main() -> None:
    """Entry point of the console script ``linewash``."""
    from .app import app

    app(prog_name="linewash")
