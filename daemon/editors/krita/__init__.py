"""Krita: the package as it is shipped, where profiles lie, installing into them, and what `doctor` finds there."""
