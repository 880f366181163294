"""Where each kind of GIMP 3 keeps its plug-ins."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash_daemon.editors.gimp.profiles import known_profiles, old_profiles, profiles_to_use


def places(platform: str, home: Path, environment: dict[str, str] | None = None) -> dict[str, str]:
    """Label -> script, from ``home``."""
    return {
        profile.label: profile.script.relative_to(home).as_posix()
        for profile in known_profiles(platform, environment or {}, home)
    }


def test_on_linux_gimp_flatpak_and_snap_have_folders_of_their_own(tmp_path: Path) -> None:
    inside = "GIMP/3.0/plug-ins/linewash/linewash.py"
    assert places("linux", tmp_path) == {
        "GIMP 3.0": f".config/{inside}",
        "GIMP 3.0 (Flatpak)": f".var/app/org.gimp.GIMP/config/{inside}",
        "GIMP 3.0 (Snap)": f"snap/gimp/current/.config/{inside}",
    }


def test_on_a_mac_and_on_windows_they_lie_where_programs_keep_such_things(tmp_path: Path) -> None:
    inside = "GIMP/3.0/plug-ins/linewash/linewash.py"
    assert places("darwin", tmp_path) == {"GIMP 3.0": f"Library/Application Support/{inside}"}
    assert places("win32", tmp_path) == {"GIMP 3.0": f"AppData/Roaming/{inside}"}
    chosen = {"APPDATA": str(tmp_path / "else" / "where")}
    assert places("win32", tmp_path, chosen) == {"GIMP 3.0": f"else/where/{inside}"}


def test_the_configuration_folder_of_the_session_is_followed_unless_it_is_relative(tmp_path: Path) -> None:
    chosen = places("linux", tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert chosen["GIMP 3.0"] == "config/GIMP/3.0/plug-ins/linewash/linewash.py"
    assert places("linux", tmp_path, {"XDG_CONFIG_HOME": "relative"}) == places("linux", tmp_path)


def test_the_folder_that_gimps_own_variable_names_is_used_from_the_home_when_relative(tmp_path: Path) -> None:
    for value in (str(tmp_path / "mine"), "mine"):
        found = places("linux", tmp_path, {"GIMP3_DIRECTORY": value})
        assert found["GIMP 3"] == "mine/plug-ins/linewash/linewash.py"
        assert list(found) == ["GIMP 3", "GIMP 3.0 (Flatpak)", "GIMP 3.0 (Snap)"]


def test_every_3_that_was_started_is_one_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("3.10", "3.0", "3.2", "2.10", "3.0.bak", "plug-ins"):
        (tmp_path / ".config" / "GIMP" / name).mkdir(parents=True)
    used = profiles_to_use(known_profiles("linux", {}, tmp_path))
    assert [profile.label for profile in used] == ["GIMP 3.0", "GIMP 3.2", "GIMP 3.10"]


@pytest.mark.parametrize(
    ("folders", "used"),
    [
        ([], ["GIMP 3.0"]),
        ([".config/GIMP/2.10"], ["GIMP 3.0"]),
        ([".var/app/org.gimp.GIMP"], ["GIMP 3.0 (Flatpak)"]),
        ([".var/app/org.gimp.GIMP/config/GIMP/2.10", "snap/gimp/current"], ["GIMP 3.0 (Snap)"]),
        (["snap/gimp/current/.config/GIMP/3.2", ".config/GIMP/3.0"], ["GIMP 3.0", "GIMP 3.2 (Snap)"]),
    ],
)
def test_every_gimp_3_is_used_and_its_own_package_when_there_is_none(
    folders: list[str], used: list[str], tmp_path: Path
) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    assert [profile.label for profile in profiles_to_use(known_profiles("linux", {}, tmp_path))] == used


def test_the_old_gimp_is_recognised_by_its_folder(tmp_path: Path) -> None:
    old = tmp_path / ".config" / "GIMP" / "2.10"
    old.mkdir(parents=True)
    (tmp_path / "snap/gimp/current/.config/GIMP/3.0").mkdir(parents=True)
    assert old_profiles("linux", {}, tmp_path) == [old]
