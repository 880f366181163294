"""Linewash's client: colours line art through the user's local daemon. Standard library only.

This folder may be copied whole into a program that embeds Python 3.10 or newer. Start with `Client`, or with
`Session` where nothing may block. docs/protocol.md describes what crosses the wire.
"""

from .client import Client
from .connection import ConnectionInfo, read_connection
from .contract import ModelInfo, Notice, Options, Record, StatusReply
from .errors import (
    BadInput,
    Cancelled,
    DaemonError,
    DaemonGone,
    InternalError,
    LinewashError,
    ModelError,
    OutOfMemory,
    ProtocolError,
    TimedOut,
    WrongProtocol,
)
from .jobs import Job
from .pictures import PaintedLayer, Picture, Result, lineart_hash
from .session import Session
from .version import __version__

__all__ = [
    "BadInput",
    "Cancelled",
    "Client",
    "ConnectionInfo",
    "DaemonError",
    "DaemonGone",
    "InternalError",
    "Job",
    "LinewashError",
    "ModelError",
    "ModelInfo",
    "Notice",
    "Options",
    "OutOfMemory",
    "PaintedLayer",
    "Picture",
    "ProtocolError",
    "Record",
    "Result",
    "Session",
    "StatusReply",
    "TimedOut",
    "WrongProtocol",
    "__version__",
    "lineart_hash",
    "read_connection",
]
