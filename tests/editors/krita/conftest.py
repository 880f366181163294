"""One running Krita for all tests of a file, in each version.

A file that needs plug-ins or variables in Krita has module-scoped fixtures of its own, ``plugins`` or ``environment``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from linewash_daemon.editors.krita.package import write_zip
from tests.editors.display import screen
from tests.editors.install import NotAvailable, native_krita

from .place import OLDEST, VERSIONS
from .run import Krita, running_krita


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "usual_only: left to the usual Krita, to save time")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if item.get_closest_marker("usual_only") and _version(item) == OLDEST]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _version(item: pytest.Item) -> str | None:
    call = getattr(item, "callspec", None)
    return None if call is None else call.params.get("version")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    try:
        native_krita()  # brings Xvfb as well
    except NotAvailable as reason:
        pytest.skip(f"no Krita here: {reason}")
    with screen() as name:
        yield name


@pytest.fixture(scope="session")
def built_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plug-in as it is shipped."""
    return write_zip(tmp_path_factory.mktemp("zip"))


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def plugins() -> Sequence[Path]:
    return ()


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Mapping[str, str]:
    return {"LINEWASH_RUNTIME_DIR": str(runtime_folder), "LINEWASH_STATE_DIR": str(runtime_folder / "state")}


@pytest.fixture(scope="module")
def runtime_folder() -> Iterator[Path]:
    """For a daemon's socket, whose path must be short."""
    with tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def running(
    version: str,
    display: str,
    plugins: Sequence[Path],
    environment: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], Krita]]:
    """Gives the file's Krita; another one when it has died, so that one death is one failure."""
    folders: list[Path] = []
    alive: list[Krita] = []

    with ExitStack() as stack:

        def standing() -> Krita:
            if not alive or not alive[-1].is_alive():
                folders.append(tmp_path_factory.mktemp("krita"))
                alive.append(stack.enter_context(running_krita(version, display, folders[-1], plugins, environment)))
            return alive[-1]

        yield standing
    for folder in folders:
        shutil.rmtree(folder / "home", ignore_errors=True)  # 90 MB, which pytest would keep for three runs


@pytest.fixture
def krita(running: Callable[[], Krita], version: str) -> Iterator[Krita]:
    """The file's Krita; no document is left open after a test."""
    try:
        krita = running()
    except NotAvailable as reason:
        pytest.skip(f"no Krita {version} here: {reason}")
    yield krita
    if krita.is_alive():
        krita.close_documents()
