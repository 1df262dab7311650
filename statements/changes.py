"""Whether a party changed its position: labelled quotes before and after, and enough of both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

# Below this many labelled quotes a position is not stated, only the number of quotes. It holds for
# either part of a change as well.
MINIMUM = 3

# Of a part, so many must share its leading label: a change is said of parties that were clear.
_CLEAR = 2 / 3

type Months = dict[date, Counter[str]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a month to a month: of `total` labelled quotes `count` have the leading label."""

    first: date
    last: date
    label: str
    count: int
    total: int

    @property
    def until(self) -> date:
        """The last day of its last month."""
        return (self.last + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    before: Stretch
    after: Stretch


def change_in(months: Months) -> Change | None:
    """The one change that the labelled quotes of these months show best; None when none is clear.

    Of all months between which the quotes may be parted, it is those where most quotes agree with
    the leading label of their part; of several such, the earliest.
    """
    ordered = sorted(month for month, counts in months.items() if counts)
    best: Change | None = None
    counts_before, counts_after = Counter[str](), Counter[str]()
    for month in ordered:
        counts_after.update(months[month])
    for place, month in enumerate(ordered[:-1], start=1):
        counts_before.update(months[month])
        counts_after.subtract(months[month])
        before = _stretch(ordered[:place], counts_before)
        after = _stretch(ordered[place:], counts_after) if before else None
        if before is None or after is None or before.label == after.label:
            continue
        if best is None or before.count + after.count > best.before.count + best.after.count:
            best = Change(before, after)
    return best


def _stretch(ordered: list[date], counts: Counter[str]) -> Stretch | None:
    # Where two lead, neither has a share that is clear.
    label = max(counts, key=counts.__getitem__)
    count, total = counts[label], counts.total()
    if total < MINIMUM or count < _CLEAR * total:
        return None
    return Stretch(ordered[0], ordered[-1], label, count, total)
