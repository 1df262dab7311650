"""NewsML-G2 and NITF, as agencies send them.

The package newsmlg2 makes one line of a text and leaves out inline XML, where the article is, so
the elements are read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers.dates import not_understood, understood
from statements.ingest.readers.markup import local_name, paragraphs_in, parsed_xml, text_of_html
from statements.ingest.readers.reading import Reading, Refused, made
from statements.ingest.readers.texts import in_paragraphs, one_line, spaced

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

WITHDRAWN = ("stat:canceled", "stat:withheld")
# Dates of an item, the one that comes nearest to publication first.
_DATES = ("contentCreated", "firstCreated", "versionCreated", "contentModified")


def read_newsml(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The news items of a message, or the article of a NITF file."""
    root = parsed_xml(raw)
    if local_name(root) == "nitf":
        yield _nitf(name, root, len(raw), reading)
        return
    items = [each for each in root.iter() if local_name(each) == "newsItem"]
    if not items:
        raise Refused("It holds no news item, at most references; import the items themselves.")
    for number, item in enumerate(items, 1):
        shown = name if len(items) == 1 else f"{name}, item {number}"
        yield _item(shown, item, len(raw) if len(items) == 1 else 0, reading, many=len(items) > 1)


def _item(
    name: str, item: Element, size: int, reading: Reading, *, many: bool
) -> Document | Refusal:
    status = _attribute(_first(item, "pubStatus"), "qcode")
    if status in WITHDRAWN:
        reason = "The agency has withdrawn it; leave it out, or ask the agency."
        return Refusal(name, reason, size)
    text = _content(item)
    if not text:
        kind = _attribute(_first(item, "itemClass"), "qcode").partition(":")[2]
        what = f"It is a {kind} item" if kind and kind != "text" else "Its text is not in the file"
        return Refusal(name, f"{what}; import the item that holds the text.", size)
    published, basis, notes = _date(item, reading.date_order)
    provider = _first(item, "provider")
    source = _first(item, "infoSource")
    own = Facts(
        title=_words(_first(item, "headline")) or _words(_first(item, "title")),
        published=published,
        published_basis=basis,
        outlet=(_named(provider) or _named(source))[:200],
        byline=_byline(item),
    )
    return made(name, text, size, own, reading, format="newsml", notes=notes, many=many)


def _content(item: Element) -> str:
    for inline in _all(item, "inlineXML"):
        body = _first(inline, "body.content") or _first(inline, "body")
        text = in_paragraphs(paragraphs_in(inline if body is None else body))
        if text:
            return text
    for inline in _all(item, "inlineData"):
        if "html" in inline.get("contenttype", ""):
            return text_of_html("".join(inline.itertext()))
        # Inline data in another encoding than plain text is a picture or the like.
        if not inline.get("encoding") and not inline.get("encodinguri"):
            return spaced("".join(inline.itertext()))
    return ""


def _nitf(name: str, root: Element, size: int, reading: Reading) -> Document | Refusal:
    body = _first(root, "body.content")
    text = in_paragraphs(paragraphs_in(body)) if body is not None else ""
    if not text:
        return Refusal(name, "It has no body.content with text; export the article again.", size)
    issued = _first(root, "date.issue")
    written = _attribute(issued, "norm") or _attribute(_first(root, "story.date"), "norm")
    published = understood(written, reading.date_order)
    own = Facts(
        title=_words(_first(root, "hl1")) or _words(_first(root, "title")),
        published=published,
        published_basis="The file's date of issue." if published else "",
        outlet=(_attribute(_first(root, "pubdata"), "name") or _words(_first(root, "distributor")))[
            :200
        ],
        byline=_words(_first(root, "byline")).removeprefix("By "),
    )
    notes = (not_understood(written, "date of issue"),) if written and not published else ()
    return made(name, text, size, own, reading, format="newsml", notes=notes)


def _date(item: Element, order: str) -> tuple[date | None, str, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    for tag in _DATES:
        written = _words(_first(item, tag))
        if not written:
            continue
        published = understood(written, order)
        if published:
            return published, f"The item's own {tag}.", ()
        notes = notes or (not_understood(written, tag),)
    return None, "", notes


def _byline(item: Element) -> str:
    by = _words(_first(item, "by"))
    if by:
        return by.removeprefix("By ")
    return ", ".join(filter(None, (_named(each) for each in _all(item, "creator"))))


def _named(element: Element | None) -> str:
    if element is None:
        return ""
    return (
        _words(_first(element, "name"))
        or one_line(element.get("literal", ""))
        or one_line(element.get("qcode", "").rpartition(":")[2])
    )


def _all(element: Element, tag: str) -> Iterator[Element]:
    return (each for each in element.iter() if local_name(each) == tag)


def _first(element: Element, tag: str) -> Element | None:
    return next(_all(element, tag), None)


def _words(element: Element | None) -> str:
    return one_line("".join(element.itertext())) if element is not None else ""


def _attribute(element: Element | None, name: str) -> str:
    return one_line(element.get(name, "")) if element is not None else ""
