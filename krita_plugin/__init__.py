"""The docker for Krita. Krita imports this package when it starts; imported anywhere else, it does nothing."""

from __future__ import annotations

from .last_start import failed

try:
    from .start import start

    start()
except ModuleNotFoundError as error:
    if error.name != "krita":  # no editor around: the parts are being looked at one by one
        failed(error)
        raise
except Exception as error:
    failed(error)  # for `linewash doctor`
    raise  # for Krita, whose list of plug-ins shows it
