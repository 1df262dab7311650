"""By which runs of words a quote is found again: those that few quotes of its voice hold.

Whoever speaks much has habits of speech. A run that many of their quotes hold would lead to all of
these, while a repeat shares rarer runs as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched

from django.db import connection

from statements.ingest.groups import Groups
from statements.models import CommonRun

# A key that so many quotes hold is common, and leads to none of them any more.
COMMON = 20
# Of a voice that has fewer rare keys in a quote, common ones are kept too, and all are asked for.
_LEAST = 4
# Of the runs of the shorter one of two quotes that are nearly the same, more than this share is in
# both: it is least where one word in nine is put in between, and lies in the middle.
_LEAST_SHARED = 0.15
_AT_ONCE = 15


@dataclass(frozen=True)
class TellingKeys:
    """By what the likely repeats of quotes are asked for, by quote and by its voices."""

    of: Mapping[int, Sequence[Sequence[int]]]
    common: set[int]
    """Which of the keys are common."""

    def keep(self, groups: Groups) -> set[int]:
        """Keep the keys of the quotes, and return which have any: one statement.

        A quote that was found to be a repeat keeps no common ones: the first leads to it.
        """
        rows = {
            pk: kept
            for pk, voices in self.of.items()
            if (kept := [key for keys in voices for key in self._kept(keys, pk in groups)])
        }
        if rows:
            with connection.cursor() as cursor:
                # As text, since arrays of different lengths are no array.
                cursor.execute(
                    "INSERT INTO statements_quotesketch (quote_id, runs) "
                    "SELECT quote, runs::bigint[] "
                    "FROM unnest(%s::bigint[], %s::text[]) AS kept(quote, runs) "
                    "ON CONFLICT (quote_id) DO UPDATE SET runs = excluded.runs",
                    [list(rows), [_array(keys) for keys in rows.values()]],
                )
        return set(rows)

    def _kept(self, keys: Sequence[int], is_repeat: bool) -> list[int]:
        rare = [key for key in keys if key not in self.common]
        missing = 0 if is_repeat else max(_LEAST - len(rare), 0)
        return rare + sorted(self.common.intersection(keys))[:missing]

    def likely_repeats(self) -> dict[int, set[int]]:
        """Other quotes that share enough with one of these, and with which: two statements.

        What turns out to be common by now is kept as such.
        """
        held = Counter(key for voices in self.of.values() for keys in voices for key in keys)
        if not held:
            return {}
        # Some keys at a time: the index compares each of them with every row that it finds.
        lots = [_array(keys) for keys in batched(sorted(held), _AT_ONCE)]
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH lot AS MATERIALIZED (SELECT keys::bigint[] FROM unnest(%s::text[]) AS keys) "
                "SELECT quote_id, cardinality(runs), "
                "ARRAY(SELECT run FROM unnest(runs) AS run WHERE run = ANY(lot.keys)) "
                "FROM lot JOIN statements_quotesketch ON runs && lot.keys",
                [lots],
            )
            found = [each for each in cursor.fetchall() if each[0] not in self.of]
        lengths: dict[int, int] = {}
        shared: dict[int, list[int]] = defaultdict(list)
        for pk, length, keys in found:
            lengths[pk] = length
            shared[pk] += keys
        held.update(key for keys in shared.values() for key in keys)
        new = [key for key, count in held.items() if count >= COMMON and key not in self.common]
        CommonRun.objects.bulk_create((CommonRun(key=key) for key in new), ignore_conflicts=True)
        pairs = ((pk, self._like(keys, lengths[pk])) for pk, keys in shared.items())
        return {pk: like for pk, like in pairs if like}

    def _like(self, shared: Sequence[int], length: int) -> set[int]:
        """Which of the quotes may be the same as one with these of their keys, of so many."""
        found: dict[tuple[int, int], int] = {}
        for key in shared:
            for holder in self._holders[key]:
                found[holder] = found.get(holder, 0) + 1
        return {
            pk
            for (pk, voice), count in found.items()
            if count >= _LEAST_SHARED * min(len(self.of[pk][voice]), length / 2)
        }

    @cached_property
    def _holders(self) -> dict[int, list[tuple[int, int]]]:
        holders: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for pk, voices in self.of.items():
            for voice, keys in enumerate(voices):
                for key in keys:
                    holders[key].append((pk, voice))
        return holders


def telling_keys(every: Mapping[int, Sequence[Sequence[int]]]) -> TellingKeys:
    """The rare ones of all keys of quotes, or all where these are too few: one query."""
    asked = {key for voices in every.values() for keys in voices for key in keys}
    common: set[int] = set()
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT key FROM statements_commonrun WHERE key = ANY(%s::bigint[])",
                [_array(asked)],
            )
            common = {key for (key,) in cursor.fetchall()}
    return TellingKeys(
        {pk: [_telling(keys, common) for keys in voices] for pk, voices in every.items()}, common
    )


def _telling(keys: Sequence[int], common: Collection[int]) -> Sequence[int]:
    rare = [key for key in keys if key not in common]
    return rare if len(rare) >= _LEAST else keys


def _array(numbers: Collection[int]) -> str:
    """The numbers as PostgreSQL writes an array: as one value, however many they are."""
    return f"{{{','.join(map(str, numbers))}}}"
