"""Undoing an import: what it brought goes again, as long as no person's work rests on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from statements.ingest.linking import unlink_articles, wait_for_turn
from statements.models import (
    Actor,
    Affiliation,
    Article,
    ImportBatch,
    ImportItem,
    JointVoice,
    QueueItem,
    Quote,
    QuotePart,
    QuoteVector,
    Reply,
    ReplyDecision,
    Speaker,
    Stance,
    Standing,
    Suggestion,
)
from statements.turns import change_identities

State, Outcome = ImportBatch.State, ImportItem.Outcome

# So many of the articles that are held are named.
_MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Held:
    """An article that stays because of what people did with its quotes."""

    article: Article
    labels: int
    edits: int
    replies: int = 0


@dataclass(slots=True)
class Undoing:
    """What undoing a batch would take away, or took away, and what holds it."""

    articles: int = 0
    quotes: int = 0
    held: list[Held] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        return not self.held


def preview_undo(batch: ImportBatch) -> Undoing:
    """What would go, or the articles on whose quotes there are labels, edits or links by people."""
    articles = _articles(batch)
    decided = ReplyDecision.objects.filter(
        Q(reply__quote__article=OuterRef("pk")) | Q(reply__earlier__article=OuterRef("pk"))
    )
    held = (
        articles.annotate(
            label_count=Count("quotes__labels", distinct=True),
            edit_count=Count("quotes__edits", distinct=True),
            reply_count=Coalesce(Subquery(_number(decided)), 0),
        )
        .filter(Q(label_count__gt=0) | Q(edit_count__gt=0) | Q(reply_count__gt=0))
        .order_by("pk")
    )
    return Undoing(
        articles=articles.count(),
        quotes=Quote.objects.filter(article__in=articles).count(),
        held=[
            Held(each, each.label_count, each.edit_count, each.reply_count)
            for each in held[:_MOST_NAMED]
        ],
    )


@transaction.atomic
def undo_batch(batch: ImportBatch) -> Undoing:
    """Take away every article that the batch brought, with its quotes; all of it or nothing.

    When labels, edits or decisions rest on any of it, nothing goes and `held` says on which.
    Speakers and actors that only these quotes brought go too, unless somebody confirmed them. The
    items stay, as undone, and the files' bytes: the batch can be imported again.
    """
    # Before any row, as all do who change identities, and then those who link what is alike.
    change_identities()
    wait_for_turn()
    ImportBatch.objects.select_for_update().get(pk=batch.pk)
    articles = list(_articles(batch).order_by("pk").values_list("pk", flat=True))
    # Nobody can label a quote between the look and the deed.
    locked = Quote.objects.select_for_update(of=("self",)).filter(article__in=articles)
    quotes = list(locked.order_by("pk").values_list("pk", flat=True))
    found = preview_undo(batch)
    if not found.is_possible:
        return found
    speakers, actors = _named_in(quotes)
    unlink_articles(articles)
    delete_quotes(quotes)
    again = ImportItem.objects.filter(article__in=articles)
    # Other imports that found the same texts there have nothing to point at any more.
    again.update(outcome=Outcome.UNDONE, article=None, quote_count=0)
    Article.objects.filter(pk__in=articles).delete()
    _delete_idle(speakers, actors)
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.UNDONE)
    batch.refresh_from_db()
    return found


def _number(rows: QuerySet[ReplyDecision]) -> QuerySet[ReplyDecision, int]:
    every = rows.order_by().annotate(every=Value(1)).values("every")
    return every.annotate(number=Count("pk")).values_list("number", flat=True)


def _articles(batch: ImportBatch) -> QuerySet[Article]:
    brought = ImportItem.objects.filter(batch=batch, outcome=Outcome.NEW, article=OuterRef("pk"))
    return Article.objects.filter(Exists(brought))


def _named_in(quotes: list[int]) -> tuple[set[int], set[int]]:
    """The speakers and the actors to whom the quotes are given."""
    lead = Quote.objects.filter(pk__in=quotes).values_list("speaker", "actor")
    joint = JointVoice.objects.filter(quote__in=quotes).values_list("speaker", "actor")
    voices = [*lead, *joint]
    speakers = {speaker for speaker, _ in voices if speaker}
    return speakers, {actor for _, actor in voices if actor}


def delete_quotes(quotes: list[int]) -> None:
    """The quotes with all that the program made of them; what people did protects them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL newsroom.undoing = 'import'")
    Reply.objects.filter(earlier__in=quotes).exclude(quote__in=quotes).update(earlier=None)
    Reply.objects.filter(quote__in=quotes).delete()
    # Before their claims are looked for: none is made after that look.
    items = QueueItem.objects.select_for_update().filter(quote__in=quotes)
    list(items.order_by("pk").values_list("pk", flat=True))
    for model in (Stance, Suggestion, QueueItem, QuoteVector, JointVoice, QuotePart):
        model._default_manager.filter(quote__in=quotes).delete()
    Quote.objects.filter(pk__in=quotes).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL newsroom.undoing = ''")


def _delete_idle(speakers: set[int], actors: set[int]) -> None:
    """Provisional identities that nothing names any more."""
    idle = Speaker.objects.filter(pk__in=speakers, standing=Standing.PROVISIONAL).exclude(
        Exists(Quote.objects.filter(speaker=OuterRef("pk")))
        | Exists(JointVoice.objects.filter(speaker=OuterRef("pk")))
        | Exists(Reply.objects.filter(speaker=OuterRef("pk")))
    )
    Affiliation.objects.filter(speaker__in=idle, standing=Standing.PROVISIONAL).delete()
    for speaker in idle.filter(affiliations=None):
        speaker.names.all().delete()
        speaker.delete()
    unused = Actor.objects.filter(pk__in=actors, standing=Standing.PROVISIONAL).exclude(
        Exists(Quote.objects.filter(actor=OuterRef("pk")))
        | Exists(JointVoice.objects.filter(actor=OuterRef("pk")))
        | Exists(Reply.objects.filter(actor=OuterRef("pk")))
    )
    for actor in unused.filter(affiliations=None, issues=None, children=None):
        actor.names.all().delete()
        actor.delete()
