"""What a person is told when somebody else changed the same at the same moment."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client

from statements.conflicts import CHANGED, GONE, in_words
from statements.models import Claim, QueueItem, Quote, StanceLabel
from tests.concurrency.at_once import wait_until_one_waits
from tests.factories import make_double, make_issue, make_quote, make_user


@pytest.mark.django_db(transaction=True)
def test_whose_locks_cross_is_one_told_so_and_the_other_served():
    first, second = make_quote(), make_quote()
    held, errors = threading.Barrier(2), []

    def hold(one: Quote, other: Quote) -> None:
        try:
            with transaction.atomic():
                Quote.objects.select_for_update().get(pk=one.pk)
                held.wait(timeout=10)
                Quote.objects.select_for_update().get(pk=other.pk)
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=hold, args=p) for p in ((first, second), (second, first))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [in_words(error) for error in errors] == [CHANGED]


def test_what_others_do_not_explain_stays_an_error():
    assert in_words(ValueError("wrong")) is None
    assert in_words(OperationalError("the server is gone")) is None
    assert in_words(IntegrityError("null value")) is None
    assert in_words(Quote.DoesNotExist()) == GONE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_quote_that_goes_while_it_is_judged_is_no_failure(client, headers):
    client.force_login(make_user("editor"))
    item = make_double(make_issue(), make_quote(), is_double=False)
    gone = Quote.objects.get(pk=item.quote_id)
    address = f"/quotes/{gone.uuid}/label/"

    def judge() -> None:
        try:
            sent = {"issue": item.issue.slug, "label": "mixed"}
            browser = Client(raise_request_exception=False)
            browser.cookies = client.cookies
            came.append(browser.post(address, sent, headers=headers))
        finally:
            connection.close()

    came: list[Any] = []
    thread = threading.Thread(target=judge)
    with transaction.atomic():
        Quote.objects.select_for_update().get(pk=gone.pk)
        thread.start()
        wait_until_one_waits()
        QueueItem.objects.filter(pk=item.pk).delete()
        gone.parts.all().delete()
        Quote.objects.filter(pk=gone.pk).delete()
    thread.join(timeout=10)
    assert came[0].status_code == 409
    if headers:
        assert came[0].headers["HX-Redirect"] == "/"
    else:
        assert "Changed meanwhile" in came[0].text
        assert "was not saved" in came[0].text
    assert not StanceLabel.objects.exists()
    assert not Claim.objects.exists()
