"""The trained weights of the full reading, read once from ``weights.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from statements.nlp.integrity import checked
from statements.nlp.learned.linear import Linear

NAME = "weights.json"
MODELS = ("speech", "thought", "extent", "report", "direct", "source")


@dataclass(frozen=True, slots=True)
class Weights:
    """The models that `training/quotations.py` fits, and the lemmas that may be cues."""

    lemmas: tuple[str, ...]
    speech: Linear
    thought: Linear
    extent: Linear
    report: Linear
    direct: Linear
    source: Linear

    @classmethod
    def of(cls, given: dict[str, Any]) -> Weights:
        """The weights of a decoded ``weights.json``; a model that is not there weighs nothing."""
        models = {name: Linear({}, 0.0) for name in MODELS}
        for name, model in given["models"].items():
            models[name] = Linear(model["weights"], model["bias"])
        return cls(lemmas=tuple(given["lemmas"]), **models)


@cache
def load_weights() -> Weights:
    """The weights that come with the package."""
    return Weights.of(json.loads(checked("statements.nlp.learned", NAME)))
