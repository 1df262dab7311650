"""Direct quotations: speech between quotation marks, joined across attributions and paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from statements.nlp.cues import Cues
from statements.nlp.marks import Marked, Quoted
from statements.nlp.paragraphs import paragraphs
from statements.nlp.quotation import Span
from statements.nlp.sources import antecedent, source_range, subject_of

_ENDS_SPEECH = ",.?!…—–-"
_INNER_MARKS = "'’\"”"
_ENDS_SENTENCE = ".?!…:"
_LONGEST_ATTRIBUTION = 60
_LONGEST_LABEL = 8
_LABEL = re.compile(r"\s*[“\"]?(?P<name>[A-Z][A-Z.’'\- ]{1,40}):\s+(?=[^\s“\"])")
_FEWEST_LABELS = 3


@dataclass(frozen=True, slots=True)
class Attribution:
    """The words beside a quotation that say whose it is."""

    cue: Span | None
    source: Span | None
    speaker: Token | None
    verb: int | None
    """The index of the cue's token, by which two stretches are known to share it."""
    end: int
    """Where the attribution ends in the text."""


@dataclass(slots=True)
class Direct:
    """A direct quotation under construction."""

    parts: list[Span]
    attribution: Attribution | None = None
    continued: bool = False
    stretches: list[Marked] = field(default_factory=list)


