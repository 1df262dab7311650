"""Text out of HTML fragments and XML, without recursion and without following any reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from statements.ingest.readers.reading import Refused
from statements.ingest.readers.texts import in_paragraphs

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Elements that begin and end a paragraph; what stands in others runs on.
BLOCKS = frozenset(
    "address article aside blockquote body caption dd div dl dt figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr hl1 hl2 html li main nav ol p pre section table td th tr "
    "ul".split()
)
UNREAD = frozenset(
    "script style noscript template head iframe object svg math button select".split()
)
# Stands for a line break until blanks have become one; no text has it.
LINE = "\x0b"


def text_of_html(html: str) -> str:
    """The paragraphs of an HTML fragment."""
    import lxml.html

    if not html.strip():
        return ""
    # Bytes, since lxml refuses a text that declares an encoding of its own.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = lxml.html.document_fromstring(html.encode(errors="replace"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return ""
    return in_paragraphs(paragraphs_in(root))


def paragraphs_in(root: Any) -> Iterator[str]:
    """The texts between the ends of blocks, in order, with runs of blanks as one."""
    said: list[str] = []
    # What is still to come, last first: elements, texts, and ends of paragraphs (None).
    waiting: list[Any] = [root]
    while waiting:
        each = waiting.pop()
        if each is None:
            yield _joined(said)
            said.clear()
        elif isinstance(each, str):
            said.append(each)
        else:
            name = local_name(each)
            if name == "br":
                said.append(LINE)
            if not name or name in UNREAD or name == "br":
                continue
            if name in BLOCKS:
                waiting.append(None)
            for child in reversed(each):
                waiting += (child.tail or "", child)
            waiting.append(each.text or "")
            if name in BLOCKS:
                waiting.append(None)
    yield _joined(said)


def _joined(said: list[str]) -> str:
    return "\n".join(" ".join(line.split()) for line in "".join(said).split(LINE))


def local_name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def parsed_xml(raw: bytes) -> Element:
    """The root of an XML document; entities and what lies elsewhere are refused, not read."""
    import defusedxml.ElementTree
    from defusedxml import DefusedXmlException

    try:
        root: Element = defusedxml.ElementTree.fromstring(raw)
    except DefusedXmlException:
        raise Refused(
            "It defines entities of its own, as harmful files do; save it without them."
        ) from None
    except (defusedxml.ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused(f"It is not valid XML ({str(error)[:100]}); export it again.") from None
    return root
