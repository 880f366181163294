"""The plug-in as GIMP calls it: which procedures there are, and what each run mode means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..coloring import Wish, color
from ..layers import guess
from ..linewash.client import Client
from ..linewash.editor.remedies import Message, message, message_for_script, message_of, refusal
from ..linewash.editor.texts import set_language, tr
from ..linewash.errors import InternalError, LinewashError
from .api import Gimp, GLib, GObject
from .arguments import add_arguments, choices_of, palette_colors
from .brush import choose_hint_brush
from .drawing import Drawing
from .progress import StatusBar

COLOR, HINTS = "plug-in-linewash-color", "plug-in-linewash-hints"
_MENU = "<Image>/Filters/Colors"


class Linewash(Gimp.PlugIn):  # type: ignore[misc]  # GIMP's libraries have no types
    def do_query_procedures(self) -> list[str]:
        return [COLOR, HINTS]

    def do_set_i18n(self, _procedure_name: str) -> bool:
        return False  # our texts come translated

    def do_create_procedure(self, name: str) -> Any:
        set_language(GLib.get_language_names()[0])
        run = {COLOR: _run_color, HINTS: _run_hints}[name]
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        procedure.set_image_types("*")
        mask = Gimp.ProcedureSensitivityMask
        procedure.set_sensitivity_mask(mask.DRAWABLE | mask.DRAWABLES | mask.NO_DRAWABLES)
        procedure.set_attribution("The Linewash authors", "The Linewash authors, Apache License 2.0", "2026")
        if name == COLOR:
            procedure.set_menu_label(tr("_Auto color (Linewash)…"))
            procedure.set_documentation(
                tr("Colour line art into a group of layers under it"),
                tr(
                    "Finds the regions between the lines and paints flats, shading and highlights for them, after "
                    "colour strokes on a hint layer where there is one. The line art itself is only read."
                ),
                None,
            )
            add_arguments(procedure)
        else:
            procedure.set_menu_label(tr("New _hint layer (Linewash)"))
            procedure.set_documentation(
                tr("Make an empty layer for colour strokes above the line art, and choose a hard brush"),
                tr("Paint on it with the colours that you want in the regions below; Auto color obeys every stroke."),
                None,
            )
            procedure.add_layer_return_value(
                "hints", tr("Hints"), tr("The new hint layer"), True, GObject.ParamFlags.READWRITE
            )
        procedure.add_menu_path(_MENU)
        return procedure


def run(argv: list[str]) -> None:
    """Serve GIMP, which started this process."""
    Gimp.main(Linewash.__gtype__, argv)


def _run_color(procedure: Any, mode: Any, image: Any, drawables: Sequence[Any], config: Any, _data: Any) -> Any:
    drawing = Drawing(image)
    try:
        if mode != Gimp.RunMode.NONINTERACTIVE:
            _prefill(drawing, drawables, config)
        if mode == Gimp.RunMode.INTERACTIVE:
            from ..dialog import ask  # a script needs no screen

            group = ask(
                procedure, config, drawing, lambda told: _color(drawing, _wish(drawing, drawables, config), told)
            )
            if group is None:
                return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, GLib.Error())
        else:
            group = _color(drawing, _wish(drawing, drawables, config))
    except LinewashError as error:
        return _failed(procedure, mode, error)
    except Exception as error:  # GIMP would show a traceback
        return _failed(procedure, mode, _unforeseen(error))
    return _done(procedure, group)


def _run_hints(procedure: Any, mode: Any, image: Any, drawables: Sequence[Any], _config: Any, _data: Any) -> Any:
    drawing = Drawing(image)
    try:
        line, _ = guess(drawing.layers(), _layer_key(drawables))
        if line is None:
            raise refusal("no_line_layer")
        was_rgb = drawing.is_rgb()
        hints = drawing.add_hint_layer(line, tr("Hints"))
        choose_hint_brush()
        if not was_rgb:
            Gimp.message(_text(message("document_converted")))
        Gimp.displays_flush()
    except LinewashError as error:
        return _failed(procedure, mode, error)
    except Exception as error:
        return _failed(procedure, mode, _unforeseen(error))
    return _done(procedure, hints)


def _color(drawing: Drawing, wish: Wish, told: str = "") -> Any:
    """``told``: the code of a notice that the artist has read already."""
    with StatusBar() as report, Client(name="GIMP") as client:
        colored = color(drawing, wish, client, report)
    Gimp.displays_flush()
    for notice in (notice for notice in colored.notices if notice.code != told):
        Gimp.message(_text(message_of(notice)))
    return colored.group


def _prefill(drawing: Drawing, drawables: Sequence[Any], config: Any) -> None:
    """What depends on the image and isn't carried over from the last one."""
    line, hints = guess(drawing.layers(), _layer_key(drawables))
    for name, key in (("line-art", line), ("hints", hints)):
        config.set_property(name, None if key is None else drawing.layer(key))
    config.set_property("selection-only", drawing.has_selection())


def _wish(drawing: Drawing, drawables: Sequence[Any], config: Any) -> Wish:
    """Raises `BadInput` for a layer of another image."""
    chosen, hints, palette = (config.get_property(name) for name in ("line-art", "hints", "palette"))
    line = _layer_key(drawables) if chosen is None else chosen.get_id()
    strokes = None if hints is None else hints.get_id()
    for key in (line, strokes):
        if key is not None and drawing.layer(key).get_image().get_id() != drawing.image.get_id():
            raise refusal("layer_elsewhere")
    within = config.get_property("selection-only")
    return Wish(line, strokes, choices_of(config), palette_colors(palette), within)


def _layer_key(drawables: Sequence[Any]) -> int | None:
    """Of the first drawable; of its layer, when it is a mask."""
    for drawable in drawables:
        if drawable.is_layer_mask():
            return int(Gimp.Layer.from_mask(drawable).get_id())
        if drawable.is_layer():
            return int(drawable.get_id())
    return None


def _done(procedure: Any, made: Any) -> Any:
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())
    values.remove(1)
    values.insert(1, GObject.Value(type(made).__gtype__, made))
    return values


def _failed(procedure: Any, mode: Any, error: LinewashError) -> Any:
    shown = message_for_script(error) if mode == Gimp.RunMode.NONINTERACTIVE else message_of(error)
    told = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), _text(shown), 0)
    return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, told)


def _unforeseen(error: Exception) -> LinewashError:
    return InternalError(f"{type(error).__name__}: {error}")


def _text(message: Message) -> str:
    return f"{message.sentence} {message.remedy}".strip()
