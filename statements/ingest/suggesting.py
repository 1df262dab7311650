"""What the machine proposes about quotes' stances, kept beside what editors decide."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from statements.labelling import update_stance
from statements.models import Article, Issue, Quote, Suggestion
from statements.nlp import stance
from statements.nlp.sentences import Sentences


def suggest_stances(quotes: Iterable[Quote], issues: Iterable[Issue] | None = None) -> int:
    """Store a suggestion for each quote that mentions an issue; returns how many there are.

    An abstention is stored too, so that a page can say why nothing is suggested; a quote that does
    not mention the issue gets none. Quotes come in the order of their articles.
    """
    issues = list(Issue.objects.all() if issues is None else issues)
    suggestions = [
        suggestion
        for article, group in groupby(quotes, key=lambda quote: quote.article)
        for suggestion in _of_article(
            Sentences(article.text), list(group), [i for i in issues if _concerns(article, i)]
        )
    ]
    Suggestion.objects.bulk_create(suggestions, ignore_conflicts=True)
    for each in suggestions:
        if each.label:
            update_stance(each.quote, each.issue)
    return len(suggestions)


def _concerns(article: Article, issue: Issue) -> bool:
    return stance.is_about(article.text, (*issue.terms, *issue.counter_terms))


def _of_article(
    sentences: Sentences, quotes: list[Quote], issues: list[Issue]
) -> Iterable[Suggestion]:
    for quote in quotes:
        if quote.act != Quote.Act.SPEECH:
            continue
        context = sentences.containing(*quote.passage)
        names = [each.name for each in (quote.speaker, quote.actor) if each]
        for issue in issues:
            found = stance.suggest_stance(
                quote.content,
                terms=issue.terms,
                counter_terms=issue.counter_terms,
                kind=quote.kind,
                context=context,
                cue=quote.cue,
                voices=names,
            )
            if found.mentions:
                yield Suggestion(
                    quote=quote,
                    issue=issue,
                    method=found.method,
                    label=found.label or "",
                    confidence=found.confidence,
                    evidence=list(found.evidence),
                    reason=found.reason,
                )
