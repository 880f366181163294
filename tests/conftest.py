"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no fault of an example: every test has its time limit, and no example one of its own.
settings.register_profile("linewash", deadline=None)
settings.load_profile("linewash")
