"""What there is to choose from: the values of each facet with the quotes that each would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from statements.browsing import counting, keys
from statements.browsing.counting import Counts, Values
from statements.filters import STANCES, TITLES, QuoteFilter
from statements.models import Actor, ActorType, Issue, Outlet, Quote, Speaker

# How many values of a facet are in view; the rest is folded away.
SHOWN = {"actor": 6, "speaker": 4, "issue": 6, "outlet": 4}

# How many are listed at all: actors and speakers beyond these are found by name.
_MOST = {"actor": 30, "speaker": 30}
_MOST_OTHERS = 100

# Values that stand there only when there is a quote of them, or when they are chosen.
_RARE = {"unrelated", "disputed"}
_ROWS: dict[str, tuple[QuerySet[Actor | Speaker | Issue | Outlet], str]] = {
    "actor": (Actor.objects.all(), "name"),
    "speaker": (Speaker.objects.all(), "name"),
    "issue": (Issue.objects.all(), "title"),
    "outlet": (Outlet.objects.all(), "name"),
}


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
    """A facet's values: `options` in view, `more` behind a fold; `is_least`: or more than these."""

    key: str
    title: str
    options: list[Option]
    more: list[Option]
    is_least: bool = False

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to choose: no value has a quote, and none is chosen."""
        return not any(each.count or each.is_chosen for each in (*self.options, *self.more))


def facets(wanted: QuoteFilter, counts: Counts) -> list[Facet]:
    """Every facet, each counted with its own condition left out: a query each for four names."""
    found = counts.facets
    return [
        _facet(wanted, "type", found["type"], _closed(found["type"], ActorType.choices)),
        *(
            _facet(wanted, name, found[name], _named(wanted, name, found[name].counts))
            for name in ("actor", "speaker", "issue")
        ),
        _stances(wanted, found["stance"]),
        _facet(
            wanted,
            "kind",
            found["kind"],
            [
                (value, label, found["kind"].counts[keys.KINDS.index(value)])
                for value, label in Quote.Kind.choices
            ],
        ),
        _facet(wanted, "outlet", found["outlet"], _named(wanted, "outlet", found["outlet"].counts)),
    ]


def by_month(counts: Values) -> dict[date, int]:
    """How many quotes were said in each month that has any, oldest first."""
    return {_month(month): n for month, n in sorted(counts.counts.items()) if n}


def by_month_and_type(months: dict[int, Counter[int]]) -> dict[date, Counter[str]]:
    """For each month, how many quotes each type of actor has a voice in."""
    return {
        _month(month): Counter({keys.TYPES[place]: n for place, n in counts.items()})
        for month, counts in sorted(months.items())
    }


@dataclass(frozen=True, slots=True)
class StanceCount:
    """`count` quotes of a type of actor stand so, by editors' labels or only as suggested."""

    actor_type: str
    label: str
    is_suggested: bool
    count: int


def stances_by_type(
    wanted: counting.Conditions, issue: Issue, counts: Counts
) -> tuple[list[StanceCount], bool]:
    """How the quotes of each type of actor stand on the issue, and whether there are more."""
    found, is_least = counting.stances_by_type(wanted, issue.pk, counts.scans)
    taking_sides = {"supports", "opposes", "mixed", "neutral"}
    rows = [
        StanceCount(keys.TYPES[place], keys.STANCES[stance], is_suggested, n)
        for (place, stance, is_suggested), n in sorted(found.items())
        if n > 0 and keys.STANCES[stance] in taking_sides
    ]
    return rows, is_least


# -- One facet each -----------------------------------------------------------------------------

Rows = Iterable[tuple[str, str, int]]


def _facet(wanted: QuoteFilter, key: str, values: Values, rows: Rows) -> Facet:
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
    more = [each for place, each in enumerate(options) if place >= room and not each.is_chosen]
    return Facet(key, TITLES[key], shown, more, values.is_least)


def _closed(values: Values, choices: Iterable[tuple[str, str]]) -> Rows:
    counts = values.counts
    return [
        (value, label, counts[keys.TYPES.index(value)])
        for value, label in choices
        if counts[keys.TYPES.index(value)]
    ]


def _named(wanted: QuoteFilter, name: str, counts: Counter[int]) -> Sequence[tuple[str, str, int]]:
    """The most frequent first, those that are chosen among them: one query for the names."""
    most = dict(counts.most_common(_MOST.get(name, _MOST_OTHERS)))
    most |= {pk: counts[pk] for pk in wanted.numbers(name)}
    rows, label = _ROWS[name]
    known = rows.filter(pk__in=most).values_list("pk", "slug", label)
    found = [(slug, title, most[pk]) for pk, slug, title in known if most[pk]]
    return sorted(found, key=lambda row: (-row[2], row[1].casefold()))


def _stances(wanted: QuoteFilter, values: Values) -> Facet:
    options = [
        Option(
            value,
            label,
            values.counts[place],
            value in wanted.chosen["stance"],
            values.suggested[place],
        )
        for value, label in STANCES.items()
        for place in [keys.STANCES.index(value)]
        if values.counts[place] or value not in _RARE or value in wanted.chosen["stance"]
    ]
    issues = wanted.labels("issue")
    title = f"Stance on {issues[0]}" if len(issues) == 1 else "Stance"
    return Facet("stance", title, options, [], values.is_least)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
