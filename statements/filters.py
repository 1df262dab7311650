"""What a reader asks to see: read from a query string, applied to quotes, said in words."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import get_text_list

from statements.bidi import isolated
from statements.blind import asked_blind
from statements.browsing import keys
from statements.browsing.conditions import Conditions
from statements.browsing.searching import relevance
from statements.models import Actor, ActorType, Issue, Outlet, Quote, Speaker, StanceLabel
from statements.models.quotes import QuoteQuerySet
from statements.paging import Key

# The facets: each may be repeated or hold several values with commas between them.
FACETS = ("type", "actor", "speaker", "issue", "stance", "kind", "outlet")
SORTS = {
    "newest": "Newest",
    "oldest": "Oldest",
    "relevance": "Best match",
    "doubtful": "Least sure",
}
VIEWS = ("list", "timeline")
STANCES = {**dict(StanceLabel.Label.choices), "disputed": "Disputed", "none": "Not labelled"}
TITLES = {
    "type": "Actor type",
    "actor": "Actor",
    "speaker": "Speaker",
    "issue": "Issue",
    "stance": "Stance",
    "kind": "Quoted as",
    "outlet": "Outlet",
    "from": "From",
    "to": "Until",
    "q": "Search",
    "asof": "As of",
}

# Limits on what one address may ask for; nobody reaches them by clicking.
_MOST_VALUES = 50
_LONGEST_SEARCH = 200

_PLURALS = {
    "government": "governments",
    "intergovernmental": "intergovernmental bodies",
    "ngo": "NGOs",
    "business": "companies",
    "media": "media",
    "academia": "academics",
    "party": "parties",
    "legislature": "legislatures",
    "judiciary": "courts",
    "security": "security forces",
    "armed_group": "armed groups",
    "religious": "religious bodies",
    "labour": "unions",
    "civil_society": "civil society",
    "citizen": "citizens",
    "unknown": "unknown voices",
}

_IDENTITIES: dict[str, type[Actor] | type[Speaker]] = {"actor": Actor, "speaker": Speaker}

# The facets whose values are keys; stances depend on the issues chosen.
_KEYS = {
    "type": keys.Facet.TYPE,
    "actor": keys.Facet.ACTOR,
    "speaker": keys.Facet.SPEAKER,
    "issue": keys.Facet.ISSUE,
    "kind": keys.Facet.KIND,
    "outlet": keys.Facet.OUTLET,
}

# For values as they stand in the address: what each is called, and its number in a key.
Lookup = Callable[[list[str]], dict[str, tuple[str, int]]]

_PLACE = (Key("article_id"), Key("start"), Key("pk"))
_ORDERS = {
    # The same order as QuoteQuerySet.newest().
    "newest": (Key("said_on", descending=True, nullable=True), *_PLACE),
    "oldest": (Key("said_on", nullable=True), *_PLACE),
    "doubtful": (Key("certainty"), *_PLACE),
    "relevance": (
        Key("relevance", descending=True),
        Key("said_on", descending=True, nullable=True),
        *_PLACE,
    ),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in force, with the query string that lifts it."""

    title: str
    label: str
    without: str


