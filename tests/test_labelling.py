from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from statements.labelling import adjudicate, record_label, update_stance
from statements.models import Stance, StanceLabel, Suggestion
from statements.models.issues import publish_guideline
from tests.factories import make_issue, make_quote, make_user


@pytest.fixture
def item(db):
    return {"quote": make_quote(), "issue": make_issue()}


def stance_of(item) -> Stance:
    return Stance.objects.get(**item)


def test_one_label_makes_a_single_stance_with_the_guideline_in_force(item):
    guideline = publish_guideline(item["issue"], "Judge the speaker, not the mood.")
    label = record_label(**item, editor=make_user("editor"), label="supports")
    assert (stance_of(item).label, stance_of(item).standing) == ("supports", "single")
    assert label.guideline == guideline


def test_two_editors_agree(item):
    for _ in range(2):
        record_label(**item, editor=make_user("editor"), label="opposes")
    assert (stance_of(item).label, stance_of(item).standing) == ("opposes", "agreed")
    assert stance_of(item).label_count == 2


def test_two_editors_disagree_until_a_lead_decides_with_a_reason(item):
    for label in ("opposes", "supports"):
        record_label(**item, editor=make_user("editor"), label=label)
    assert (stance_of(item).label, stance_of(item).standing) == ("", "disputed")
    with pytest.raises(ValueError, match="reason"):
        adjudicate(**item, lead=make_user("lead"), label="opposes", reason="  ")
    adjudicate(**item, lead=make_user("lead"), label="opposes", reason="The denial is explicit.")
    assert (stance_of(item).label, stance_of(item).standing) == ("opposes", "adjudicated")


def test_a_new_judgement_supersedes_and_keeps_the_old_one(item):
    editor = make_user("editor")
    first = record_label(**item, editor=editor, label="supports")
    second = record_label(**item, editor=editor, label="mixed", is_sure=False, note="a condition")
    assert list(StanceLabel.objects.current()) == [second]
    assert second.supersedes == first
    assert stance_of(item).label == "mixed"


def test_the_same_judgement_twice_is_one(item):
    editor = make_user("editor")
    first = record_label(**item, editor=editor, label="neutral")
    assert record_label(**item, editor=editor, label="neutral") == first
    assert StanceLabel.objects.count() == 1


def test_a_suggestion_shows_only_until_a_label_exists(item):
    Suggestion.objects.create(**item, label="opposes", confidence=0.8, method="predicate")
    update_stance(**item)
    assert (stance_of(item).standing, stance_of(item).confidence) == ("suggested", 0.8)
    assert not Stance.objects.labelled().exists()
    record_label(**item, editor=make_user("editor"), label="supports")
    assert (stance_of(item).label, stance_of(item).confidence) == ("supports", None)


def test_an_abstention_is_no_stance(item):
    Suggestion.objects.create(**item, label="", method="predicate", reason="no term of the issue")
    assert update_stance(**item) is None
    assert not Stance.objects.exists()


def test_a_label_can_be_neither_changed_nor_deleted(item):
    label = record_label(**item, editor=make_user("editor"), label="supports")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        StanceLabel.objects.filter(pk=label.pk).update(label="opposes")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        StanceLabel.objects.filter(pk=label.pk)._raw_delete("default")


def test_a_published_guideline_stays_and_the_same_text_is_no_new_version(item):
    first = publish_guideline(item["issue"], "One.")
    assert publish_guideline(item["issue"], "One.") == first
    assert publish_guideline(item["issue"], "Two.").number == 2
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        type(first).objects.filter(pk=first.pk).update(text="Other.")


@pytest.mark.django_db(transaction=True)
def test_many_judgements_at_once_leave_one_current_label_and_the_whole_history():
    quote, issue = make_quote(), make_issue()
    editor = make_user("editor")
    errors: list[Exception] = []

    def judge(number: int) -> None:
        try:
            record_label(
                quote=quote, issue=issue, editor=editor, label="supports", note=str(number)
            )
        except Exception as error:  # reported by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=judge, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert StanceLabel.objects.current().count() == 1
    assert StanceLabel.objects.count() == 6
