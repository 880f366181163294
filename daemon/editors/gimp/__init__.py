"""GIMP 3: the plug-in as it is shipped, where profiles lie, installing into them, and what `doctor` finds there."""
