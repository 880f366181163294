"""Where an editor runs, and what it sees of this machine there."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Place:
    """``root``: the tree that a program is started in, None for this system itself."""

    version: str
    root: Path | None

    def command(self, program: Sequence[str], folders: Sequence[Path] = ()) -> list[str]:
        """How ``program`` is started there. It sees ``/tmp``, ``folders``, and this Python with all that is installed
        for it, at the same paths as here; the checkout and Python can't be written.
        """
        if self.root is None:
            return list(program)
        mounts = [f"mount --rbind {here} {self.root}{here}" for here in ("/dev", "/proc", "/tmp")]
        outside_tmp = [path for path in folders if not path.is_relative_to("/tmp")]
        mounts += [_bind(path, self.root) for path in outside_tmp]
        mounts += [_bind(path, self.root, read_only=True) for path in python_paths()]
        script = " && ".join((*mounts, f'exec chroot {self.root} "$@"'))
        return ["unshare", "-m", "sh", "-c", script, "sh", *program]


def python_paths() -> list[Path]:
    """What this interpreter consists of: the checkout (a venv in it included), its venv, and the Python beneath."""
    base = Path(sys.base_prefix)
    paths = [CHECKOUT, Path(sys.prefix)]
    if base == Path("/usr"):  # the tree has its own /usr: only this Python's part of it is added
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        paths += [base / "lib" / name, (base / "bin" / name).resolve()]
    else:
        paths.append(base)
    return [path for path in paths if not any(path != other and path.is_relative_to(other) for other in paths)]


def _bind(path: Path, root: Path, read_only: bool = False) -> str:
    here, there = shlex.quote(str(path)), shlex.quote(f"{root}{path}")
    make = (
        f"mkdir -p {there}"
        if path.is_dir()
        else f"{{ mkdir -p {shlex.quote(str((root / str(path)[1:]).parent))} && touch {there}; }}"
    )
    mount = f"{make} && mount --bind {here} {there}"
    return f"{mount} && mount -o remount,bind,ro {there}" if read_only else mount
