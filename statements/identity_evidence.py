"""What is known of an identity: how often it is quoted, where, in which role, and one example."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F

from statements.models import Actor, JointVoice, Quote, Speaker

MOST_ROLES = 3


@dataclass(slots=True)
class Evidence:
    """Drafts and what editors rejected are counted too: whoever decides who it is sees all."""

    quotes: int = 0
    articles: int = 0
    joint: int = 0
    roles: list[str] = field(default_factory=list)
    example: Quote | None = None


def evidence[T: (Actor, Speaker)](identities: Sequence[T]) -> dict[int, Evidence]:
    """By key, for identities of one kind: four queries for any number of them."""
    found = {each.pk: Evidence() for each in identities}
    if not found:
        return found
    who = "actor_id" if isinstance(identities[0], Actor) else "speaker_id"
    quotes = Quote.objects.filter(**{f"{who}__in": found}).order_by()
    for pk, number, articles in quotes.values_list(who).annotate(
        n=Count("pk"), articles=Count("article", distinct=True)
    ):
        found[pk].quotes, found[pk].articles = number, articles
    joint = JointVoice.objects.filter(**{f"{who}__in": found}).order_by()
    for pk, number in joint.values_list(who).annotate(n=Count("pk")):
        found[pk].joint = number
    roles: dict[int, list[str]] = defaultdict(list)
    by_role = quotes.exclude(role="").values_list(who, "role").annotate(n=Count("pk"))
    for pk, role, _ in by_role.order_by("-n", "role"):
        roles[pk].append(role)
    for pk, each in roles.items():
        found[pk].roles = each[:MOST_ROLES]
    newest = quotes.order_by(who, F("said_on").desc(nulls_last=True), "pk").distinct(who)
    for quote in newest.select_related("article").defer("article__text"):
        found[getattr(quote, who)].example = quote
    return found
