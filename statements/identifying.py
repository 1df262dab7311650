"""Corrections to who somebody is, carried to every quote that rests on it."""

from __future__ import annotations

from django.db import transaction

from statements.models import Actor, JointVoice, Quote
from statements.turns import rely_on_identities


@transaction.atomic
def retype_actor(actor: Actor, *, actor_type: str, country: str) -> None:
    """Give the actor this type and country, and with it each quote that speaks for it."""
    actor.type, actor.country = actor_type, country
    actor.save(update_fields=["type", "country"])
    for model in (Quote, JointVoice):
        model._default_manager.filter(actor=actor).update(actor_type=actor_type, country=country)


@transaction.atomic
def reattribute(quote: Quote) -> None:
    """Keep an editor's choice of the quote's speaker and actor as confirmed.

    Who was merged since the page was opened is whom they were merged into.
    """
    rely_on_identities()
    quote.speaker = quote.speaker.current if quote.speaker else None
    quote.actor = quote.actor.current if quote.actor else None
    quote.attribution = (
        Quote.Attribution.CONFIRMED
        if quote.speaker_id or quote.actor_id
        else Quote.Attribution.OPEN
    )
    if quote.actor:
        quote.actor_type, quote.country = quote.actor.type, quote.actor.country
    quote.save()
