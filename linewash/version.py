"""The version of Linewash: client, daemon and training are released together."""

__version__ = "0.1.0"
