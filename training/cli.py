"""The command ``linewash-train``: one stage of training a style for each subcommand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from linewash.errors import LinewashError

if TYPE_CHECKING:
    from .prepare import Summary

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Finished art -> pairs -> weights -> evaluation.")


@app.command()
def prepare(
    art: Annotated[Path, typer.Option(help="Folder with one folder for each source of training/sources.toml.")],
    out: Annotated[Path, typer.Option(help="The pack to write, a .safetensors file.")],
    long_side: Annotated[int, typer.Option(min=64, max=2048, help="Long side of the pictures in the pack, px.")] = 512,
    quality: Annotated[int, typer.Option(min=1, max=100, help="WebP quality of the colours.")] = 90,
) -> None:
    """Turns a folder of finished art into a pack of line art and colours."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from .prepare import prepare as run

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        summary = run(art, out, long_side, quality, progress)
    _tell(summary, out)


def _tell(summary: Summary, out: Path) -> None:
    table = Table("Source", "Training", "Held out", "Dropped", "Why dropped", title="Pairs by source")
    for source, tally in summary.sources.items():
        why = ", ".join(f"{count} {reason}" for reason, count in tally.dropped.most_common())
        table.add_row(source, str(tally.kept), str(tally.held), str(tally.dropped.total()), why)
    table.add_section()
    table.add_row("all", str(summary.kept), str(summary.held), str(summary.dropped))
    Console().print(table)
    Console().print(f"{out}: {summary.size / 1e6:.1f} MB")


@app.command()
def frames(
    movie: Annotated[Path, typer.Argument(help="A film whose makers allow training.")],
    out: Annotated[Path, typer.Option(help="The pack to write, a .safetensors file.")],
    title: Annotated[str, typer.Option(help="The film's title, as weights will name it.")],
    authors: Annotated[str, typer.Option(help="Who made the film.")],
    licence: Annotated[str, typer.Option(help="The licence that allows training, as CC-BY-4.0.")],
    every: Annotated[float, typer.Option(help="One frame every so many seconds.")] = 0.5,
    long_side: Annotated[int, typer.Option(min=64, max=2048, help="Long side of the frames in the pack, px.")] = 256,
    held_out: Annotated[float, typer.Option(help="About this share of the scenes is not trained on.")] = 0.1,
) -> None:
    """Turns a film into a pack of coloring-book pages and the frames they were made of."""
    from .frames import credit, pack_film

    told = pack_film(movie, out, credit(title, authors, licence), every, long_side, held_out)
    why = "".join(f", {count} dropped ({reason})" for reason, count in told.dropped.items() if count)
    Console().print(f"{out}: {told.scenes} scenes, {told.kept} frames to train on, {told.held} held out{why}")
    if not told.held:
        Console().print("No cut was found: all of it is to be trained on, and nothing is held out.")


@app.command()
def film(
    folder: Annotated[Path, typer.Argument(help="Folder of pictures, shown in the order of their names.")],
    out: Annotated[Path, typer.Option(help="The film to write, an .avi file.")],
    seconds: Annotated[float, typer.Option(help="How long each picture is shown.")] = 3.0,
) -> None:
    """Films still pictures, a slow pan over each, where there is no film whose makers allow training."""
    from .film import make_film

    shown, dropped = make_film(folder, out, seconds)
    unread = f", {dropped} could not be read" if dropped else ""
    Console().print(f"{out}: {shown} pictures{unread}", highlight=False)


@app.command()
def show(
    pack: Annotated[Path, typer.Argument(help="A pack made by prepare.")],
    out: Annotated[Path, typer.Option(help="The PNG to write.")],
    n: Annotated[int, typer.Option(min=1, max=400, help="How many pairs.")] = 24,
    split: Annotated[str | None, typer.Option(help="Only train, or only held.")] = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other pairs.")] = 0,
) -> None:
    """Draws a sheet of pairs: line art, degraded, hints, colours, flats with contours."""
    from .show import show as run

    count = run(pack, out, n, split, source, seed)
    Console().print(f"{out}: {count} pairs")