class QuoteFilter:
    """The conditions of one query string. What cannot be used is left out and told in `notes`.

    Reading it costs one query for each of actor, speaker, issue and outlet that is asked for.
    """

    def __init__(self, data: QueryDict) -> None:
        self.notes: list[str] = []
        # Addresses that were asked for and belong to somebody who was merged into another since.
        self.moved: dict[str, str] = {}
        self._labels: dict[str, dict[str, str]] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self.chosen: dict[str, tuple[str, ...]] = {}
        lookups: dict[str, Lookup] = {
            "type": _closed(ActorType.choices, keys.TYPES),
            "actor": _named(Actor.objects.live()),
            "speaker": _named(Speaker.objects.live()),
            "issue": _named(Issue.objects.all(), "title"),
            "stance": _closed(STANCES.items(), keys.STANCES),
            "kind": _closed(Quote.Kind.choices, keys.KINDS),
            "outlet": _named(Outlet.objects.all()),
        }
        for key in FACETS:
            self.chosen[key] = self._known(key, _values(data, key), lookups[key])
        self.words = data.get("q", "").replace("\0", " ").strip()[:_LONGEST_SEARCH]
        self.since = self._day(data, "from", _first_day)
        self.until = self._day(data, "to", _last_day)
        if self.since and self.until and self.since > self.until:
            self.since, self.until = self.until, self.since
            self.notes.append("The two dates were the wrong way round and have been exchanged.")
        self.asof = self._day(data, "asof", _last_day)
        self.sort = self._one_of(data, "sort", SORTS)
        if self.sort == "relevance" and not self.words:
            self.sort = "newest"
        self.view = self._one_of(data, "view", VIEWS)
        self.once = data.get("once", "") == "1"

    # -- Reading the query string ---------------------------------------------------------------

    def _known(self, key: str, asked: list[str], lookup: Lookup) -> tuple[str, ...]:
        known = lookup(asked) if asked else {}
        if key in _IDENTITIES and len(known) < len(asked):
            moved = current_slugs(_IDENTITIES[key], [each for each in asked if each not in known])
            self.moved |= moved
            asked = list(dict.fromkeys(moved.get(each, each) for each in asked))
            known |= lookup(list(moved.values()))
        self._labels[key] = {value: label for value, (label, _) in known.items()}
        self._numbers[key] = {value: number for value, (_, number) in known.items()}
        for value in asked:
            if value not in known:
                self.notes.append(
                    f"There is no {TITLES[key].lower()} “{isolated(value[:60])}”; it was left out."
                )
        return tuple(value for value in asked if value in known)

    def _day(self, data: QueryDict, key: str, read: Callable[[str], date]) -> date | None:
        text = data.get(key, "").strip()
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.notes.append(
                f"“{isolated(text[:60])}” is no date like 2022-09-01; it was left out."
            )
            return None

    def _one_of(self, data: QueryDict, key: str, allowed: Iterable[str]) -> str:
        options = list(allowed)
        value = data.get(key, "").strip() or options[0]
        if value not in options:
            self.notes.append(
                f"“{isolated(value[:60])}” is no way to {key} quotes; it was left out."
            )
            return options[0]
        return value

    def numbers(self, key: str) -> list[int]:
        """The ids of the chosen values of a facet, or their places in its closed list."""
        return [self._numbers[key][value] for value in self.chosen[key]]

    # -- Quotes ---------------------------------------------------------------------------------

    @cached_property
    def conditions(self) -> Conditions:
        """What is asked for, in the terms of the index, without drafts."""
        return Conditions(
            chosen={
                name: tuple(_KEYS[name].key(number) for number in self.numbers(name))
                for name in _KEYS
                if self.chosen[name]
            },
            stances=self.chosen["stance"],
            words=self.words,
            since=self.since,
            until=self.until,
            stored_by=self.asof,
            once=self.once,
        )

    def conditions_for(self, user: AbstractBaseUser | AnonymousUser) -> Conditions:
        """The same with the drafts that those who import may read.

        Lists that stances narrow leave out what an editor is to judge blind.
        """
        asked = asked_blind(user)
        return replace(
            self.conditions,
            with_drafts=getattr(user, "is_staff", False),
            asked=None if asked.query.is_empty() else asked,
        )

    def quotes(
        self, user: AbstractBaseUser | AnonymousUser, *, variants: bool = False
    ) -> QuoteQuerySet:
        """The quotes that fit and this user may read, in no order; if asked all the variants."""
        conditions = self.conditions_for(user)
        if variants:
            conditions = replace(conditions, once=False)
        fitting = conditions.listings().values("quote")
        return Quote.objects.visible_to(user).filter(pk__in=fitting)

    def in_order(self, quotes: QuoteQuerySet) -> tuple[QuoteQuerySet, tuple[Key, ...]]:
        """The quotes with what their order needs, and the keys of that order."""
        if self.sort == "relevance":
            rank = relevance(self.words, "listing__search")
            quotes = quotes.annotate(relevance=rank)
        return quotes, _ORDERS[self.sort]

    # -- Addresses ------------------------------------------------------------------------------

    def query(self, **changes: Any) -> str:
        """The query string of these conditions with some replaced, e.g. `query(type=())`.

        "?" alone is the page without conditions. The place in the list is never kept.
        """
        values: dict[str, Any] = {
            **self.chosen,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "q": self.words,
            "asof": self.asof.isoformat() if self.asof else "",
            "sort": self.sort if self.sort != "newest" else "",
            "view": self.view if self.view != "list" else "",
            "once": "1" if self.once else "",
            **{key.rstrip("_"): value for key, value in changes.items()},
        }
        return "?" + urlencode({key: value for key, value in values.items() if value}, doseq=True)

    def toggled(self, key: str, value: str) -> str:
        """The query string with one value of a facet added, or taken away when it is chosen."""
        chosen = self.chosen[key]
        if value in chosen:
            return self.query(**{key: tuple(each for each in chosen if each != value)})
        return self.query(**{key: (*chosen, value)})

    @property
    def data_query(self) -> str:
        """The query string for exports: the conditions and the order, without the view."""
        return self.query(view="")

    def file_name(self, ending: str) -> str:
        """What a file of these quotes is called: "quotes.csv", or with the day it is frozen at."""
        return f"quotes-as-of-{self.asof.isoformat()}.{ending}" if self.asof else f"quotes.{ending}"

    # -- Words ----------------------------------------------------------------------------------

    def labels(self, key: str) -> list[str]:
        """What the chosen values of a facet are called, ready to stand in a sentence."""
        return [isolated(self._labels[key][value]) for value in self.chosen[key]]

    @property
    def chips(self) -> list[Chip]:
        """The conditions in force, each with the way to lift it."""
        chips = [
            Chip(TITLES[key], self._labels[key][value], self.toggled(key, value))
            for key in FACETS
            for value in self.chosen[key]
        ]
        if self.since:
            chips.append(Chip("From", _day_name(self.since), self.query(from_="")))
        if self.until:
            chips.append(Chip("Until", _day_name(self.until), self.query(to="")))
        if self.words:
            chips.append(Chip("Search", f"“{isolated(self.words)}”", self.query(q="")))
        if self.asof:
            chips.append(Chip("As of", _day_name(self.asof), self.query(asof="")))
        if self.once:
            chips.append(Chip("Repeats", "each statement once", self.query(once="")))
        return chips

    @property
    def in_words(self) -> str:
        """A sentence that says what is shown: "What governments and NGOs said about …"."""
        who = (
            self.labels("speaker")
            or self.labels("actor")
            or [_PLURALS[value] for value in self.chosen["type"]]
        )
        sentence = f"What {_listed(who)} said" if who else "What was said"
        if self.chosen["issue"]:
            sentence += f" about {_listed([f'“{each}”' for each in self.labels('issue')], 'or')}"
        if self.words:
            sentence += f" with “{isolated(self.words)}”"
        if self.chosen["outlet"]:
            sentence += f" in {_listed(self.labels('outlet'), 'or')}"
        sentence += _period(self.since, self.until)
        if self.once:
            sentence += ", each statement once"
        return f"{sentence}, as of {_day_name(self.asof)}" if self.asof else sentence


