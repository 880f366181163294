"""docs/krita.md tells of every message that the docker may show, docs/gimp.md of those that GIMP alone has."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewash.editor import remedies
from linewash.editor.texts import set_language

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "krita.md").read_text("utf-8")
OF_FILES = set(remedies._of_files())  # the docker reads layers, not files
NEVER_ALONE = {"bad_input", "lineart_unknown"}  # comes with words of its own; the client asks again by itself
ONLY_IN_GIMP = {"layer_elsewhere", "document_converted", "nothing_to_insert"}
CODES = sorted(remedies._texts().keys() - OF_FILES - NEVER_ALONE - ONLY_IN_GIMP)


@pytest.mark.parametrize("code", CODES)
def test_the_page_has_what_the_docker_says_and_what_to_do(code: str) -> None:
    set_language("en")
    sentence, remedy = remedies._texts()[code]
    row = f"| {sentence} | {remedy} |"
    assert row in PAGE, f"docs/krita.md lacks the row of {code}:\n{row}"


@pytest.mark.parametrize("code", sorted(ONLY_IN_GIMP))
def test_gimp_s_page_has_what_only_the_filter_says(code: str) -> None:
    set_language("en")
    sentence, remedy = remedies._texts()[code]
    row = f"| {sentence} | {remedy} |"
    assert row in (DOCS / "gimp.md").read_text("utf-8"), f"docs/gimp.md lacks the row of {code}:\n{row}"