@app.command()
def train(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or a TOML file of one's own.")],
    pack: Annotated[Path, typer.Option(help="A pack made by prepare.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; a run that is there goes on.")],
    minutes: Annotated[
        float | None, typer.Option(min=0.01, help="Budget of the whole run, earlier sessions counted in.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="A budget in steps instead: the same numbers anywhere.")
    ] = None,
    variant: Annotated[str, typer.Option(help="One of the recipe's variants.")] = "",
    vgg: Annotated[Path | None, typer.Option(help="VGG-16's published weights: .pth or .safetensors.")] = None,
    workers: Annotated[int, typer.Option(min=0, max=64, help="Processes that make samples.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other samples.")] = 0,
    model: Annotated[Path | None, typer.Option("--from", help="Model file that a new run starts from.")] = None,
) -> None:
    """Trains a style; the model file in the run's folder is as good as the run so far."""
    from . import recipe as recipes
    from .budget import Budget
    from .train import Wish
    from .train import train as run

    if (minutes is None) == (steps is None):
        raise typer.BadParameter("give --minutes or --steps, one of the two")
    told = recipes.read(recipe, variant, pretrained=vgg is not None)
    wish = Wish(told, pack, out, Budget(minutes, steps), workers, seed, model, vgg, recipe, variant)
    Console().print(f"Model: {run(wish)}")
    Console().print(f"Page: {out / 'index.html'}", soft_wrap=True)


@app.command()
def page(
    run: Annotated[Path, typer.Argument(help="Folder of a run, as train wrote it.")],
) -> None:
    """Writes a run's page anew; train does so itself whenever it keeps samples."""
    from .page import write

    Console().print(f"Page: {write(run)}", soft_wrap=True)


@app.command()
def evaluate(
    pack: Annotated[Path, typer.Argument(help="A pack made by prepare.")],
    model: Annotated[Path | None, typer.Option(help="A model file to judge; without one only the rivals are.")] = None,
    methods: Annotated[str | None, typer.Option(help="Rivals, with commas between; all unless given.")] = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]COMMAND",
            help="Another program, with {line}, {hints} and {out} for its files; again for more.",
        ),
    ] = None,
    k: Annotated[str, typer.Option(help="Numbers of hints, with commas between.")] = "0,4,16,64",
    limit: Annotated[int, typer.Option(min=0, help="So many pictures, spread evenly; 0: all.")] = 0,
    levin_limit: Annotated[int, typer.Option(min=0, help="Pictures for levin, which is slow; 0: all.")] = 60,
    split: Annotated[str, typer.Option(help="Side of the split: held or train.")] = "held",
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    out: Annotated[Path, typer.Option(help="Folder for results, table and sheets.")] = Path("out/evaluation"),
    hint_auc: Annotated[bool, typer.Option("--hint-auc", help="Measure Hint-AUC too, by the package hintauc.")] = False,
    write_scores: Annotated[bool, typer.Option(help="Put the scores into the model file.")] = False,
) -> None:
    """Measures a model on held-out drawings with simulated hints, beside rivals that learn nothing."""
    from .evaluation.command import run

    run(pack, out, model, methods, beside or [], k, limit, levin_limit, split, jobs, hint_auc, write_scores)


@app.command()
def compare(
    pack: Annotated[Path, typer.Argument(help="A pack made by prepare or frames.")],
    out: Annotated[Path, typer.Option(help="Folder for tables and sheets; scores are kept there for the next time.")],
    model: Annotated[list[Path] | None, typer.Option(help="A model file to judge; may be given again.")] = None,
    models: Annotated[Path | None, typer.Option(help="Folder of runs, or of models: all of them.")] = None,
    k: Annotated[str, typer.Option(help="Numbers of hints, with commas between.")] = "0,4,16,64",
    limit: Annotated[int, typer.Option(min=0, help="So many pictures, spread evenly; 0: all.")] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    law: Annotated[bool, typer.Option(help="Painters once more, with regions and strokes as law.")] = False,
) -> None:
    """Measures styles side by side on held-out pictures; nothing is trained."""
    from .evaluation.command import run_comparison

    run_comparison(pack, out, model or [], models, k, limit, jobs, law)


@app.command()
def curves(
    runs: Annotated[list[Path], typer.Argument(help="Folders of runs.")],
    keys: Annotated[str, typer.Option(help="What to draw of their logs, with commas between.")],
    out: Annotated[Path, typer.Option(help="The SVG to write.")],
) -> None:
    """Draws figures of runs over their steps, and tells how steady they are."""
    from .curves import draw

    table = Table("Run", "Key", "Mean", "Deviation", "Values", title="The last half of each run")
    for run, key, steady in draw(runs, [key for key in keys.split(",") if key], out):
        table.add_row(run, key, f"{steady.mean:.4g}", f"{steady.deviation:.4g}", str(steady.values))
    Console().print(table)
    Console().print(str(out), soft_wrap=True)


@app.command()
def claims(
    pack: Annotated[Path, typer.Argument(help="A pack made by prepare or frames.")],
    model: Annotated[Path, typer.Option(help="Model file of a painter of line art.")],
    out: Annotated[Path, typer.Option(help="The JSON to write.")],
    limit: Annotated[int, typer.Option(min=0, help="So many pictures, spread evenly; 0: all.")] = 60,
) -> None:
    """Tests what was claimed of a painter of line art on held-out pictures."""
    from rich.progress import track

    from .evaluation import claims as claimed
    from .pack import Pack

    console = Console(stderr=True)
    found = claimed.judge(model, Pack.open(pack), limit, lambda chosen: track(chosen, "claims", console=console))
    claimed.save(found, out)
    typer.echo(found.markdown())


@app.command()
def wishes(
    pack: Annotated[Path, typer.Argument(help="A pack made by prepare.")],
    model: Annotated[Path, typer.Option(help="Model file of a style for line art.")],
    out: Annotated[Path, typer.Option(help="Folder for table, data and sheets.")],
    limit: Annotated[int, typer.Option(min=0, help="So many pictures, spread evenly; 0: all.")] = 60,
) -> None:
    """Measures what may be wished for without strokes: variety, a palette, a reference picture."""
    from rich.progress import track

    from .evaluation import wishes as wished
    from .evaluation import wishes_report, wishes_sheets
    from .pack import Pack

    console, opened = Console(stderr=True), Pack.open(pack)
    found = wished.judge(model, opened, limit, lambda chosen: track(chosen, "wishes", console=console))
    report = wishes_report.gathered(model.stem, found)
    written = wishes_report.save(report, out)
    typer.echo(report.markdown())
    for path in (*written, *wishes_sheets.sheets(opened, out, wished.painter_of(model))):
        typer.echo(str(path))


def main() -> None:
    """Entry point of the console script ``linewash-train``; errors are told in a sentence, with exit code 1."""
    try:
        app(prog_name="linewash-train")
    except LinewashError as error:
        Console(stderr=True).print(f"[bold red]Error:[/] {error.sentence}\n{error.remedy}", highlight=False)
        raise SystemExit(1) from error
