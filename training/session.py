"""What a run's state says of the session that wrote it: what was asked for, on which machine. For people alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from .learner import Learner

if TYPE_CHECKING:
    from .train import Place, Wish


def told(wish: Wish, learner: Learner[Any], place: Place) -> dict[str, Any]:
    """Plain facts for the state and its page. ``asked``: the budget, in ``minutes`` or ``steps``; ``samples``: to learn
    from, ``batch``: of them a step; ``parameters``: learnable numbers of the network that is shipped; ``ended``: why,
    empty while it goes on."""
    recipe = learner.recipe
    return {
        "given": wish.given or recipe.name,
        "variant": wish.variant,
        "recipe": msgspec.to_builtins(recipe),
        "pack": str(wish.pack),
        "pairs": len(learner.pack.indices("train")),
        "held": len(learner.pack.indices("held")),
        "from": str(wish.model) if wish.model else "",
        "vgg": str(wish.vgg) if wish.vgg else "",
        "workers": wish.workers,
        "seed": wish.seed,
        "asked": {"minutes": wish.budget.minutes, "steps": wish.budget.steps},
        "device": place.device.name,
        "arithmetic": "bfloat16" if place.device.half else "float32",
        "processes": place.ranks,
        "samples": learner.samples,
        "batch": recipe.data.batch * place.ranks,
        "parameters": sum(p.numel() for p in learner.network.parameters()),
        "columns": list(learner.columns),
        "ended": "",
    }
