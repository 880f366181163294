"""The commands and their options; what each does stands in the module of its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linewash.contract import Options
from linewash.version import __version__

app = typer.Typer(
    help="Colour line art and grey pictures on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
daemon = typer.Typer(help="The background program that colours.", no_args_is_help=True)
app.add_typer(daemon, name="daemon")
install = typer.Typer(help="Put Linewash into an editor.", no_args_is_help=True)
app.add_typer(install, name="install")

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead of text.")]
_PRESET = Options()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"linewash {__version__}")
        raise typer.Exit


@app.callback()
def linewash(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Colour line art on this machine."""


@app.command()
def color(
    line: Annotated[Path, typer.Argument(help="The drawing or picture: PNG, JPEG, WebP, TIFF, BMP or GIF.")],
    hints: Annotated[
        Path | None, typer.Option(help="Strokes of colour on transparency, of the same size as the line art.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A .png (flattened), .ora or .psd (layers); LINE.colored.png unless given.")
    ] = None,
    mode: Annotated[
        str, typer.Option(help="lines: a line art; grey: a greyscale picture, which keeps its lightness.")
    ] = _PRESET.mode,
    seed: Annotated[int, typer.Option(help="Another number, another colouring (with --variety).")] = _PRESET.seed,
    style: Annotated[str, typer.Option(help="A name that `linewash models` lists.")] = _PRESET.style,
    palette: Annotated[str, typer.Option(help='Only these colours: "#rrggbb,#rrggbb,…" or a .gpl file.')] = "",
    variety: Annotated[float, typer.Option(help="0: what suits best, 1: daring colours.")] = _PRESET.variety,
    strength: Annotated[
        float, typer.Option("--chroma", "--strength", help="How colourful, 0 to 2.")
    ] = _PRESET.strength,
    lightness: Annotated[
        float, typer.Option(help="How far a style that predicts lightness may change it, 0 to 1.")
    ] = _PRESET.lightness,
    like: Annotated[
        Path | None, typer.Option(help="A reference picture; styles that can will use its colours.")
    ] = None,
    no_tandem: Annotated[
        bool, typer.Option("--no-tandem", help="Don't let the style invent hints where you drew none.")
    ] = False,
    shading: Annotated[float, typer.Option(help="How much light and shade, 0 to 2.")] = _PRESET.shading,
    gap: Annotated[
        float, typer.Option(help="Openings in lines up to so many px count as closed; 0: as the size suggests.")
    ] = _PRESET.gap,
    empty: Annotated[str, typer.Option(help='Hint strokes of this colour ("#rrggbb") leave their area empty.')] = "",
    layers: Annotated[
        str,
        typer.Option(
            help="Of flats, shading, highlights, color, composite, per_color, per_region, regions, painting; "
            "commas between.",
            show_default="what the file is good for",
        ),
    ] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT if it exists.")] = False,
    json: Json = False,
) -> None:
    """Colour a drawing, or a greyscale picture. Starts the daemon if none runs."""
    from .failures import reported

    with reported(json):
        from .chosen import chosen_options
        from .color import ColorJob, run

        options = chosen_options(
            seed=seed,
            style=style,
            palette=palette,
            variety=variety,
            strength=strength,
            shading=shading,
            gap=gap,
            empty=empty,
            layers=layers,
            mode=mode,
            lightness=lightness,
            tandem=not no_tandem,
        )
        file = out or line.with_name(f"{line.stem}.colored.png")
        run(ColorJob(line, hints, file, options, overwrite, like, layers_named=bool(layers)), json)


@app.command()
def models(json: Json = False) -> None:
    """List the styles."""
    from .failures import reported

    with reported(json):
        from .models import show

        show(json)


@app.command()
def doctor(json: Json = False) -> None:
    """Check everything that colouring needs, and say what to do about what is wrong."""
    from .failures import reported

    with reported(json):
        from .doctor import examine

        healthy = examine(json)
    if not healthy:
        raise typer.Exit(1)


@daemon.command()
def start(json: Json = False) -> None:
    """Start it, unless it runs already."""
    from .failures import reported

    with reported(json):
        from .service import start as begin

        begin(json)


@daemon.command()
def stop(json: Json = False) -> None:
    """Stop it; a job at work is cancelled."""
    from .failures import reported

    with reported(json):
        from .service import stop as end

        end(json)


@daemon.command()
def status(json: Json = False) -> None:
    """Say what it does and what it holds."""
    from .failures import reported

    with reported(json):
        from .service import status as look

        look(json)


@install.command()
def krita(json: Json = False) -> None:
    """Put the docker into every Krita of yours, and switch it on."""
    from .failures import reported

    with reported(json):
        from .install import krita as put

        put(json)


@install.command()
def gimp(json: Json = False) -> None:
    """Put the filter into every GIMP 3 of yours."""
    from .failures import reported

    with reported(json):
        from .install import gimp as put

        put(json)
