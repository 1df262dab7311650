"""Geometry of the graph of who answers whom: two columns of parties, and a line for each link.

Drawn on the server from the counts alone, so that the same network always looks the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from textwrap import wrap

from statements.reply_network import Edge, Network, Node

# More parties than these are not told apart by eye; the table has all.
MOST_PARTIES, MOST_LINES = 12, 18

# Narrow enough that the words stay readable where the page is as wide as a phone.
_WIDTH, _COLUMN = 380, 128
_LINE, _PORT, _GAP, _LONGEST, _MOST_ROWS = 15, 13, 12, 17, 3
_THINNEST, _THICKEST = 1.5, 6.0


@dataclass(frozen=True, slots=True)
class Box:
    """A party in one of the columns, its name in lines."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: list[tuple[float, str]]

    @property
    def text_x(self) -> float:
        return self.x + 8


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of link between two parties, confirmed or only proposed."""

    edge: Edge
    is_proposed: bool
    count: int
    path: str
    stroke: float
    end_x: float
    end_y: float

    @property
    def head(self) -> str:
        """The corners of the arrow's head."""
        x, y, size = self.end_x, self.end_y, 5 + self.stroke / 2
        return f"{x:.1f},{y:.1f} {x - 9:.1f},{y - size:.1f} {x - 9:.1f},{y + size:.1f}"

    @property
    def middle_of_circle(self) -> float:
        return round(self.end_x - 5, 1)

    @property
    def label(self) -> str:
        state = "proposed" if self.is_proposed else "confirmed"
        edge = self.edge
        times = f"{self.count} quote{'s' * (self.count != 1)}"
        return f"{edge.source.name} {edge.label.lower()} {edge.target.name}: {times}, {state}"


@dataclass(frozen=True, slots=True)
class Graph:
    boxes: list[Box]
    lines: list[Line]
    width: int
    height: float
    is_partial: bool


def reply_graph(network: Network) -> Graph | None:
    """The strongest links among at most twelve parties; None when there is no link."""
    drawn = _strongest(network.edges)
    if not drawn:
        return None
    left = _ordered([edge.source for edge, _, _ in drawn])
    places = {node.key: place for place, node in enumerate(left)}
    right = _by_neighbours(drawn, places)
    width = _WIDTH - _COLUMN
    sources, tall_left = _column(left, [edge.source for edge, _, _ in drawn], 0)
    targets, tall_right = _column(right, [edge.target for edge, _, _ in drawn], width)
    below = {box.node.key: place for place, box in enumerate(targets)}
    starts = _ports(sources, drawn, lambda line: (line[0].source.key, below[line[0].target.key]))
    ends = _ports(targets, drawn, lambda line: (line[0].target.key, places[line[0].source.key]))
    most = max(count for _, _, count in drawn)
    lines = []
    for number, (edge, is_proposed, count) in enumerate(drawn):
        y, end_y = starts[number], ends[number]
        x, end_x = _COLUMN + 2, width - 3
        # The line stops behind its head.
        path = f"M{x} {y:.1f}C{x + 55} {y:.1f} {end_x - 60} {end_y:.1f} {end_x - 9} {end_y:.1f}"
        stroke = _THINNEST + (_THICKEST - _THINNEST) * sqrt((count - 1) / max(most - 1, 1))
        lines.append(Line(edge, is_proposed, count, path, round(stroke, 1), end_x, end_y))
    return Graph(
        [*sources, *targets],
        lines,
        _WIDTH,
        round(max(tall_left, tall_right), 1),
        is_partial=len(drawn) < sum(bool(e.confirmed) + bool(e.proposed) for e in network.edges),
    )


_Drawn = tuple[Edge, bool, int]


def _strongest(edges: Sequence[Edge]) -> list[_Drawn]:
    chosen: list[_Drawn] = []
    parties: set[str] = set()
    for edge in edges:
        both = parties | {edge.source.key, edge.target.key}
        states = [(False, edge.confirmed), (True, edge.proposed)]
        more = [(edge, proposed, count) for proposed, count in states if count]
        if len(both) <= MOST_PARTIES and len(chosen) + len(more) <= MOST_LINES:
            parties = both
            chosen += more
    return chosen


def _ordered(nodes: Iterable[Node]) -> list[Node]:
    """Each node once, the one with the most lines first."""
    counts: dict[str, int] = defaultdict(int)
    found = {}
    for node in nodes:
        counts[node.key] += 1
        found[node.key] = node
    return sorted(found.values(), key=lambda node: (-counts[node.key], node.name, node.key))


def _by_neighbours(drawn: Sequence[_Drawn], places: dict[str, int]) -> list[Node]:
    """The parties that are answered, each near those who answer it."""
    near: dict[str, list[int]] = defaultdict(list)
    found = {}
    for edge, _, _ in drawn:
        near[edge.target.key].append(places[edge.source.key])
        found[edge.target.key] = edge.target
    return sorted(
        found.values(),
        key=lambda node: (sum(near[node.key]) / len(near[node.key]), node.name, node.key),
    )


def _column(nodes: Sequence[Node], used: Sequence[Node], x: float) -> tuple[list[Box], float]:
    lines_of: dict[str, int] = defaultdict(int)
    for node in used:
        lines_of[node.key] += 1
    boxes = []
    y = 1.0
    for node in nodes:
        words = _wrapped(node.name)
        height = max(len(words) * _LINE + 12, lines_of[node.key] * _PORT + 6)
        top = y + (height - len(words) * _LINE) / 2 + 11.5
        lines = [(round(top + row * _LINE, 1), text) for row, text in enumerate(words)]
        boxes.append(Box(node, x, round(y, 1), _COLUMN, height, lines))
        y += height + _GAP
    return boxes, y - _GAP + 1


def _wrapped(name: str) -> list[str]:
    return wrap(name, _LONGEST, max_lines=_MOST_ROWS, placeholder=" …") or [name]


def _ports(
    boxes: Sequence[Box], drawn: Sequence[_Drawn], key: Callable[[_Drawn], tuple[str, int]]
) -> dict[int, float]:
    """Where each line meets its box: beside each other, in the order that crosses the least."""
    at: dict[str, list[int]] = defaultdict(list)
    for number in sorted(range(len(drawn)), key=lambda n: (key(drawn[n]), n)):
        at[key(drawn[number])[0]].append(number)
    found = {}
    for box in boxes:
        numbers = at[box.node.key]
        first = box.y + box.height / 2 - (len(numbers) - 1) * _PORT / 2
        for place, number in enumerate(numbers):
            found[number] = round(first + place * _PORT, 1)
    return found
