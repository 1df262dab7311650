"""Reading stored articles again with a newer pipeline, without touching what people did.

Quotes are matched by place and words. What somebody judged, repaired or confirmed stays as it is;
the rest follows the new reading. Changes are known, and can be shown, before they are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from statements.ingest.answering import relink_replies
from statements.ingest.identities import Identities
from statements.ingest.identities import wait_for_turn as wait_to_name
from statements.ingest.linking import link_article, relink_quotes, wait_for_turn
from statements.ingest.removing import delete_quotes
from statements.ingest.repeats import leave
from statements.ingest.storing import Found, found_quotes, store_found
from statements.ingest.suggesting import suggest_again
from statements.models import (
    Actor,
    Article,
    Quote,
    QuoteEdit,
    QuotePart,
    QuoteVector,
    ReplyDecision,
    Speaker,
    StanceLabel,
)
from statements.names import name_key
from statements.nlp import PIPELINE_VERSION, Quotation, extract
from statements.turns import rely_on_identities

# Two passages are one quote when they share so much of the longer one.
_SAME = 0.5

# What a new reading may change of a quote that keeps its words.
_READ = (
    "kind",
    "act",
    "cue_start",
    "cue_end",
    "cue",
    "source_start",
    "source_end",
    "source",
    "before",
    "after",
    "candidates",
    "confidence",
    "source_confidence",
)
_VOICE = ("speaker_id", "actor_id", "affiliation_id", "role", "actor_type", "country")
_SHOWN = ("kind", "act", "cue", "source")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between what is stored and the new reading.

    `quote` is None for a new quote, `found` None for one that is no longer found. `kept` says why
    it stays nevertheless; nothing when the new reading is followed.
    """

    quote: Quote | None
    found: Found | None
    fields: tuple[str, ...] = ()
    kept: str = ""

    @property
    def kind(self) -> str:
        if self.quote is None:
            return "new"
        if self.found is None:
            return "gone"
        return "words" if "words" in self.fields else "reading"


@dataclass(slots=True)
class Rereading:
    """One article with what a new reading changes."""

    article: Article
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return not self.changes


def outdated() -> QuerySet[Article]:
    """Articles that an older pipeline has read."""
    return Article.objects.exclude(pipeline=PIPELINE_VERSION).order_by("pk")


def reread(articles: Iterable[Article], *, workers: int = 1) -> Iterator[Rereading]:
    """What reading each article again would change; nothing is stored.

    New speakers and actors are not made either: a voice is compared by its name.
    """
    found = extract(
        ((article.text, article) for article in articles),
        model=settings.NEWSROOM_SPACY_MODEL,
        fast=settings.NEWSROOM_FAST_EXTRACTION,
        workers=workers,
    )
    for quotations, article in found:
        yield _compared(article, quotations)


def apply(rereading: Rereading) -> Rereading:
    """Make the changes, compared anew with what is stored by now; returns those that were made."""
    article = rereading.article
    ((quotations, _),) = extract(
        [(article.text, article)],
        model=settings.NEWSROOM_SPACY_MODEL,
        fast=settings.NEWSROOM_FAST_EXTRACTION,
    )
    with transaction.atomic():
        # Before any row, as all do who give quotes to people or link what is alike.
        rely_on_identities()
        # Imports that link as they store take both turns in this order.
        wait_to_name()
        wait_for_turn()
        Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        list(Quote.objects.select_for_update(of=("self",)).filter(article=article).order_by("pk"))
        current = _compared(article, quotations)
        _make(current)
        Article.objects.filter(pk=article.pk).update(pipeline=PIPELINE_VERSION)
    return current


def _make(rereading: Rereading) -> None:
    article, identities = rereading.article, Identities()
    followed = [change for change in rereading.changes if not change.kept]
    gone = [change.quote.pk for change in followed if change.quote and change.found is None]
    leave(gone)
    delete_quotes(gone)
    for change in followed:
        if change.quote and change.found:
            _follow(change.quote, change.found, identities, words="words" in change.fields)
    new = [change.found for change in followed if change.quote is None and change.found]
    store_found(new, identities)
    relink_replies([article])
    link_article(article)


def _follow(quote: Quote, found: Found, identities: Identities, *, words: bool) -> None:
    read = found.quote
    for name in _READ:
        setattr(quote, name, getattr(read, name))
    joint = found.give_voices(identities)
    for name in (*_VOICE, "attribution", "basis"):
        setattr(quote, name, getattr(read, name))
    if words:
        quote.start, quote.end, quote.content = read.start, read.end, read.content
    quote.save()
    quote.joint_voices.all().delete()
    for each in joint:
        each.quote = quote
        each.save()
    if words:
        quote.parts.all().delete()
        for part in found.parts:
            part.quote = quote
        QuotePart.objects.bulk_create(found.parts)
        QuoteVector.objects.filter(quote=quote).delete()
        suggest_again(quote)
    relink_quotes([quote.pk])


