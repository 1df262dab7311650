"""What holds whatever people did at the same moment."""

from __future__ import annotations

from collections import defaultdict

from statements.models import Issue, QueueItem, Stance, StanceLabel


def assert_labels_hold(issue: Issue) -> None:
    """Each editor's judgements form one chain, the stance follows from the last of each."""
    chains: dict[tuple[int, int], list[StanceLabel]] = defaultdict(list)
    for label in StanceLabel.objects.judgements().filter(issue=issue).order_by("pk"):
        chains[label.quote_id, label.editor_id].append(label)
    current: dict[int, list[str]] = defaultdict(list)
    for (quote, _), chain in chains.items():
        assert [each.supersedes_id for each in chain] == [None, *(each.pk for each in chain[:-1])]
        assert not any(each.is_current for each in chain[:-1])
        assert chain[-1].is_current == bool(chain[-1].label)
        if chain[-1].label:
            current[quote].append(chain[-1].label)
    stances = {each.quote_id: each for each in Stance.objects.labelled().filter(issue=issue)}
    decided = {each.quote_id for each in stances.values() if each.standing == "adjudicated"}
    assert set(stances) == set(current) | decided
    for quote, labels in current.items():
        stance = stances[quote]
        assert stance.label_count == len(labels)
        if quote in decided:
            continue
        agreed = len(set(labels)) == 1
        assert (stance.label, stance.standing == "disputed") == (
            labels[0] if agreed else "",
            not agreed,
        )
    for item in QueueItem.objects.filter(issue=issue):
        assert item.label_count == len(current[item.quote_id])
