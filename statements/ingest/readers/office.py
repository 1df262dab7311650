"""Documents of word processors: .docx, .odt and .rtf."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from statements.ingest.documents import Document, Facts, Refusal
from statements.ingest.readers.archives import check_package
from statements.ingest.readers.encodings import is_binary
from statements.ingest.readers.markup import local_name, parsed_xml
from statements.ingest.readers.reading import Reading, Refused, made
from statements.ingest.readers.texts import in_paragraphs, one_line, spaced

# What was struck out, what another hand wrote beside the text, and the copy that Word keeps of a
# text box for programs that know none.
_UNREAD_DOCX = frozenset(("del", "moveFrom", "Fallback", "instrText"))
_UNREAD_ODT = frozenset(("tracked-changes", "annotation", "note", "bookmark-start", "ruby-text"))
_HEADINGS = ("title", "heading 1")
# Titles that programs give, not people.
_NO_TITLE = re.compile(
    r"(?:untitled|word document|document\s*\d*|microsoft word - .*"
    r"|.*\.(?:docx?|odt|rtf|pdf|indd))$",
    re.IGNORECASE,
)
_RTF_TITLE = re.compile(r"\{\\title\s([^{}]{0,2000})\}")


def read_docx(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The article in a Word document, with what was inserted and without what was struck out."""
    check_package(raw)
    import docx

    document = docx.Document(io.BytesIO(raw))
    paragraphs, title = [], ""
    for element, inside in _docx_paragraphs(document.element.body):
        text = _docx_text(element)
        paragraphs.append(text)
        may_be_title = not title and not inside and text.strip()
        if may_be_title and _docx_style(document, element) in _HEADINGS:
            title = one_line(text)
    own = Facts(title=title_given(document.core_properties.title) or title)
    yield made(name, in_paragraphs(paragraphs), len(raw), own, reading, format="docx")


def _docx_paragraphs(body: Any) -> Iterator[tuple[Any, bool]]:
    """Every paragraph in order, those of tables and text boxes too, and whether it is in one."""
    waiting = [(body, False)]
    while waiting:
        element, inside = waiting.pop()
        name = local_name(element)
        if name in _UNREAD_DOCX:
            continue
        if name == "p":
            yield element, inside
        inside = inside or name in ("tbl", "txbxContent")
        waiting += ((child, inside) for child in reversed(element))


def _docx_text(paragraph: Any) -> str:
    said: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        name = local_name(element)
        if name == "t":
            said.append(element.text or "")
        elif name == "tab":
            said.append("\t")
        elif name in ("br", "cr"):
            said.append("\n")
        elif name == "noBreakHyphen":
            said.append("-")
        elif name not in _UNREAD_DOCX and name not in ("txbxContent", "pPr", "rPr"):
            waiting += reversed(element)
    return "".join(said)


def _docx_style(document: Any, paragraph: Any) -> str:
    style = paragraph.style
    if style is None:
        return ""
    try:
        return str(document.styles.element.get_by_id(style).name_val).lower()
    except (AttributeError, KeyError):
        return str(style).lower()


def read_odt(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The article in a text document of LibreOffice."""
    check_package(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        root = parsed_xml(package.read("content.xml"))
        meta = parsed_xml(package.read("meta.xml")) if "meta.xml" in package.namelist() else None
    body = next((each for each in root.iter() if local_name(each) == "text"), None)
    if body is None:
        raise Refused("It holds no text; check that the right file was saved.")
    paragraphs, title = [], ""
    for element in _odt_paragraphs(body):
        text = _odt_text(element)
        paragraphs.append(text)
        style = next((v for key, v in element.items() if key.endswith("}style-name")), "")
        if not title and text.strip() and (local_name(element) == "h" or style == "Title"):
            title = one_line(text)
    if meta is not None:
        given = next((each.text for each in meta.iter() if local_name(each) == "title"), "")
        title = title_given(given) or title
    own = Facts(title=title)
    yield made(name, in_paragraphs(paragraphs), len(raw), own, reading, format="odt")


def _odt_paragraphs(body: Any) -> Iterator[Any]:
    waiting = [body]
    while waiting:
        element = waiting.pop()
        if local_name(element) in _UNREAD_ODT:
            continue
        if local_name(element) in ("p", "h"):
            yield element
        else:
            waiting += reversed(element)


def _odt_text(paragraph: Any) -> str:
    said: list[str] = []
    waiting: list[Any] = [paragraph]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            said.append(element)
            continue
        name = local_name(element)
        if name == "s":
            count = next((v for key, v in element.items() if key.endswith("}c")), "1")
            said.append(" " * min(int(count) if count.isdecimal() else 1, 100))
        elif name == "tab":
            said.append("\t")
        elif name == "line-break":
            said.append("\n")
        elif name not in _UNREAD_ODT:
            for child in reversed(element):
                waiting += (child.tail or "", child)
            # Blanks and line ends in the file are one blank, as in HTML.
            waiting.append(element.text or "")
    return re.sub(r"[ \r]*\n[ \r\n]*", "\n", "".join(said))


def read_rtf(name: str, raw: bytes, reading: Reading) -> Iterator[Document | Refusal]:
    """The article in a document of rich text."""
    from striprtf.striprtf import rtf_to_text

    if is_binary(raw):
        raise Refused("It is damaged; save it again, or save its text as .txt.")
    # Everything beyond ASCII is escaped in RTF; a stray byte must not lose the article.
    source = raw.decode("latin-1")
    text = rtf_to_text(source, encoding=reading.encoding or "cp1252", errors="replace")
    given = _RTF_TITLE.search(source[:20_000])
    title = rtf_to_text("{\\rtf1\\ansi " + given[1] + "}", errors="replace") if given else ""
    own = Facts(title=title_given(title))
    yield made(name, spaced(text), len(raw), own, reading, format="rtf")


def title_given(title: object) -> str:
    """A title from the properties of a document, unless a program made it up."""
    words = one_line(title)
    return "" if _NO_TITLE.match(words) else words
