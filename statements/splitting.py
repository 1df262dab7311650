"""One identity that turns out to be two: giving some of its quotes to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.template.defaultfilters import pluralize

from statements.ledger import Action, Entry, Refused, entry, with_keys
from statements.merging import same_post, voice_of
from statements.models import (
    Actor,
    ActorName,
    Affiliation,
    IdentityEvent,
    JointVoice,
    Quote,
    Reply,
    Speaker,
    SpeakerName,
)
from statements.models.actors import Name
from statements.models.quotes import QuoteQuerySet
from statements.names import name_slug

# Choices that one facet of the page offers, the most frequent first.
OFFERED = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """A value by which quotes may be chosen, with how many of the identity's have it."""

    value: str
    label: str
    quotes: int


def quotes_of(identity: Actor | Speaker) -> QuoteQuerySet:
    """All quotes that the identity gives, alone or with others, those hidden from readers too."""
    kind = "actor" if isinstance(identity, Actor) else "speaker"
    joint = JointVoice.objects.filter(quote=OuterRef("pk"), **{kind: identity})
    return Quote.objects.filter(Q(**{kind: identity}) | Exists(joint))


def choices(identity: Actor | Speaker) -> dict[str, list[Choice]]:
    """By which articles, outlets and roles the identity's quotes can be told apart."""
    quotes = quotes_of(identity).order_by()
    found: dict[str, list[Choice]] = {}
    for name, value, label in (
        ("outlet", "article__outlet__slug", "article__outlet__name"),
        ("article", "article__uuid", "article__title"),
        ("role", "role", "role"),
    ):
        rows = quotes.values_list(value, label).annotate(n=Count("pk")).order_by("-n", label)
        found[name] = [
            Choice(str(key), shown, n) for key, shown, n in rows[:OFFERED] if key not in (None, "")
        ]
    return found


def chosen(identity: Actor | Speaker, conditions: dict[str, str]) -> QuoteQuerySet:
    """The identity's quotes that fit all of the conditions: `outlet`, `article`, `role`."""
    quotes = quotes_of(identity)
    if conditions.get("outlet"):
        quotes = quotes.filter(article__outlet__slug=conditions["outlet"])
    if conditions.get("article"):
        quotes = quotes.filter(article__uuid=conditions["article"])
    if conditions.get("role"):
        quotes = quotes.filter(role=conditions["role"])
    return quotes


def split[T: (Actor, Speaker)](
    source: T,
    quotes: QuerySet[Quote],
    *,
    to: T | None = None,
    name: str = "",
    editor: User | None,
) -> tuple[IdentityEvent, T]:
    """Give these of the source's quotes to another identity, or to a new one of this name.

    Posts on which the quotes rest are had by the other too. Raises Refused when there is no such
    quote, or nobody to give it to.
    """
    name = " ".join(name.split())[:200]
    if to is None and not any(character.isalpha() for character in name):
        raise Refused("Type the name of whom the quotes belong to, or choose somebody.")
    if to is not None and to.pk == source.pk:
        raise Refused("The quotes are with them already: choose somebody else.")
    with entry(Action.SPLIT, editor=editor) as made:
        if to is None:
            (source,) = made.hold(source)
            to = _new(made, source, name)
        else:
            source, to = made.hold(source, to)
        who = "actor" if isinstance(source, Actor) else "speaker"
        keys = list(quotes.order_by().values_list("pk", flat=True))
        lead = with_keys(Quote, keys).filter(**{who: source})
        joint = JointVoice.objects.filter(quote__in=with_keys(Quote, keys), **{who: source})
        posts = _posts(lead, joint)
        # What answers one of these quotes answers whoever has it.
        answers = Reply.objects.filter(earlier__in=with_keys(Quote, keys), **{who: source})
        made.update(answers, **{f"{who}_id": to.pk})
        moved = 0
        for rows in (lead, joint):
            with_post = [(post, rows.filter(affiliation=post)) for post in posts]
            pairs = [(post, list(each.values_list("pk", flat=True))) for post, each in with_post]
            moved += made.update(rows, **voice_of(to))
            for post, its in pairs:
                if its:
                    its_post = _post_of(made, post, to)
                    made.update(with_keys(rows.model, its), affiliation_id=its_post.pk)
        if not moved:
            raise Refused("Choose at least one quote.")
        made.summary = (
            f"Split {moved:,} quote{pluralize(moved)} of “{source.name}” off to “{to.name}”."
        )
    assert made.event  # noqa: S101
    return made.event, to


def _posts(lead: QuerySet[Quote], joint: QuerySet[JointVoice]) -> list[Affiliation]:
    used = Q(pk__in=lead.values("affiliation")) | Q(pk__in=joint.values("affiliation"))
    return list(Affiliation.objects.filter(used).order_by("pk"))


def _post_of(made: Entry, post: Affiliation, to: Actor | Speaker) -> Affiliation:
    """The post as the other holds it, written down for them when nobody has yet."""
    same = same_post(post, to)
    if same is None:
        same = Affiliation(
            speaker_id=to.pk if isinstance(to, Speaker) else post.speaker_id,
            actor_id=to.pk if isinstance(to, Actor) else post.actor_id,
            post=post.post,
            since=post.since,
            until=post.until,
            evidence=post.evidence,
        )
        made.insert(same)
    return same


def _new[T: (Actor, Speaker)](made: Entry, source: T, name: str) -> T:
    """An identity made by hand is confirmed; it begins with the type of whom it was taken for."""
    rows: Any = type(source)._default_manager
    taken = rows.filter(slug__startswith=name_slug(name)).values_list("slug", flat=True)
    new = type(source)(name=name, slug=name_slug(name, set(taken)), standing="confirmed")
    if isinstance(new, Actor) and isinstance(source, Actor):
        new.type, new.country = source.type, source.country
    made.insert(new)
    primary = Name.Kind.PRIMARY
    made.insert(
        ActorName(actor=new, text=name, kind=primary)
        if isinstance(new, Actor)
        else SpeakerName(speaker=new, text=name, kind=primary)
    )
    return new
