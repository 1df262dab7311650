"""An article's text with its quotes marked in place: paragraphs of plain and marked segments."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from statements.blind import asked_blind
from statements.models import Article, Quote

# Content parts lie inside their quotation marks; on the page the marks belong to the quote.
_OPENING = "“‘\"'«„"
_CLOSING = re.compile(r"[,.!?;…]?[”’\"'»]")

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class Mark:
    """One stretch of the text with its part in a quote: "content", "cue" or "source"."""

    quote: Quote
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch that the same marks cover throughout, outermost first; none when it is plain."""

    text: str
    start: int
    marks: tuple[Mark, ...] = ()
    anchors: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark | None:
        """The innermost mark: what the segment is and which quote it leads to."""
        return self.marks[-1] if self.marks else None

    @property
    def ground(self) -> Quote | None:
        """The innermost quote whose content this is part of, whatever else it is."""
        return next((each.quote for each in reversed(self.marks) if each.role == "content"), None)

    @property
    def opens(self) -> bool:
        """Whether a quote's content begins here: one stop per quote for the keyboard."""
        mark = self.mark
        return mark is not None and mark.quote.anchor in self.anchors

    @property
    def contents(self) -> str:
        """The anchors of the quotes whose content this is part of, separated by spaces."""
        return " ".join(each.quote.anchor for each in self.marks if each.role == "content")


@dataclass(frozen=True, slots=True)
class Paragraph:
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text in paragraphs; `heading` is its first one where that repeats the article's title."""

    heading: Paragraph | None
    paragraphs: tuple[Paragraph, ...] = field(default_factory=tuple)


def quotes_in_place(article: Article, user: AbstractBaseUser | AnonymousUser) -> list[Quote]:
    """The article's quotes that this user may read, as they stand in the text: four queries."""
    quotes = Quote.objects.visible_to(user).filter(article=article).for_list(asked_blind(user))
    return list(quotes.defer("article__text").order_by("start", "end"))


def mark_text(article: Article, quotes: Sequence[Quote]) -> MarkedText:
    """Mark the quotes in the article's text.

    Quotes may nest, overlap and share a cue or a source: every character is in one segment, which
    knows all its marks. Pass quotes with their `parts` prefetched, or each costs a query.
    """
    marks = sorted(_marks(article.text, quotes), key=lambda each: (each.start, each.end))
    paragraphs = tuple(_paragraphs(article.text, marks))
    if paragraphs and paragraphs[0].text.strip() == article.title.strip():
        return MarkedText(paragraphs[0], paragraphs[1:])
    return MarkedText(None, paragraphs)


def _marks(text: str, quotes: Iterable[Quote]) -> Iterator[Mark]:
    for quote in quotes:
        for part in quote.parts.all():
            start, end = part.start, part.end
            if quote.kind != Quote.Kind.INDIRECT:
                start, end = _with_quotation_marks(text, start, end)
            yield Mark(quote, "content", start, end)
        if quote.cue_start is not None and quote.cue_end is not None:
            yield Mark(quote, "cue", quote.cue_start, quote.cue_end)
        if quote.source_start is not None and quote.source_end is not None:
            yield Mark(quote, "source", quote.source_start, quote.source_end)


def _with_quotation_marks(text: str, start: int, end: int) -> tuple[int, int]:
    if start and text[start - 1] in _OPENING:
        start -= 1
    if closing := _CLOSING.match(text, end):
        end = closing.end()
    return start, end


def _paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[Paragraph]:
    separator = _BLANK_LINES if _BLANK_LINES.search(text.strip()) else _LINE_END
    anchored: set[str] = set()
    start = 0
    for end, following in [
        *((match.start(), match.end()) for match in separator.finditer(text)),
        (len(text), len(text)),
    ]:
        if text[start:end].strip():
            inside = [mark for mark in marks if mark.start < end and mark.end > start]
            yield Paragraph(tuple(_segments(text, start, end, inside, anchored)))
        start = following


def _segments(
    text: str, start: int, end: int, marks: Sequence[Mark], anchored: set[str]
) -> Iterator[Segment]:
    inner = {edge for mark in marks for edge in (mark.start, mark.end) if start < edge < end}
    cuts = [start, *sorted(inner), end]
    for left, right in itertools.pairwise(cuts):
        covering = sorted((m for m in marks if m.start <= left and m.end >= right), key=_outermost)
        anchors = tuple(
            dict.fromkeys(
                mark.quote.anchor
                for mark in reversed(covering)
                if mark.role == "content" and mark.quote.anchor not in anchored
            )
        )
        anchored.update(anchors)
        yield Segment(text[left:right], left, tuple(covering), anchors)


def _outermost(mark: Mark) -> tuple[int, int]:
    # Of marks on the same words (a shared cue), the quote that comes first in the text is on top.
    return mark.start - mark.end, -mark.quote.start


def sentence_of(quote: Quote) -> list[tuple[str, bool]]:
    """The text between the sentences before and after, in pieces; True: it is the quote's."""
    text = quote.article.text
    start, end = _sentence_bounds(quote)
    pieces: list[tuple[str, bool]] = []
    for part in quote.parts.all():
        pieces.append((text[start : part.start], False))
        pieces.append((text[part.start : part.end], True))
        start = part.end
    pieces.append((text[start:end], False))
    return [piece for piece in pieces if piece[0]]


def _sentence_bounds(quote: Quote) -> tuple[int, int]:
    text, (first, last) = quote.article.text, quote.passage
    start = text.rfind("\n", 0, first) + 1
    line_end = text.find("\n", last)
    end = len(text) if line_end < 0 else line_end
    if quote.before and (found := text.rfind(quote.before, start, first)) >= 0:
        start = found + len(quote.before)
    if quote.after and (found := text.find(quote.after, last, end)) >= 0:
        end = found
    return start, end
