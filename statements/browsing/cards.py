"""What a list shows of each quote, as plain values: three queries for any number of quotes.

Model objects would cost more than all that PostgreSQL does for the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.safestring import SafeString

from statements.browsing.searching import headline
from statements.models import (
    ActorType,
    JointVoice,
    QueueItem,
    Quote,
    Stance,
    StanceLabel,
    Standing,
)
from statements.models.quotes import DOUBTFUL
from statements.names import initials
from statements.wording import MATCH_END, MATCH_START, attribution, marked

_TYPES = dict(ActorType.choices)


@dataclass(slots=True)
class CardVoice:
    """Somebody who said it, with the post and party of that day."""

    speaker: str
    speaker_slug: str
    actor: str
    actor_slug: str
    is_provisional: bool
    role: str
    actor_type: str
    country: str

    @property
    def type_label(self) -> str:
        return str(_TYPES[self.actor_type])

    @property
    def badge(self) -> str:
        """What stands in the round badge."""
        if self.speaker:
            return initials(self.speaker)
        return (self.country or initials(self.actor)) if self.actor else "?"


@dataclass(frozen=True, slots=True)
class CardStance:
    """Where it stands on an issue; without a label editors disagree."""

    issue: str
    issue_slug: str
    label: str
    standing: str
    label_count: int
    confidence: float | None

    @property
    def key(self) -> str:
        """The label, or "disputed"."""
        return self.label or "disputed"

    @property
    def is_suggested(self) -> bool:
        return self.standing == Stance.Standing.SUGGESTED


@dataclass(slots=True)
class Card:
    """A quote in a list. `words` is HTML, with marks around what matches a search."""

    uuid: UUID
    kind: str
    words: SafeString
    lead_in: str
    trail: str
    cue: str
    source: str
    basis: str
    candidates: Sequence[str]
    said_on: date | None
    is_doubtful: bool
    article: str
    article_uuid: UUID
    is_fiction: bool
    lead_type: str
    badge: str = "?"
    voices: list[CardVoice] = field(default_factory=list)
    stances: list[CardStance] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The id of its first mark on the article's page."""
        return f"q-{self.uuid.hex[:8]}"


def cards(
    quotes: Sequence[int],
    words: str = "",
    issues: Collection[str] = (),
    hidden: QuerySet[QueueItem] | None = None,
) -> list[Card]:
    """The cards of quotes (keys), in this order: three queries.

    Matches of the words are marked. With issues (slugs) only the stances on these are shown, and
    none where the quote's place in a queue is one of those `hidden`.
    """
    rows = Quote.objects.filter(pk__in=quotes).annotate(
        **{f"voice_{name}": F(path) for name, path in _VOICE.items()},
        article_title=F("article__title"),
        article_uuid=F("article__uuid"),
        is_fiction=F("article__is_fiction"),
    )
    if words:
        rows = rows.annotate(headline=headline(words, MATCH_START, MATCH_END))
    names = [*_COLUMNS, *(f"voice_{name}" for name in _VOICE), *(["headline"] if words else [])]
    joint: dict[int, list[CardVoice]] = {}
    for quote, *values in (
        JointVoice.objects.filter(quote__in=quotes)
        .order_by("quote", "ordinal")
        .values_list("quote", *_VOICE.values())
    ):
        joint.setdefault(quote, []).append(_voice(values))
    stances: dict[int, list[CardStance]] = {}
    held = Stance.objects.filter(quote__in=quotes).order_by("issue__title")
    if hidden is not None:
        held = held.without(hidden)
    for quote, *values in held.values_list("quote", *_STANCE):
        stances.setdefault(quote, []).append(CardStance(*values))
    found: dict[int, Card] = {}
    for row in rows.values_list(*names, named=True):
        card = _card(row, row.article_title, row.article_uuid, row.is_fiction)
        lead = _voice([getattr(row, f"voice_{name}") for name in _VOICE])
        card.voices = [lead] if lead.speaker or lead.actor else []
        card.badge = lead.badge
        card.voices += joint.get(row.pk, [])
        card.stances = _in_order(stances.get(row.pk, []), issues)
        found[row.pk] = card
    return [found[pk] for pk in quotes if pk in found]


def card_of(quote: Quote, issues: Collection[str] = ()) -> Card:
    """The card of a quote from `QuoteQuerySet.for_list`: no query."""
    card = _card(quote, quote.article.title, quote.article.uuid, quote.article.is_fiction)
    for voice in quote.voices:
        speaker, actor = voice.speaker, voice.actor
        card.voices.append(
            CardVoice(
                speaker.name if speaker else "",
                speaker.slug if speaker else "",
                actor.name if actor else "",
                actor.slug if actor else "",
                bool(actor and actor.is_provisional),
                voice.role,
                voice.actor_type,
                voice.country,
            )
        )
    # The badge is the lead voice's, also where nobody is known but those who spoke with it.
    if card.voices and (quote.speaker_id or quote.actor_id):
        card.badge = card.voices[0].badge
    held = [
        CardStance(
            each.issue.title,
            each.issue.slug,
            each.label,
            each.standing,
            each.label_count,
            each.confidence,
        )
        for each in quote.stances.all()
    ]
    card.stances = _in_order(held, issues)
    return card


_COLUMNS = (
    "pk",
    "uuid",
    "kind",
    "content",
    "start",
    "end",
    "cue",
    "cue_start",
    "source",
    "source_start",
    "basis",
    "candidates",
    "said_on",
    "certainty",
    "article_title",
    "article_uuid",
    "is_fiction",
    "actor_type",
)
_VOICE = {
    "speaker": "speaker__name",
    "speaker_slug": "speaker__slug",
    "actor": "actor__name",
    "actor_slug": "actor__slug",
    "standing": "actor__standing",
    "role": "role",
    "actor_type": "actor_type",
    "country": "country",
}
_STANCE = ("issue__title", "issue__slug", "label", "standing", "label_count", "confidence")


def _card(quote: Any, article: str, article_uuid: UUID, is_fiction: bool) -> Card:
    lead_in, trail = ("", "") if quote.kind == Quote.Kind.DIRECT else attribution(quote)
    return Card(
        uuid=quote.uuid,
        kind=quote.kind,
        words=marked(getattr(quote, "headline", ""), quote.content),
        lead_in=lead_in,
        trail=trail,
        cue=quote.cue,
        source=quote.source,
        basis=quote.basis,
        candidates=quote.candidates,
        said_on=quote.said_on,
        is_doubtful=quote.certainty < DOUBTFUL,
        article=article,
        article_uuid=article_uuid,
        is_fiction=is_fiction,
        lead_type=quote.actor_type,
    )


def _voice(values: Sequence[Any]) -> CardVoice:
    speaker, speaker_slug, actor, actor_slug, standing, role, actor_type, country = values
    return CardVoice(
        speaker or "",
        speaker_slug or "",
        actor or "",
        actor_slug or "",
        standing == Standing.PROVISIONAL,
        role,
        actor_type,
        country,
    )


def _in_order(stances: Iterable[CardStance], issues: Collection[str]) -> list[CardStance]:
    """Editors' labels before suggestions; of chosen issues alone, where some are chosen."""
    shown = [each for each in stances if each.label != StanceLabel.Label.UNRELATED]
    if issues:
        shown = [each for each in shown if each.issue_slug in issues]
    return sorted(shown, key=lambda each: each.is_suggested)
