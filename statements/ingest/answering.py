"""Who answers whom in stored articles: what the rules propose, as links to identities that exist.

A name that no identity has is linked to nobody: that a text mentions somebody makes no actor.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from statements.ingest.identities import meant_actor, meant_speaker
from statements.models import (
    Actor,
    ActorName,
    ActorType,
    Article,
    JointVoice,
    Quote,
    Reply,
    ReplyReading,
    Speaker,
    SpeakerName,
)
from statements.models.quotes import Voice
from statements.names import name_key
from statements.nlp import replies as rules
from statements.turns import rely_on_identities

if TYPE_CHECKING:
    from statements.ingest.storing import Found

_AT_ONCE = 50


@dataclass(slots=True)
class Answering:
    """How many articles were read for replies, and how many links are new."""

    articles: int = 0
    replies: int = 0


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stored quote with the places of its parts and everybody who said it."""

    quote: Quote
    parts: Sequence[tuple[int, int]]
    voices: Sequence[Voice]

    def as_said(self) -> rules.Said:
        quote = self.quote
        return rules.Said(
            parts=tuple(self.parts),
            cue=_span(quote.cue_start, quote.cue_end),
            source=_span(quote.source_start, quote.source_end),
            voices=tuple(
                rules.Party(
                    each.speaker.name if each.speaker else None,
                    each.actor.name if each.actor else None,
                )
                for each in self.voices
            ),
            is_speech=quote.act == Quote.Act.SPEECH,
        )


def link_replies(
    lot: Sequence[tuple[Article, Sequence[Found]]], joint: Sequence[JointVoice]
) -> int:
    """Store what the rules propose for the new quotes of articles; returns how many there are.

    Call it in the transaction that stores them: two statements, and one or two more when somebody
    is named whom the articles do not quote.
    """
    others: dict[int, list[Voice]] = {}
    for voice in joint:
        others.setdefault(voice.quote.pk, []).append(voice)

    def spoken(each: Found) -> Spoken:
        voices = _voices(each.quote, others.get(each.quote.pk, ()))
        return Spoken(each.quote, each.quotation.parts, voices)

    return _store(
        [(article, [spoken(each) for each in found]) for article, found in lot], decided=()
    )


@transaction.atomic
def relink_replies(articles: Sequence[Article]) -> int:
    """Propose anew what the articles' quotes answer; what people decided on stays as it is."""
    rely_on_identities()
    inside = Reply.objects.filter(quote__article__in=articles)
    inside.filter(pk__in=inside.made_by_program().values("pk")).delete()
    spoken = _spoken(articles)
    return _store(
        [(article, spoken[article.pk]) for article in articles],
        decided=list(inside.values_list("quote", "actor", "speaker")),
    )


def link_all(progress: Callable[[Answering], None] | None = None) -> Answering:
    """Read every article that these rules have not read yet, some in each transaction.

    It can be stopped at any moment, and goes on where it was.
    """
    total = Answering()
    read = ReplyReading.objects.filter(article=OuterRef("pk"), version=rules.VERSION)
    last = 0
    while True:
        rest = Article.objects.filter(pk__gt=last).exclude(Exists(read)).order_by("pk")
        chunk = list(rest.only("pk", "text")[:_AT_ONCE])
        if not chunk:
            return total
        total.replies += relink_replies(chunk)
        total.articles += len(chunk)
        last = chunk[-1].pk
        if progress:
            progress(total)


def forget_readings() -> None:
    """Let `link_all` read every article anew; the links stay until it comes to their article."""
    ReplyReading.objects.all().delete()


