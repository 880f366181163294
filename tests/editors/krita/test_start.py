"""The zip by Krita's own importer into a fresh profile, then the next start: docker, menu, looks, two at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from tests.editors.install import NotAvailable

from .display import screen
from .place import OLDEST, USUAL, VERSIONS, place_of
from .run import SCRIPTS, Krita, running_krita, started
from .scripted_daemon import command, end_daemon

START = SCRIPTS / "start.py"
ACTIONS = [
    "auto_color", "cancel", "copy_diagnostics", "free_gpu", "live", "new_hint_layer", "roll_seed", "show_regions",
]  # fmt: skip


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Iterator[Mapping[str, str]]:
    yield {
        "LINEWASH_RUNTIME_DIR": str(runtime_folder),
        "LINEWASH_STATE_DIR": str(runtime_folder / "state"),
        "LINEWASH_DAEMON": command(),
    }
    end_daemon(runtime_folder)


@pytest.fixture(scope="module")
def both(
    environment: Mapping[str, str], built_zip: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Krita]]:
    """Each version in the second session after the import, both running."""
    with ExitStack() as stack:
        kritas = {}
        for version in VERSIONS:
            folder = tmp_path_factory.mktemp("krita")
            display = stack.enter_context(screen())  # one each, for there is but one mouse on a screen
            try:
                with running_krita(version, display, folder, environment=environment) as krita:
                    assert krita.import_plugin(built_zip) == ["linewash_krita"]
            except NotAvailable as reason:
                pytest.skip(f"no Krita {version} here: {reason}")
            again = started(place_of(version), display, folder, krita.profile, environment)
            kritas[version] = stack.enter_context(again)
        yield kritas


@pytest.fixture
def krita(both: dict[str, Krita], version: str) -> Iterator[Krita]:
    yield both[version]
    if both[version].is_alive():
        both[version].close_documents()


def test_the_imported_zip_is_a_docker_and_a_menu_without_shortcuts_at_the_next_start(krita: Krita) -> None:
    result = krita.play(START, "stands")
    assert result["title"] == "Linewash"
    print({name: result[name] for name in ("visible", "hidden", "tabbed")})
    assert result["visible"]
    assert result["shortcuts"] == dict.fromkeys(ACTIONS, "")
    names = [path.rsplit("/", 1)[1] for path in result["menu"]]
    assert sorted(names) == [f"linewash_{action}" for action in ACTIONS]
    assert all("scripts" in path for path in result["menu"])


def test_every_entry_of_the_menu_works(krita: Krita) -> None:
    result = krita.play(START, "actions")
    assert result["code"] == "cancelled"
    assert result["cancelled"] == ["Background", "Ink", "Hints"]
    assert result["live"] == [True, True, False, False]


def test_two_kritas_at_once_each_get_their_own_colours(both: dict[str, Krita]) -> None:
    with ThreadPoolExecutor() as pool:
        oldest = pool.submit(both[OLDEST].play, START, "beside_another", width=200, height=150)
        usual = pool.submit(both[USUAL].play, START, "beside_another", width=120, height=180)
        results = [oldest.result(), usual.result()]
    for krita in both.values():
        krita.close_documents()
    for result, size in zip(results, ([200, 150], [120, 180]), strict=True):
        assert result == {"told": "", "layers": ["Background", "Auto color", "Ink"], "size": size}


def test_nothing_of_the_docker_is_cut_in_three_widths_and_two_themes(krita: Krita) -> None:
    result = krita.play(START, "looks")
    assert result["cut"] == []
    bright, dark = result["ground"]
    assert bright > 150 > 100 > dark
    assert [width for _, width in result["widths"]] == pytest.approx([240, 320, 480] * 2, abs=12)
    for name, _ in result["widths"]:
        with Image.open(krita.folder / f"{name}.png") as picture:
            colors = picture.convert("RGB").getcolors(1 << 24)
            assert colors is not None and len(colors) > 50
