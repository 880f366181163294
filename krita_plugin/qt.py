"""Qt under one name: the only file that knows PyQt5 (Krita 5) from PyQt6 (Krita 6).

Use the modules (``QtGui.QImage``) with fully qualified enums (``QtGui.QImage.Format.Format_RGBA8888``), which both
bindings understand. What moved between the modules has its own name here.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

# A process that loads the other Qt beside its own crashes, and a machine may have both bindings. Krita has imported
# its own before it starts a plug-in, so what is loaded decides. Only outside Krita nothing is: then Krita 5's is
# tried first.
if TYPE_CHECKING or ("PyQt6.QtCore" in sys.modules and "PyQt5.QtCore" not in sys.modules):
    from PyQt6 import QtCore, QtGui, QtWidgets, sip
    from PyQt6.QtGui import QAction
else:
    try:
        from PyQt5 import QtCore, QtGui, QtWidgets, sip
        from PyQt5.QtWidgets import QAction
    except ImportError:
        from PyQt6 import QtCore, QtGui, QtWidgets, sip
        from PyQt6.QtGui import QAction

Qt = QtCore.Qt

__all__ = ["QAction", "Qt", "QtCore", "QtGui", "QtWidgets", "sip"]
