"""The generator behind the measurement of copies, and how it counts."""

from __future__ import annotations

from bench import duplicates


def test_half_of_the_articles_are_copies_and_the_same_each_time():
    first, second = ([*duplicates.Newsroom(7).articles(300)] for _ in range(2))
    assert first == second
    assert len(first) == 300
    copies = sum(made.kind in duplicates.KINDS for made in first)
    assert 0.3 < copies / len(first) < 0.7


def test_quotations_stand_where_it_says():
    made = next(duplicates.Newsroom(7).articles(1))
    text, places = duplicates.text_of(made, 1)
    assert all(text[start:end] == said.words for start, end, said in places)


def test_pairs_are_scored():
    truth = {1: 1, 2: 1, 3: 1, 4: 2}
    assert duplicates.score(truth, truth) == ["3", "3", "100.00 %", "100.00 %"]
    assert duplicates.score(truth, {1: 1, 2: 1, 3: 3, 4: 3}) == ["3", "2", "50.00 %", "33.33 %"]


def test_thresholds_are_printed_for_each_kind(capsys):
    assert duplicates.main(["--articles", "400", "--thresholds"]) == 0
    printed = capsys.readouterr().out
    assert all(f"| {kind} |" in printed for kind in ("rival", *duplicates.KINDS))
