"""Where each kind of Krita keeps its plug-ins and settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash_daemon.editors.krita.profiles import Profile, known_profiles, profiles_to_use


def places(platform: str, home: Path, environment: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    """Label -> (package folder, kritarc), both from ``home``."""
    return {
        profile.label: (profile.package.relative_to(home).as_posix(), profile.kritarc.relative_to(home).as_posix())
        for profile in known_profiles(platform, environment or {}, home)
    }


def test_on_linux_krita_flatpak_and_snap_have_folders_of_their_own(tmp_path: Path) -> None:
    flatpak, snap = ".var/app/org.kde.krita", "snap/krita/current"
    assert places("linux", tmp_path) == {
        "Krita": (".local/share/krita/pykrita/linewash_krita", ".config/kritarc"),
        "Krita (Flatpak)": (f"{flatpak}/data/krita/pykrita/linewash_krita", f"{flatpak}/config/kritarc"),
        "Krita (Snap)": (f"{snap}/.local/share/krita/pykrita/linewash_krita", f"{snap}/.config/kritarc"),
    }


def test_on_linux_the_folders_of_the_session_are_followed_unless_they_are_relative(tmp_path: Path) -> None:
    environment = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": "relative"}
    assert places("linux", tmp_path, environment)["Krita"] == (
        "data/krita/pykrita/linewash_krita",
        ".config/kritarc",
    )


def test_on_a_mac_they_lie_in_the_library(tmp_path: Path) -> None:
    assert places("darwin", tmp_path) == {
        "Krita": (
            "Library/Application Support/krita/pykrita/linewash_krita",
            "Library/Preferences/kritarc",
        )
    }


def test_on_windows_the_store_has_folders_of_its_own(tmp_path: Path) -> None:
    store = "AppData/Local/Packages/49800Krita_abc/LocalCache"
    (tmp_path / store).mkdir(parents=True)
    assert places("win32", tmp_path) == {
        "Krita": ("AppData/Roaming/krita/pykrita/linewash_krita", "AppData/Local/kritarc"),
        "Krita (Store)": (f"{store}/Roaming/krita/pykrita/linewash_krita", f"{store}/Local/kritarc"),
    }


def labels(profiles: list[Profile]) -> list[str]:
    return [profile.label for profile in profiles]


@pytest.mark.parametrize(
    ("folders", "used"),
    [
        ([], ["Krita"]),
        ([".local/share/krita"], ["Krita"]),
        ([".var/app/org.kde.krita"], ["Krita (Flatpak)"]),
        (["snap/krita/current", ".local/share/krita"], ["Krita", "Krita (Snap)"]),
    ],
)
def test_every_krita_that_was_started_is_used_and_its_own_package_when_none_was(
    folders: list[str], used: list[str], tmp_path: Path
) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    assert labels(profiles_to_use(known_profiles("linux", {}, tmp_path))) == used


def test_a_folder_that_the_artist_chose_for_resources_is_where_plug_ins_go(tmp_path: Path) -> None:
    (tmp_path / "art").mkdir()
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "kritarc").write_text(f"ResourceDirectory={tmp_path / 'art'}\n[python]\n")
    assert places("linux", tmp_path)["Krita"] == ("art/pykrita/linewash_krita", ".config/kritarc")
