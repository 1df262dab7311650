"""How many quotes fit, and how many each value of each facet would show.

Exact wherever nothing but facets is chosen, of issues, outlets, actors and speakers at most one
together: those counts are kept. Elsewhere the newest are counted, and where more fit than are
looked at, a count says that it is a least one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from statements.browsing import scanning, tallies
from statements.browsing.conditions import Conditions
from statements.browsing.keys import STANCES, SUGGESTED_SHIFT, TYPES, Facet, parted, stance_on
from statements.browsing.scanning import MONTHS, STANCES_ALONE, Scan, Scans

# Facets with a slice of their own in the tallies.
_SLICED = ("issue", "outlet", "actor", "speaker")
NAMES = ("type", *_SLICED, "kind", "stance")
# Of so few quotes it is counted too by how many actors and in how many articles they are.
_FEW = 1_000


@dataclass(slots=True)
class Values:
    """Quotes by the number of a facet's value: an id, or the place in a list of `keys`."""

    counts: Counter[int] = field(default_factory=Counter)
    suggested: Counter[int] = field(default_factory=Counter)
    """Of stances only: those of the quotes that are but suggested."""
    is_least: bool = False


@dataclass(slots=True)
class Counts:
    """All that a page says in numbers. `is_least`: there are more than `total`."""

    total: int
    is_least: bool
    actors: int | None
    articles: int | None
    facets: Mapping[str, Values]
    months: Values
    """By months since year 0; quotes without a day are not among them."""
    scans: Scans
    """What was counted one by one for these, for whoever asks for more about the same."""


def count(wanted: Conditions) -> Counts:
    """The counts for a page, with each facet's own condition left out of its own."""
    scans = Scans()
    known = _Known.of(wanted)
    facets = known.facets() if known else {}
    missing = [name for name in NAMES if name not in facets]
    found: Scan | None = None
    if missing or not known or known.total <= _FEW:
        found = scans.of(wanted, known.total if known else None)
        left_out = [name for name in missing if wanted.counting(name) != wanted]
        facets |= {name: _values(name, found, wanted) for name in missing if name not in left_out}
        facets |= _left_out(wanted, left_out, scans)
    return Counts(
        total=known.total if known else found.total if found else 0,
        is_least=not known and found is not None and found.is_capped,
        actors=found.actors if found and not found.is_capped else None,
        articles=found.articles if found and not found.is_capped else None,
        facets=facets,
        months=_months(wanted, known, found, scans),
        scans=scans,
    )


def total(wanted: Conditions) -> int:
    """How many quotes fit, exactly, where nothing but facets with kept sums is asked for."""
    known = _Known.of(wanted)
    return (
        tallies.cells(known.slice, known.narrowing).total if known else scanning.scan(wanted).total
    )


def months_by_type(
    wanted: Conditions, scans: Scans | None = None
) -> tuple[dict[int, Counter[int]], bool]:
    """Quotes by month and place of the type, and whether these are least counts."""
    known = _Known.of(wanted)
    if known and known.has_months:
        found = tallies.months_by_type(known.slice, known.narrowing)
        found.pop(0, None)
        return found, False
    scanned = (scans or Scans()).of(wanted)
    months: dict[int, Counter[int]] = {}
    for (key, types), n in scanned.months_by_type.items():
        for place in range(len(TYPES)):
            if types >> place & 1 and parted(key)[1]:
                months.setdefault(parted(key)[1], Counter())[place] += n
    return months, scanned.is_capped


def stances_by_type(
    wanted: Conditions, issue: int, scans: Scans | None = None
) -> tuple[Counter[tuple[int, int, bool]], bool]:
    """Quotes on an issue by place of the type, of the stance, and whether that is but suggested.

    Whatever stance is chosen, all are counted but what is unrelated. The second value: whether
    these are least counts.
    """
    here = wanted.without("stance")
    known = _Known.of(here)
    if known and known.slice in (0, Facet.ISSUE.key(issue)):
        return tallies.stances_by_type(Facet.ISSUE.key(issue), known.narrowing), False
    scanned = (scans or Scans()).of(here, only=STANCES_ALONE)
    found: Counter[tuple[int, int, bool]] = Counter()
    for (types, key), n in scanned.stands.items():
        facet, rest = parted(key)
        if rest // 16 != issue or STANCES[rest % 16] == "unrelated":
            continue
        for place in range(len(TYPES)):
            if types >> place & 1:
                # Those that are but suggested are among all of them too.
                if facet == Facet.ISSUE_SUGGESTED:
                    found[place, rest % 16, True] += n
                    found[place, rest % 16, False] -= n
                else:
                    found[place, rest % 16, False] += n
    return found, scanned.is_capped


