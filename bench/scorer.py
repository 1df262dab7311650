"""The scorer of the evaluation data, which is kept outside this repository."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

# A module found at run time, so its names are not known here.
Scorer = Any


def load_scorer(folder: Path) -> Scorer:
    """The ``score.py`` of a folder of evaluation data, as a module.

    Ends the program with a sentence where there is none.
    """
    path = folder / "score.py"
    if not path.is_file():
        sys.exit(f"{path} is not there: name the folder of the evaluation data with its score.py.")
    spec = importlib.util.spec_from_file_location(f"scorer_of_{folder.name}", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} cannot be loaded as a Python module.")
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
