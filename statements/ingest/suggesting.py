"""What the machine proposes about quotes' stances, kept beside what editors decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from statements.labelling import update_stance
from statements.learning import propose as propose_learned
from statements.models import Actor, Article, Issue, Quote, Suggestion
from statements.nlp import stance
from statements.nlp.attitudes.actors import attitude_toward, names_pattern
from statements.nlp.sentences import Sentences

PREDICATES, ATTITUDE, LEARNED = stance.METHOD, "attitude", "learned"


def suggest_stances(quotes: Iterable[Quote], issues: Iterable[Issue] | None = None) -> int:
    """Store suggestions for each quote that mentions an issue; returns how many are new.

    An abstention is stored too, so that a page can say why nothing is suggested; a quote that does
    not mention the issue gets none. Quotes come in the order of their articles.
    """
    chosen = list(Issue.objects.all() if issues is None else issues)
    return sum(
        _keep(list(_of_article(article, list(group), chosen)))
        for article, group in groupby(quotes, key=lambda quote: quote.article)
    )


def suggestions_for(quote: Quote, issue: Issue) -> list[Suggestion]:
    """What is proposed for the quote on the issue now, made anew where something was learned since.

    The surest comes first, abstentions last.
    """
    _keep(list(_of_article(quote.article, [quote], [issue], only_about=False)))
    found = Suggestion.objects.current().filter(quote=quote, issue=issue)
    return sorted(found, key=lambda each: (not each.label, -each.confidence, each.pk))


@transaction.atomic
def suggest_again(quote: Quote) -> None:
    """Replace what was proposed for the quote, because its words or its speaker have changed.

    What is proposed still, stays as it is.
    """
    concerned = Q(queue__quote=quote) | Q(stances__quote=quote) | Q(suggestions__quote=quote)
    issues = list(Issue.objects.filter(concerned).distinct())
    made = list(_of_article(quote.article, [quote], issues))
    proposed = {(each.issue_id, each.method) for each in made}
    current = Suggestion.objects.current().filter(quote=quote)
    stale = [each.pk for each in current if (each.issue_id, each.method) not in proposed]
    current.filter(pk__in=stale).update(is_current=False)
    _keep(made)
    for issue in issues:
        update_stance(quote, issue)


@transaction.atomic
def _keep(suggestions: Sequence[Suggestion]) -> int:
    """Store those that differ from what was proposed by the same method, in its place."""
    if not suggestions:
        return 0
    known = {
        (each.quote_id, each.issue_id, each.method): each
        for each in Suggestion.objects.current().filter(
            quote__in={each.quote for each in suggestions},
            issue__in={each.issue for each in suggestions},
        )
    }
    new, replaced = [], []
    for each in suggestions:
        earlier = known.get((each.quote_id, each.issue_id, each.method))
        if earlier is None or _says(earlier) != _says(each):
            new.append(each)
            if earlier:
                replaced.append(earlier.pk)
    Suggestion.objects.filter(pk__in=replaced).update(is_current=False)
    # Another import, or another editor's page, may have made the same at the same time.
    Suggestion.objects.bulk_create(new, ignore_conflicts=True)
    for each in new:
        if each.label or replaced:
            update_stance(each.quote, each.issue)
    return len(new)


def _says(suggestion: Suggestion) -> tuple[object, ...]:
    return (
        suggestion.label,
        round(suggestion.confidence, 3),
        tuple(suggestion.evidence),
        suggestion.reason,
    )


def _of_article(
    article: Article, quotes: list[Quote], issues: list[Issue], *, only_about: bool = True
) -> Iterable[Suggestion]:
    concerned = [each for each in issues if not only_about or _concerns(article, each)]
    quotes = [quote for quote in quotes if quote.act == Quote.Act.SPEECH]
    if not concerned or not quotes:
        return
    sentences = Sentences(article.text)
    for issue in concerned:
        mentioning = []
        for quote in quotes:
            said = _by_predicates(quote, issue, sentences)
            if said:
                yield said
                mentioning.append(quote)
        if issue.actor:
            yield from _by_attitude(quotes, issue, issue.actor)
        yield from propose_learned(mentioning, issue, LEARNED)


def _concerns(article: Article, issue: Issue) -> bool:
    return stance.is_about(article.text, _terms(issue))


def _terms(issue: Issue) -> tuple[str, ...]:
    named = actor_names(issue.actor) if issue.actor else ()
    return (*named, *issue.terms, *issue.counter_terms)


def actor_names(actor: Actor) -> tuple[str, ...]:
    """The names under which texts mention the actor."""
    return tuple(actor.names.order_by("pk").values_list("text", flat=True))


def _by_predicates(quote: Quote, issue: Issue, sentences: Sentences) -> Suggestion | None:
    named = actor_names(issue.actor) if issue.actor else ()
    found = stance.suggest_stance(
        quote.content,
        terms=[*issue.terms, *named],
        counter_terms=issue.counter_terms,
        kind=quote.kind,
        context=sentences.containing(*quote.passage),
        cue=quote.cue,
        voices=[each.name for each in (quote.speaker, quote.actor) if each],
    )
    if not found.mentions:
        return None
    return Suggestion(
        quote=quote,
        issue=issue,
        method=PREDICATES,
        label=found.label or "",
        confidence=found.confidence,
        evidence=list(found.evidence),
        reason=found.reason,
    )


def _by_attitude(quotes: list[Quote], issue: Issue, actor: Actor) -> Iterable[Suggestion]:
    pattern = names_pattern(actor_names(actor))
    # What the actor says of itself is no attitude of others.
    quotes = [each for each in quotes if each.actor_id != actor.pk]
    for quote, found in zip(
        quotes, attitude_toward([each.content for each in quotes], pattern), strict=True
    ):
        if found:
            yield Suggestion(
                quote=quote,
                issue=issue,
                method=ATTITUDE,
                version=found.version,
                label=found.label or "",
                confidence=found.confidence,
                shares=found.shares,
                evidence=list(found.evidence),
                reason=found.reason,
            )