@dataclass(slots=True)
class _Known:
    """Conditions that tallies answer: their slice, and which of its cells count."""

    wanted: Conditions
    name: str
    slice: int
    narrowing: tallies.Narrowing
    total: int = 0

    @classmethod
    def of(cls, wanted: Conditions) -> _Known | None:
        """None when tallies do not say."""
        slices = [(name, key) for name in _SLICED for key in wanted.chosen.get(name, ())]
        if not wanted.is_bare or len(slices) > 1:
            return None
        name, key = slices[0] if slices else ("", 0)
        narrowing = tallies.Narrowing.to(
            (parted(each)[1] for each in wanted.chosen.get("type", ())),
            (parted(each)[1] for each in wanted.chosen.get("kind", ())),
            wanted.stances,
            with_drafts=wanted.with_drafts,
        )
        return cls(wanted, name, key, narrowing)

    @property
    def has_months(self) -> bool:
        return self.name not in ("actor", "speaker")

    def facets(self) -> dict[str, Values]:
        """The facets that are known; the others depend on two slices at once."""
        cells = tallies.cells(self.slice, self.narrowing)
        self.total = cells.total
        found = {
            "type": Values(cells.types),
            "kind": Values(cells.kinds),
            "stance": Values(cells.stances, cells.suggested),
        }
        for name in _SLICED:
            # With its own condition left out nothing but cells of a facet's own slices is asked.
            if self.name in ("", name):
                facet = Facet[name.upper()]
                by_key = tallies.by_slice(facet, self.narrowing, scanning.MOST)
                counts = Counter({parted(key)[1]: n for key, n in by_key.items()})
                if self.name == name:
                    counts[parted(self.slice)[1]] = self.total
                found[name] = Values(counts)
        return found


def _left_out(wanted: Conditions, names: list[str], scans: Scans) -> dict[str, Values]:
    """The facets of which something is chosen, each with its own condition left out."""
    found: dict[str, Values] = {}
    names = list(names)
    for name in list(names):
        known = _Known.of(wanted.without(name))
        if known and known.slice == 0:
            found[name] = known.facets()[name]
            names.remove(name)
    if "stance" in names:
        # By itself, since a page says of the same quotes also how each type stands.
        scanned = scans.of(wanted.counting("stance"), only=STANCES_ALONE)
        found["stance"] = _values("stance", scanned, wanted)
        names.remove("stance")
    if names:
        for name, each in scanning.scan_without(wanted, names).items():
            found[name] = _values(name, each, wanted)
    return found


def _values(name: str, found: Scan, wanted: Conditions) -> Values:
    values = Values(is_least=found.is_capped)
    if name == "stance":
        _add_stances(values, found, wanted.issues)
    elif name == "issue" and wanted.stances:
        values.counts = found.any_of
    else:
        facet = Facet[name.upper()]
        for key, n in found.counts.items():
            if parted(key)[0] == facet:
                values.counts[parted(key)[1]] = n
    return values


def _add_stances(values: Values, found: Scan, issues: tuple[int, ...]) -> None:
    for place, stance in enumerate(STANCES):
        if not issues:
            key, suggested = Facet.STANCE.key(place), Facet.SUGGESTED.key(place)
        elif len(issues) == 1:
            key = stance_on(issues[0], stance)
            suggested = stance_on(issues[0], stance, Facet.ISSUE_SUGGESTED)
        else:
            values.counts[place] = found.on_any[Facet.ISSUE_STANCE, place]
            values.suggested[place] = found.on_any[Facet.ISSUE_SUGGESTED, place]
            continue
        values.counts[place], values.suggested[place] = found.counts[key], found.counts[suggested]


def _months(wanted: Conditions, known: _Known | None, found: Scan | None, scans: Scans) -> Values:
    """The histogram's counts: whatever days are chosen, all are counted."""
    if known and known.has_months:
        counts = tallies.months(known.slice, known.narrowing)
        counts.pop(0, None)
        return Values(counts)
    everywhere = wanted.without("date")
    if everywhere != wanted:
        known = _Known.of(everywhere)
        if known and known.has_months:
            return _months(everywhere, known, None, scans)
        found = scans.of(everywhere, only=MONTHS)
    values = Values(is_least=found is not None and found.is_capped)
    for key, n in (found.counts if found else Counter[int]()).items():
        facet, month = parted(key)
        if facet == Facet.MONTH and month:
            values.counts[month] = n
    return values


assert len(STANCES) <= SUGGESTED_SHIFT  # noqa: S101
