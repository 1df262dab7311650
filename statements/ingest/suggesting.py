"""What the machine proposes about quotes' stances, kept beside what editors decide."""

from __future__ import annotations

from collections.abc import Iterable

from statements.labelling import update_stance
from statements.models import Issue, Quote, Suggestion
from statements.nlp.stance import suggest_stance


def suggest_stances(quotes: Iterable[Quote], issues: Iterable[Issue] | None = None) -> int:
    """Store a suggestion for each quote that an issue's terms touch; returns how many there are.

    An abstention is stored too, so that the page can say why there is no suggestion. Quotes that
    do not mention the issue get none.
    """
    issues = list(Issue.objects.all() if issues is None else issues)
    count = 0
    for quote in quotes:
        if quote.act != Quote.Act.SPEECH:
            continue
        for issue in issues:
            found = suggest_stance(
                quote.content,
                terms=issue.terms,
                counter_terms=issue.counter_terms,
                context=quote.cue,
            )
            if not found.touches:
                continue
            _, created = Suggestion.objects.get_or_create(
                quote=quote,
                issue=issue,
                method=found.method,
                defaults={
                    "label": found.label or "",
                    "confidence": found.confidence,
                    "evidence": list(found.evidence),
                    "reason": found.reason,
                },
            )
            if created and found.label:
                update_stance(quote, issue)
            count += created
    return count
