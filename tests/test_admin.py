"""The back office opens, and a correction there reaches the quotes."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from statements.identifying import reattribute
from statements.labelling import record_label
from statements.merging import merge
from statements.models import Actor, Quote, Speaker, StanceLabel
from tests.factories import make_actor, make_issue, make_quote, make_speaker, make_user

OURS = [model for model in admin.site._registry if model._meta.app_label == "statements"]


@pytest.fixture
def back_office(client, db):
    client.force_login(make_user("admin", is_superuser=True))
    return client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_each_list_opens(back_office, model):
    quote = make_quote(actor=make_actor(), speaker=make_speaker())
    record_label(quote=quote, issue=make_issue(), editor=make_user("editor"), label="mixed")
    response = back_office.get(reverse(f"admin:statements_{model._meta.model_name}_changelist"))
    assert response.status_code == 200


def test_a_label_cannot_be_changed_here(back_office):
    quote = make_quote()
    record_label(quote=quote, issue=make_issue(), editor=make_user("editor"), label="mixed")
    label = StanceLabel.objects.get()
    address = reverse("admin:statements_stancelabel_change", args=[label.pk])
    assert back_office.get(address).status_code == 200
    assert back_office.post(address, {"label": "supports"}).status_code == 403


def test_choosing_a_speaker_confirms_the_attribution(back_office):
    quote = make_quote(attribution="open")
    actor = make_actor(type="ngo", country="FR")
    speaker = make_speaker()
    address = reverse("admin:statements_quote_change", args=[quote.pk])
    form = back_office.get(address).context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value is not None}
    values |= {"speaker": speaker.pk, "actor": actor.pk, "candidates": "[]"}
    for prefix in ("parts", "joint_voices"):
        values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    response = back_office.post(address, values)
    assert response.status_code == 302, response.context["adminform"].form.errors
    quote = Quote.objects.get(pk=quote.pk)
    assert (quote.attribution, quote.speaker, quote.actor_type, quote.country) == (
        "confirmed",
        speaker,
        "ngo",
        "FR",
    )


def test_choosing_somebody_who_was_merged_means_who_they_are_now(db):
    quote, gone, stays = make_quote(), make_speaker("H. Holt"), make_speaker("Hari Holt")
    merge(Speaker.objects.get(pk=gone.pk), stays, editor=None)
    quote.speaker = Speaker.objects.get(pk=gone.pk)
    reattribute(quote)
    assert Quote.objects.get().speaker == stays


def test_what_an_identity_is_called_and_is_changes_only_where_it_is_kept(back_office):
    actor = make_actor("Dockers", type="unknown")
    values = {"summary": "A union.", "name": "Others", "type": "labour", "standing": "confirmed"}
    values |= {"names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0"}
    address = reverse("admin:statements_actor_change", args=[actor.pk])
    assert back_office.post(address, values).status_code == 302
    stored = Actor.objects.get()
    assert (stored.summary, stored.name, stored.type) == ("A union.", "Dockers", "unknown")
    assert (
        back_office.post(reverse("admin:statements_actor_delete", args=[actor.pk])).status_code
        == 403
    )


def test_nobody_who_was_merged_can_be_chosen(back_office):
    gone, stays = make_actor("Dock Union"), make_actor("Dockers’ Union")
    Actor.objects.filter(pk=gone.pk).update(merged_into=stays)
    query = {"app_label": "statements", "model_name": "quote", "field_name": "actor"}
    query |= {"term": "dock"}
    found = back_office.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [each["text"] for each in found] == ["Dockers’ Union"]
