"""Folders: which of the files in them are items of an import."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path, PurePosixPath

from statements.ingest.documents import Refusal
from statements.ingest.readers import limits

# Files that lie beside articles without being one: sidecars, notes, and what systems leave.
COMPANIONS = {".toml", ".md", ".ini", ".ds_store", ".db"}
PAGE_FILES = ("_files", "_fichiers", "_dateien", "_archivos", "_bestanden", "_file", ".fld")
PAGES = (".html", ".htm", ".xhtml")


def is_companion(path: str, paths: Container[str] = ()) -> bool:
    """Whether this file of a folder or archive is no article: hidden, a sidecar, part of a page.

    `paths` are the others there; the pictures and styles in `page_files/` are part of `page.html`.
    """
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if any(part.startswith(".") and part not in (".", "..") for part in parts):
        return True
    if "__MACOSX" in parts or PurePosixPath(path).suffix.lower() in COMPANIONS:
        return True
    for depth, part in enumerate(parts[:-1]):
        for ending in PAGE_FILES:
            if part.endswith(ending):
                page = "/".join((*parts[:depth], part.removesuffix(ending)))
                if any(page + each in paths for each in PAGES):
                    return True
    return False


def files_in(folder: Path) -> Iterator[Path | Refusal]:
    """The files in a folder and below that may be articles, in order of name, or refusals."""
    found = sorted(each for each in folder.rglob("*") if each.is_symlink() or not each.is_dir())
    if len(found) > limits.MOST_FILES:
        yield Refusal(
            str(folder),
            f"The folder holds more than {limits.MOST_FILES:,} files; import its parts in turn.",
        )
        return
    relative = {each.relative_to(folder).as_posix(): each for each in found}
    names = relative.keys()
    some = False
    for name, path in relative.items():
        if is_companion(name, names):
            continue
        some = True
        if path.is_symlink():
            yield Refusal(str(path), "It is a link, not a file; copy the file itself here.")
        elif not path.is_file():
            yield Refusal(str(path), "It is no file that can be read; move it elsewhere.")
        else:
            yield path
    if not some:
        yield Refusal(str(folder), "The folder holds no file to import; put the articles there.")
