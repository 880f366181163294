"""A run's page: one file that shows how the run went, says what to do next, and trusts no text."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from linewash.errors import BadInput
from linewash_training import checkpoint, page, recipe, writing
from linewash_training.cli import app
from linewash_training.propagation import Propagation
from linewash_training.runs import Run, Sheet
from tests.training.small_run import SETTINGS, small, trained, write_pack

EMPTY = ("meta", "img")


class Reader(HTMLParser):
    """Elements with their attributes in order, and the text in each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open  # what was opened is closed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def said(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


def read(folder: Path) -> Reader:
    return Reader((folder / page.NAME).read_text("utf-8"))


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("art") / "art.safetensors")


@pytest.fixture(scope="module")
def run(art: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of 60 steps, in all phases of its recipe."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    trained(small(), art, folder, steps=60)
    return folder


def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(run: Path) -> None:
    text, told = (run / page.NAME).read_text("utf-8"), read(run)
    assert {name for name, _ in told.elements}.isdisjoint({"script", "link", "iframe", "object", "base", "form"})
    assert not [key for _, attributes in told.elements for key in attributes if key.startswith("on")]
    links = [a.get("src") or a.get("href") or "" for a in (*told.all("img"), *told.all("a"))]
    assert links and not [link for link in links if link.startswith(("/", "http", "javascript"))]
    assert (
        "http://" not in text
        and "https://" not in text
        and "@import" not in text
        and "url(" not in text.replace("url(#panel", "")
    )
    policy = next(a["content"] for a in told.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'")
    assert not list(run.glob("*.new"))


def test_every_figure_of_the_log_has_its_curve(run: Path) -> None:
    lines = [json.loads(text) for text in (run / "log.jsonl").read_text().splitlines()]
    figures = {key for line in lines for key in line} - {"step", "minutes", "epoch"}
    drawn = [a["aria-label"] for a in read(run).all("svg")]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == figures > {"rate", "norm", "contours", "painted", "critic"}


def test_parts_of_drawings_are_told_apart_by_their_names(run: Path) -> None:
    told = read(run)
    names = [a["id"] for a in told.all("clippath")]
    assert len(names) == len(set(names)) == len(told.all("svg"))


def test_sheets_are_there_the_newest_first_and_loaded_when_seen(run: Path) -> None:
    pictures = read(run).all("img")
    steps = [int(Path(a["src"] or "").stem) for a in pictures]
    assert steps == sorted(steps, reverse=True)
    assert steps == sorted((int(path.stem) for path in (run / "sheets").glob("*.png")), reverse=True)
    assert all((run / str(a["src"])).is_file() for a in pictures)
    assert {a["loading"] for a in pictures} == {"lazy"}
    for a in pictures:
        with Image.open(run / str(a["src"])) as picture:
            assert (a["width"], a["height"]) == (str(picture.width), str(picture.height))


def test_a_page_tells_what_was_asked_for_and_what_came_of_it(run: Path) -> None:
    text, told = (run / page.NAME).read_text("utf-8"), read(run)
    assert told.said("h1") == ["small"]
    assert "60 of 60 steps" in text and "Finished" in text and "width:100.0%" in text
    assert "16 pairs, 4 held out" in text
    tiles = dict(zip(told.said("dt"), told.said("dd"), strict=True))
    assert tiles["Epochs"] == "7.50"
    assert tiles["Device"] == "cpu"
    assert re.fullmatch(r"\d+\.\d %", tiles["Waiting for data"])
    assert re.fullmatch(r"[\d.]+", tiles["Samples a second"])
    assert re.fullmatch(r"[\d,]{5,}", tiles["Parameters"])
    assert any("OpenMoji" in cell for cell in told.said("td")) and "CC-BY-SA-4.0" in told.said("td")
    assert "encoder = [8, 8, 8, 8]" in text


def test_a_page_is_written_while_the_run_goes_on(art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, learn = [], Propagation.step

    def looking(learner: Propagation, batch: Any, spent: float, step: int) -> dict[str, float]:
        if (tmp_path / page.NAME).exists():
            seen.append((step, (tmp_path / page.NAME).read_text("utf-8")))
        return learn(learner, batch, spent, step)

    monkeypatch.setattr(Propagation, "step", looking)
    trained(small(), art, tmp_path, steps=10)
    step, text = seen[0]
    assert step == 8  # after the first epoch
    assert "8 of 10 steps" in text and ">Training<" in text


def test_a_run_stopped_by_hand_says_so_and_how_to_go_on(
    art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopping(learner: Propagation, batch: Any, spent: float, step: int) -> dict[str, float]:
        signal.raise_signal(signal.SIGINT)
        return {}

    monkeypatch.setattr(Propagation, "step", stopping)
    trained(small(), art, tmp_path, steps=10)
    text = (tmp_path / page.NAME).read_text("utf-8")
    assert "1 of 10 steps" in text and "Stopped by hand" in text
    assert "Go on where it stopped" in text and "--steps 10" in text


def commands(folder: Path) -> dict[str, list[str]]:
    """What the page proposes to type, by the command's second word."""
    words = [shlex.split(text) for text in read(folder).said("pre") if text.startswith("linewash")]
    return {told[1]: told for told in words}


def test_what_a_page_proposes_can_be_typed_as_it_is(art: Path, tmp_path: Path) -> None:
    text = (recipe.RECIPES / "gates.toml").read_text().replace('name = "gates"', 'name = "small"')
    for key, value in [*SETTINGS.items(), ("crop", 64), ("batch", 2)]:
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    written = tmp_path / 'my "own" & <recipe>.toml'
    written.write_text(text + "\n[variant.quick]\ndata = { crop = 32 }\n")
    out = tmp_path / "it's a run; $HOME"
    begun = ["train", str(written), "--variant", "quick", "--pack", str(art), "--out", str(out), "--steps", "2"]
    result = CliRunner().invoke(app, [*begun, "--workers", "0", "--seed", "5"])
    assert result.exit_code == 0, result.output
    assert str(out / page.NAME) in result.output
    proposed = commands(out)
    assert proposed.keys() == {"evaluate", "compare", "train", "color"}
    assert proposed["color"] == ["linewash", "color", "drawing.png", "--style", "small-quick"]
    for name in ("evaluate", "compare"):
        command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
        told = command.make_context(name, proposed[name][2:]).params
        assert told["pack"] == art
        assert (told["model"] if name == "evaluate" else told["model"][0]) == out / "small-quick.safetensors"
    again = CliRunner().invoke(app, proposed["train"][1:])
    assert again.exit_code == 0, again.output
    facts = checkpoint.facts(out)
    assert facts and facts["step"] == 4
    assert facts["session"]["variant"] == "quick"


def test_a_page_names_what_the_run_started_from(run: Path, art: Path, tmp_path: Path) -> None:
    trained(small(), art, tmp_path, steps=1, model=run / "small.safetensors")
    text = (tmp_path / page.NAME).read_text("utf-8")
    assert "Started from small (CC-BY-SA-4.0, " in text and "60 steps of training before" in text


def test_a_run_from_before_there_were_pages_gets_one(run: Path, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes((run / "log.jsonl").read_bytes())
    result = CliRunner().invoke(app, ["page", str(tmp_path)])
    assert result.exit_code == 0, result.output
    told = read(tmp_path)
    assert told.said("h1") == [tmp_path.name]
    assert len(told.all("svg")) == len(read(run).all("svg"))
    assert "60 steps" in (tmp_path / page.NAME).read_text("utf-8")


def test_a_folder_without_a_run_gets_no_page(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no run in") as told:
        page.write(tmp_path)
    assert told.value.code == "no_such_file"
    with pytest.raises(BadInput, match="no run in"):
        page.write(tmp_path / "nowhere")
    assert not list(tmp_path.iterdir())


def test_a_page_that_can_not_be_written_is_told_and_the_old_one_stays(run: Path, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes((run / "log.jsonl").read_bytes())
    (tmp_path / page.NAME).mkdir()
    with pytest.raises(BadInput, match="could not be written") as told:
        page.write(tmp_path)
    assert told.value.code == "output_unwritable"
    page.close(tmp_path, {}, "Memory was short.")  # which must not hide what it is about


def test_a_log_with_lines_of_another_hand_is_shown_as_far_as_it_makes_sense(tmp_path: Path) -> None:
    lines = [{"step": 19, "l1": "a", "waiting": None}, {"step": 39, "l1": 2.0, "samples_per_second": 0}, {"step": 59}]
    (tmp_path / "log.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    page.write(tmp_path)
    assert {a["aria-label"] for a in read(tmp_path).all("svg")} == {"l1", "samples_per_second"}


def test_what_was_waited_counts_by_the_time_it_took() -> None:
    log: list[dict[str, Any]] = [
        {"step": 19, "samples_per_second": 10, "waiting": 0.5},
        {"step": 39, "samples_per_second": 1, "waiting": 0},
    ]
    run = Run(Path("run"), {}, None, {}, log, [])
    assert run.mean("waiting") == pytest.approx(0.5 * 0.1 / 1.1)
    assert run.mean("samples_per_second") == pytest.approx(2 / 1.1)
    assert run.mean("l1") is None


def told_run(text: str) -> Run:
    """A run in which everything that a recipe, a pack or a path may name is called ``text``."""
    origin = {"name": text, "licence": text, "hash": text, "minutes": 3.5, "steps": None}
    session = {
        "given": text, "variant": text, "recipe": {"name": text, "settings": {"squash": text}}, "pack": text,
        "pairs": 5, "held": 1, "from": text, "vgg": text, "workers": 2, "seed": 7, "asked": {"minutes": 5.0},
        "device": text, "arithmetic": text, "processes": 3, "samples": 5, "batch": 4, "parameters": 9,
        "columns": [text, text], "ended": "",
    }  # fmt: skip
    source = {"id": text, "title": text, "authors": text, "licence": text}
    model = {"name": text, "recipe": text, "network": text, "licence": text, "sources": [source], "scores": {"a": 1.5}}
    log = [{"step": step, "samples_per_second": 2.0, "waiting": 0.2, f"loss {text}": step / 3} for step in (19, 39)]
    facts = {"step": 40, "minutes": 1.0, "origin": origin, "session": session}
    sheet = Sheet(40, Path("run/sheets/000040.png"), 8, 8)
    return Run(Path("run") / text.replace("/", ""), facts, None, model, log, [sheet], datetime(2026, 1, 2))


def skeleton(text: str) -> list[tuple[str, list[str]]]:
    return [(tag, list(attributes)) for tag, attributes in Reader(page.document(told_run(text))).elements]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>",
    "</title>&lt;b&gt;<!--",
    "]]><svg/onload=alert(1)>",
    "$(rm -rf /) `id` ; \n",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_can_add_an_element_or_an_attribute(text: str) -> None:
    assert skeleton(text) == skeleton("harmless")
    told = Reader(page.document(told_run(text)))
    assert told.said("h1") == [text]
    assert told.said("td")[:3] == [text] * 3
    assert {a["aria-label"] for a in told.all("svg")} >= {f"loss {text}"}


@given(st.text(min_size=1))
def test_any_name_is_shown_as_it_is(text: str) -> None:
    assert skeleton(text) == skeleton("harmless")
    assert "".join(Reader(page.document(told_run(text))).said("h1")) == text


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_commands_hold_any_name_as_one_word(text: str) -> None:
    (command,) = [told for told in Reader(page.document(told_run(text))).said("pre") if told.startswith("torchrun")]
    words = shlex.split(command)
    assert words[words.index("train") + 1] == text
    assert words[words.index("--variant") + 1] == text and words[words.index("--vgg") + 1] == text


def test_a_name_that_utf8_can_not_hold_does_not_stop_the_page(tmp_path: Path) -> None:
    writing.text(tmp_path / page.NAME, page.document(told_run("a\ud800b")))
    assert read(tmp_path).said("h1") == ["a?b"]


def test_a_model_file_of_any_name_is_linked_as_a_file(run: Path, tmp_path: Path) -> None:
    odd = tmp_path / "javascript:alert(1)#%41?.safetensors"
    odd.write_bytes((run / "small.safetensors").read_bytes())
    page.write(tmp_path)
    (link,) = [a["href"] for a in read(tmp_path).all("a")]
    assert link == "./javascript%3Aalert%281%29%23%2541%3F.safetensors"
    assert os.sep not in odd.name
