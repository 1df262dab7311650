"""What issues learn from their editors: refitting, proposing, which quotes to ask about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection, transaction
from django.db.models import BigIntegerField, Count, Func, IntegerField, JSONField, Q, QuerySet
from django.db.models.functions import Cast

from statements.blind import asked_blind
from statements.labelling import lock_quotes, update_stance
from statements.models import (
    Issue,
    IssueModel,
    QueueItem,
    Quote,
    QuoteVector,
    Stance,
    StanceLabel,
    Suggestion,
)
from statements.models.stances import StanceLabelQuerySet, StanceQuerySet
from statements.nlp import issue_models
from statements.nlp.attitudes.encoder import NAME as ENCODER
from statements.nlp.attitudes.encoder import SIZE, sentence_encoder
from statements.nlp.issue_models import CLASSES, IssueFit

Label = StanceLabel.Label

# What a label counts as for learning; mixed ones are too rare and too unlike to be a class.
_CLASS_OF = {
    Label.SUPPORTS: "supports",
    Label.OPPOSES: "opposes",
    Label.NEUTRAL: "neutral",
    Label.UNRELATED: "neutral",
}

METHOD = "learned"
_OFFSET_METHOD = "attitude"

# A refit comes when this many labels are new, or a twentieth of those that it knows.
REFIT_EVERY, _REFIT_SHARE = 5, 20
# Asking for the least certain first loses to random order below about so many labels.
RANDOM_UNTIL = 80
# Of those that wait, so many, the next ones, are put in order at once: an editor waits for it.
_MOST_ORDERED = 1000
# Vectors made while an editor waits, about ten milliseconds each: of quotes that are labelled, and,
# where none of these lacks one, of those that are next.
_MOST_LABELLED, _MOST_WAITING = 12, 4
_IN_ORDER = ("queues__rank", "queues__place", "queues__pk")


def keep_up(issue: Issue) -> IssueModel | None:
    """Call it when a label was saved or taken back: the issue learns anew where that is due.

    Each call makes a few of the vectors that learning needs, so that none takes long; while
    labelled quotes lack theirs (after an import, say) what was learned stays as it is.
    """
    labelled = Quote.objects.filter(pk__in=_labelled(issue).values("quote"))
    if _make_vectors(labelled.order_by("pk"), most=_MOST_LABELLED) == _MOST_LABELLED:
        return current_model(issue)
    if is_due(issue):
        return learn(issue)
    model = current_model(issue)
    if model:
        items = QueueItem.objects.filter(issue=issue, is_dropped=False, label_count=0)
        waiting = Quote.objects.filter(queues__in=items).order_by(*_IN_ORDER)
        _make_vectors(waiting, most=_MOST_WAITING)
    return model


def is_due(issue: Issue) -> bool:
    """Whether so many labels are new or gone since the issue learned last, or too few are left."""
    model, lacks = current_model(issue), still_missing(issue)
    if model is None or lacks:
        return (model is None) != bool(lacks)
    if model.encoder != ENCODER:
        return True
    # Counted by the database: there may be very many, and an editor waits.
    its_own = IssueModel.objects.filter(pk=model.pk)
    length = Func("label_ids", function="jsonb_array_length", output_field=IntegerField())
    known: int = its_own.values_list(length, flat=True).get()
    each = Func("label_ids", function="jsonb_array_elements", output_field=JSONField())
    known_ids = its_own.values(each=Cast(each, BigIntegerField()))
    counts = _labels(issue).aggregate(now=Count("pk"), new=Count("pk", filter=~Q(pk__in=known_ids)))
    new: int = counts["new"]
    gone = known - (counts["now"] - new)
    return bool(max(new, gone) >= max(REFIT_EVERY, known // _REFIT_SHARE))


def current_model(issue: Issue) -> IssueModel | None:
    """What the issue's suggestions come from; None before it learns, and when it forgot again."""
    return IssueModel.objects.filter(issue=issue, is_current=True).defer("label_ids").first()


def still_missing(issue: Issue) -> str:
    """How far the issue is from learning anything, as words; nothing when it has enough."""
    counts = Counter[str]()
    for label, n in _labelled(issue).order_by().values_list("label").annotate(Count("pk")):
        counts[_CLASS_OF[Label(label)]] += n
    return issue_models.missing(counts)


