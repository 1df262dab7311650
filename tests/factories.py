"""Builders of rows for tests: each makes what it needs and takes what a test cares about."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.contrib.auth.models import Group, User

from statements.models import (
    Actor,
    ActorName,
    Affiliation,
    Article,
    Issue,
    JointVoice,
    Outlet,
    QueueItem,
    Quote,
    QuotePart,
    Reply,
    Speaker,
    SpeakerName,
)
from statements.models.actors import Name
from statements.names import name_slug

_numbers = itertools.count(1)

PASSWORD = "a password for tests only"


def make_user(role: str = "", **fields: Any) -> User:
    """A user with the role "editor", "lead" or "admin", or with none."""
    fields.setdefault("username", f"{role or 'reader'}{next(_numbers)}")
    user = User.objects.create_user(password=PASSWORD, is_staff=role == "admin", **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_outlet(name: str = "The Gazette") -> Outlet:
    return Outlet.objects.get_or_create(name=name, defaults={"slug": name_slug(name)})[0]


def make_article(text: str = "", **fields: Any) -> Article:
    """An article whose text is unique unless given."""
    number = next(_numbers)
    fields.setdefault("title", f"Article {number}")
    fields.setdefault("published_on", date(2024, 1, 1))
    return Article.objects.create(text=text or f"Article {number}\n\nNothing was said.", **fields)


def make_actor(name: str = "", **fields: Any) -> Actor:
    name = name or f"Actor {next(_numbers)}"
    actor = Actor.objects.create(name=name, slug=name_slug(name), **fields)
    ActorName.objects.create(actor=actor, text=name, kind=Name.Kind.PRIMARY)
    return actor


def make_speaker(name: str = "", **fields: Any) -> Speaker:
    name = name or f"Speaker {next(_numbers)}"
    speaker = Speaker.objects.create(name=name, slug=name_slug(name), **fields)
    SpeakerName.objects.create(speaker=speaker, text=name, kind=Name.Kind.PRIMARY)
    return speaker


def make_quote(
    words: str = "", *, actor: Actor | None = None, article: Article | None = None, **fields: Any
) -> Quote:
    """A direct quote with its parts; without an article it gets one of its own.

    `actor_type` and `country` follow the actor unless given; `said_on` follows the article.
    """
    words = words or f"Statement number {next(_numbers)} stands"
    if article is None:
        article = make_article(f"Report {next(_numbers)}\n\n“{words},” a person said.")
    start = article.text.index(words)
    end = start + len(words)
    if actor is not None:
        fields.setdefault("actor_type", actor.type)
        fields.setdefault("country", actor.country)
        fields.setdefault("attribution", Quote.Attribution.STATED)
    fields.setdefault("kind", Quote.Kind.DIRECT)
    fields.setdefault("said_on", article.published_on)
    fields.setdefault("confidence", 0.9)
    fields.setdefault("source_confidence", 0.9)
    quote = Quote.objects.create(
        article=article, actor=actor, start=start, end=end, content=words, **fields
    )
    QuotePart.objects.create(quote=quote, ordinal=0, start=start, end=end, content=words)
    return quote


def make_joint_voice(quote: Quote, **fields: Any) -> JointVoice:
    """Another who said the quote, after those there are."""
    return JointVoice.objects.create(quote=quote, ordinal=quote.joint_voices.count() + 1, **fields)


def make_reply(
    quote: Quote | None = None, to: Actor | Speaker | None = None, words: str = "", **fields: Any
) -> Reply:
    """A proposed link of a quote to an actor or a speaker; the words stand in its article."""
    quote = quote or make_quote(actor=make_actor())
    to = to or make_actor()
    words = words or "a person said"
    start = quote.article.text.index(words)
    fields.setdefault("relation", Reply.Relation.REBUTS)
    fields.setdefault("rule", "verb")
    return Reply.objects.create(
        quote=quote,
        **{"actor" if isinstance(to, Actor) else "speaker": to},
        evidence_start=start,
        evidence_end=start + len(words),
        evidence=words,
        **fields,
    )


def make_post(speaker: Speaker, actor: Actor, post: str = "", **fields: Any) -> Affiliation:
    """What the speaker is for the actor."""
    return Affiliation.objects.create(speaker=speaker, actor=actor, post=post, **fields)


def make_issue(**fields: Any) -> Issue:
    number = next(_numbers)
    fields.setdefault("slug", f"issue-{number}")
    fields.setdefault("title", f"Issue {number}")
    fields.setdefault("proposition", f"Proposition {number} should be adopted")
    fields.setdefault("supports_pole", "backs it")
    fields.setdefault("opposes_pole", "rejects it")
    return Issue.objects.create(**fields)


def make_double(issue: Issue, quote: Quote | None = None, **fields: Any) -> QueueItem:
    """A quote's place in the issue's queue, where two editors judge it blind."""
    fields.setdefault("is_double", True)
    quote = quote or make_quote()
    place = {"reason": QueueItem.Reason.TERM, "rank": 0, "draw": 0.1, "place": 0.1}
    return QueueItem.objects.create(issue=issue, quote=quote, **{**place, **fields})


def label_line(**fields: Any) -> dict[str, Any]:
    """The least that a line of a file of labels holds; its quote, issue and editor exist."""
    line = {"label": "opposes", "created_at": "2026-01-02T03:04:05+00:00"}
    if "quote" not in fields:
        line["quote"] = str(make_quote().uuid)
    if "issue" not in fields:
        line["issue"] = make_issue().slug
    if "editor" not in fields:
        line["editor"] = make_user("editor").username
    return line | fields
