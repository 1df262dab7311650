"""Groups of what belongs together, by pairs."""

from __future__ import annotations


class Groups:
    """Keys in groups: two are in one when a chain of pairs leads from one to the other."""

    def __init__(self) -> None:
        self._group: dict[int, set[int]] = {}

    def join(self, first: int, second: int) -> None:
        ours = self._group.get(first, {first})
        theirs = self._group.get(second, {second})
        smaller, larger = sorted((ours, theirs), key=len)
        if smaller is larger:
            return
        larger |= smaller
        for each in (first, second, *smaller):
            self._group[each] = larger

    def __contains__(self, key: int) -> bool:
        return key in self._group

    def all(self) -> list[set[int]]:
        return list({id(each): each for each in self._group.values()}.values())