@transaction.atomic
def learn(issue: Issue) -> IssueModel | None:
    """Fit the issue's correction anew, as a new version, and put its queue in order.

    None while there are too few labels, also when some were taken back; the same labels give the
    same model, which stays.
    """
    # One refit of an issue at a time, so that versions follow each other. Labels can be saved
    # meanwhile, which refer to the issue but do not change it.
    Issue.objects.select_for_update(no_key=True).get(pk=issue.pk)
    stances = list(_labelled(issue).select_related("quote").order_by("quote"))
    labels = [_CLASS_OF[Label(each.label)] for each in stances]
    if issue_models.missing(Counter(labels)):
        _forget(issue)
        return None
    quotes = [each.quote for each in stances]
    label_ids = _label_ids(issue)
    earlier = current_model(issue)
    if earlier and earlier.label_ids == label_ids and earlier.encoder == ENCODER:
        return earlier
    fitted = issue_models.fit(vectors_of(quotes), labels, _offsets(issue, quotes))
    if fitted is None:
        return None
    IssueModel.objects.filter(issue=issue, is_current=True).update(is_current=False)
    numbers = IssueModel.objects.filter(issue=issue).order_by("-number")
    model = IssueModel.objects.create(
        issue=issue,
        number=(numbers.values_list("number", flat=True).first() or 0) + 1,
        encoder=ENCODER,
        classes=list(fitted.classes),
        weights=fitted.weights.astype("<f4").tobytes(),
        temperature=fitted.temperature,
        threshold=fitted.threshold,
        label_ids=label_ids,
        label_count=len(labels),
        scores={"accuracy": round(fitted.accuracy, 3), "coverage": round(fitted.coverage, 3)},
    )
    if len(labels) >= RANDOM_UNTIL:
        _order_by_uncertainty(model)
    return model


def propose(
    quotes: Sequence[Quote], issue: Issue, attitudes: Mapping[int, Mapping[str, float]]
) -> Iterator[Suggestion]:
    """What the issue's own model says of the quotes; nothing while it has not learned.

    `attitudes` are shares of the general model by quote that were made a moment ago; others are
    taken as stored.
    """
    model = current_model(issue) if quotes else None
    if model is None or model.encoder != ENCODER:
        return
    fit = _fit_of(model)
    shares = fit.probabilities(vectors_of(quotes), _offsets(issue, quotes, attitudes))
    for quote, each in zip(quotes, shares, strict=True):
        confidence = float(each.max())
        sure = confidence >= fit.threshold
        yield Suggestion(
            quote=quote,
            issue=issue,
            method=METHOD,
            version=model.number,
            label=fit.classes[int(each.argmax())] if sure else "",
            confidence=confidence,
            shares=dict(zip(fit.classes, (round(float(one), 4) for one in each), strict=True)),
            reason="" if sure else _why_silent(fit, confidence, model.label_count),
        )


def nearest_labelled(
    quote: Quote, issue: Issue, *, user: AbstractBaseUser | AnonymousUser, most: int = 3
) -> list[tuple[Stance, float]]:
    """The labelled quotes that are most alike, with their likeness (cosine), best first.

    Only those that this user may read, and need not judge first without seeing any label.
    """
    stances = list(
        _labelled(issue)
        .filter(quote__in=Quote.objects.visible_to(user), quote__vector__encoder=ENCODER)
        .exclude(quote=quote)
        .exclude(quote__in=asked_blind(user).filter(issue=issue).values("quote"))
        .select_related("quote__vector")
    )
    if not stances:
        return []
    known = np.stack([_decoded(each.quote.vector) for each in stances])
    likeness = known @ vectors_of([quote])[0]
    best = np.argsort(-likeness, kind="stable")[:most]
    return [(stances[at], float(likeness[at])) for at in best]


def vectors_of(quotes: Sequence[Quote]) -> np.ndarray:
    """The sentence vectors of the quotes, a row each; those that are missing are made and kept."""
    known = {
        each.quote_id: _decoded(each)
        for each in QuoteVector.objects.filter(quote__in=quotes, encoder=ENCODER)
    }
    # In the order of their keys, so that two who make the same do not wait for each other.
    new = sorted(
        {each.pk: each for each in quotes if each.pk not in known}.values(),
        key=lambda each: each.pk,
    )
    if new:
        made = sentence_encoder().vectors([each.content for each in new]).astype("<f2")
        QuoteVector.objects.bulk_create(
            [
                QuoteVector(quote=quote, encoder=ENCODER, values=row.tobytes())
                for quote, row in zip(new, made, strict=True)
            ],
            update_conflicts=True,
            unique_fields=["quote"],
            update_fields=["encoder", "values"],
        )
        known |= {quote.pk: row.astype(np.float32) for quote, row in zip(new, made, strict=True)}
    if not quotes:
        return np.zeros((0, SIZE), np.float32)
    return np.stack([known[each.pk] for each in quotes])


