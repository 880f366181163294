"""The machine that measures, and how much memory a process on it takes."""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path

import psutil

from .figures import MB


def describe() -> str:
    """One line: processor, cores, memory, system, Python."""
    memory = psutil.virtual_memory().total / 2**30
    cores = f"{os.cpu_count()} cores"
    system = f"{platform.system()} {platform.machine()}"
    return f"{_processor()}, {cores}, {memory:.0f} GiB of memory, {system}, Python {platform.python_version()}"


def busy() -> float:
    """Share of the processor that others use now, 0…1, over half a second."""
    return float(psutil.cpu_percent(0.5)) / 100


def resident(pid: int) -> float:
    """MB of memory that process ``pid`` has resident now."""
    return float(psutil.Process(pid).memory_info().rss) / MB


def peak_resident(pid: int) -> float | None:
    """MB that ``pid`` has had resident at most since it began; None where the system does not keep count."""
    if sys.platform == "win32":
        return float(psutil.Process(pid).memory_info().peak_wset) / MB
    status = Path(f"/proc/{pid}/status")
    return parse_high_water(status.read_text()) if status.exists() else None


def parse_high_water(status: str) -> float | None:
    """MB of the line VmHWM of Linux's /proc/PID/status."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 / MB if found else None


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    return found[1] if found else platform.processor() or "unknown processor"
