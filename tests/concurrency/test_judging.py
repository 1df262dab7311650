"""Several editors judge, take back and claim at the same moment, through the pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.labelling import record_label
from statements.models import Claim, Issue, Overlap, QueueItem, StanceLabel, Suggestion
from tests.concurrency.at_once import at_once, one_after_the_other, signed_in
from tests.concurrency.invariants import assert_labels_hold
from tests.factories import make_double, make_issue, make_quote, make_user

pytestmark = pytest.mark.django_db(transaction=True)

# Each example has an issue and quotes of its own; what earlier ones left does not touch it.
examples = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HTMX = {"HX-Request": "true"}

answers = st.sampled_from(StanceLabel.Label.values)
# A judgement of one of two quotes, by either page; or a step back.
steps = st.lists(
    st.tuples(st.sampled_from(["annotate", "page", "undo"]), st.integers(0, 1), answers),
    min_size=1,
    max_size=5,
)


@pytest.fixture
def editors(db):
    return [make_user("editor") for _ in range(2)]


def judge(client: Client, item: QueueItem, label: str, note: str, seen: int | None = None) -> int:
    sent: dict[str, object] = {"quote": item.quote.uuid, "label": label, "note": note}
    sent |= {} if seen is None else {"seen": seen}
    address = f"/annotate/{item.issue.slug}/"
    return client.post(address, sent, headers=HTMX).status_code


def judge_on_page(client: Client, item: QueueItem, label: str, note: str) -> int:
    sent = {"issue": item.issue.slug, "label": label, "note": note}
    return client.post(f"/quotes/{item.quote.uuid}/label/", sent).status_code


def undo(client: Client, issue: Issue) -> int:
    return client.post(f"/annotate/{issue.slug}/undo/", headers=HTMX).status_code


@examples
@given(first=steps, second=steps, third=steps)
def test_every_judgement_that_was_accepted_is_in_the_history_once(editors, first, second, third):
    issue = make_issue()
    items = [make_double(issue), make_double(issue)]
    accepted: list[str] = []

    def press(who: int, hand: int, number: int, do: str, at: int, label: str) -> None:
        client = clients[hand]
        if do == "undo":
            assert undo(client, issue) == 200
            return
        note = f"{who}-{hand}-{number}"
        by = judge if do == "annotate" else judge_on_page
        assert by(client, items[at], label, note) in (200, 302)
        accepted.append(note)

    # Two editors, of whom the second has two windows open.
    hands = [(0, first), (1, second), (1, third)]
    clients = [signed_in(editors[who]) for who, _ in hands]
    doing = [
        one_after_the_other([partial(press, who, hand, n, *step) for n, step in enumerate(presses)])
        for hand, (who, presses) in enumerate(hands)
    ]
    at_once(*doing)
    assert_labels_hold(issue)
    own = StanceLabel.objects.filter(issue=issue, undoes=None)
    assert sorted(own.values_list("note", flat=True)) == sorted(accepted)
    restored = StanceLabel.objects.filter(issue=issue, undoes__isnull=False)
    assert restored.count() == restored.values("undoes").distinct().count()


@examples
@given(labels=st.tuples(answers, answers))
def test_two_who_judge_one_quote_both_count_and_are_told(editors, labels):
    issue = make_issue()
    item = make_double(issue, is_double=False)
    clients = [signed_in(each) for each in editors]
    came = at_once(
        *(
            partial(judge, client, item, label, "", 0)
            for client, label in zip(clients, labels, strict=True)
        )
    )
    assert came == [200, 200]
    assert_labels_hold(issue)
    assert StanceLabel.objects.current().filter(issue=issue).count() == 2
    assert Overlap.objects.filter(first__issue=issue).count() == 1


@examples
@given(labels=st.lists(answers, min_size=2, max_size=3, unique=True))
def test_one_editor_in_several_windows_overwrites_nothing_unseen(editors, labels):
    issue = make_issue()
    item = make_double(issue)
    clients = [signed_in(editors[0]) for _ in labels]
    came = at_once(
        *(
            partial(judge, client, item, label, "", 0)
            for client, label in zip(clients, labels, strict=True)
        )
    )
    # One is kept; the others are shown what was kept, with their own answer still in the form.
    assert sorted(came) == [200, *[422] * (len(labels) - 1)]
    assert_labels_hold(issue)
    assert StanceLabel.objects.filter(issue=issue).count() == 1


def test_undo_against_undo_takes_no_step_back_twice(editors):
    for _ in range(4):
        issue = make_issue()
        item = make_double(issue)
        for number, label in enumerate(["supports", "opposes", "mixed"]):
            record_label(
                quote=item.quote, issue=issue, editor=editors[0], label=label, note=str(number)
            )
        clients = [signed_in(editors[0]) for _ in range(3)]
        assert at_once(*(partial(undo, each, issue) for each in clients)) == [200] * 3
        assert_labels_hold(issue)
        undone = StanceLabel.objects.filter(issue=issue, undoes__isnull=False)
        assert 1 <= undone.count() <= 3
        # Each press took back the newest that was left, or nothing and said so.
        kept = 3 - undone.count()
        last = StanceLabel.objects.current().filter(issue=issue).first()
        assert (last.note if last else None) == (str(kept - 1) if kept else None)


def test_no_quote_goes_to_more_editors_than_it_wants(editors):
    many = [*editors, *(make_user("editor") for _ in range(2))]
    for _ in range(4):
        issue = make_issue()
        once = [make_double(issue, is_double=False, place=0.1 * n) for n in range(2)]
        twice = make_double(issue, place=0.9)
        clients = [signed_in(each) for each in many]
        address = f"/annotate/{issue.slug}/"

        def take(client: Client, address: str = address) -> int:
            return client.get(address).status_code

        assert at_once(*(partial(take, each) for each in clients)) == [200] * 4
        claims = Claim.objects.filter(item__issue=issue)
        counts = {item: claims.filter(item=item).count() for item in (*once, twice)}
        assert counts == {once[0]: 1, once[1]: 1, twice: 2}


def test_looking_for_suggestions_never_hides_a_judgement(editors):
    for _ in range(4):
        issue = make_issue(terms=["toll"])
        quotes = [make_quote(f"We support the toll {issue.pk} {n}") for n in range(3)]
        items = [make_double(issue, each, is_double=False) for each in quotes]
        clients = [signed_in(each) for each in editors]

        def look(client: Client, item: QueueItem) -> int:
            address = f"/annotate/{item.issue.slug}/?quote={item.quote.uuid}"
            return client.get(address).status_code

        seen: list[Callable[[], object]] = [partial(look, clients[1], each) for each in items]
        judged: list[Callable[[], object]] = [
            partial(judge, clients[0], each, "opposes", "") for each in items
        ]
        came = at_once(one_after_the_other(seen), one_after_the_other(judged))
        assert came == [[200] * 3] * 2
        assert_labels_hold(issue)
    assert Suggestion.objects.exclude(label="").exists()
