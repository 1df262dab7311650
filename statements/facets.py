"""What there is to choose from: the values of each facet with the quotes that each would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from statements.filters import STANCES, TITLES, QuoteFilter
from statements.models import (
    Actor,
    ActorType,
    Issue,
    JointVoice,
    Quote,
    Speaker,
    Stance,
    StanceLabel,
    Suggestion,
)
from statements.models.quotes import QuoteQuerySet, quote_count

# How many values of a facet are in view; the rest, up to FETCHED, is folded away.
SHOWN = {"actor": 6, "speaker": 4, "issue": 6, "outlet": 4}
FETCHED = 100


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet: it would show `count` quotes, of them `suggested` by rules alone."""

    value: str
    label: str
    count: int
    is_chosen: bool
    suggested: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet's values: `options` in view, `more` behind a fold."""

    key: str
    title: str
    options: list[Option]
    more: list[Option]


@dataclass(frozen=True, slots=True)
class Totals:
    quotes: int
    actors: int
    articles: int


def totals(quotes: QuoteQuerySet) -> Totals:
    """How many quotes there are, of how many actors, in how many articles: two queries."""
    counts = quotes.aggregate(quotes=Count("pk"), articles=Count("article", distinct=True))
    lead = quotes.filter(actor__isnull=False).order_by().values("actor")
    joint = JointVoice.objects.filter(quote__in=quotes.values("pk"), actor__isnull=False)
    actors = lead.union(joint.order_by().values("actor")).count()
    return Totals(counts["quotes"], actors, counts["articles"])


def facets(wanted: QuoteFilter, quotes: QuoteQuerySet) -> list[Facet]:
    """Every facet over these quotes, each counted with its own condition left out."""
    once = wanted.once
    types = _by_type(wanted.apply(quotes, "type"), once)
    return [
        _facet(wanted, "type", _closed(types, ActorType.choices)),
        _facet(wanted, "actor", _parties(wanted.apply(quotes, "actor"), "actor", Actor, once)),
        _facet(
            wanted, "speaker", _parties(wanted.apply(quotes, "speaker"), "speaker", Speaker, once)
        ),
        _facet(wanted, "issue", _issues(wanted.apply(quotes, "issue"), once)),
        _stances(wanted, wanted.apply(quotes, "stance")),
        _facet(wanted, "kind", _kinds(wanted.apply(quotes, "kind"), once)),
        _facet(wanted, "outlet", _outlets(wanted.apply(quotes, "outlet"), once)),
    ]


def by_month(quotes: QuoteQuerySet, *, once: bool = False) -> dict[date, int]:
    """How many quotes were said in each month that has any; those without a date are left out.

    Here and below, `once` counts the variants of one statement as one.
    """
    months = quotes.filter(said_on__isnull=False).annotate(month=TruncMonth("said_on"))
    return dict(months.order_by("month").values_list("month").annotate(n=quote_count(once=once)))


def by_month_and_type(quotes: QuoteQuerySet, *, once: bool = False) -> dict[date, Counter[str]]:
    """For each month, how many quotes each type of actor has a voice in: two queries."""
    months = quotes.filter(said_on__isnull=False)
    lead = months.annotate(month=TruncMonth("said_on")).order_by("month")
    joint = _joint_beside(months, "actor_type").annotate(month=TruncMonth("quote__said_on"))
    beside = quote_count(once=once, path="quote__")
    found: dict[date, Counter[str]] = {}
    for month, kind, count in [
        *lead.values_list("month", "actor_type").annotate(n=quote_count(once=once)),
        *joint.values_list("month", "actor_type").annotate(n=beside),
    ]:
        found.setdefault(month, Counter())[kind] += count
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class StanceCount:
    """`count` quotes of a type of actor stand so, by editors' labels or only as suggested."""

    actor_type: str
    label: str
    is_suggested: bool
    count: int


def stances_by_type(
    quotes: QuoteQuerySet, issue: Issue, *, once: bool = False
) -> list[StanceCount]:
    """How the quotes of each type of actor stand on the issue: two queries."""
    labels = Q(label__in=["supports", "opposes", "mixed", "neutral"])
    stances = Stance.objects.filter(labels, issue=issue)
    counted = quote_count(once=once, path="quote__")
    lead = (
        stances.filter(quote__in=quotes.values("pk"))
        .order_by()
        .values_list("quote__actor_type", "label", "standing")
        .annotate(n=counted)
    )
    joint = (
        _joint_beside(quotes, "actor_type")
        .filter(quote__stances__in=stances)
        .values_list("actor_type", "quote__stances__label", "quote__stances__standing")
        .annotate(n=counted)
    )
    found: Counter[tuple[str, str, bool]] = Counter()
    for kind, label, standing, count in [*lead, *joint]:
        found[kind, label, standing == Stance.Standing.SUGGESTED] += count
    return [StanceCount(*key, count) for key, count in sorted(found.items())]


# -- One facet each -----------------------------------------------------------------------------

Rows = Iterable[tuple[str, str, int]]


def _facet(wanted: QuoteFilter, key: str, rows: Rows) -> Facet:
    chosen = wanted.chosen[key]
    options = [Option(value, label, count, value in chosen) for value, label, count in rows]
    missing = set(chosen) - {each.value for each in options}
    options += [
        Option(value, label, 0, is_chosen=True)
        for value, label in zip(chosen, wanted.labels(key), strict=True)
        if value in missing
    ]
    # What is chosen stays in view, however few quotes it has.
    room = SHOWN.get(key, len(options))
    shown = [each for place, each in enumerate(options) if place < room or each.is_chosen]
    more = [each for each in options if each not in shown]
    return Facet(key, TITLES[key], shown, more)


