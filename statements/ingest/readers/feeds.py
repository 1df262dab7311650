"""RSS and Atom files: each entry with its full text is an article."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.dates import not_understood, understood
from statements.ingest.readers.encodings import decoded
from statements.ingest.readers.mapping import address
from statements.ingest.readers.markup import text_of_html
from statements.ingest.readers.reading import Reading, Refused, made
from statements.ingest.readers.texts import one_line, spaced

# A description of this length that is not cut off is taken for the article itself.
LONG_DESCRIPTION = 1_500
_CUT_OFF = ("…", "...", "[…]", "[...]", "read more", "continue reading")


def read_feed(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The entries of a feed; those that hold a summary alone are refused one by one."""
    import feedparser

    if reading.encoding:
        raw = _reencoded(decoded(raw, reading.encoding).text)
    # A stream, since feedparser takes bytes or text for an address to fetch or a file to open.
    feed: Any = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version") and not feed.entries:
        raise Refused("It is no RSS or Atom feed that can be read; save the feed again.")
    if not feed.entries:
        raise Refused("The feed has no entries; save it at another time.")
    outlet = one_line(feed.feed.get("title", ""))[:200]
    for number, entry in enumerate(feed.entries, 1):
        if number > limits.MOST_DOCUMENTS:
            reason = f"The feed has more than {limits.MOST_DOCUMENTS:,} entries; split it."
            yield Refusal(f"{name}, from entry {number}", reason)
            return
        yield _entry(f"{name}, entry {number}", entry, outlet, reading, feed.get("encoding", ""))


def _entry(
    name: str, entry: Any, outlet: str, reading: Reading, encoding: str
) -> Document | Refusal:
    title = one_line(text_of_html(entry.get("title", "") or ""))
    shown = f"{name} “{title[:60]}”" if title else name
    text, notes = _full_text(entry)
    if not text:
        return Refusal(
            shown,
            "The feed holds only a summary of it; save the article's page and import that.",
        )
    published = understood(entry.get("published"), reading.date_order)
    if not published and entry.get("published"):
        notes = (*notes, not_understood(entry.published, "in the feed"))
    source = entry.get("source") or {}
    own = Facts(
        title=title,
        published=published,
        published_basis="The feed's date of publication." if published else "",
        outlet=one_line(source.get("title", ""))[:200] or outlet,
        byline=", ".join(filter(None, (one_line(each.get("name")) for each in _authors(entry)))),
        url=address(one_line(entry.get("link", ""))),
    )
    size = len(text.encode(errors="replace"))
    return made(
        name, text, size, own, reading, format="feed", encoding=encoding, notes=notes, many=True
    )


def _full_text(entry: Any) -> tuple[str, tuple[str, ...]]:
    for content in entry.get("content", ()):
        text = _text(content.get("value", ""), content.get("type", ""))
        if text:
            return text, ()
    summary = _text(entry.get("summary", ""), entry.get("summary_detail", {}).get("type", ""))
    if len(summary) >= LONG_DESCRIPTION and not summary.rstrip().lower().endswith(_CUT_OFF):
        return summary, ("The feed calls its text a description; check that it is the whole.",)
    return "", ()


def _text(value: str, kind: str) -> str:
    if kind == "text/plain" and "</" not in value:
        return spaced(value)
    return text_of_html(value)


def _authors(entry: Any) -> list[Any]:
    authors = [each for each in entry.get("authors", ()) if each]
    return authors or [{"name": entry.get("author", "")}]


def _reencoded(text: str) -> bytes:
    """The document in UTF-8, without the declaration of the encoding that it had."""
    text = text.lstrip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    return text.encode(errors="replace")
