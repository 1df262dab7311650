"""What readers ask for: sixteen requests with names, and any number of random combinations."""

from __future__ import annotations

import random
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import connection

from statements.models import Actor, Issue, Outlet, Speaker

WORDS = (
    "government",
    "people",
    "climate",
    "sanctions government",
    "ceasefire or torture",
    '"rights law"',
    "able",
    "biodiversity",
    "market economic bank -climate",
    "investig*",
)


class Known:
    """Addresses of those who are quoted most, and of some who are quoted little."""

    def __init__(self) -> None:
        heads = (
            "SELECT slice & 134217727 FROM statements_tally WHERE month = -2 AND is_folded "
            "AND NOT is_draft AND slice >> 27 = %s AND n BETWEEN %s AND %s ORDER BY n DESC LIMIT %s"
        )
        with connection.cursor() as cursor:
            found = {}
            for name, facet, least, most, count in (
                ("actors", 2, 1, 1 << 30, 5),
                ("rare_actors", 2, 1, 2000, 3000),
                ("speakers", 3, 1, 1 << 30, 5),
            ):
                cursor.execute(heads, [facet, least, most, count])
                found[name] = [pk for (pk,) in cursor.fetchall()]
        self.actors = _slugs(Actor, found["actors"])
        self.rare = _slugs(Actor, random.Random(1).sample(found["rare_actors"], 30))
        self.speakers = _slugs(Speaker, found["speakers"])
        self.issues = list(Issue.objects.order_by("pk").values_list("slug", flat=True))
        self.outlets = list(Outlet.objects.order_by("pk").values_list("slug", flat=True))


def _slugs(model: type[Actor] | type[Speaker], keys: list[int]) -> list[str]:
    found = dict(model._default_manager.filter(pk__in=keys).values_list("pk", "slug"))
    return [found[key] for key in keys]


def named(known: Known) -> dict[str, str]:
    """Query strings by name."""
    issue, other = known.issues[0], known.issues[5]
    asked: dict[str, dict[str, object]] = {
        "everything": {},
        "one type": {"type": "government"},
        "two types, one kind": {"type": ["ngo", "business"], "kind": "indirect"},
        "a stance on anything": {"stance": "opposes"},
        "an issue": {"issue": issue},
        "issue, stance, type": {"issue": issue, "stance": "supports", "type": "government"},
        "two issues": {"issue": [issue, other]},
        "the most quoted actor": {"actor": known.actors[0]},
        "that actor on an issue": {"actor": known.actors[0], "issue": issue},
        "a speaker": {"speaker": known.speakers[0]},
        "a common word": {"q": "government"},
        "that word and four facets": {
            "q": "government",
            "type": "government",
            "kind": "direct",
            "stance": "supports",
            "issue": issue,
        },
        "a rare word": {"q": "biodiversity"},
        "a rare actor, a common word": {"actor": known.rare[0], "q": "government"},
        "a month": {"from": "2024-03-01", "to": "2024-03-31"},
        "two years, issue, stance": {
            "from": "2023-01-01",
            "to": "2024-12-31",
            "issue": other,
            "stance": "opposes",
        },
    }
    return {name: _query(each) for name, each in asked.items()}


def combinations(known: Known, count: int, seed: int) -> list[str]:
    """Query strings with each condition as often as in the study whose figures are compared."""
    draw, found = random.Random(seed), []
    types = [
        "government",
        "intergovernmental",
        "ngo",
        "business",
        "media",
        "academia",
        "citizen",
        "party",
        "armed_group",
    ]
    for _ in range(count):
        asked: dict[str, object] = {}
        if draw.random() < 0.4:
            asked["type"] = draw.choice(types)
        if draw.random() < 0.3:
            asked["kind"] = draw.choice(["direct", "indirect", "mixed"])
        if draw.random() < 0.4:
            asked["stance"] = draw.choice(["supports", "opposes", "neutral", "mixed", "disputed"])
        if draw.random() < 0.4:
            asked["issue"] = known.issues[min(len(known.issues), int(draw.paretovariate(0.6))) - 1]
        if draw.random() < 0.25:
            asked["actor"] = draw.choice(known.actors + known.rare)
        if draw.random() < 0.5:
            asked["q"] = draw.choice(WORDS)
        if draw.random() < 0.4:
            first = date(2021, 1, 1) + timedelta(draw.randrange(1800))
            last = first + timedelta(draw.choice([7, 30, 200, 900, 2000]))
            asked |= {"from": first.isoformat(), "to": last.isoformat()}
        found.append(_query(asked))
    return found


def _query(asked: dict[str, object]) -> str:
    return urlencode(asked, doseq=True)
