"""Krita: the only place that knows its scripting API. All that leaves it is plain: pictures, rows, texts, numbers.

Krita 5.1 has the least of that API (no ``nodeByUniqueID``, no ``colorForEntry``); only what it has is used. Its
objects are wrappers made anew by every call, and one of a closed document crashes when it is used: so none is kept
here longer than a step, and everything is looked up by its unique id.
"""

from .application import Application
from .document import OpenDocument
from .group import GroupBuilder, GroupKeys

__all__ = ["Application", "GroupBuilder", "GroupKeys", "OpenDocument"]
