"""What issues learn from their editors: refitting, proposing, which quotes to ask about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from django.db import connection, transaction

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
from statements.models.stances import StanceQuerySet
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

# A refit comes when this many labels are new.
REFIT_EVERY = 5
# Asking for the least certain first loses to random order below about so many labels.
RANDOM_UNTIL = 80
# Of those that wait, so many are put in order at once.
_MOST_ORDERED = 5000

_OFFSET_METHOD = "attitude"


def is_due(issue: Issue) -> bool:
    """Whether enough labels are new since the issue learned last."""
    model = current_model(issue)
    labels = _labelled(issue).count()
    return labels >= issue_models.FEWEST_LABELS and (
        model is None or abs(labels - model.label_count) >= REFIT_EVERY
    )


def current_model(issue: Issue) -> IssueModel | None:
    return IssueModel.objects.filter(issue=issue, is_current=True).first()


def still_missing(issue: Issue) -> str:
    """How far the issue is from learning anything, as words; nothing when it has enough."""
    labels = _labelled(issue).values_list("label", flat=True)
    return issue_models.missing([_CLASS_OF[Label(each)] for each in labels])


@transaction.atomic
def learn(issue: Issue) -> IssueModel | None:
    """Fit the issue's correction anew, as a new version, and put its queue in order.

    None while there are too few labels; the same labels give the same model, which stays.
    """
    # One refit of an issue at a time, so that versions follow each other.
    Issue.objects.select_for_update().get(pk=issue.pk)
    stances = list(_labelled(issue).select_related("quote").order_by("quote"))
    labels = [_CLASS_OF[Label(each.label)] for each in stances]
    quotes = [each.quote for each in stances]
    if issue_models.missing(labels):
        return None
    label_ids = sorted(
        StanceLabel.objects.current()
        .filter(issue=issue, quote__in=quotes)
        .values_list("pk", flat=True)
    )
    earlier = current_model(issue)
    if earlier and earlier.label_ids == label_ids and earlier.encoder == ENCODER:
        return earlier
    fitted = issue_models.fit(vectors_of(quotes), labels, _offsets(issue, quotes))
    if fitted is None:
        return None
    IssueModel.objects.filter(issue=issue, is_current=True).update(is_current=False)
    model = IssueModel.objects.create(
        issue=issue,
        number=earlier.number + 1 if earlier else 1,
        encoder=ENCODER,
        classes=list(CLASSES),
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


def propose(quotes: Sequence[Quote], issue: Issue, method: str) -> Iterator[Suggestion]:
    """What the issue's own model says of the quotes; nothing while it has not learned."""
    model = current_model(issue)
    if model is None or model.encoder != ENCODER or not quotes:
        return
    fit = _fit_of(model)
    shares = fit.probabilities(vectors_of(quotes), _offsets(issue, quotes))
    for quote, each in zip(quotes, shares, strict=True):
        confidence = float(each.max())
        sure = confidence >= fit.threshold
        yield Suggestion(
            quote=quote,
            issue=issue,
            method=method,
            version=model.number,
            label=CLASSES[int(each.argmax())] if sure else "",
            confidence=confidence,
            shares=dict(zip(CLASSES, (round(float(one), 4) for one in each), strict=True)),
            reason="" if sure else _why_silent(fit, confidence, model.label_count),
        )


def nearest_labelled(quote: Quote, issue: Issue, *, most: int = 3) -> list[tuple[Stance, float]]:
    """The labelled quotes that are most alike, with their likeness (cosine), best first."""
    stances = list(_labelled(issue).exclude(quote=quote).select_related("quote"))
    stances = [each for each in stances if hasattr(each.quote, "vector")]
    if not stances:
        return []
    known = np.stack([_decoded(each.quote.vector) for each in stances])
    likeness = known @ vectors_of([quote])[0]
    return [(stances[at], float(likeness[at])) for at in np.argsort(-likeness)[:most]]


def vectors_of(quotes: Sequence[Quote]) -> np.ndarray:
    """The sentence vectors of the quotes, a row each; those that are missing are made and kept."""
    known = {
        each.quote_id: _decoded(each)
        for each in QuoteVector.objects.filter(quote__in=quotes, encoder=ENCODER)
    }
    new = list({each.pk: each for each in quotes if each.pk not in known}.values())
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


def _offsets(issue: Issue, quotes: Sequence[Quote]) -> np.ndarray | None:
    """Log probabilities of the general model of attitudes, as stored; for issues of actors."""
    if issue.actor_id is None:
        return None
    shares = dict(
        Suggestion.objects.current()
        .filter(issue=issue, quote__in=quotes, method=_OFFSET_METHOD)
        .values_list("quote", "shares")
    )
    even = dict.fromkeys(CLASSES, 1 / len(CLASSES))
    rows = [shares.get(quote.pk) or even for quote in quotes]
    return np.log([[max(row[each], 1e-4) for each in CLASSES] for row in rows])


def _fit_of(model: IssueModel) -> IssueFit:
    weights = np.frombuffer(bytes(model.weights), "<f4").reshape(SIZE + 1, len(CLASSES))
    return IssueFit(weights, model.temperature, model.threshold, 0.0, 0.0)


def _why_silent(fit: IssueFit, confidence: float, labels: int) -> str:
    if fit.threshold > 1:
        return (
            f"what it learned from {labels} labels is not yet right in "
            f"{issue_models.WANTED_PRECISION:.0%} of cases"
        )
    return f"not sure enough: {confidence:.0%}, and below {fit.threshold:.0%} it is silent"


def _decoded(vector: QuoteVector) -> np.ndarray:
    return np.frombuffer(bytes(vector.values), "<f2").astype(np.float32)


def _order_by_uncertainty(model: IssueModel) -> None:
    """Put the quotes first of which the model is least sure; those judged twice stay spread out.

    Only quotes that have a vector are moved; places run from 0 to 1 as the random ones do, so that
    the blind share stays the same all along the queue.
    """
    items = (
        QueueItem.objects.filter(
            issue=model.issue, is_double=False, label_count=0, quote__vector__encoder=ENCODER
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
    order = np.argsort(shares.max(1), kind="stable")
    places = np.empty(len(waiting))
    places[order] = (np.arange(len(waiting)) + 0.5) / len(waiting)
    _store_places([each.pk for each in waiting], places)


def _store_places(items: Iterable[int], places: np.ndarray) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE statements_queueitem SET place = new.place "
            "FROM unnest(%s::bigint[], %s::float8[]) AS new(id, place) "
            "WHERE statements_queueitem.id = new.id",
            [list(items), places.tolist()],
        )
