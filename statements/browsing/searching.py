"""What readers type into the search field, as a query of PostgreSQL's full-text search."""

from __future__ import annotations

import re

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchQueryField,
    SearchRank,
    SearchVectorField,
)
from django.db.models import F, IntegerField, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Replace
from django.db.models.lookups import PostgresOperatorLookup

# English, whether or not somebody writes the accents; made by migration 0013.
CONFIG = "newsroom"

# A word with a star begins so: "sanction*". PostgreSQL's web search knows no stars, so that such a
# word goes through it with an ending that no word has, for which the star is put in afterwards.
_STARRED = re.compile(r"(\w)\*(?!\w)")
_ENDING = "zqzqzq"


@SearchVectorField.register_lookup
class Matches(PostgresOperatorLookup):
    """Whether a query of any make fits: Django's own lookup takes its `SearchQuery` alone."""

    lookup_name = "matches"
    postgres_operator = "@@"


def search_query(words: str) -> Combinable:
    """Words, "a phrase", -without, one or another, and beginn* of words."""
    starred = _STARRED.sub(rf"\1{_ENDING}", words)
    query = SearchQuery(starred, search_type="websearch", config=CONFIG)
    if starred == words:
        return query
    text = Replace(Cast(query, TextField()), Value(f"{_ENDING}'"), Value("':*"))
    return Cast(text, SearchQueryField())


def relevance(words: str, field: str = "search") -> Combinable:
    """How well the words are met: a whole number, so that a page can begin exactly behind one."""
    return Cast(SearchRank(F(field), search_query(words)) * 1_000_000, IntegerField())


def headline(words: str, start: str, end: str) -> SearchHeadline:
    """The content of a quote with `start` and `end` around each word that matches."""
    return SearchHeadline(
        "content",
        search_query(words),
        config=CONFIG,
        start_sel=start,
        stop_sel=end,
        highlight_all=True,
    )
