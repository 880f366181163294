"""The zip by Krita's own importer into a fresh profile, then the next start: docker, menu, looks, two at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.editors.display import screen
from tests.editors.install import NotAvailable
from tests.editors.place import Place

from .place import OLDEST, USUAL, VERSIONS, place_of
from .run import SCRIPTS, Krita, running_krita, started
from .scripted_daemon import command, end_daemon

START = SCRIPTS / "start.py"
MENU = [
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
    assert result["listed"] == 1
    assert result["visible"]
    assert result["shortcuts"] == dict.fromkeys(MENU, "")
    names = [path.rsplit("/", 1)[1] for path in result["menu"]]
    assert sorted(names) == [f"linewash_{action}" for action in MENU]
    assert all("scripts" in path for path in result["menu"])


def test_every_entry_of_the_menu_works(krita: Krita) -> None:
    result = krita.play(START, "actions")
    assert result["code"] == "cancelled"
    assert result["cancelled"] == ["Background", "Ink", "Hints"]
    assert result["live"] == [True, True, False, False]
    assert result["another_seed"]
    assert "Linewash plug-in: " in result["copied"]
    assert result["freeing"]


def test_two_kritas_at_once_each_get_their_own_colours(both: dict[str, Krita]) -> None:
    with ThreadPoolExecutor() as pool:
        oldest = pool.submit(both[OLDEST].play, START, "beside_another", width=200, height=150)
        usual = pool.submit(both[USUAL].play, START, "beside_another", width=120, height=180)
        results = [oldest.result(), usual.result()]
    for krita in both.values():
        krita.close_documents()
    for result, size in zip(results, ([200, 150], [120, 180]), strict=True):
        assert result == {"told": "", "layers": ["Background", "Auto color", "Ink"], "size": size}


@pytest.mark.parametrize("version", [USUAL])
def test_nothing_of_the_docker_is_cut_in_three_widths_and_two_themes(krita: Krita) -> None:
    result = krita.play(START, "looks")
    assert result["cut"] == []
    bright, dark = result["ground"]
    assert min(bright) > 150 > 100 > max(dark)
    assert [width for _, width in result["widths"]] == pytest.approx([240, 320, 480] * 2, abs=12)
    for name, _ in result["widths"]:
        with Image.open(krita.folder / f"{name}.png") as picture:
            colors = picture.convert("RGB").getcolors(1 << 24)
            assert colors is not None and len(colors) > 50


@pytest.mark.parametrize("version", [USUAL])
def test_a_profile_that_can_t_be_written_costs_nothing_and_a_docker_put_away_stays_away(
    version: str, display: str, environment: Mapping[str, str], built_zip: Path, tmp_path: Path
) -> None:
    with running_krita(version, display, tmp_path, [built_zip], environment) as krita:
        assert krita.play(START, "put_away") == {"visible": True}
    profile = krita.profile
    frozen = Frozen.of(place_of(version), [profile.config, profile.resources / "pykrita"])
    with started(frozen, display, tmp_path, profile, environment) as krita:
        result = krita.play(START, "colors_all_the_same", settings=str(profile.config / "kritarc"))
    assert result["frozen"]
    assert not result["visible"]
    assert result["layers"] == ["Background", "Auto color", "Ink"]
    assert result["told"] == ""


@dataclass(frozen=True)
class Frozen(Place):
    """Where some folders can't be written, not even by root."""

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, place: Place, folders: Sequence[Path]) -> Frozen:
        return cls(place.version, place.root, tuple(folders))

    def command(self, program: Sequence[str], folders: Sequence[Path] = ()) -> list[str]:
        freeze = " && ".join(f"mount --bind {path} {path} && mount -o remount,bind,ro {path}" for path in self.folders)
        inner = super().command(program, folders)
        return ["unshare", "-m", "sh", "-c", f'{freeze} && exec "$@"', "sh", *inner]
