"""The quotes behind a figure on an issue: what each number of a contrast leads to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, Value
from django.urls import reverse

from statements.models import Issue, JointVoice, Quote, Stance, StanceLabel
from statements.models.quotes import QuoteQuerySet
from statements.models.stances import StanceQuerySet
from statements.sides import Side, Term, read_sides

Label = StanceLabel.Label
Standing = Stance.Standing

# Of an issue with more quotes, only the articles of the newest are looked through for the silent.
NEWEST = 1000

BASES = {
    "labelled": "Labelled quotes",
    "single": "Quotes labelled by one editor alone",
    "disputed": "Quotes on which editors disagree",
    "suggested": "Quotes with a suggestion that no editor has judged",
    "silent": "Quotes in articles on the issue that do not bear on it",
}
_VERBS = {
    "supports": "support",
    "opposes": "oppose",
    "mixed": "are mixed",
    "neutral": "are neutral",
    "unrelated": "are unrelated",
}


def stances_on(issue: Issue, user: AbstractBaseUser | AnonymousUser) -> StanceQuerySet:
    """What bears on the issue and this user may read; a quote judged unrelated does not."""
    return bearing_on(issue).visible_to(user)


def bearing_on(issue: Issue) -> StanceQuerySet:
    """What bears on the issue, whoever may read it."""
    return Stance.objects.filter(issue=issue).exclude(label=Label.UNRELATED)


def beside(issue: Issue, quotes: QuoteQuerySet) -> QuoteQuerySet:
    """Of these quotes those in articles on the issue; of the newest such articles, if many."""
    newest = bearing_on(issue).order_by("-quote").values("quote")[:NEWEST]
    return quotes.filter(article__in=Quote.objects.filter(pk__in=newest).values("article"))


def side_query(side: Side, who: Term | None = None) -> str:
    """What an address adds for the quotes of a side, or of one party of it: "&side=type:ngo"."""
    asked = {"side": side.key}
    if side.besides:
        asked["besides"] = side.besides.key
    if who and who.key != side.key:
        asked["who"] = who.key
    return "&" + urlencode(asked, safe=":,+")


def newest(stances: StanceQuerySet, label: str, standing: str, size: int) -> StanceQuerySet:
    """The newest of some kind, which the index `stance_by_label` yields in this order."""
    return stances.filter(label=label, standing=standing).order_by("-quote")[:size]


def fetched(slots: dict[str, StanceQuerySet]) -> dict[str, list[Stance]]:
    """The stances of each slot with their quotes: three queries for any number of slots."""
    parts = [
        rows.annotate(slot=Value(name, output_field=CharField())).values_list("slot", "pk")
        for name, rows in slots.items()
    ]
    if not parts:
        return {}
    keys = list(parts[0].union(*parts[1:], all=True)) if len(parts) > 1 else list(parts[0])
    stances = (
        Stance.objects.select_related("quote__speaker", "quote__actor", "quote__article")
        .defer("quote__article__text")
        .prefetch_related(
            Prefetch("quote__joint_voices", JointVoice.objects.select_related("speaker", "actor"))
        )
        .in_bulk({pk for _, pk in keys})
    )
    found: dict[str, list[Stance]] = {}
    for slot, pk in keys:
        found.setdefault(slot, []).append(stances[pk])
    return found


class Evidence:
    """One figure, read from a query string. What cannot be used is left out and told in `notes`."""

    def __init__(
        self, issue: Issue, user: AbstractBaseUser | AnonymousUser, data: Mapping[str, str]
    ) -> None:
        self.issue, self.user = issue, user
        found, self.notes = read_sides(
            data.get("side", ""), data.get("besides", ""), data.get("who", "")
        )
        self.side, besides, who = found
        if data.get("side", "").strip() == "others" and besides:
            self.side = Side(besides=besides)
        self.who = who.terms[0] if who and len(who.terms) == 1 else None
        self.stance = data.get("stance", "")
        if self.stance not in Label.values:
            self.stance = ""
        self.basis = data.get("basis", "")
        if self.basis not in BASES:
            self.basis = ""
        self.since, self.until = _day(data.get("from", "")), _day(data.get("to", ""))

    @property
    def query(self) -> str:
        """The query string of this figure, without what could not be used."""
        asked: dict[str, Any] = {
            "side": self.side.key if self.side else "",
            "besides": self.side.besides.key if self.side and self.side.besides else "",
            "who": self.who.key if self.who else "",
            "stance": self.stance,
            "basis": self.basis,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
        }
        return "?" + urlencode({k: v for k, v in asked.items() if v}, safe=":,+")

    @property
    def address(self) -> str:
        return reverse("statements:evidence", args=[self.issue.slug]) + self.query

    def quotes(self) -> QuoteQuerySet:
        """The quotes that the figure counts."""
        visible = Quote.objects.visible_to(self.user)
        if self.basis == "silent":
            bearing = bearing_on(self.issue).filter(quote=OuterRef("pk"))
            return beside(self.issue, visible).exclude(Exists(bearing)).filter(self._voices())
        return visible.filter(pk__in=self._stances().values("quote"))

    @property
    def total(self) -> int:
        """How many there are: counted as the figure was."""
        if self.basis == "silent":
            return self.quotes().count()
        return self._stances().visible_to(self.user).count()

    def _stances(self) -> StanceQuerySet:
        stances = Stance.objects.filter(issue=self.issue)
        stances = (
            stances.filter(label=self.stance)
            if self.stance
            else stances.exclude(label=Label.UNRELATED)
        )
        if self.basis == "suggested":
            stances = stances.filter(standing=Standing.SUGGESTED)
        elif self.basis == "disputed":
            stances = stances.filter(label="")
        elif self.basis:
            stances = stances.labelled().exclude(label="")
            if self.basis == "single":
                stances = stances.filter(standing=Standing.SINGLE)
        if self.since:
            stances = stances.filter(quote__said_on__gte=self.since)
        if self.until:
            stances = stances.filter(quote__said_on__lte=self.until)
        if self.side:
            stances = stances.filter(self.side.quotes("quote__", who=self.who))
        return stances

    def _voices(self) -> Q:
        """Lead voices alone: who is silent is counted by them."""
        voices = self.side.voices() if self.side else Q()
        return voices & self.who.voices() if self.who else voices

    @property
    def in_words(self) -> str:
        """A sentence that says what is shown: "Labelled quotes of NGOs that oppose"."""
        words = BASES.get(self.basis, "Quotes")
        if self.who:
            words += f" of {self.who.name}"
        elif self.side and self.side.besides:
            words += f" of everyone but {self.side.besides.name}"
        elif self.side:
            words += f" of {self.side.name}"
        if self.stance:
            words += f" that {_VERBS[self.stance]}"
        if self.since and self.until:
            words += f", {self.since:%-d %b %Y} to {self.until:%-d %b %Y}"
        elif self.since:
            words += f", since {self.since:%-d %b %Y}"
        elif self.until:
            words += f", until {self.until:%-d %b %Y}"
        return words


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
