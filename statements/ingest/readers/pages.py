"""Saved web pages: HTML and MHTML. Nothing is fetched."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator
from datetime import date
from email import policy
from typing import Any
from urllib.parse import urlsplit

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.dates import not_understood, understood
from statements.ingest.readers.encodings import Decoded, decoded_markup
from statements.ingest.readers.mapping import address
from statements.ingest.readers.reading import Reading, Refused, made
from statements.ingest.readers.texts import one_line, spaced

# Fewer words than these are rather a notice to subscribe than an article.
FEW_WORDS = 60

# Where browsers and SingleFile write down the address of the page that they save.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,5}\)(\S{1,2000})\s*-->")
_SINGLE_FILE = re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S{1,2000})")
# Marked dates of publication, the surest first. Dates in the running text are not looked at.
_META_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "date.published",
    "pubdate", "publishdate", "publish-date", "publication_date", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date",
    "article.published", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip


def read_html(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The article in a saved page."""
    yield page_document(name, decoded_markup(raw, reading.encoding), len(raw), reading)


def read_mhtml(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The article in the page of a web archive in one file, as browsers save it."""
    message = email.message_from_bytes(raw, policy=policy.compat32)
    url = _header(message, "Snapshot-Content-Location")
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                charset = reading.encoding or ""
                found = decoded_markup(content, charset, part.get_content_charset("") or "")
                url = url or _header(part, "Content-Location")
                yield page_document(name, found, len(raw), reading, url=url, format="mhtml")
                return
    raise Refused("It holds no page; save it again as a complete page or as HTML.")


def page_document(
    name: str,
    found: Decoded,
    size: int,
    reading: Reading,
    *,
    url: str = "",
    format: str = "html",  # noqa: A002
    many: bool = False,
) -> Document | Refusal:
    """The article of a page, without menus, comments and advertisements."""
    import lxml.etree
    import lxml.html
    from trafilatura import bare_extraction

    most = limits.megabytes(limits.LARGEST_MARKUP)
    if len(found.text) > limits.LARGEST_MARKUP:
        reason = f"The page is larger than {most}; save its text."
        return Refusal(name, reason, size)
    url = address(url) or _saved_from(found.text)
    try:
        parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True)
        tree = lxml.html.document_fromstring(found.text.encode(errors="replace"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return Refusal(name, "It holds no page; save it again.", size)
    published, basis, notes = marked_date(tree, reading.date_order)
    article: Any = bare_extraction(
        tree,
        url=url or None,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    text = spaced(article.text) if article and article.text else ""
    if not text:
        reason = "No article was found in the page; copy its text into a .txt file."
        return Refusal(name, reason, size)
    if len(text.split()) < FEW_WORDS:
        notes = (*notes, "Only a few words were found in the page; check that it is the article.")
    # Without a name of the site there is only its host, which would become an outlet.
    url = url or address(one_line(article.url))
    outlet = one_line(article.sitename)[:200]
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    own = Facts(
        title=one_line(article.title),
        published=published,
        published_basis=basis,
        outlet="" if outlet in (host, f"www.{host}") else outlet,
        byline=one_line(article.author).replace("; ", ", "),
        url=url,
    )
    return made(
        name,
        text,
        size,
        own,
        reading,
        format=format,
        encoding=found.encoding,
        notes=(*found.notes, *notes),
        many=many,
    )


def marked_date(tree: Any, order: str) -> tuple[date | None, str, tuple[str, ...]]:
    """The date of publication that a page marks as such, where it does, and notes."""
    unclear: tuple[str, ...] = ()
    for written, where in _marked_dates(tree):
        published = understood(written, order)
        if published:
            return published, f"The page's own {where}.", ()
        unclear = unclear or (not_understood(written, where),)
    return None, "", unclear


def _marked_dates(tree: Any) -> Iterator[tuple[str, str]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            for written in _linked_data_dates(script.text or ""):
                yield written, "datePublished"
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(key.strip().lower(), meta.get("content") or "")
    for key in _META_DATES:
        if metas.get(key):
            yield metas[key], f"“{key}”"
    for element in tree.iter("time", "abbr", "span"):
        marked = (element.get("itemprop") or "").lower() == "datepublished"
        if marked or element.tag == "time" and element.get("pubdate") is not None:
            yield element.get("datetime") or element.text_content()[:100], "date of publication"


def _linked_data_dates(script: str) -> Iterator[str]:
    """datePublished of the articles in a page's JSON-LD."""
    try:
        waiting = [json.loads(script)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            kind = str(value.get("@type", ""))
            written = value.get("datePublished")
            if isinstance(written, str) and ("Article" in kind or "Posting" in kind):
                yield written
            waiting += [each for key, each in value.items() if key in ("@graph", "mainEntity")]


def _saved_from(html: str) -> str:
    head = html[:4_000]
    match = _SAVED_FROM.search(head) or _SINGLE_FILE.search(head)
    return address(match[1]) if match else ""


def _header(message: Any, name: str) -> str:
    return address(one_line(str(message.get(name, ""))))