def _compared(article: Article, quotations: Sequence[Quotation]) -> Rereading:
    stored = list(
        Quote.objects.filter(article=article)
        .select_related("speaker", "actor")
        .prefetch_related(
            "parts",
            "speaker__names",
            "actor__names",
            "joint_voices__speaker__names",
            "joint_voices__actor__names",
        )
        .annotate(
            is_judged=Exists(StanceLabel.objects.filter(quote=OuterRef("pk"))),
            is_repaired=Exists(QuoteEdit.objects.filter(quote=OuterRef("pk"))),
            is_linked=Exists(
                ReplyDecision.objects.filter(
                    Q(reply__quote=OuterRef("pk")) | Q(reply__earlier=OuterRef("pk"))
                )
            ),
        )
        .order_by("start", "end")
    )
    found = found_quotes(article, quotations)
    result = Rereading(article)
    pairs, gone, new = _matched(stored, found)
    for quote, each in pairs:
        fields = _differences(quote, each)
        if fields:
            result.changes.append(Change(quote, each, fields, _why_kept(quote)))
        else:
            result.unchanged += 1
    result.changes += [Change(quote, None, (), _why_kept(quote)) for quote in gone]
    result.changes += [Change(None, each) for each in new]
    result.changes.sort(key=lambda each: (each.quote or each.found.quote).start)  # type: ignore[union-attr]
    return result


def _matched(
    stored: Sequence[Quote], found: Sequence[Found]
) -> tuple[list[tuple[Quote, Found]], list[Quote], list[Found]]:
    """Stored quotes with their new readings, the most alike first; then what is left of either."""
    likeness = sorted(
        (
            (-_shared(quote, each), i, j)
            for i, quote in enumerate(stored)
            for j, each in enumerate(found)
            if _shared(quote, each) >= _SAME
        ),
    )
    left, right = set(range(len(stored))), set(range(len(found)))
    pairs = []
    for _, i, j in likeness:
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((stored[i], found[j]))
    return pairs, [stored[i] for i in sorted(left)], [found[j] for j in sorted(right)]


def _shared(quote: Quote, found: Found) -> float:
    ours = [(part.start, part.end) for part in quote.parts.all()]
    theirs = [(part.start, part.end) for part in found.parts]
    common = sum(max(0, min(a_end, b_end) - max(a, b)) for a, a_end in ours for b, b_end in theirs)
    longer = max(sum(end - start for start, end in each) for each in (ours, theirs))
    return common / longer if longer else 0.0


def _differences(quote: Quote, found: Found) -> tuple[str, ...]:
    fields = [name for name in _SHOWN if getattr(quote, name) != getattr(found.quote, name)]
    ours = [(part.start, part.end) for part in quote.parts.all()]
    if ours != [(part.start, part.end) for part in found.parts]:
        fields.insert(0, "words")
    if not _same_voices(quote, found):
        fields.append("voice")
    return tuple(fields)


def _same_voices(quote: Quote, found: Found) -> bool:
    voices = [each for each in found.quotation.voices if each.speaker or each.actor]
    ours = quote.voices
    return len(ours) == len(voices) and all(
        _known_as(mine.speaker, read.speaker) and _known_as(mine.actor, read.actor)
        for mine, read in zip(ours, voices, strict=True)
    )


def _known_as(party: Speaker | Actor | None, name: str | None) -> bool:
    """Whether the new reading means this party: by any of its names, for merges and aliases."""
    if party is None or not name:
        return party is None and not name
    return name_key(name) in {each.key for each in party.names.all()}


def _why_kept(quote: Quote) -> str:
    if getattr(quote, "is_judged", False):
        return "an editor judged it"
    if getattr(quote, "is_repaired", False) or quote.attribution == Quote.Attribution.CONFIRMED:
        return "an editor repaired it"
    if quote.state == Quote.State.CONFIRMED:
        return "an editor confirmed it"
    if getattr(quote, "is_linked", False):
        return "an editor decided whom it answers, or what answers it"
    if quote.state == Quote.State.REJECTED:
        return "an editor said that it is no quote"
    return ""


def summary(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes there are of each kind, and how many stay as people left them."""
    counts = {"new": 0, "gone": 0, "words": 0, "reading": 0, "kept": 0}
    for kind, group in groupby(sorted(changes, key=_sorting), key=_sorting):
        counts[kind] += len(list(group))
    return counts


def _sorting(change: Change) -> str:
    return "kept" if change.kept else change.kind
