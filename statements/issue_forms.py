"""What a lead sends to write an issue or to change one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.functional import cached_property

from statements.issue_keeping import Saved, overtaken, save_issue
from statements.models import Actor, Guideline, Issue

LONGEST_TERM = 80

# Actors that a form offers when a name typed may mean several.
OFFERED = 12

_STORED = (
    "title",
    "proposition",
    "kind",
    "actor",
    "supports_pole",
    "opposes_pole",
    "terms",
    "counter_terms",
    "parent",
    "double_percent",
)


@dataclass(frozen=True, slots=True)
class ActorMatches:
    """The actors that a name typed may mean: those called so, else those whose names contain it."""

    actors: list[Actor]
    is_exact: bool
    has_more: bool = False

    @property
    def only(self) -> Actor | None:
        """The one actor that is meant beyond doubt, if there is one."""
        return self.actors[0] if self.is_exact and len(self.actors) == 1 else None


def actors_meant(typed: str) -> ActorMatches:
    typed = typed.replace("\0", "").strip()
    if not typed:
        return ActorMatches([], is_exact=False)
    known = Actor.objects.known_as(typed)[: OFFERED + 1]
    # Its address tells one actor from another of the same name.
    exact = list(known) or [each.current for each in Actor.objects.filter(slug=typed)]
    found = exact or list(Actor.objects.named_like(typed)[: OFFERED + 1])
    return ActorMatches(found[:OFFERED], bool(exact), has_more=len(found) > OFFERED)


class LinesField(forms.Field):
    """Terms, one a line: trimmed, without empty lines and doubles."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = (" ".join(each.split()) for each in (value or "").replace("\0", "").splitlines())
        return list(dict.fromkeys(each for each in lines if each))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for each in value:
            if len(each) > LONGEST_TERM:
                raise forms.ValidationError(
                    f"“{each[:30]}…” has {len(each)} characters: shorten it to {LONGEST_TERM}, "
                    "or put each term on a line of its own."
                )


