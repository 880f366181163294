"""Where the real editors come from: Debian's own packages, or a newer Debian's unpacked beside the system.

A tree is a folder with the files of another Debian release, entered by ``chroot``. It is made once, outside the
checkout: in ``$LINEWASH_TEST_CACHE``, else in ``~/.cache/linewash-tests``. Deleting that folder is always safe.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CACHE_VARIABLE = "LINEWASH_TEST_CACHE"
NATIVE_KRITA = ("krita", "python3-pyqt5", "xvfb", "xdotool", "dbus", "imagemagick", "fonts-dejavu-core")
SCREEN = ("xvfb", "xdotool", "openbox", "imagemagick")
# coreutils, dash and libc-bin are what a tree needs to be entered at all; the rest is Krita and its screen.
TRIXIE_KRITA = (
    *("coreutils", "dash", "libc-bin", "shared-mime-info", "fontconfig", "fonts-dejavu-core"),
    *("krita", "python3-pyqt5", "python3-numpy", "xdotool", "dbus", "libqt5svg5", "xkb-data"),
)
TRIXIE_GIMP = (
    *("coreutils", "dash", "libc-bin", "shared-mime-info", "fontconfig", "fonts-dejavu-core"),
    *("gimp", "gir1.2-gimp-3.0", "gir1.2-gtk-3.0", "python3-gi", "python3-gi-cairo", "dbus", "dbus-daemon"),
    *("at-spi2-core", "gir1.2-atspi-2.0", "librsvg2-common", "adwaita-icon-theme", "xkb-data"),
)
# Done by the packages' own scripts in an installed system; an unpacked tree has not run them.
AFTER_UNPACKING = (
    "ldconfig",
    "update-mime-database /usr/share/mime",
    "fc-cache",
    "cd /usr/lib/*/gdk-pixbuf-2.0 2>/dev/null && ./gdk-pixbuf-query-loaders --update-cache",
    "test ! -d /usr/share/glib-2.0/schemas || /usr/lib/*/glib-2.0/glib-compile-schemas /usr/share/glib-2.0/schemas",
)


class NotAvailable(Exception):
    """This machine can't run the editor; the text says why."""


@dataclass(frozen=True)
class Tree:
    """Packages of one Debian suite, unpacked."""

    suite: str
    packages: tuple[str, ...]

    @property
    def key(self) -> str:
        made_from = "\n".join((self.suite, *self.packages, *AFTER_UNPACKING))
        return f"{self.suite}-{hashlib.sha256(made_from.encode()).hexdigest()[:12]}"


def cache_folder() -> Path:
    """Outlives the test run; created when missing."""
    folder = Path(os.environ.get(CACHE_VARIABLE) or Path.home() / ".cache" / "linewash-tests")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cached(name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` of the cache. When it is missing, ``make(empty_folder)`` fills it: once, even when several
    processes ask for it, and all or nothing.
    """
    folder = cache_folder() / name
    with _locked(folder.with_name(f"{name}.lock")):
        if not folder.is_dir():
            draft = Path(tempfile.mkdtemp(prefix=f"{name}.draft-", dir=folder.parent))
            try:
                draft.chmod(0o755)
                make(draft)
                draft.rename(folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@functools.cache
def native_krita() -> Path:
    """Debian 12's Krita 5.1.5 and what drives it, installed when missing. The program's path. Raises `NotAvailable`."""
    install(NATIVE_KRITA)
    program = shutil.which("krita")
    if program is None:
        raise NotAvailable("krita is installed but not found on the path")
    return Path(program)


def install(packages: Sequence[str]) -> None:
    """Make sure of Debian packages by apt. Raises `NotAvailable`."""
    missing = [package for package in packages if not _is_installed(package)]
    if not missing:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise NotAvailable(f"not installed, and only root may install on Debian: {' '.join(missing)}")
    with _locked(cache_folder() / "apt.lock"):
        run(["apt-get", "-q", "update"])
        run(["apt-get", "-qy", "-o", "DPkg::Lock::Timeout=300", "install", "--no-install-recommends", *missing])


def _is_installed(package: str) -> bool:
    if shutil.which("dpkg-query") is None:
        raise NotAvailable("this is not a Debian system")
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True).stdout == "installed"


def trixie_krita() -> Path:
    """The tree of Debian 13 that holds Krita 5.2.9. Raises `NotAvailable`."""
    return tree(Tree("trixie", TRIXIE_KRITA))


def trixie_gimp() -> Path:
    """The tree of Debian 13 that holds GIMP 3.0.4. Raises `NotAvailable`."""
    return tree(Tree("trixie", TRIXIE_GIMP))


@functools.cache
def tree(wanted: Tree) -> Path:
    """The root folder of an unpacked tree, made when missing. Raises `NotAvailable`."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        raise NotAvailable("a tree is entered by unshare and chroot, which only root may do")
    return cached(wanted.key, lambda folder: _unpack(wanted, folder))


def _unpack(wanted: Tree, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as tools:
        run(["apt-get", "download", "mmdebstrap"], Path(tools))
        (package,) = Path(tools).glob("mmdebstrap_*.deb")
        run(["dpkg", "-x", str(package), tools])
        program = ["perl", f"{tools}/usr/bin/mmdebstrap", "--variant=extract", f"--include={','.join(wanted.packages)}"]
        run([*program, wanted.suite, str(folder), _mirror()])
    (folder / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (folder / "etc/group").write_text("root:x:0:\n")
    for step in AFTER_UNPACKING:
        run(["chroot", str(folder), "/bin/dash", "-c", step])


def _mirror() -> str:
    """Where this machine's own apt gets Debian from."""
    form = "$(ORIGIN) $(COMPONENT) $(REPO_URI)"
    targets = run(["apt-get", "indextargets", "--format", form, "Identifier: Packages"]).splitlines()
    for line in targets:
        origin, component, uri = line.split(maxsplit=2)
        if (origin, component) == ("Debian", "main") and "security" not in uri:
            return uri
    raise NotAvailable("apt has no source for Debian itself")


def run(command: list[str], folder: Path | None = None) -> str:
    """What a program printed. Raises `NotAvailable` with its last words when it failed."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise NotAvailable(f"{' '.join(command[:3])} … failed: {done.stderr.strip()[-500:]}")
    return done.stdout
