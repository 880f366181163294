"""The colorist: line art and hints in, coloured layers out. It knows nothing of sockets."""

from .colorist import Colorist, ColoristStatus, Painted

__all__ = ["Colorist", "ColoristStatus", "Painted"]
