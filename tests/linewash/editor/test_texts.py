"""Every text of the plug-ins can be translated, and no language file can break one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_texts import LANGUAGES, calls, refreshed, sources, template
from linewash.editor.texts import placeholders, set_language, tr

COMPLETE = ("de",)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    set_language("en")


def written(folder: Path, content: object) -> Path:
    (folder / "xx.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_a_text_without_a_translation_is_english() -> None:
    set_language("tlh")
    assert tr("{count} things nobody translated", count=3) == "3 things nobody translated"


@pytest.mark.parametrize("code", ["xx", "xx_YY", "xx-YY", "xx_YY.UTF-8", "xx@euro"])
def test_a_locale_finds_its_language(code: str, tmp_path: Path) -> None:
    set_language(code, written(tmp_path, {"any.py": {"Hello, {name}": "{name}, hallo"}}))
    assert tr("Hello, {name}", name="Mia") == "Mia, hallo"


def test_a_country_of_its_own_comes_before_the_language(tmp_path: Path) -> None:
    written(tmp_path, {"any.py": {"Colour": "language"}})
    (tmp_path / "xx_YY.json").write_text(json.dumps({"any.py": {"Colour": "country"}}))
    set_language("xx_YY", tmp_path)
    assert tr("Colour") == "country"


@pytest.mark.parametrize("said", ["", "{nom}", "{name", "{name.__class__}", "{name:9999999999}", "nobody", 3, None, []])
def test_a_translation_that_does_not_fit_leaves_english(said: object, tmp_path: Path) -> None:
    set_language("xx", written(tmp_path, {"any.py": {"Hello, {name}": said}}))
    assert tr("Hello, {name}", name="Mia") == "Hello, Mia"


@given(code=st.text(max_size=8), content=st.binary(max_size=80))
def test_a_damaged_file_is_harmless(tmp_path_factory: pytest.TempPathFactory, code: str, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("languages")
    (folder / "xx.json").write_bytes(content)
    for name in ("xx", code):
        set_language(name, folder)
        assert tr("Colour") == "Colour"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(content=json_values | st.dictionaries(st.text(), st.dictionaries(st.just("Hello, {name}"), st.text("{}name!:"))))
def test_whatever_a_file_says_a_text_is_shown(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    set_language("xx", written(tmp_path_factory.mktemp("languages"), content))
    assert "Mia" in tr("Hello, {name}", name="Mia")


def test_every_text_of_the_code_gets_the_values_it_names() -> None:
    for name, source in sources():
        for text, values in calls(source, name):
            assert {field for field, _, _ in placeholders(text)} == values, f"{name}: {text}"


@pytest.mark.parametrize(
    "source",
    ["def f(): tr(word)", "def f(): tr(f'{x}')", "def f(): tr('a' + 'b')", "tr('a')", "def f(a=tr('a')): pass"],
)
def test_a_text_that_could_not_be_translated_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"^some\.py:1: "):
        list(calls(source, "some.py"))


def test_texts_are_collected_in_order() -> None:
    source = "def f():\n    x = tr('one') + tr('two', n=1)\n    return lambda: texts.tr('thr' 'ee')"
    assert list(calls(source, "some.py")) == [("one", set()), ("two", {"n"}), ("three", set())]


def test_the_template_is_up_to_date() -> None:
    found = json.loads((LANGUAGES / "template.json").read_text(encoding="utf-8"))
    assert found == template(), "run `make texts`"


@pytest.mark.parametrize("path", sorted(LANGUAGES.glob("??*.json")), ids=lambda path: path.stem)
def test_a_language_file_has_just_the_texts_of_the_code(path: Path) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found == refreshed(template(), found), "run `make texts`"
    for group in found.values():
        for text, said in group.items():
            assert not said or placeholders(text) == placeholders(said), text


@pytest.mark.parametrize("language", COMPLETE)
def test_a_language_that_is_shipped_is_complete(language: str) -> None:
    found = json.loads((LANGUAGES / f"{language}.json").read_text(encoding="utf-8"))
    missing = [text for group in refreshed(template(), found).values() for text, said in group.items() if not said]
    assert not missing
