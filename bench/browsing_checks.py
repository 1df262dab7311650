"""Totals and first pages of random requests beside plain SQL over the tables themselves."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import QueryDict

from bench import browsing_requests
from statements.browsing import counting, pages
from statements.browsing.conditions import Conditions
from statements.browsing.keys import KINDS, TYPES, parted
from statements.filters import QuoteFilter


def show(count: int) -> None:
    """Print how many of so many requests were answered wrongly."""
    known = browsing_requests.Known()
    wrong = least = 0
    for query in browsing_requests.combinations(known, count, seed=11):
        wanted = QuoteFilter(QueryDict(query)).conditions
        expected = _plainly(wanted)
        counts = counting.count(wanted)
        shown = [row.pk for row in pages.page(wanted, "newest", scans=counts.scans).rows]
        right = counts.total == len(expected) or (counts.is_least and counts.total <= len(expected))
        least += counts.is_least
        if not right or shown != expected[: len(shown)] or len(shown) != min(50, len(expected)):
            wrong += 1
            print(f"- wrong: `?{query}`: {counts.total} for {len(expected)}")
    print(f"Compared with plain SQL: {count} requests, {wrong} wrong, {least} counted in part\n")


def _plainly(wanted: Conditions) -> list[int]:
    """Keys of the quotes that fit, newest first, by joins over the tables of the domain."""
    where = ["q.act = 'speech'", "q.state IN ('proposed', 'confirmed')", "NOT a.is_draft"]
    params: list[Any] = []
    for name, values in wanted.chosen.items():
        numbers = [parted(value)[1] for value in values]
        match name:
            case "type" | "actor" | "speaker":
                column = {"type": "actor_type"}.get(name, f"{name}_id")
                chosen = [TYPES[each] for each in numbers] if name == "type" else numbers
                where.append(
                    f"(q.{column} = ANY (%s) OR EXISTS (SELECT FROM statements_jointvoice j "
                    f"WHERE j.quote_id = q.id AND j.{column} = ANY (%s)))"
                )
                params += [chosen, chosen]
            case "kind":
                where.append("q.kind = ANY (%s)")
                params.append([KINDS[each] for each in numbers])
            case "outlet":
                where.append("a.outlet_id = ANY (%s)")
                params.append(numbers)
            case "issue":
                where.append(
                    "(EXISTS (SELECT FROM statements_stance s WHERE s.quote_id = q.id "
                    "AND s.issue_id = ANY (%s) AND s.label <> 'unrelated') OR EXISTS (SELECT FROM "
                    "statements_suggestion m WHERE m.quote_id = q.id AND m.issue_id = ANY (%s) "
                    "AND NOT EXISTS (SELECT FROM statements_stance s WHERE s.quote_id = q.id "
                    "AND s.issue_id = m.issue_id)))"
                )
                params += [numbers, numbers]
    if wanted.stances:
        on = "AND s.issue_id = ANY (%s)" if wanted.issues else ""
        where.append(
            "EXISTS (SELECT FROM statements_stance s WHERE s.quote_id = q.id "
            f"AND s.label = ANY (%s) {on})"
        )
        labels = ["" if each == "disputed" else each for each in wanted.stances]
        params += [labels, *([list(wanted.issues)] if wanted.issues else [])]
    for sign, day in ((">=", wanted.since), ("<=", wanted.until)):
        if day:
            where.append(f"q.said_on {sign} %s")
            params.append(day)
    if wanted.words:
        where.append("to_tsvector('newsroom', q.content) @@ %s::tsquery")
        params.append(_as_tsquery(wanted.words))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q.id FROM statements_quote q JOIN statements_article a ON a.id = q.article_id "  # noqa: S608
            f"WHERE {' AND '.join(where)} "
            "ORDER BY q.said_on DESC NULLS LAST, q.article_id, q.start, q.id",
            params,
        )
        return [pk for (pk,) in cursor.fetchall()]


def _as_tsquery(words: str) -> str:
    with connection.cursor() as cursor:
        if words.endswith("*"):
            cursor.execute("SELECT to_tsquery('newsroom', %s || ':*')", [words[:-1]])
        else:
            cursor.execute("SELECT websearch_to_tsquery('newsroom', %s)", [words])
        return str(cursor.fetchone()[0])