def _closed(counts: Counter[str], choices: Iterable[tuple[str, str]]) -> Rows:
    return [(value, label, counts[value]) for value, label in choices if counts[value]]


def _by_type(quotes: QuoteQuerySet, once: bool) -> Counter[str]:
    counts = Counter(
        dict(quotes.order_by().values_list("actor_type").annotate(n=quote_count(once=once)))
    )
    joint = _joint_beside(quotes, "actor_type").values_list("actor_type")
    counts.update(dict(joint.annotate(n=quote_count(once=once, path="quote__"))))
    return counts


def _parties(
    quotes: QuoteQuerySet, voice: str, model: type[Actor] | type[Speaker], once: bool
) -> Rows:
    """Actors or speakers by number of quotes; one of several voices counts for each of them."""
    key = f"{voice}_id"
    known = quotes.filter(**{f"{voice}__isnull": False}).order_by()
    counts: Counter[int] = Counter()
    lead = known.values_list(key).annotate(n=quote_count(once=once)).order_by("-n", key)
    counts.update(dict(lead[:FETCHED]))
    joint = _joint_beside(quotes, voice).filter(**{f"{voice}__isnull": False})
    beside = quote_count(once=once, path="quote__")
    rest = joint.values_list(key).annotate(n=beside).order_by("-n", key)
    counts.update(dict(rest[:FETCHED]))
    names = model._default_manager.in_bulk(counts)
    rows = [(names[pk], count) for pk, count in counts.items()]
    rows.sort(key=lambda row: (-row[1], row[0].sort_name))
    return [(party.slug, party.name, count) for party, count in rows]


def _joint_beside(quotes: QuoteQuerySet, field: str) -> QuerySet[JointVoice]:
    """The joint voices of these quotes that differ from the lead voice in `field`."""
    same = Q(**{f"quote__{field}": F(field)})
    known = Q(**{f"quote__{field}__isnull": False})
    return JointVoice.objects.filter(quote__in=quotes.values("pk")).exclude(same & known).order_by()


def _issues(quotes: QuoteQuerySet, once: bool) -> Rows:
    """Issues by number of quotes that bear on them, as QuoteQuerySet.about() has it."""
    keys = quotes.values("pk")
    stances = Stance.objects.filter(quote__in=keys).exclude(label=StanceLabel.Label.UNRELATED)
    settled = Stance.objects.filter(quote=OuterRef("quote"), issue=OuterRef("issue"))
    mentions = Suggestion.objects.filter(quote__in=keys).exclude(Exists(settled))
    if once:
        # A statement that is judged in one variant counts there, and not where it is but suggested.
        same = Q(quote__variant__statement=OuterRef("quote__variant__statement"))
        mentions = mentions.exclude(Exists(stances.filter(same, issue=OuterRef("issue"))))
    counted = quote_count(once=once, path="quote__")
    counts: Counter[int] = Counter(
        dict(stances.order_by().values_list("issue").annotate(n=counted))
    )
    counts.update(dict(mentions.order_by().values_list("issue").annotate(n=counted)))
    issues = Issue.objects.in_bulk(counts)
    rows = [(issues[pk].slug, issues[pk].title, count) for pk, count in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1]))


def _stances(wanted: QuoteFilter, quotes: QuoteQuerySet) -> Facet:
    held = Stance.objects.all()
    if wanted.chosen["issue"]:
        held = held.filter(issue__slug__in=wanted.chosen["issue"])
    suggested = Q(standing=Stance.Standing.SUGGESTED)
    rows = (
        held.filter(quote__in=quotes.values("pk"))
        .order_by()
        .values_list("label")
        .annotate(
            n=quote_count(once=wanted.once, path="quote__"),
            suggested=quote_count(once=wanted.once, path="quote__", only=suggested),
        )
    )
    counts = {label or "disputed": (count, guessed) for label, count, guessed in rows}
    open_ones = quotes.exclude(Exists(held.filter(quote=OuterRef("pk"))))
    counts["none"] = (open_ones.aggregate(n=quote_count(once=wanted.once))["n"], 0)
    rare = {"unrelated", "disputed"}
    options = [
        Option(value, label, count, value in wanted.chosen["stance"], guessed)
        for value, label in STANCES.items()
        for count, guessed in [counts.get(value, (0, 0))]
        if count or value not in rare or value in wanted.chosen["stance"]
    ]
    issues = wanted.labels("issue")
    return Facet("stance", f"Stance on {issues[0]}" if len(issues) == 1 else "Stance", options, [])


def _kinds(quotes: QuoteQuerySet, once: bool) -> Rows:
    counts = dict(quotes.order_by().values_list("kind").annotate(n=quote_count(once=once)))
    return [(value, label, counts.get(value, 0)) for value, label in Quote.Kind.choices]


def _outlets(quotes: QuoteQuerySet, once: bool) -> Rows:
    slug, name = "article__outlet__slug", "article__outlet__name"
    known = quotes.filter(article__outlet__isnull=False).order_by()
    counted = known.values_list(slug, name).annotate(n=quote_count(once=once))
    return list(counted.order_by("-n", name)[:FETCHED])
