"""The docker for Krita. Krita imports this package when it starts; imported anywhere else, it does nothing."""

from __future__ import annotations

import sys
from importlib.util import find_spec

if "krita" in sys.modules or find_spec("krita") is not None:
    from .last_start import failed

    try:
        from .start import start

        start()
    except Exception as error:
        failed(error)  # for `linewash doctor`
        raise  # for Krita, whose list of plug-ins shows it