class DirectQuotations:
    """The direct quotations of one parsed text."""

    def __init__(self, doc: Doc, quoted: Quoted, cues: Cues) -> None:
        self.doc = doc
        self.text = quoted.text
        self.cues = cues
        self._token_starts = [token.idx for token in doc]
        self._stretches = quoted.stretches
        self._stretch_starts = [stretch.outer_start for stretch in quoted.stretches]
        self.found: list[Direct] = []
        previous_end = None
        every = paragraphs(self.text)
        labels = self._transcript_labels(every)
        for start, end in every:
            if start in labels:
                self._transcript(labels[start], end)
            else:
                self._paragraph(start, end, previous_end)
            previous_end = end

    def _transcript_labels(self, every: Sequence[Span]) -> dict[int, re.Match[str]]:
        """The labels of a transcript, "HENTZAU: …", by where their paragraphs start."""
        found = {start: _LABEL.match(self.text, start, end) for start, end in every}
        labels = {start: match for start, match in found.items() if match is not None}
        several = len({match["name"] for match in labels.values()}) > 1
        return labels if several and len(labels) >= _FEWEST_LABELS else {}

    def _transcript(self, label: re.Match[str], end: int) -> None:
        content = self.text[label.end() : end].rstrip().rstrip('”"')
        if not any(character.isalnum() for character in content):
            return
        part = (label.end(), label.end() + len(content))
        token = self.doc[self._token_at(label.end("name") - 1)]
        attribution = Attribution(None, label.span("name"), token, None, label.end())
        stretch = Marked(*part, label.start(), end, closed=True, double=False)
        self.found.append(Direct([part], attribution, stretches=[stretch]))

    def _paragraph(self, start: int, end: int, previous_end: int | None) -> None:
        first = bisect_left(self._stretch_starts, start)
        last = bisect_left(self._stretch_starts, end)
        stretches = self._stretches[first:last]
        current: Direct | None = None
        edge = start
        for index, stretch in enumerate(stretches):
            limit = stretches[index + 1].outer_start if index + 1 < len(stretches) else end
            before, after = self._before(stretch, edge, start), self._after(stretch, limit)
            at_start = not self.text[start : stretch.outer_start].strip()
            speech = self._is_speech(stretch, edge, start, limit, before, after)
            edge_before, edge = edge, stretch.outer_end
            if not speech or stretch.end <= stretch.start:
                continue
            part = (stretch.start, stretch.end)
            ends_open = self.text[stretch.start : stretch.end].endswith(",")
            chosen = (after or before) if ends_open else (before or after)
            if current is not None and self._goes_on(current, stretch, edge_before, before, after):
                self._join(current, stretch, part, after if current.attribution is None else None)
                continue
            if at_start and self._continues_paragraph(stretch, previous_end, chosen):
                current = self.found[-1]
                self._join(current, stretch, part, chosen if current.attribution is None else None)
                continue
            if current is not None and chosen is None:
                chosen = current.attribution
                current = Direct([part], chosen, continued=True, stretches=[stretch])
            else:
                current = Direct([part], chosen, stretches=[stretch])
            if chosen is None:
                self._inherit(current, stretch, start, previous_end)
            self.found.append(current)

    @staticmethod
    def _join(quote: Direct, stretch: Marked, part: Span, attribution: Attribution | None) -> None:
        quote.parts.append(part)
        quote.stretches.append(stretch)
        if attribution is not None:
            quote.attribution = attribution

    def _goes_on(
        self,
        current: Direct,
        stretch: Marked,
        edge: int,
        before: Attribution | None,
        after: Attribution | None,
    ) -> bool:
        """Whether a stretch goes on with the quotation begun earlier in its paragraph."""
        attribution = current.attribution
        between = self.text[edge : stretch.outer_start]
        if not between.strip():
            return after is None or attribution is None
        if attribution is None:
            return False
        if before is not None and before.verb == attribution.verb and before.verb is not None:
            return True
        if before is not None or after is not None:
            return False
        # Only the attribution stands between the two: nothing was narrated in the meantime.
        return current.stretches[
            -1
        ].outer_end <= attribution.end <= stretch.outer_start and not self.text[
            attribution.end : stretch.outer_start
        ].strip(" \t.,;:")

    def _continues_paragraph(
        self, stretch: Marked, previous_end: int | None, chosen: Attribution | None
    ) -> bool:
        if previous_end is None or not self.found:
            return False
        quote = self.found[-1]
        last = quote.stretches[-1]
        if last.outer_end > previous_end:
            return False
        if not last.closed and last.outer_end == previous_end:
            return chosen is None or quote.attribution is None
        if chosen is not None or quote.attribution is None:
            return False
        edge = max(last.outer_end, quote.attribution.end)
        return not self.text[edge:previous_end].strip(" \t.,;:")

    def _inherit(
        self, quote: Direct, stretch: Marked, start: int, previous_end: int | None
    ) -> None:
        """Give a quotation that names nobody to whoever the sentence before it is about."""
        before = self._token_at(stretch.outer_start) - 1
        while before >= 0 and (self.doc[before].is_space or self.doc[before].is_punct):
            before -= 1
        if before < 0:
            return
        if self._inside_marks(self.doc[before]):
            if self.found:
                quote.attribution = self.found[-1].attribution
                quote.continued = True
            return
        root = self.doc[before].sent.root
        subject = subject_of(root)
        if (
            subject is None
            or subject.ent_type_ not in ("PERSON", "ORG", "")
            or subject.pos_ not in ("PROPN", "PRON", "NOUN")
        ):
            return
        if subject.pos_ == "PRON" and subject.lower_ not in ("he", "she", "they", "who"):
            return
        quote.attribution = self._attribution(None, subject, root)
        quote.continued = True

    def _is_speech(
        self,
        stretch: Marked,
        edge: int,
        start: int,
        limit: int,
        before: Attribution | None,
        after: Attribution | None,
    ) -> bool:
        """Whether a stretch is said, not a scare quote or a few words taken into a sentence."""
        inner = self.text[stretch.start : stretch.end]
        if not any(character.isalnum() for character in inner):
            return False
        # `“… ‘Leave it.’”` ends with its stop though a mark stands behind that.
        inner = inner.rstrip(_INNER_MARKS) or inner
        lead = self.text[start : stretch.outer_start].rstrip()
        tail = self.text[stretch.outer_end : limit].lstrip()
        ends = not stretch.closed or inner[-1] in _ENDS_SPEECH or not tail or tail[0] in ".,?!"
        if not ends:
            return False
        if before is not None or (
            after is not None and edge > start and not self.text[edge : stretch.outer_start].strip()
        ):
            return True
        begins = not lead or lead[-1] in _ENDS_SENTENCE or lead[-1] in "”\"'’)]—"
        if lead and lead[-1] in "”\"'’)]—" and lead[-1] not in ")]":
            begins = len(lead) + start == edge
        if not begins:
            return False
        if after is not None:
            return True
        # Nothing beside it names a speaker: only whole sentences are taken for speech.
        return (
            inner[-1] in ".?!…—"
            or not stretch.closed
            or (not lead and not tail and stretch.double and len(inner.split()) > 3)
        )

    def _after(self, stretch: Marked, limit: int) -> Attribution | None:
        inner = self.text[stretch.start : stretch.end]
        if not inner:
            return None
        tail = self.text[stretch.outer_end : limit].lstrip()
        if not tail or not (inner[-1] in _ENDS_SPEECH or tail[0] in ",–—-"):
            return None
        first = self._token_at(stretch.outer_end)
        window: list[Token] = []
        for token in self.doc[first : first + _LONGEST_ATTRIBUTION]:
            if token.idx >= limit or token.text in (".", ";", "?", "!", ":") and window:
                break
            if window or not (token.is_space or token.is_punct):
                window.append(token)
        new_sentence = inner[-1] in ".…" and tail[0] not in ",–—-" and tail[:1].isupper()
        if new_sentence and tail.rstrip()[-1] in ",:" and limit < len(self.text):
            # `“… yes.” To which she said, “No.”`: the words behind introduce what comes next.
            return None
        for token in window:
            certain = inner[-1] == "," and token.i in (window[0].i, window[-1].i)
            if not self._is_cue(token) and not (certain and token.lemma in self.cues.direct):
                continue
            if new_sentence and not self._is_bare(token, window):
                return None
            subject = self._subject_within(token, window)
            if subject is not None:
                return self._attribution(token, subject, token, window)
            if self._is_cue(token) and token.i - window[0].i > 2:
                break
        return None

    @staticmethod
    def _is_bare(cue: Token, window: Sequence[Token]) -> bool:
        """Whether a clause after a full stop only attributes: "… .” Smith said."."""
        return window[-1].i - cue.i <= 3 and cue.i - window[0].i <= 5

    def _before(self, stretch: Marked, edge: int, start: int) -> Attribution | None:
        lead = self.text[edge : stretch.outer_start]
        stripped = lead.rstrip()
        if not stripped:
            return None
        last = self._token_at(edge + len(stripped) - 1)
        window: list[Token] = []
        for position in range(last, max(last - _LONGEST_ATTRIBUTION, -1), -1):
            token = self.doc[position]
            if (
                token.idx < edge
                or (token.text in (".", "?", "!", ";") and window)
                or token.is_space
                and "\n" in token.text
            ):
                break
            window.append(token)
        window.reverse()
        if not window:
            return None
        mark = stripped[-1]
        opens = self.text[stretch.start : stretch.start + 1]
        if (
            mark == ":"
            and edge == start
            and len(window) <= _LONGEST_LABEL
            and not any(self._is_cue(token) for token in window)
        ):
            return self._label(window[:-1])
        if mark not in ",:" and not (self._is_cue(window[-1]) and opens.isupper()):
            return None
        for token in reversed(window):
            if not self._is_cue(token):
                continue
            if mark == "," and window[-1].i - token.i > 14:
                return None
            subject = self._subject_within(token, window) or subject_of(token)
            if subject is None or self._inside_marks(subject):
                continue
            return self._attribution(token, subject, token, window)
        return None

    def _label(self, window: Sequence[Token]) -> Attribution | None:
        """A transcript's label: the name before a colon at the start of a line."""
        if not window or not window[0].text[:1].isupper():
            return None
        named = next((token for token in reversed(window) if token.pos_ in ("PROPN", "NOUN")), None)
        if named is None:
            return None
        last = window[-1]
        source = (window[0].idx, last.idx + len(last))
        return Attribution(None, source, named, None, source[1] + 1)

    def _is_cue(self, token: Token) -> bool:
        return (
            token.lemma in self.cues.direct
            and token.tag_.startswith("VB")
            and not self._inside_marks(token)
        ) or token.lower_ in ("said", "says")

    def _inside_marks(self, token: Token) -> bool:
        index = bisect_right(self._stretch_starts, token.idx) - 1
        return index >= 0 and token.idx < self._stretches[index].outer_end

    @staticmethod
    def _subject_within(cue: Token, window: Sequence[Token]) -> Token | None:
        """Who speaks, by the parse, or failing that by the noun that stands next to the cue."""
        low, high = window[0].i, window[-1].i
        subject = subject_of(cue)
        if subject is not None and low <= subject.i <= high:
            return subject
        after = [token for token in window if token.i > cue.i]
        before = [token for token in window if token.i < cue.i]
        # "…,” adding that profits fell" names nobody behind its cue.
        if len(before) <= 1 and cue.tag_ != "VBG":
            for token in after:
                if token.pos_ in ("PROPN", "PRON", "NOUN"):
                    while (
                        token.dep_ in ("compound", "nmod", "poss", "amod")
                        and token.i < token.head.i <= high
                    ):
                        token = token.head
                    return token
                if token.is_punct:
                    break
        for token in before:
            if token.pos_ in ("PROPN", "PRON", "NOUN"):
                while low <= token.head.i < cue.i and token.head.i != token.i:
                    token = token.head
                return token if token.pos_ in ("PROPN", "PRON", "NOUN") else None
        return None

    def _attribution(
        self, cue: Token | None, subject: Token, verb: Token, window: Sequence[Token] = ()
    ) -> Attribution:
        start, end = source_range(subject, subject.sent, verb)
        if window:
            start, end = max(start, window[0].i), min(end, window[-1].i + 1)
        start, end = min(start, subject.i), max(end, subject.i + 1)
        if start and self.doc[start - 1].tag_ == "DT" and window and window[0].i < start:
            start -= 1
        last = self.doc[end - 1]
        span = (self.doc[start].idx, last.idx + len(last))
        finish = self.doc[window[-1].i] if window else last
        words = (cue.idx, cue.idx + len(cue)) if cue is not None else None
        return Attribution(
            words,
            span,
            antecedent(subject),
            cue.i if cue is not None else None,
            finish.idx + len(finish),
        )

    def _token_at(self, offset: int) -> int:
        """The index of the first token that does not end before an offset."""
        index = bisect_right(self._token_starts, offset) - 1
        if index < 0:
            return 0
        token = self.doc[index]
        return index + 1 if token.idx + len(token) <= offset else index
