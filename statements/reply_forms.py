"""Forms of who answers whom: a decision on a link, and a link by hand."""

from __future__ import annotations

from typing import Any

from django import forms

from statements.models import Actor, ActorName, Reply, Speaker, SpeakerName
from statements.names import name_key


class ReplyDecisionForm(forms.Form):
    """What an editor says of a link, and how it stood when they saw it."""

    state = forms.ChoiceField(choices=Reply.State)
    relation = forms.ChoiceField(choices=Reply.Relation, required=False)
    seen = forms.ChoiceField(choices=Reply.State, required=False)


class ReplyForm(forms.Form):
    """A link by hand; `whom` is a name that exactly one actor or speaker has."""

    whom = forms.CharField(
        label="Whom it answers",
        max_length=300,
        widget=forms.TextInput(attrs={"list": "reply-names", "autocomplete": "off"}),
        error_messages={"required": "Say whom it answers."},
    )
    relation = forms.ChoiceField(label="How", choices=Reply.Relation)
    words = forms.CharField(
        label="Words of the article that show it",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Copy the words that show it from the article."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "reply-%s"

    def clean_whom(self) -> Actor | Speaker:
        name = self.cleaned_data["whom"]
        key = name_key(name)
        actors = ActorName.objects.filter(key=key, actor__merged_into=None)
        speakers = SpeakerName.objects.filter(key=key, speaker__merged_into=None)
        found: set[Actor | Speaker] = {
            *(each.actor for each in actors.select_related("actor")),
            *(each.speaker for each in speakers.select_related("speaker")),
        }
        if not found:
            raise forms.ValidationError(f"Nobody here is called “{name}”: use a name of the list.")
        if len(found) > 1:
            raise forms.ValidationError(
                f"Several are called “{name}”: write the full name of the one that is meant."
            )
        return found.pop()
