"""Whatever goes wrong, the artist reads a sentence in their language and sees the button that helps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from linewash.contract import Notice
from linewash.editor.remedies import button, message, message_for_script, message_of, refusal
from linewash.editor.texts import set_language
from linewash.errors import CODES, BadInput, DaemonError, OutOfMemory, from_code

OF_NOTICES = ("lineart_empty", "lineart_black", "hints_empty", "around_ignored", "layers_limited", "layer_unavailable")
OF_PLUG_INS = (
    "no_document", "no_line_layer", "hints_are_line", "lineart_empty", "layer_gone", "layer_edited", "document_closed",
    "document_gray", "document_resized", "document_too_large", "layer_unreadable", "nothing_selected",
)  # fmt: skip
EVERY_CODE = sorted({*CODES, *OF_NOTICES, *OF_PLUG_INS, "error"})


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.parametrize("code", EVERY_CODE)
def test_every_code_has_a_sentence_in_each_language(code: str) -> None:
    english = message(code)
    set_language("de")
    german = message(code)
    for shown in (english, german):
        assert re.match(r"[A-ZÄÖÜ].*\.$", shown.sentence)
        assert not shown.remedy or shown.remedy.endswith(".")
    assert german.sentence != english.sentence
    assert (german.remedy != english.remedy) or not english.remedy


@pytest.mark.parametrize("code", EVERY_CODE)
def test_what_went_wrong_comes_with_a_remedy(code: str) -> None:
    shown = message(code)
    assert shown.calm or shown.remedy or code == "bad_input"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_remedy_that_names_a_button_comes_with_it(code: str, language: str) -> None:
    set_language(language)
    shown = message(code)
    for mend in ("start_daemon", "free_gpu", "copy_diagnostics"):
        assert button(mend) not in shown.remedy or mend in shown.mends


@pytest.mark.parametrize("code", [*CODES, *OF_NOTICES, "error"])
def test_nobody_is_sent_to_a_command_line(code: str) -> None:
    shown = message_of(from_code(code, "Something.", "Start one: linewash daemon start"))
    assert "linewash daemon" not in shown.remedy or code == "out_of_memory"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("remedy", ["Start one: linewash daemon start", ""])
@pytest.mark.parametrize("code", [*CODES, "error"])
def test_a_script_is_told_of_no_button_and_still_what_to_do(code: str, remedy: str, language: str) -> None:
    set_language(language)
    error = from_code(code, "Something.", remedy)
    artists, shown = message_of(error), message_for_script(error)
    assert shown.sentence == artists.sentence
    assert bool(shown.remedy) == bool(artists.remedy)
    for mend in ("start_daemon", "free_gpu", "copy_diagnostics"):
        assert button(mend) not in shown.remedy
        if button(mend) in artists.remedy and remedy:
            assert shown.remedy == remedy


def test_the_codes_that_were_promised_are_those_of_the_daemon() -> None:
    assert message("daemon_unreachable").mends == ("start_daemon",)
    assert message("out_of_memory").mends == ("free_gpu",)
    assert message("internal").mends == ("copy_diagnostics",)


def test_the_daemon_s_numbers_are_kept() -> None:
    full = OutOfMemory(
        "Colouring 9000 × 9000 px needs about 7.5 GB, and 2.0 GB are free.", "A drawing of 400 × 400 fits."
    )
    for language in ("en", "de"):
        set_language(language)
        shown = message_of(full)
        assert "7.5 GB" in shown.sentence
        assert "400 × 400" in shown.remedy
    assert "Speicher" in shown.sentence


def test_a_path_is_kept() -> None:
    assert "/tmp/x" in message_of(DaemonError("The file /tmp/x is damaged.", "", "connection_file_damaged")).sentence


def test_an_unknown_code_shows_what_came_with_it() -> None:
    shown = message_of(BadInput("The moon is in the way.", "Wait.", "moon"))
    assert (shown.sentence, shown.remedy, shown.mends) == ("The moon is in the way.", "Wait.", ("copy_diagnostics",))


def test_an_unknown_code_without_words_is_still_a_sentence() -> None:
    assert message("moon").sentence == message("error").sentence


def test_a_cancelled_job_is_no_trouble() -> None:
    assert message("cancelled").calm
    assert not message("cancelled").mends


def test_what_a_plug_in_says_itself_is_shown_as_it_is() -> None:
    set_language("de")
    shown = message_of(BadInput("Die Strichzeichnung fehlt.", "Wählen Sie eine.", "no_line_layer"))
    assert (shown.sentence, shown.remedy) == ("Die Strichzeichnung fehlt.", "Wählen Sie eine.")


def test_a_refusal_reads_as_its_code() -> None:
    assert message_of(refusal("no_document")) == message("no_document")


def test_a_notice_is_shown_too() -> None:
    shown = message_of(Notice("lineart_empty", "The line art is empty, so there is nothing to colour inside of."))
    assert shown.remedy
