"""What a run's page proposes to do next, as commands to copy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from shlex import quote
from typing import Any

from linewash_daemon.models import DEFAULT

from .markup import Markup, element
from .runs import Run

_TRAIN = "linewash-train train"
_TORCHRUN = "torchrun --nproc-per-node {count} -m linewash_training train"


def section(run: Run) -> Markup:
    rows = [part for told, command in _proposed(run) for part in (_said(told), _typed(command))]
    return element("section", element("h2", "What to do next"), *rows)


def _said(text: str) -> Markup:
    return element("p", text)


def _typed(command: str) -> Markup:
    return element("pre", command, class_="command")


def _proposed(run: Run) -> Iterator[tuple[str, str]]:
    session, folder = run.session, str(run.folder)
    pack = quote(session["pack"]) if session else "PACK"
    if run.model_path:
        model = quote(str(run.model_path))
        out = quote(os.path.join(folder, "held"))
        yield (
            "Measure it on the held-out drawings, beside rivals that learn nothing:",
            f"linewash-train evaluate {pack} --model {model} --out {out}",
        )
        if run.model.get("name") != DEFAULT:  # compare tells styles apart by their names
            out = quote(os.path.join(folder, "compared"))
            yield (
                "Compare it with the default style and others (--model FILE again), in one table and one sheet:",
                f"linewash-train compare {pack} --model {model} --out {out}",
            )
    finished = session.get("ended") == "finished"
    more = "Go on with twice the budget; the schedule stretches with it:" if finished else "Go on where it stopped:"
    yield more, _training(run, session, pack, 2 if finished else 1)
    if run.model_path:
        yield (
            f"Use it: put {run.model_path.name} into your model folder, and",
            f"linewash color drawing.png --style {quote(str(run.model.get('name', run.model_path.stem)))}",
        )


def _training(run: Run, session: dict[str, Any], pack: str, times: int) -> str:
    """The command that goes on: as it was given, with ``times`` the budget."""
    if not session:
        recipe = quote(str(run.model.get("recipe", "RECIPE")))
        return f"{_TRAIN} {recipe} --pack {pack} --out {quote(str(run.folder))} --minutes MINUTES"
    count, asked = session["processes"], session["asked"]
    words = [_TORCHRUN.format(count=count) if count > 1 else _TRAIN, quote(session["given"])]
    if session["variant"]:
        words += ["--variant", quote(session["variant"])]
    words += ["--pack", pack, "--out", quote(str(run.folder))]
    budget = "minutes" if asked["minutes"] else "steps"
    words += [f"--{budget}", f"{asked[budget] * times:.10g}"]
    if session["vgg"]:
        words += ["--vgg", quote(session["vgg"])]
    words += [f"--{key} {session[key]}" for key, usual in (("workers", 1), ("seed", 0)) if session[key] != usual]
    return " ".join(words)
