"""Lists of who answers whom, chosen by the query string of a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q
from django.http import QueryDict

from statements.models import Actor, Issue, JointVoice, Quote, Reply, Speaker
from statements.models.replies import ReplyQuerySet
from statements.reply_network import between, issue_replies


@dataclass(slots=True)
class ReplyFilter:
    """Which links a list shows; what the query string says and nothing has is left out."""

    source: Actor | Speaker | None = None
    target: Actor | Speaker | None = None
    issue: Issue | None = None
    relation: str = ""
    state: str = ""
    query: QueryDict = field(default_factory=QueryDict)

    @classmethod
    def of(cls, query: QueryDict) -> ReplyFilter:
        relation, state = query.get("relation", ""), query.get("state", "")
        return cls(
            _party(query.get("from", "")),
            _party(query.get("to", "")),
            Issue.objects.filter(slug=query.get("issue", "").replace("\0", "")).first(),
            relation if relation in Reply.Relation.values else "",
            state if state in Reply.State.values else "",
            query,
        )

    def apply(self, user: User | AnonymousUser) -> ReplyQuerySet:
        """The links that are meant, the surest first; those that are wrong only for editors."""
        if self.issue:
            found = issue_replies(self.issue, user)
        elif self.state == Reply.State.REJECTED and user.has_perm("statements.change_quote"):
            found = Reply.objects.visible_to(user)
        else:
            found = Reply.objects.visible_to(user).standing()
        found = between(found, source=self.source, target=self.target)
        if self.relation:
            found = found.filter(relation=self.relation)
        if self.state:
            found = found.filter(state=self.state)
        return found.order_by("-confidence", "pk")

    @property
    def in_words(self) -> str:
        """What is listed, as a heading."""
        verb = Reply.Relation(self.relation).label.lower() if self.relation else "answers"
        source = self.source.name if self.source else "Who"
        target = self.target.name if self.target else "whom"
        about = f" on {self.issue.title}" if self.issue else ""
        state = f", {Reply.State(self.state).label.lower()}" if self.state else ""
        return f"{source} {verb} {target}{about}{state}"


def answers_of(quote: Quote, user: User | AnonymousUser) -> list[Reply]:
    """What the quote answers, in the order of the text; wrong links only for editors."""
    found = quote.replies.for_list().prefetch_related("decisions__editor")
    if not user.has_perm("statements.change_quote"):
        found = found.standing()
    return list(found.order_by("evidence_start", "pk"))


def answered_by(quote: Quote, user: User | AnonymousUser) -> list[Reply]:
    """The links of other quotes that answer this one."""
    found = Reply.objects.visible_to(user).standing().filter(earlier=quote)
    return list(found.for_list().order_by("quote__said_on", "pk"))


def names_near(quote: Quote) -> list[str]:
    """Those who are quoted in the same article, for a link by hand."""
    quotes = Quote.objects.filter(article=quote.article_id)
    joint = JointVoice.objects.filter(quote__in=quotes)
    actors = Actor.objects.filter(
        Q(pk__in=quotes.values("actor")) | Q(pk__in=joint.values("actor"))
    )
    speakers = Speaker.objects.filter(
        Q(pk__in=quotes.values("speaker")) | Q(pk__in=joint.values("speaker"))
    )
    names = {*actors.values_list("name", flat=True), *speakers.values_list("name", flat=True)}
    return sorted(names - {voice.name for voice in _parties(quote)})


def _parties(quote: Quote) -> list[Actor | Speaker]:
    return [
        each for voice in quote.voices for each in (voice.actor, voice.speaker) if each is not None
    ]


def _party(key: str) -> Actor | Speaker | None:
    """The party of a key such as "actor:united-nations"."""
    kind, _, slug = key.replace("\0", "").partition(":")
    if kind == "actor":
        return Actor.objects.filter(slug=slug).first()
    return Speaker.objects.filter(slug=slug).first() if kind == "speaker" else None
