"""Output files: refused early, written beside their final place, and never seen half-written."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from linewash.contract import Record
from linewash.errors import BadInput

from .document import Document
from .write_ora import write_ora
from .write_png import write_png
from .write_psd import write_psd

Writer = Callable[[Document, Record, BinaryIO], None]
WRITERS: dict[str, Writer] = {".png": write_png, ".ora": write_ora, ".psd": write_psd}


def check_output(path: Path, overwrite: bool, inputs: tuple[Path, ...] = ()) -> None:
    """Raise `BadInput` when ``path`` could not be saved; asked before the work, so that none is done in vain.

    Codes: ``bad_option`` (no such file kind), ``output_exists``, ``output_unwritable``.
    """
    if path.suffix.lower() not in WRITERS:
        raise BadInput(f"{path.name} is of no kind that can be written.", "End it in .png, .ora or .psd.", "bad_option")
    folder = path.parent
    if not folder.is_dir():
        raise _unwritable(path, f"there is no folder {folder}", "Create the folder first.")
    if path.is_dir():
        raise _unwritable(path, "it is a folder", "Choose another name.")
    if any(path.exists() and source.exists() and path.samefile(source) for source in inputs):
        raise BadInput(f"Saving to {path} would replace an input picture.", "Choose another name.", "output_exists")
    if path.exists() and not overwrite:
        raise _exists(path)
    if not os.access(folder, os.W_OK):
        raise _unwritable(path, "you may not write into its folder", "Choose another folder.")


def save(document: Document, record: Record, path: Path, overwrite: bool) -> None:
    """Write ``document`` to ``path`` in the format its name ends in.

    The file appears whole or not at all, and what was there before stays until then. Raises `BadInput`
    (``output_exists`` or ``output_unwritable``).
    """
    with atomic_file(path, overwrite) as file:
        WRITERS[path.suffix.lower()](document, record, file)


@contextmanager
def atomic_file(path: Path, overwrite: bool) -> Iterator[BinaryIO]:
    """A file that takes its place at ``path`` when the block ends well, and leaves no trace otherwise."""
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".linewash-", suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            yield file  # type: ignore[misc]  # typeshed's wrapper is a BinaryIO in all but name
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        _place(temporary, path, overwrite)
    except OSError as error:
        raise _write_failed(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _place(temporary: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path)  # unlike a rename it never replaces a file that appeared meanwhile
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:  # file systems without hard links
        if path.exists():
            raise _exists(path) from None
        temporary.replace(path)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _exists(path: Path) -> BadInput:
    return BadInput(f"{path} exists already.", "Choose another name, or add --overwrite.", "output_exists")


def _unwritable(path: Path, reason: str, remedy: str) -> BadInput:
    return BadInput(f"{path} can't be written: {reason}.", remedy, "output_unwritable")


def _write_failed(path: Path, error: OSError) -> BadInput:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _unwritable(path, "the disk is full", "Free some space; nothing half-written was left behind.")
    return _unwritable(path, (error.strerror or "the system refused").lower(), "Choose another folder.")
