"""What editors decide about who answers whom: each decision is kept, and the last one counts."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from statements.labelling import lock_quotes
from statements.models import Actor, Quote, Reply, ReplyDecision, Speaker
from statements.models.replies import BY_HAND
from statements.turns import rely_on_identities

State = Reply.State


class UnusableReply(ValueError):
    """A link that cannot be; the message says why, and what to do."""


@transaction.atomic
def decide(
    reply: Reply, state: str, *, editor: User, relation: str = "", seen: str = ""
) -> ReplyDecision | None:
    """Say that a link is right, wrong, or open again, maybe with another relation.

    None when that is how it stands by somebody's decision already. Raises UnusableReply when it
    stands otherwise than the editor saw it, because a colleague was faster.
    """
    lock_quotes([reply.quote])
    held = Reply.objects.select_for_update(of=("self",)).filter(pk=reply.pk).first()
    if held is None:
        raise UnusableReply("The article was read again meanwhile: look at the quote once more.")
    relation = relation or held.relation
    last = held.decisions.select_related("editor").last()
    if (held.state, held.relation) == (state, relation) and (last or state == State.PROPOSED):
        return None
    if seen and held.state != seen:
        who = f"{last.editor} has" if last else "Somebody has"
        raise UnusableReply(f"{who} decided meanwhile: look at it as it stands now.")
    decision = ReplyDecision.objects.create(
        reply=held, editor=editor, state=state, relation=relation
    )
    Reply.objects.filter(pk=held.pk).update(state=state, relation=relation)
    reply.state, reply.relation = state, relation
    return decision


@transaction.atomic
def add_by_hand(
    quote: Quote,
    whom: Actor | Speaker,
    relation: str,
    words: str,
    *,
    editor: User,
    earlier: Quote | None = None,
) -> Reply:
    """Link a quote to whom it answers, as confirmed by the editor.

    The words have to stand in the article; of several places the one nearest to the quote is
    meant. Raises UnusableReply when they do not, when nobody but the quote's own voices is meant,
    or when the link is there already.
    """
    rely_on_identities()
    whom = type(whom)._default_manager.get(pk=whom.pk).current
    lock_quotes([quote])
    is_actor = isinstance(whom, Actor)
    for voice in quote.voices:
        if (voice.actor_id if is_actor else voice.speaker_id) == whom.pk:
            raise UnusableReply(f"{whom.name} said this: choose whom it answers.")
    if earlier and not _is_by(earlier, whom):
        raise UnusableReply(f"The earlier quote is not by {whom.name}: choose another, or none.")
    party = {"actor": whom, "speaker": None} if is_actor else {"actor": None, "speaker": whom}
    there = quote.replies.filter(**{"actor" if is_actor else "speaker": whom})
    if known := there.exclude(state=State.REJECTED).first():
        raise UnusableReply(
            f"It is linked to {whom.name} already, as “{known.get_relation_display().lower()}”: "
            "confirm that link, or say that it is wrong first."
        )
    start, end = evidence_place(quote, words)
    reply = Reply.objects.create(
        quote=quote,
        **party,
        earlier=earlier,
        relation=relation,
        state=State.CONFIRMED,
        evidence_start=start,
        evidence_end=end,
        evidence=quote.article.text[start:end],
        rule=BY_HAND,
    )
    ReplyDecision.objects.create(
        reply=reply, editor=editor, state=State.CONFIRMED, relation=relation
    )
    return reply


def evidence_place(quote: Quote, words: str) -> tuple[int, int]:
    """Where the words stand in the article, nearest to the quote; raises UnusableReply."""
    words = " ".join(words.split()).strip('“”"')
    text = quote.article.text
    # What is copied from a page has lost its line breaks.
    flat = text.replace("\n", " ")
    places = []
    at = flat.find(words) if words else -1
    while at >= 0:
        places.append(at)
        at = flat.find(words, at + 1)
    if not places:
        raise UnusableReply("These words are not in the article: copy them from it as they are.")
    middle = (quote.start + quote.end) // 2
    start = min(places, key=lambda place: abs(place - middle))
    return start, start + len(words)


def _is_by(quote: Quote, whom: Actor | Speaker) -> bool:
    return any(whom in (voice.actor, voice.speaker) for voice in quote.voices)