class IssueForm(forms.Form):
    """All of an issue. `chosen` says which of several actors with the name typed is meant;
    `based_on` which guideline was on screen, so that nobody undoes a version they have not seen.
    """

    title = forms.CharField(
        max_length=120,
        help_text="A short name for lists, as in “Orsel dam”.",
        error_messages={"required": "Write a title: a short name for lists."},
    )
    proposition = forms.CharField(
        max_length=300,
        help_text="A full sentence that one can agree with, as in “Varonia should complete the "
        "Orsel dam”. Quotes are judged for or against exactly this.",
        error_messages={"required": "Write the sentence that quotes are judged for or against."},
    )
    kind = forms.ChoiceField(
        label="What quotes are judged on",
        choices=Issue.Kind.choices,
        initial=Issue.Kind.PROPOSITION,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether it is a proposition or an attitude toward an actor."
        },
    )
    actor = forms.CharField(
        required=False,
        max_length=200,
        help_text="Type any of its names. Quotes that use one of them reach the queue; what the "
        "actor says itself does not.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    chosen = forms.CharField(required=False)
    supports_pole = forms.CharField(
        label="Supporting it is called",
        max_length=80,
        help_text="As in “for the dam”.",
        error_messages={"required": "Name the side that agrees, as in “for the dam”."},
    )
    opposes_pole = forms.CharField(
        label="Opposing it is called",
        max_length=80,
        help_text="As in “against the dam”.",
        error_messages={"required": "Name the side that disagrees, as in “against the dam”."},
    )
    terms = LinesField(
        label="Terms",
        required=False,
        help_text="Things whose support means supporting the proposition, one a line: “dam”, "
        "“reservoir”. A word counts in singular and plural. Terms with a capital letter name the "
        "issue: where there are some, only articles that use one of them count.",
    )
    counter_terms = LinesField(
        label="Counter terms",
        required=False,
        help_text="Things whose support means opposing the proposition, one a line: “free-flowing "
        "river”, “suspension of the work”. They bring quotes to the queue as well.",
    )
    guideline = forms.CharField(
        label="Guideline for editors",
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    based_on = forms.IntegerField(required=False)
    parent = forms.ModelChoiceField(
        Issue.objects.all(),
        label="Part of",
        required=False,
        to_field_name="slug",
        empty_label="No other issue",
        help_text="A wider issue, if there is one.",
        error_messages={
            "invalid_choice": "Choose an issue that is there and is not itself part of this one."
        },
    )
    double_percent = forms.IntegerField(
        label="Judged twice, in percent",
        min_value=0,
        max_value=100,
        initial=20,
        help_text="Of a hundred quotes, how many two editors judge without seeing each other’s "
        "answer. What is judged already stays as it is.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Write a number from 0 to 100."
        ),
    )

    def __init__(self, *args: Any, issue: Issue | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "issue-%s")
        kwargs.setdefault("label_suffix", "")
        self.issue = issue
        self.in_force = issue.guideline if issue else None
        # The version that this editor has in front of them.
        self.guideline_seen = self.in_force.number if self.in_force else 0
        kwargs["initial"] = (_values(issue) if issue else {}) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        parents = self.fields["parent"]
        if issue and isinstance(parents, forms.ModelChoiceField):
            parents.queryset = Issue.objects.exclude(pk__in={issue.pk, *issue.parts()})

    @property
    def next_guideline(self) -> int:
        """The number that a changed guideline gets."""
        return self.in_force.number + 1 if self.in_force else 1

    @cached_property
    def matches(self) -> ActorMatches:
        """The actors that the name in the form may mean."""
        if self.is_bound:
            return actors_meant(str(self["actor"].value() or ""))
        stored = Actor.objects.filter(slug=self.initial.get("chosen", ""))
        return ActorMatches(list(stored), is_exact=True)

    @property
    def marked(self) -> str:
        """The slug of the actor that the form shows as chosen."""
        only = self.matches.only
        return only.slug if only else str(self["chosen"].value() or "")

    def clean_proposition(self) -> str:
        said: str = " ".join(self.cleaned_data["proposition"].split())
        if len(said.split()) < 3:
            raise forms.ValidationError(
                "Write a full sentence that one can agree with, not only its topic: "
                "“Varonia should complete the Orsel dam” instead of “Orsel dam”."
            )
        return said

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Issue.Kind.ACTOR:
            self._find_actor(values)
        else:
            values["actor"] = None
        self._check_words(values)
        self._check_guideline(values)
        return values

    def save(self, by: User) -> Saved | None:
        """Store what the valid form says; None, with errors, when somebody was faster."""
        issue = self.issue or Issue()
        for name in _STORED:
            setattr(issue, name, self.cleaned_data[name])
        text = self.cleaned_data["guideline"]
        try:
            return save_issue(issue, guideline=text, by=by, seen=self.guideline_seen)
        except forms.ValidationError as error:
            for name, told in error.message_dict.items():
                self.add_error(name if name in self.fields else None, told)
            self.in_force = self.issue.guideline if self.issue else None
            self.guideline_seen = self.in_force.number if self.in_force else 0
            return None

    def _find_actor(self, values: dict[str, Any]) -> None:
        typed = values.get("actor", "")
        if not typed:
            if "actor" not in self.errors:
                self.add_error("actor", "Type the name of the actor that the issue is about.")
            return
        found = actors_meant(typed)
        actor = next((each for each in found.actors if each.slug == values["chosen"]), found.only)
        values["actor"] = actor
        if actor is None:
            self.add_error("actor", _unclear(typed, found))
        elif other := Issue.objects.filter(actor=actor).exclude(pk=self._key).first():
            self.add_error(
                "actor",
                f"Attitudes toward {actor.name} are judged on “{other.title}” already: "
                "change that issue instead.",
            )

    def _check_words(self, values: dict[str, Any]) -> None:
        terms, counter_terms = values.get("terms"), values.get("counter_terms")
        if terms is None or counter_terms is None:
            return
        if values.get("kind") == Issue.Kind.PROPOSITION and not terms and not counter_terms:
            self.add_error(
                "terms",
                "Write at least one term: without one, no quote reaches the queue of this issue "
                "except by hand.",
            )
        both = {each.casefold() for each in terms} & {each.casefold() for each in counter_terms}
        if both:
            self.add_error(
                "counter_terms",
                f"“{min(both)}” stands in both lists: keep it where support for it belongs.",
            )
        poles = [values.get(name, "").casefold() for name in ("supports_pole", "opposes_pole")]
        if poles[0] and poles[0] == poles[1]:
            self.add_error("opposes_pole", "Give the two sides different names.")

    def _check_guideline(self, values: dict[str, Any]) -> None:
        """Leave in `guideline` what is to be published, or nothing."""
        text = _plain(values.get("guideline", ""))
        self.guideline_seen = values.get("based_on") or 0
        shown = self._guideline(self.guideline_seen)
        values["guideline"] = text
        if text == (_plain(shown.text) if shown else ""):
            values["guideline"] = ""
        elif self.in_force and self.in_force != shown:
            self.add_error("guideline", overtaken(self.in_force.number))
            self.guideline_seen = self.in_force.number
        elif self.in_force and not text:
            self.add_error(
                "guideline",
                "A published guideline stays in force until another one follows: "
                f"write the text of version {self.next_guideline}.",
            )

    def _guideline(self, number: int) -> Guideline | None:
        return self.issue.guidelines.filter(number=number).first() if self.issue else None

    @property
    def _key(self) -> int:
        return self.issue.pk if self.issue else 0


def attitude_toward(actor: Actor) -> dict[str, Any]:
    """What a form begins with when a lead asks how others see an actor."""
    name = actor.name
    return {
        "title": f"Attitude toward {name}"[:120],
        "proposition": f"{name} deserves approval for what it does and stands for"[:300],
        "kind": Issue.Kind.ACTOR,
        "actor": name,
        "chosen": actor.slug,
        "supports_pole": f"approves of {name}"[:80],
        "opposes_pole": f"disapproves of {name}"[:80],
        "guideline": _ATTITUDE.format(name=name),
    }


_ATTITUDE = (
    "Label what the speaker says about {name}, not how the article tells it.\n\n"
    "Supports: a reader who has only this quote would bet that the speaker approves of {name}: "
    "praises, thanks or defends it, or takes its side. "
    "Opposes: accuses, criticises or mocks it, or turns against what it does.\n\n"
    "Mixed: explicit words for both. "
    "Neutral: about {name}, but only reporting, asking, explaining or predicting; "
    "bad news alone is not a stance. "
    "Unrelated: does not bear on {name}.\n\n"
    "Support for a rival counts only if the quote draws the contrast. "
    "If a side is likely only from what you know about the speaker, mark the label unsure."
)


def _values(issue: Issue) -> dict[str, Any]:
    guideline = issue.guideline
    return {name: getattr(issue, name) for name in _STORED} | {
        "actor": issue.actor.name if issue.actor else "",
        "chosen": issue.actor.slug if issue.actor else "",
        "parent": issue.parent.slug if issue.parent else "",
        "guideline": guideline.text if guideline else "",
    }


def _plain(text: str) -> str:
    # A browser sends the ends of lines in its own way, which is no change of the text.
    return "\n".join(text.splitlines()).strip()


def _unclear(typed: str, found: ActorMatches) -> str:
    if found.is_exact:
        return f"Several actors are called “{typed}”: choose one of them below."
    if found.actors:
        return f"No actor is called exactly “{typed}”: choose one below, or type another name."
    return f"No actor has “{typed}” in its name: check the spelling, or look it up under Actors."
