"""A flow whose view is set by the test and that writes down the commands it is given."""

from __future__ import annotations

from dataclasses import replace

from linewash_krita.linewash.contract import ModelInfo
from linewash_krita.linewash.editor.choices import Choices
from linewash_krita.view import HistoryRow, LayerRow, View

EVERYTHING = ModelInfo(
    "watercolour", "a1", "r", "n", ("flats", "shading", "highlights", "color", "per_color"), default=True
)
FLAT_ONLY = ModelInfo("comic-flats", "b2", "r", "n", ("flats", "per_color"))


def thumbnail(key: int, side: int = 48) -> HistoryRow:
    """A disc on a transparent ground, in another colour for each key."""
    inside = bytes(((key * 90 + 60) % 256, (key * 50 + 90) % 256, (key * 130 + 120) % 256, 255))
    pixels = [
        inside if (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 2.4) ** 2 else bytes(4)
        for y in range(side)
        for x in range(side)
    ]
    return HistoryRow(key, f"watercolour, seed {key}", side, side, b"".join(pixels))


def drawing() -> View:
    """What a docker shows in the middle of a working day."""
    return View(
        document="Kitchen, page 4",
        layers=(
            LayerRow("text", "Lettering"),
            LayerRow("folder", "Figures"),
            LayerRow("ink", "Ink", 1),
            LayerRow("strokes", "Colour strokes", 1),
            LayerRow("back", "Background with everything that stands in the room"),
        ),
        line="ink",
        hints="strokes",
        can_update=True,
        styles=(EVERYTHING, FLAT_ONLY),
        palettes=("Default", "Autumn", "Kitchen"),
        active_palette="Autumn",
        choices=Choices(style="watercolour", seed=20_614_533),
        history=tuple(thumbnail(key) for key in (5, 4, 3, 2, 1)),
        status="CPU · watercolour · 2.3 s",
    )


class ScriptedFlow:
    """``commands``: each as (name, value…), in order. It obeys none of them, except `change`."""

    def __init__(self, view: View) -> None:
        self.shown = view
        self.commands: list[tuple[object, ...]] = []
        self.ticks = 0

    def tick(self) -> float:
        self.ticks += 1
        return 0.01

    def view(self) -> View:
        return self.shown

    def color(self) -> None:
        self.commands.append(("color",))

    def cancel(self) -> None:
        self.commands.append(("cancel",))

    def set_live(self, on: bool) -> None:
        self.commands.append(("set_live", on))

    def show_regions(self, on: bool) -> None:
        self.commands.append(("show_regions", on))

    def new_hint_layer(self) -> None:
        self.commands.append(("new_hint_layer",))

    def choose_line(self, key: str) -> None:
        self.commands.append(("choose_line", key))

    def choose_hints(self, key: str | None) -> None:
        self.commands.append(("choose_hints", key))

    def change(self, choices: Choices) -> None:
        self.commands.append(("change", choices))
        self.shown = replace(self.shown, choices=choices)

    def roll_seed(self) -> None:
        self.commands.append(("roll_seed",))

    def apply_again(self, key: int) -> None:
        self.commands.append(("apply_again", key))

    def start_daemon(self) -> None:
        self.commands.append(("start_daemon",))

    def free_gpu(self) -> None:
        self.commands.append(("free_gpu",))

    def diagnostics(self) -> str:
        self.commands.append(("diagnostics",))
        return "linewash 0, krita 5"

    def dismiss(self) -> None:
        self.commands.append(("dismiss",))
