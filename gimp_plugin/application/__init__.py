"""GIMP itself: what is read of an image, how layers are placed in it, and the procedures that it can call."""
