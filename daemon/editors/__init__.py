"""Putting the plug-ins into the editors, and finding out why one does not show up: one folder for each editor."""
