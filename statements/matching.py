"""Which identities may be the same: by how their names are written and where they are quoted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import connection

from statements.models import Actor, Affiliation, Speaker
from statements.names import name_key

# Names less alike than this are told apart at a glance: "Holt" and "Holtz" have 0.57.
ALIKE = 0.45
# Words less alike than this are other words: "harri" is "hari", "chad" is not "china".
_ALIKE_WORDS = 0.7
# How many namesakes of one surname, and articles of one identity, are looked through.
_MOST_NAMESAKES = 40
_MOST_ARTICLES = 500

# Whose match it is, and whom it matches.
Pair = tuple[int, int]

_SMALL = frozenset({"of", "the", "for", "and", "on", "in", "de", "la", "&"})

_ALIKE_NAMES = """
SELECT mine.{who}, other.{who}, similarity(mine.key, other.key), mine.key, other.key
FROM statements_{kind}name mine
JOIN statements_{kind}name other ON other.key %% mine.key AND other.{who} <> mine.{who}
WHERE mine.{who} = ANY(%s) AND similarity(mine.key, other.key) >= %s
ORDER BY 3
"""
_NAMESAKES = """
SELECT asked.who, found.{who}, found.key
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS asked (who, whole, ending)
CROSS JOIN LATERAL (
    SELECT {who}, key FROM statements_{kind}name
    WHERE (key = asked.whole OR key LIKE asked.ending) AND {who} <> asked.who
    ORDER BY key, id LIMIT %s
) found
"""
_SHARED_ARTICLES = """
SELECT asked.who, other.{who}, count(DISTINCT other.article_id)
FROM unnest(%s::bigint[]) AS asked (who)
CROSS JOIN LATERAL (
    SELECT DISTINCT article_id FROM statements_quote WHERE {who} = asked.who LIMIT %s
) mine
JOIN statements_quote other ON other.article_id = mine.article_id AND other.{who} = ANY(%s)
WHERE other.{who} <> asked.who
GROUP BY 1, 2
"""


@dataclass(slots=True)
class Match[T: (Actor, Speaker)]:
    """Somebody who may be the same, how likely, and what speaks for it."""

    identity: T
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)


def likely_matches[T: (Actor, Speaker)](
    identities: Sequence[T], most: int = 5
) -> dict[int, list[Match[T]]]:
    """For the key of each identity those that may be the same, the likeliest first.

    They are of one kind. The number of queries is the same for any number of them.
    """
    if not identities:
        return {}
    model = type(identities[0])
    alike: dict[Pair, float] = _alike(model, identities)
    surnames: dict[Pair, str] = _surnames(identities) if model is Speaker else {}
    acronyms: dict[Pair, bool] = _acronyms(identities) if model is Actor else {}
    pairs = {*alike, *surnames, *acronyms}
    others = model._default_manager.filter(merged_into__isnull=True)
    known: dict[int, T] = others.in_bulk({other for _, other in pairs})
    articles = _shared_articles(model, identities, known)
    employers: dict[int, dict[int, str]] = {}
    if model is Speaker:
        employers = _employers([*identities, *known.values()])
    found: dict[int, list[Match[T]]] = {each.pk: [] for each in identities}
    for each in identities:
        for other in {b for a, b in pairs if a == each.pk and b in known}:
            match = Match(known[other])
            pair = each.pk, other
            _weigh_names(match, alike.get(pair, 0.0), surnames.get(pair), pair in acronyms)
            _weigh_context(match, articles.get(pair, 0), employers, each)
            found[each.pk].append(match)
    for matches in found.values():
        matches.sort(key=lambda match: (-match.score, match.identity.sort_name, match.identity.pk))
        del matches[most:]
    return found


def _weigh_names(
    match: Match[Any], similarity: float, namesake: str | None, is_acronym: bool
) -> None:
    match.score = similarity
    if similarity >= ALIKE:
        alike = "the same name" if similarity == 1 else f"names alike ({similarity:.0%})"
        match.reasons.append(alike)
    if namesake:
        match.score += 0.3
        match.reasons.append(namesake)
    if is_acronym:
        match.score += 0.8
        match.reasons.append("its initials")


def _weigh_context(
    match: Match[Any], articles: int, employers: dict[int, dict[int, str]], each: Actor | Speaker
) -> None:
    if articles:
        match.score += 0.1 * min(articles, 3)
        match.reasons.append(
            "quoted in the same article" if articles == 1 else f"quoted in {articles} same articles"
        )
    other = match.identity
    if isinstance(each, Actor) and isinstance(other, Actor):
        if "unknown" not in (each.type, other.type) and each.type != other.type:
            match.score -= 0.15
        if each.country and other.country:
            match.score += 0.1 if each.country == other.country else -0.3
        return
    shared = employers.get(each.pk, {}).keys() & employers.get(other.pk, {}).keys()
    if shared:
        match.score += 0.2
        match.reasons.append(f"both speak for {employers[each.pk][min(shared)]}")


def _alike(model: type[Actor] | type[Speaker], identities: Iterable[Any]) -> dict[Pair, float]:
    rows = _rows(model, _ALIKE_NAMES, [[each.pk for each in identities], ALIKE])
    return {
        (mine, other): round(similarity, 3)
        for mine, other, similarity, name, theirs in rows
        if not _differ(name, theirs)
    }


def _differ(name: str, theirs: str) -> bool:
    """Whether what tells two alike names apart is unlike: "Government of China", "… of Chad"."""
    words, others = name.split(), theirs.split()
    mine = [word for word in words if word not in others and word not in _SMALL]
    rest = [word for word in others if word not in words and word not in _SMALL]
    if not mine or not rest:
        return False
    return not any(
        word[0] == other[0]
        and min(len(word.strip(".")), len(other.strip("."))) == 1
        or SequenceMatcher(None, word, other, autojunk=False).ratio() >= _ALIKE_WORDS
        for word in mine
        for other in rest
    )


def _surnames(identities: Iterable[Any]) -> dict[Pair, str]:
    """Those who share the last word of a name, unless their first names differ."""
    asked = [(each.pk, name_key(each.name)) for each in identities]
    asked = [(pk, key) for pk, key in asked if len(_surname(key)) > 2]
    given = {pk: _given(key) for pk, key in asked}
    whole = [_surname(key) for _, key in asked]
    ending = ["% " + _escaped(each) for each in whole]
    keys = [pk for pk, _ in asked]
    found: dict[Pair, str] = {}
    for mine, other, key in _rows(Speaker, _NAMESAKES, [keys, whole, ending, _MOST_NAMESAKES]):
        theirs = _given(key)
        if not theirs or not given[mine]:
            found[mine, other] = "the surname alone"
        elif theirs[0] == given[mine][0] and (len(theirs) == 1 or len(given[mine]) == 1):
            found[mine, other] = "the same surname and initial"
    return found


def _acronyms(identities: Iterable[Any]) -> dict[Pair, bool]:
    """Actors that are called by the initials of another's name: "WHO", "W.H.O."."""
    asked: list[tuple[int, str, str]] = []
    for each in identities:
        initials = [word[0] for word in name_key(each.name).split() if word not in _SMALL]
        if len(initials) > 1:
            asked.append((each.pk, "".join(initials), _escaped(".".join(initials) + ".")))
    columns = [list(column) for column in zip(*asked, strict=True)] if asked else [[], [], []]
    rows = _rows(Actor, _NAMESAKES, [*columns, _MOST_NAMESAKES])
    return {(mine, other): True for mine, other, _ in rows}


def _shared_articles(
    model: type[Actor] | type[Speaker], identities: Iterable[Any], known: Iterable[int]
) -> dict[Pair, int]:
    keys = [each.pk for each in identities]
    rows = _rows(model, _SHARED_ARTICLES, [keys, _MOST_ARTICLES, list(known)])
    return {(mine, other): number for mine, other, number in rows}


def _employers(speakers: Sequence[Any]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Affiliation.objects.filter(speaker__in=[each.pk for each in speakers])
    for speaker, actor, name in rows.values_list("speaker", "actor", "actor__name"):
        found[speaker][actor] = name
    return found


def _rows(model: type[Actor] | type[Speaker], sql: str, values: list[Any]) -> list[Any]:
    kind = model._meta.model_name
    with connection.cursor() as cursor:
        cursor.execute(sql.format(kind=kind, who=f"{kind}_id"), values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _surname(key: str) -> str:
    return key.rpartition(" ")[2]


def _given(key: str) -> str:
    """The first name without its dot, "" when there is none."""
    return key.rpartition(" ")[0].split(" ")[0].strip(".")


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
