"""The records that appear inside others: who somebody is, in short, and where something is."""

from __future__ import annotations

from django.urls import reverse

from statements.api.fields import (
    COUNTRY,
    DAY,
    FLAG,
    TEXT,
    UUID,
    Record,
    link,
    one,
    one_of,
    or_null,
    value,
)
from statements.models import ActorType, Standing

_SLUG = value("slug", TEXT, "Its name in addresses.")
_PAGE = link("url", "Its page for people.", lambda row: row.get_absolute_url())
STANDING = value(
    "standing",
    one_of(Standing.values),
    '"provisional": found in the news and not confirmed by an editor.',
)
ACTOR_TYPE = one_of(ActorType.values)

IDENTITY = (
    value("id", UUID, "An identifier that lasts.", "uuid"),
    _SLUG,
    value("name", TEXT, "The name in use."),
    _PAGE,
)

SPEAKER_IN_SHORT = Record(
    "SpeakerInShort",
    "A natural person, in short.",
    (
        *IDENTITY,
        link(
            "api_url",
            "All there is about the person.",
            lambda row: reverse("statements:api_speaker", args=[row.slug]),
        ),
        STANDING,
    ),
)

ACTOR_IN_SHORT = Record(
    "ActorInShort",
    "A party that takes positions, in short.",
    (
        *IDENTITY,
        link(
            "api_url",
            "All there is about the actor.",
            lambda row: reverse("statements:api_actor", args=[row.slug]),
        ),
        value("type", ACTOR_TYPE, "What kind of party it is."),
        value("country", COUNTRY, "ISO 3166-1 alpha-2; empty where it has none."),
        STANDING,
    ),
)

ISSUE_IN_SHORT = Record(
    "IssueInShort",
    "An issue, in short.",
    (
        _SLUG,
        value("title", TEXT, "A short name."),
        _PAGE,
        link(
            "api_url",
            "All there is about the issue.",
            lambda row: reverse("statements:api_issue", args=[row.slug]),
        ),
    ),
)

OUTLET = Record(
    "Outlet",
    "A newspaper, agency, broadcaster or site that publishes articles.",
    (
        _SLUG,
        value("name", TEXT, "The name in use."),
        value("country", COUNTRY, "ISO 3166-1 alpha-2; empty when it is not known."),
    ),
)

ARTICLE_IN_SHORT = Record(
    "ArticleInShort",
    "One published text, in short; the text itself is on the page for people.",
    (
        value("id", UUID, "An identifier that lasts.", "uuid"),
        value("title", TEXT, "The headline."),
        _PAGE,
        link(
            "api_url",
            "Its metadata and all its quotes.",
            lambda row: reverse("statements:api_article", args=[row.uuid]),
        ),
        value("original_url", TEXT, "Where it was published; empty when not known.", "url"),
        one("outlet", OUTLET, "Who published it.", lambda row: row.outlet),
        value("byline", TEXT, "Its authors, as printed."),
        value("published_on", or_null(DAY), "The day; null when it is not known."),
        value("is_fiction", FLAG, "A sample about invented people and places."),
    ),
)

AFFILIATION = (
    value("post", TEXT, "The post, in words."),
    value("since", or_null(DAY), "The first day; null when it is not known."),
    value("until", or_null(DAY), "The last day; null while it lasts or when it is not known."),
    STANDING,
)
