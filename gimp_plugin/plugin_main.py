#!/usr/bin/env python3
"""What GIMP starts. It lies beside the package `linewash_gimp`, in a folder of the same name as this file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from linewash_gimp.application.plug_in import run

run(sys.argv)
