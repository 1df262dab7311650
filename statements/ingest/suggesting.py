"""What the machine proposes about quotes' stances, kept beside what editors decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched, groupby

from django.db import transaction
from django.db.models import Q

from statements.labelling import lock_quotes, update_stance
from statements.learning import propose as propose_learned
from statements.models import Actor, Issue, Quote, Suggestion
from statements.nlp import stance
from statements.nlp.attitudes.actors import attitude_toward, names_pattern
from statements.nlp.sentences import Sentences

PREDICATES, ATTITUDE = stance.METHOD, "attitude"
# Articles whose quotes a model is asked of at once.
_AT_ONCE = 16


def suggest_stances(quotes: Iterable[Quote], issues: Iterable[Issue] | None = None) -> int:
    """Store suggestions for each quote that mentions an issue; returns how many are new.

    An abstention is stored too, so that a page can say why nothing is suggested; a quote that does
    not mention the issue gets none. Quotes come in the order of their articles.
    """
    chosen = list(Issue.objects.select_related("actor") if issues is None else issues)
    names = {issue.pk: actor_names(issue.actor) if issue.actor else () for issue in chosen}
    articles = (list(group) for _, group in groupby(quotes, key=lambda quote: quote.article))
    return sum(_keep(list(_of_articles(lot, chosen, names))) for lot in batched(articles, _AT_ONCE))


def suggestions_for(quote: Quote, issue: Issue) -> list[Suggestion]:
    """What is proposed for the quote on the issue now, made anew where something was learned since.

    The surest comes first, abstentions last.
    """
    _keep(_of_quote(quote, [issue], only_about=False))
    found = Suggestion.objects.current().filter(quote=quote, issue=issue)
    return sorted(found, key=lambda each: (not each.label, -each.confidence, each.pk))


@transaction.atomic
def suggest_again(quote: Quote) -> None:
    """Replace what was proposed for the quote, because its words or its speaker have changed.

    What is proposed still, stays as it is.
    """
    concerned = Q(queue__quote=quote) | Q(stances__quote=quote) | Q(suggestions__quote=quote)
    issues = list(Issue.objects.filter(concerned).distinct())
    made = _of_quote(quote, issues, only_about=True)
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
    if not new:
        return 0
    # A stance follows from the labels there are: none may be added between the look and the deed.
    there = lock_quotes({each.quote for each in new})
    new = [each for each in new if each.quote_id in there]
    Suggestion.objects.filter(pk__in=replaced).update(is_current=False)
    # Another import, or another editor's page, may have made the same at the same time.
    Suggestion.objects.bulk_create(new, ignore_conflicts=True)
    # Two methods that say something of one quote change its stance once.
    changed = {(each.quote, each.issue): None for each in new if each.label or replaced}
    for quote, issue in changed:
        update_stance(quote, issue)
    return len(new)


def _says(suggestion: Suggestion) -> tuple[object, ...]:
    return (
        suggestion.label,
        round(suggestion.confidence, 3),
        tuple(suggestion.evidence),
        suggestion.reason,
    )


def _of_articles(
    articles: Iterable[Sequence[Quote]],
    issues: Iterable[Issue],
    names: Mapping[int, Sequence[str]],
    *,
    only_about: bool = True,
) -> Iterator[Suggestion]:
    """What is proposed for the quotes of some articles; `names` are those of the issues' actors.

    Models are asked once for all quotes on an issue.
    """
    spoken = [[each for each in quotes if each.act == Quote.Act.SPEECH] for quotes in articles]
    spoken = [quotes for quotes in spoken if quotes]
    sentences: dict[int, Sentences] = {}
    for issue in issues:
        about = (*names[issue.pk], *issue.terms, *issue.counter_terms)
        concerned: list[Quote] = []
        said: list[Suggestion] = []
        for quotes in spoken:
            article = quotes[0].article
            if only_about and not stance.is_about(article.text, about):
                continue
            if article.pk not in sentences:
                sentences[article.pk] = Sentences(article.text)
            # What an actor says of itself is no attitude of others.
            others = [
                each for each in quotes if not issue.actor_id or each.actor_id != issue.actor_id
            ]
            concerned += others
            found = (
                _by_predicates(each, issue, names[issue.pk], sentences[article.pk])
                for each in others
            )
            said += filter(None, found)
        attitudes = list(_by_attitude(concerned, issue, names[issue.pk]))
        shares = {each.quote_id: each.shares for each in attitudes}
        mentioning = [each.quote for each in said]
        yield from (*said, *attitudes, *propose_learned(mentioning, issue, shares))


def _of_quote(quote: Quote, issues: Sequence[Issue], *, only_about: bool) -> list[Suggestion]:
    names = {issue.pk: actor_names(issue.actor) if issue.actor else () for issue in issues}
    return list(_of_articles([[quote]], issues, names, only_about=only_about))


def actor_names(actor: Actor) -> tuple[str, ...]:
    """The names under which texts mention the actor."""
    return tuple(actor.names.order_by("pk").values_list("text", flat=True))


def _by_predicates(
    quote: Quote, issue: Issue, names: Sequence[str], sentences: Sentences
) -> Suggestion | None:
    found = stance.suggest_stance(
        quote.content,
        terms=[*issue.terms, *names],
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


def _by_attitude(
    quotes: Sequence[Quote], issue: Issue, names: Sequence[str]
) -> Iterator[Suggestion]:
    """The attitude toward the issue's actor, by these names, of each quote that has one of them."""
    toward = attitude_toward([each.content for each in quotes], names_pattern(names))
    for quote, found in zip(quotes, toward, strict=True):
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
