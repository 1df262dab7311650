"""How much is read while somebody waits for the page; the command takes what is more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers.limits import MB, megabytes

MOST_FILES = 20
MOST_ARTICLES = 200
# One file: its bytes, and what the database is sent of them, are in memory at one time.
LARGEST_FILE = 50 * MB
# So long an import is read, in seconds, and the document that is being read then to its end.
LONGEST = 20.0

TOO_MANY = (
    f"The files hold more than {MOST_ARTICLES} articles; run `manage.py ingest` on them, "
    "which takes the rest from here on."
)
TOO_LONG = (
    "Reading the files took too long; run `manage.py ingest` on them, "
    "which takes the rest from here on."
)
TOO_LARGE = f"It is larger than the {megabytes(LARGEST_FILE)} of the desk; run `manage.py ingest`."


class DeskBounds:
    """What is left of the articles and seconds of one import."""

    def __init__(self) -> None:
        self._articles = 0
        self._until = time.monotonic() + LONGEST

    @property
    def is_over(self) -> bool:
        """Whether the seconds are used up."""
        return time.monotonic() > self._until

    def within(self, found: Iterable[Document | Refusal]) -> Iterator[Document | Refusal]:
        """As many as the desk takes in one import, and a refusal that says why the rest is not."""
        for each in found:
            self._articles += 1
            if self._articles > MOST_ARTICLES or self.is_over:
                yield Refusal(each.name, TOO_LONG if self.is_over else TOO_MANY)
                return
            yield each
