"""One sentence and what to do, with the buttons that do it."""

from __future__ import annotations

from collections.abc import Callable

from ..linewash.editor.remedies import Mend, Message, button
from .gtk import Gtk

Mending = Callable[[Mend], None]


class MessageBar(Gtk.InfoBar):  # type: ignore[misc]
    """Hidden while there is nothing to say. ``mend`` is called when a button is pressed."""

    def __init__(self, mend: Mending) -> None:
        super().__init__(no_show_all=True)
        self._mend = mend
        self._shown: Message | None = None
        self._text = Gtk.Label(xalign=0.0, wrap=True, max_width_chars=60, selectable=True, can_focus=False)
        self._text.show()
        self.get_content_area().add(self._text)

    @property
    def code(self) -> str:
        """Of what is shown; "" while nothing is."""
        return "" if self._shown is None else self._shown.code

    def show_message(self, message: Message | None) -> None:
        if message == self._shown:
            return
        self._shown = message
        if message is None:
            self.hide()
            self.get_toplevel().resize(1, 1)  # as small as what is left allows
            return
        self.set_message_type(Gtk.MessageType.INFO if message.calm else Gtk.MessageType.WARNING)
        self._text.set_text(f"{message.sentence} {message.remedy}".strip())
        buttons = self.get_action_area()
        for old in buttons.get_children():
            buttons.remove(old)
        for mend in message.mends:
            one = Gtk.Button(label=button(mend))
            one.connect("clicked", lambda _, what=mend: self._mend(what))
            one.show()
            buttons.add(one)
        self.show()
