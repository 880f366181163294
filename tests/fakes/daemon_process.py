"""The daemon's own program around the fake colorist; takes the same arguments."""

from __future__ import annotations

import sys

from linewash_daemon.__main__ import main
from tests.fakes.colorist import FakeColorist

if __name__ == "__main__":
    sys.exit(main(open_colorist=FakeColorist))
