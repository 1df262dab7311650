"""Where a party or a person stands on each issue, how that went, and whom it contradicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from statements.charts import Course, courses
from statements.disagreement import Stand, disagreement, name_parties, stands_on
from statements.models import Stance, StanceLabel
from statements.positions import Position, positions
from statements.sides import Side, Term

# On so many issues, the best founded, it is told who stands against them, and how it went.
_IN_FULL = 5
# So many parties are named that stand against one.
_RIVALS = 3


@dataclass(slots=True)
class Profile:
    """The position on one issue, with the parties that contradict it most."""

    position: Position
    against: list[Term] = field(default_factory=list)
    course: Course | None = None


def profiles(
    side: Side, user: AbstractBaseUser | AnonymousUser, *, own: Collection[int] = ()
) -> list[Profile]:
    """Every issue on which the side said something, the best founded first: five queries at most.

    `own` are actors that cannot stand against it: itself, or those for whom a person speaks.
    """
    found = [Profile(position) for position in positions(side, user)]
    full = [each for each in found if each.position.is_enough][:_IN_FULL]
    for each in full:
        each.course = next(iter(courses([each.position])), None)
    if full:
        _find_rivals(full, user, own)
    return found


def _find_rivals(
    full: list[Profile], user: AbstractBaseUser | AnonymousUser, own: Collection[int]
) -> None:
    issues = [each.position.issue.pk for each in full]
    stands = stands_on(Stance.objects.filter(issue__in=issues).visible_to(user))
    rivals: dict[int, list[Stand]] = {}
    for each in full:
        pk = each.position.issue.pk
        mine = Counter(each.position.labels)
        del mine[StanceLabel.Label.UNRELATED]
        against = [
            (disagreement(mine, stand.labels), stand)
            for stand in stands.get(pk, {}).values()
            if stand.is_enough and stand.pk not in own
        ]
        against.sort(key=lambda row: (-row[0], -row[1].total, row[1].pk))
        rivals[pk] = [stand for share, stand in against[:_RIVALS] if share]
    name_parties(stand for found in rivals.values() for stand in found)
    for each in full:
        each.against = [
            stand.term for stand in rivals[each.position.issue.pk] if stand.term is not None
        ]