def _span(start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else (start, end)


def _voices(quote: Quote, joint: Iterable[Voice]) -> list[Voice]:
    lead: list[Voice] = [quote] if quote.speaker_id or quote.actor_id else []
    return [*lead, *joint]


def _spoken(articles: Sequence[Article]) -> dict[int, list[Spoken]]:
    """The quotes of each article by its key, in the order of the text: four queries."""
    found: dict[int, list[Spoken]] = {article.pk: [] for article in articles}
    quotes = (
        Quote.objects.filter(article__in=articles)
        .exclude(state=Quote.State.REJECTED)
        .select_related("speaker", "actor")
        .prefetch_related("parts", "joint_voices__speaker", "joint_voices__actor")
        .order_by("article", "start", "end")
    )
    for each in quotes:
        parts = [(part.start, part.end) for part in each.parts.all()]
        found[each.article_id].append(Spoken(each, parts, each.voices))
    return found


def _store(
    articles: Sequence[tuple[Article, Sequence[Spoken]]],
    *,
    decided: Collection[tuple[int, int | None, int | None]],
) -> int:
    proposed = [
        (article, spoken, reply)
        for article, spoken in articles
        for reply in rules.find_replies(article.text, [each.as_said() for each in spoken])
    ]
    whom = _Whom.of(articles)
    whom.look_up(reply.party for _, _, reply in proposed)
    rows = []
    for article, spoken, reply in proposed:
        row = _row(article, spoken, reply, whom)
        if row and (row.quote_id, row.actor_id, row.speaker_id) not in decided:
            rows.append(row)
    # Somebody may be linking the same articles at this moment.
    Reply.objects.bulk_create(rows, ignore_conflicts=True)
    ReplyReading.objects.bulk_create(
        [ReplyReading(article=article, version=rules.VERSION) for article, _ in articles],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["version"],
    )
    return len(rows)


def _row(
    article: Article, spoken: Sequence[Spoken], reply: rules.Reply, whom: _Whom
) -> Reply | None:
    speaker, actor = whom.meant(reply.party)
    own = spoken[reply.said]
    # Two names may be of one identity by now.
    if actor and any(each.actor_id == actor.pk for each in own.voices):
        actor = None
    if speaker and any(each.speaker_id == speaker.pk for each in own.voices):
        return None
    if not actor and not speaker:
        return None
    start, end = reply.evidence
    return Reply(
        quote=own.quote,
        actor=actor,
        speaker=speaker,
        earlier=None if reply.earlier is None else spoken[reply.earlier].quote,
        relation=reply.relation,
        evidence_start=start,
        evidence_end=end,
        evidence=article.text[start:end],
        rule=reply.rule,
        confidence=reply.confidence,
    )


@dataclass(slots=True)
class _Whom:
    """The stored identities behind the names of some articles."""

    speakers: dict[str, Speaker] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    @classmethod
    def of(cls, articles: Sequence[tuple[Article, Sequence[Spoken]]]) -> _Whom:
        """Those who are quoted there."""
        voices = [
            voice for _, all_spoken in articles for each in all_spoken for voice in each.voices
        ]
        return cls(
            {each.speaker.name: each.speaker for each in voices if each.speaker},
            {each.actor.name: each.actor for each in voices if each.actor},
        )

    def look_up(self, parties: Iterable[rules.Party]) -> None:
        """Find those that are named and not quoted, by the rules of imports."""
        parties = list(parties)
        names = {each.name for each in parties if each.name}
        bodies = {each.actor for each in parties if each.actor} | names
        people = {name_key(each): each for each in names - self.speakers.keys()}
        wanted = {name_key(each): each for each in bodies - self.actors.keys()}
        if wanted:
            found: dict[str, list[Actor]] = {}
            known = ActorName.objects.filter(key__in=wanted.keys(), actor__merged_into=None)
            for each in known.select_related("actor"):
                found.setdefault(wanted[each.key], []).append(each.actor)
            for name, actors in found.items():
                if actor := meant_actor(actors, ActorType.UNKNOWN):
                    self.actors[name] = actor
        if people:
            met: dict[str, list[Speaker]] = {}
            known_people = SpeakerName.objects.filter(
                key__in=people.keys(), speaker__merged_into=None
            )
            for person in known_people.select_related("speaker"):
                met.setdefault(people[person.key], []).append(person.speaker)
            for name, speakers in met.items():
                if speaker := meant_speaker(speakers):
                    self.speakers[name] = speaker

    def meant(self, party: rules.Party) -> tuple[Speaker | None, Actor | None]:
        if party.name:
            speaker = self.speakers.get(party.name)
            return (speaker, None) if speaker else (None, self.actors.get(party.name))
        return (
            self.speakers.get(party.speaker) if party.speaker else None,
            self.actors.get(party.actor) if party.actor else None,
        )
