"""Where each kind of GIMP 3 keeps its plug-ins."""

from __future__ import annotations

from pathlib import Path

from linewash_daemon.editors.gimp.profiles import old_profiles, profiles

FOLDERS = {
    "linux": [".config", ".var/app/org.gimp.GIMP/config", "snap/gimp/current/.config"],
    "darwin": ["Library/Application Support"],
    "win32": ["AppData/Roaming"],
}


def start(home: Path, folder: str, *versions: str) -> None:
    """Leave what GIMP makes at its first start."""
    for version in versions:
        (home / folder / "GIMP" / version).mkdir(parents=True)


def places(platform: str, home: Path, environment: dict[str, str] | None = None) -> dict[str, str]:
    """Label -> script, from ``home``."""
    return {
        profile.label: profile.script.relative_to(home).as_posix()
        for profile in profiles(platform, environment or {}, home)
    }


def test_on_linux_gimp_flatpak_and_snap_have_folders_of_their_own(tmp_path: Path) -> None:
    for folder in FOLDERS["linux"]:
        start(tmp_path, folder, "3.0")
    inside = "GIMP/3.0/plug-ins/linewash/linewash.py"
    assert places("linux", tmp_path) == {
        "GIMP 3.0": f".config/{inside}",
        "GIMP 3.0 (Flatpak)": f".var/app/org.gimp.GIMP/config/{inside}",
        "GIMP 3.0 (Snap)": f"snap/gimp/current/.config/{inside}",
    }


def test_on_a_mac_and_on_windows_they_lie_where_programs_keep_such_things(tmp_path: Path) -> None:
    inside = "GIMP/3.0/plug-ins/linewash/linewash.py"
    for platform in ("darwin", "win32"):
        (folder,) = FOLDERS[platform]
        start(tmp_path, folder, "3.0")
        assert places(platform, tmp_path) == {"GIMP 3.0": f"{folder}/{inside}"}
    start(tmp_path, "else/where", "3.0")
    roaming = {"APPDATA": str(tmp_path / "else" / "where")}
    assert places("win32", tmp_path, roaming) == {"GIMP 3.0": f"else/where/{inside}"}


def test_the_configuration_folder_of_the_session_is_followed_unless_it_is_relative(tmp_path: Path) -> None:
    start(tmp_path, "config", "3.0")
    start(tmp_path, ".config", "3.2")
    assert list(places("linux", tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "config")})) == ["GIMP 3.0"]
    assert list(places("linux", tmp_path, {"XDG_CONFIG_HOME": "relative"})) == ["GIMP 3.2"]


def test_the_folder_that_gimps_own_variable_names_is_used_from_the_home_when_relative(tmp_path: Path) -> None:
    for folder in FOLDERS["linux"]:
        start(tmp_path, folder, "3.0")
    assert "GIMP 3" not in places("linux", tmp_path, {"GIMP3_DIRECTORY": "mine"})
    (tmp_path / "mine").mkdir()
    for value in (str(tmp_path / "mine"), "mine"):
        found = places("linux", tmp_path, {"GIMP3_DIRECTORY": value})
        assert found["GIMP 3"] == "mine/plug-ins/linewash/linewash.py"
        assert list(found) == ["GIMP 3", "GIMP 3.0 (Flatpak)", "GIMP 3.0 (Snap)"]


def test_every_3_that_was_started_is_one_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    start(tmp_path, ".config", "3.10", "3.0", "3.2", "2.10", "3.0.bak", "plug-ins")
    assert list(places("linux", tmp_path)) == ["GIMP 3.0", "GIMP 3.2", "GIMP 3.10"]


def test_a_gimp_that_was_never_started_has_no_profile(tmp_path: Path) -> None:
    (tmp_path / ".var" / "app" / "org.gimp.GIMP").mkdir(parents=True)
    start(tmp_path, ".config", "2.10")
    for platform in FOLDERS:
        assert profiles(platform, {}, tmp_path) == []


def test_the_old_gimp_is_recognised_by_its_folder(tmp_path: Path) -> None:
    start(tmp_path, ".config", "2.10")
    start(tmp_path, "snap/gimp/current/.config", "3.0")
    assert old_profiles("linux", {}, tmp_path) == [tmp_path / ".config/GIMP/2.10"]
