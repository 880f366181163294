"""A run's page, ``index.html`` in its folder: figures, curves, samples and what to do next, in one file.

It needs nothing from elsewhere but the sheets that lie beside it, and runs no scripts.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from linewash.errors import LinewashError
from linewash_daemon.networks.depiction import CLASSES

from . import checkpoint, page_next, writing
from .chart import Line, Panel, inline
from .curves import UNDRAWN, Curve, curve
from .markup import Markup, element, joined
from .page_style import CSS
from .runs import Run, Sheet

NAME = "index.html"

_POINTS = 600  # of a curve: more than its panel is wide in px
_WAITING = 0.1  # share of the time from which on it pays to do something about it
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:"
#: what the log's keys mean, where the name alone doesn't tell
_MEANING = {
    "rate": "learning rate",
    "norm": "of the gradient, before clipping",
    "samples_per_second": "learned from",
    "waiting": "share of the time, for data",
    **{f"held_{n}": f"CIE94 in figures held out, {n} strokes" for n in (4, 16, 64)},
    **{f"held_{n}_all": f"the same over all, {n} strokes" for n in (4, 16, 64)},
    **{f"held_{kind}": "told from the rest, held out: area under the ROC curve" for kind in CLASSES},
    "held_alike": "two areas of one colour told from two of others, held out: area under the ROC curve",
    "held_one_color": "two areas of one colour told from two of others, held out: area under the ROC curve",
    "critic": "the critic's own loss",
    "penalty": "on the critic's gradient",
}
_LAST = ("rate", "norm", "samples_per_second", "waiting")  # after the losses
_ENDED = {"finished": "Finished: its budget is used.", "stopped": "Stopped by hand; it can go on."}


def write(folder: Path, facts: dict[str, Any] | None = None, trouble: str = "") -> Path:
    """Write the page of the run in ``folder``; returns its path.

    ``facts``: of the run, where they are newer than its state; ``trouble``: why it ended, if not as it should. Raises
    `BadInput`: no_such_file where there is no run, output_unwritable.
    """
    path = folder / NAME
    writing.text(path, document(Run.read(folder, facts), trouble))
    return path


def close(folder: Path, session: dict[str, Any], trouble: str) -> None:
    """Say on the page, if there can be one, why the run ended in this ``session``, which kept no last state."""
    with contextlib.suppress(LinewashError):
        write(folder, (checkpoint.facts(folder) or {}) | {"session": session}, trouble)


def document(run: Run, trouble: str = "") -> Markup:
    name = str(run.model.get("name") or run.session.get("given") or run.folder.resolve().name)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{name}: a run of Linewash"),
        element("style", Markup(CSS)),
    )
    parts = (_head(run, name, trouble), _tiles(run), _curves(run), _samples(run), page_next.section(run), _details(run))
    body = element("body", element("main", *parts))
    return joined(Markup("<!doctype html>\n"), element("html", head, body, lang="en"), "\n")


def _head(run: Run, name: str, trouble: str) -> Markup:
    session, origin = run.session, run.facts.get("origin")
    of = [f"Recipe {session.get('given') or run.model.get('recipe', 'unknown')}"]
    if session.get("variant"):
        of.append(f"variant {session['variant']}")
    if session.get("pack"):
        of.append(f"trained on {session['pack']} ({session['pairs']:,} pairs, {session['held']:,} held out)")
    lines = [element("p", " · ".join(of), class_="soft of")]
    if isinstance(origin, dict):
        lines.append(element("p", _origin(origin), class_="soft of"))
    return element("header", element("h1", name), *lines, _budget(run, trouble))


def _origin(origin: dict[str, Any]) -> str:
    told = [f"{_number(origin[key])} {key}" for key in ("minutes", "steps") if origin.get(key) is not None]
    before = f"{' and '.join(told)} of training before" if told else "trained nobody knows how long"
    return f"Started from {origin.get('name')} ({origin.get('licence')}, {before}; {str(origin.get('hash'))[:12]})"


def _budget(run: Run, trouble: str) -> Markup:
    asked = run.session.get("asked") or {}
    used = [f"{run.minutes:,.1f} minutes", f"{run.step:,} steps"]
    share = None
    if asked.get("minutes"):
        used[0], share = f"{run.minutes:,.1f} of {asked['minutes']:,g} minutes", run.minutes / asked["minutes"]
    elif asked.get("steps"):
        used = [f"{run.step:,} of {asked['steps']:,} steps", used[0]]
        share = run.step / asked["steps"]
    ended = trouble or _ENDED.get(run.session.get("ended", ""), "Training" if run.session else "")
    when = f"{run.written:%Y-%m-%d %H:%M %Z}"
    state = element("span", ended, class_="ended" if trouble else None)
    rows = [element("p", element("span", ", ".join(used)), joined(state, element("span", f" as of {when}")))]
    if share is not None:
        rows.append(element("div", element("i", style=f"width:{100 * min(1, share):.1f}%"), class_="bar"))
    return element("div", *rows, class_="budget")


def _tiles(run: Run) -> Markup:
    session, tiles = run.session, []

    def tile(name: str, value: str, *more: str) -> None:
        small = [element("small", line) for line in more if line]
        tiles.append(element("div", element("dt", name), element("dd", value, *small)))

    if (epochs := run.epochs(run.step)) is not None:
        tile("Epochs", f"{epochs:,.2f}", f"of {session['samples']:,} samples, {session['batch']:,} a step")
    if (speed := run.mean("samples_per_second")) is not None:
        tile("Samples a second", f"{speed:.1f}", "learned from, over all")
    if (waiting := run.mean("waiting")) is not None:
        more = joined("; more ", element("code", "--workers"), " would help") if waiting > _WAITING else ", measured"
        tile("Waiting for data", f"{100 * waiting:.1f} %", joined("of the time", more))
    if session:
        count = session["processes"]
        tile("Device", str(session["device"]), session["arithmetic"], f"{count} processes" if count > 1 else "")
        tile("Parameters", _millions(session["parameters"]), str(run.model.get("network", "")))
    if run.model_path:
        link = element("a", run.model_path.name, href=f"./{quote(run.model_path.name)}")
        size = f"{run.model_path.stat().st_size / 1e6:.1f} MB"
        tile("Model file", size, link, f"float16, {run.model.get('licence', '')}")
    return element("dl", *tiles, class_="tiles")


def _samples(run: Run) -> Markup:
    if not run.sheets:
        return Markup()
    newest, *older = run.sheets
    columns = [element("li", str(name)) for name in run.session.get("columns", [])]
    above = element("ul", *columns, class_="columns") if columns else ""
    parts = [element("figure", above, *_pictured(run, newest), class_="newest")]
    if older:
        parts.append(element("div", *(element("figure", *_pictured(run, sheet)) for sheet in older), class_="older"))
    heading = element("h2", "Held-out drawings as it sees them, the newest first")
    return element("section", heading, element("div", *parts, class_="samples"))


def _pictured(run: Run, sheet: Sheet) -> tuple[Markup, Markup]:
    place = f"sheets/{sheet.path.name}"
    size = {"width": sheet.width or None, "height": sheet.height or None}
    picture = element("img", src=place, alt=f"Samples after {sheet.step:,} steps", loading="lazy", **size)
    epochs = run.epochs(sheet.step)
    told = f"after {sheet.step:,} steps" + (f", {epochs:.2f} epochs" if epochs is not None else "")
    return element("a", picture, href=place), element("figcaption", told)


def _curves(run: Run) -> Markup:
    keys = {key: None for line in run.log for key in line if key not in (*UNDRAWN, *_LAST)}
    drawn = {key: c for key in (*keys, *_LAST) if (c := curve(run.log, key))}
    if not drawn:
        return Markup()
    panels = [_panel(key, c, nth) for nth, (key, c) in enumerate(drawn.items())]
    heading = element("h2", "Curves")
    told = element("p", "Faint: means of a few steps, as the log has them. Strong: their running mean.", class_="soft")
    return element("section", heading, told, element("div", *panels, class_="curves"))


def _panel(key: str, whole: Curve, nth: int) -> Markup:
    calm = Curve(whole.steps, whole.values if key == "rate" else whole.smoothed()).thinned(_POINTS)
    raw = whole.thinned(_POINTS)
    drawing = inline(Panel(key, "step", [Line(0, raw.steps, raw.values, calm.values)]), nth)
    title = element("b", key.replace("_", " "))
    now = element("output", f"{calm.values[-1]:.4g}", title="the running mean at the end")
    return element("figure", element("figcaption", title, _MEANING.get(key, ""), now), Markup(drawing))


def _details(run: Run) -> Markup:
    parts = []
    if sources := run.model.get("sources"):
        rows = [[str(source[key]) for key in ("title", "authors", "licence")] for source in sources]
        parts.append(_folded("Training art, and who made it", _table(["Title", "Authors", "Licence"], rows)))
    if scores := run.model.get("scores"):
        parts.append(_folded("Scores", _table(["Figure", ""], [[str(k), _number(v)] for k, v in scores.items()])))
    if recipe := run.session.get("recipe"):
        parts.append(_folded("Recipe", element("pre", _as_toml(recipe))))
    return element("section", element("h2", "Where it comes from"), *parts) if parts else Markup()


def _folded(title: str, inner: Markup) -> Markup:
    return element("details", element("summary", title), inner)


def _table(head: list[str], rows: list[list[str]]) -> Markup:
    top = element("tr", *(element("th", cell) for cell in head))
    body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    return element("div", element("table", top, *body), class_="wide")


def _as_toml(recipe: dict[str, Any]) -> str:
    """The recipe as one would write it: JSON's texts, numbers and lists are TOML's, too."""
    plain = [f"{key} = {json.dumps(v, ensure_ascii=False)}" for key, v in recipe.items() if not isinstance(v, dict)]
    tables = [f"\n[{key}]\n{_as_toml(v)}" for key, v in recipe.items() if isinstance(v, dict)]
    return "\n".join([*plain, *tables])


def _millions(count: int) -> str:
    return f"{count / 1e6:.2f} M" if count >= 1e5 else f"{count:,}"


def _number(value: Any) -> str:
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)