def _labelled(issue: Issue) -> StanceQuerySet:
    """Stances by editors that a class of the model stands for."""
    return Stance.objects.labelled().filter(issue=issue, label__in=list(_CLASS_OF))


def _labels(issue: Issue) -> StanceLabelQuerySet:
    """The labels and decisions that the stances of the issue rest on, those it can learn from."""
    return StanceLabel.objects.current().filter(
        issue=issue, quote__in=_labelled(issue).values("quote")
    )


def _label_ids(issue: Issue) -> list[int]:
    return sorted(_labels(issue).values_list("pk", flat=True))


def _make_vectors(quotes: QuerySet[Quote], *, most: int) -> int:
    """Make the vectors of the first few quotes that lack theirs; returns of how many."""
    return len(vectors_of(list(quotes.exclude(vector__encoder=ENCODER)[:most])))


def _forget(issue: Issue) -> None:
    """Make the issue silent again, because too few labels are left. Its versions stay on record."""
    if not IssueModel.objects.filter(issue=issue, is_current=True).update(is_current=False):
        return
    proposed = Suggestion.objects.current().filter(issue=issue, method=METHOD)
    quotes = list(Quote.objects.filter(pk__in=proposed.exclude(label="").values("quote")))
    lock_quotes(quotes)
    proposed.update(is_current=False)
    for quote in quotes:
        update_stance(quote, issue)


def _offsets(
    issue: Issue,
    quotes: Sequence[Quote],
    attitudes: Mapping[int, Mapping[str, float]] | None = None,
) -> np.ndarray | None:
    """Log probabilities of the general model of attitudes; for issues of actors."""
    if issue.actor_id is None:
        return None
    shares: dict[int, Mapping[str, float]] = dict(
        Suggestion.objects.current()
        .filter(issue=issue, quote__in=quotes, method=_OFFSET_METHOD)
        .values_list("quote", "shares")
    )
    shares |= attitudes or {}
    even = dict.fromkeys(CLASSES, 1 / len(CLASSES))
    rows = [shares.get(quote.pk) or even for quote in quotes]
    return np.log([[max(row[each], 1e-4) for each in CLASSES] for row in rows])


def _fit_of(model: IssueModel) -> IssueFit:
    weights = np.frombuffer(bytes(model.weights), "<f4").reshape(SIZE + 1, len(model.classes))
    return IssueFit(tuple(model.classes), weights, model.temperature, model.threshold)


def _why_silent(fit: IssueFit, confidence: float, labels: int) -> str:
    if fit.threshold > 1:
        return (
            f"what it learned from {labels} labels was right too rarely when it was tried out "
            f"({issue_models.WANTED_PRECISION:.0%} are wanted)"
        )
    return f"it is only {confidence:.0%} sure, and speaks from {fit.threshold:.0%} on"


def _decoded(vector: QuoteVector) -> np.ndarray:
    return np.frombuffer(bytes(vector.values), "<f2").astype(np.float32)


def _order_by_uncertainty(model: IssueModel) -> None:
    """Put the quotes first of which the model is least sure.

    The quotes that have a vector change places with each other, within their rank. Those judged
    twice stay where they are, and no place is new, so that blind ones come as often as before, all
    along the queue.
    """
    items = (
        QueueItem.objects.filter(
            issue=model.issue,
            is_double=False,
            is_dropped=False,
            label_count=0,
            quote__vector__encoder=ENCODER,
        )
        .select_related("quote")
        .defer("quote__content")
        .in_order()[:_MOST_ORDERED]
    )
    waiting = list(items)
    if not waiting:
        return
    quotes = [each.quote for each in waiting]
    shares = _fit_of(model).probabilities(vectors_of(quotes), _offsets(model.issue, quotes))
    ranks = np.array([each.rank for each in waiting])
    # Both orders go by rank first, so that each rank keeps its places.
    order = np.lexsort((shares.max(1), ranks))
    _store_places([waiting[at].pk for at in order], [each.place for each in waiting])


def _store_places(items: Sequence[int], places: Sequence[float]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE statements_queueitem SET place = new.place "
            "FROM unnest(%s::bigint[], %s::float8[]) AS new(id, place) "
            "WHERE statements_queueitem.id = new.id",
            [list(items), list(places)],
        )
