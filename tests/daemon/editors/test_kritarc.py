"""Switching the plug-in on leaves every other byte of Krita's settings alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from linewash_daemon.editors.krita.kritarc import enabled, resource_folder, with_plugin_enabled

ENTRY = b"enable_linewash_krita=true"
INSERTIONS = [
    lead + group + ENTRY + end for end in (b"\n", b"\r\n") for lead in (b"", end) for group in (b"", b"[python]" + end)
]
LINES = st.sampled_from(
    [
        b"",
        b"  ",
        b"# a remark",
        b"[python]",
        b" [python] ",
        b"[python][$i]",
        b"[python][sub]",
        b"[Python]",
        b"[theme]",
        b"Theme=Krita dark",
        b"enable_tenbrushes=true",
        b"enable_linewash_krita=true",
        b"enable_linewash_krita=false",
        b" enable_linewash_krita = off ",
        b"enable_linewash_krita[$i]=0",
        b"enable_linewash_krita[$d]",
        b"enable_linewash_krita_more=false",
        b"recent=\xff\xfe\r\x85",
        b"=",
        b"[",
    ]
)


@st.composite
def settings(draw: st.DrawFn) -> bytes:
    """What a kritarc may hold, and what it may not."""
    lines = draw(st.lists(st.tuples(LINES | st.binary(max_size=12), st.sampled_from([b"\n", b"\r\n"])), max_size=12))
    text = b"".join(line + end for line, end in lines)
    return text if draw(st.booleans()) else text.rstrip(b"\r\n")


@given(settings())
@example(b"")
@example(b"[python]")
@example(b"[theme]\nTheme=Krita dark")
def test_whatever_the_settings_hold_the_plug_in_is_on_afterwards(before: bytes) -> None:
    after = with_plugin_enabled(before)
    assert enabled(after) is True
    assert with_plugin_enabled(after) == after


@given(settings())
def test_every_line_but_the_plug_ins_own_stays_byte_for_byte(before: bytes) -> None:
    after = with_plugin_enabled(before)
    old, new = before.split(b"\n"), after.split(b"\n")
    if enabled(before):
        assert after == before
    elif enabled(before) is False:
        changed = [number for number, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        assert len(changed) == 1
        assert b"enable_linewash_krita" in old[changed[0]]
    else:
        places = range(len(before) + 1)
        assert any(after == before[:place] + added + before[place:] for place in places for added in INSERTIONS)


@given(settings())
def test_other_groups_never_decide(before: bytes) -> None:
    assume(b"[python]" not in before)
    assert enabled(before) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"[python]\nenable_linewash_krita=true\n"),
        (b"A=1", b"A=1\n[python]\nenable_linewash_krita=true\n"),
        (b"[python]\nenable_x=true\n\n[theme]\nT=1\n", b"[python]\nenable_x=true\n" + ENTRY + b"\n\n[theme]\nT=1\n"),
        (b"[python]\nenable_linewash_krita=false\nz=1\n", b"[python]\nenable_linewash_krita=true\nz=1\n"),
        (b"[a]\r\nb=1\r\n", b"[a]\r\nb=1\r\n[python]\r\nenable_linewash_krita=true\r\n"),
    ],
)
def test_the_switch_stands_where_krita_would_put_it(before: bytes, after: bytes) -> None:
    assert with_plugin_enabled(before) == after


def test_the_last_of_several_switches_counts() -> None:
    assert enabled(b"[python]\nenable_linewash_krita=true\n[a]\n[python]\nenable_linewash_krita=false\n") is False
    assert enabled(b"[python]\nenable_linewash_krita=no\nenable_linewash_krita=true\n") is True


def test_a_folder_for_resources_counts_only_where_krita_reads_it(tmp_path: Path) -> None:
    line = f"ResourceDirectory={tmp_path}\n".encode()
    assert resource_folder(b"a=1\n" + line) == tmp_path
    assert resource_folder(b"[python]\n" + line) is None
    assert resource_folder(b"ResourceDirectory=not/absolute\n") is None
    assert resource_folder(line.replace(b"\n", b"/gone\n")) is None