def _values(data: QueryDict, key: str) -> list[str]:
    asked = (part.strip() for each in data.getlist(key) for part in each.split(","))
    return list(dict.fromkeys(part for part in asked if part))[:_MOST_VALUES]


def _closed(choices: Iterable[tuple[str, str]], order: tuple[str, ...]) -> Lookup:
    labels = dict(choices)
    return lambda asked: {
        value: (labels[value], order.index(value)) for value in asked if value in labels
    }


def current_slugs(model: type[Actor] | type[Speaker], slugs: list[str]) -> dict[str, str]:
    """Where addresses lead that belong to somebody who was merged into another."""
    rows = model._default_manager.filter(slug__in=_sluglike(slugs), merged_into__isnull=False)
    return {row.slug: row.current.slug for row in rows}


def _named(rows: QuerySet[Any], label: str = "name") -> Lookup:
    return lambda asked: {
        slug: (name, number)
        for slug, name, number in rows.filter(slug__in=_sluglike(asked)).values_list(
            "slug", label, "pk"
        )
    }


def _sluglike(asked: list[str]) -> list[str]:
    """Without what the database refuses even to compare: a NUL."""
    return [value for value in asked if "\0" not in value]


def _first_day(text: str) -> date:
    """The day, or the first day of a month (2022-09) or a year (2022)."""
    return date.fromisoformat(text + ("-01-01", "-01", "")[min(text.count("-"), 2)])


def _last_day(text: str) -> date:
    """The day, or the last day of a month or a year."""
    if text.count("-") == 0:
        return date(_first_day(text).year, 12, 31)
    first = _first_day(text)
    return first if text.count("-") == 2 else end_of_month(first)


def end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _day_name(day: date) -> str:
    return date_format(day, "j M Y")


def _listed(names: list[str], word: str = "and") -> str:
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} others"]
    return get_text_list(names, word)


def _period(since: date | None, until: date | None) -> str:
    if since and until:
        if since == until:
            return f" on {_day_name(since)}"
        if since.day == 1 and until == end_of_month(since):
            return f" in {date_format(since, 'F Y')}"
        return f" from {_day_name(since)} to {_day_name(until)}"
    if since:
        return f" since {_day_name(since)}"
    return f" until {_day_name(until)}" if until else ""
