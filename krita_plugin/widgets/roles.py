"""Which layers the chosen style can make."""

from __future__ import annotations

from ..linewash.contract import ModelInfo, Role
from ..linewash.editor.choices import ROLES
from ..view import View


def chosen_style(view: View) -> ModelInfo | None:
    """None while the daemon has not told its styles, or has none of the chosen name."""
    name = view.choices.style
    return next((style for style in view.styles if (style.name == name if name else style.default)), None)


def kept_roles(roles: tuple[Role, ...], style: ModelInfo | None) -> tuple[Role, ...]:
    """Those of ``roles`` that ``style`` provides; if none is left, its lowest one."""
    if style is None:
        return roles
    kept = tuple(role for role in roles if role in style.provides)
    return kept or tuple(role for role in ROLES if role in style.provides)[:1] or roles
