"""What editors send when they judge a quote or move it between queues."""

from __future__ import annotations

from typing import Any

from django import forms

from statements.models import Guideline, Issue, Quote, StanceLabel, Suggestion


class StanceForm(forms.Form):
    """One judgement of one quote.

    `shown` names the suggestions that were on the editor's screen, `guideline` the version, and
    `seen` the newest label of anybody then, by which a stale form is known.
    """

    issue = forms.ModelChoiceField(
        Issue.objects.all(),
        to_field_name="slug",
        empty_label="Choose an issue",
        error_messages={"required": "Choose the issue that you judge the quote on."},
    )
    label = forms.ChoiceField(
        choices=StanceLabel.Label.choices,
        error_messages={
            "required": "Choose one of the five answers.",
            "invalid_choice": "Choose one of the five answers.",
        },
    )
    unsure = forms.BooleanField(required=False)
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.IntegerField(required=False, min_value=0)

    def __init__(self, *args: Any, quote: Quote, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "label-%s")
        super().__init__(*args, **kwargs)
        self.fields["shown"] = forms.ModelMultipleChoiceField(
            Suggestion.objects.filter(quote=quote), required=False
        )
        self.fields["guideline"] = forms.ModelChoiceField(
            Guideline.objects.all(), to_field_name="number", required=False
        )
        slug = self.data.get("issue") if self.is_bound else None
        guidelines: Any = self.fields["guideline"]
        guidelines.queryset = Guideline.objects.filter(issue__slug=slug or "")

    @property
    def judgement(self) -> dict[str, Any]:
        """The valid form as the arguments of `record_label`, without quote and editor."""
        sent = self.cleaned_data
        issue: Issue = sent["issue"]
        return {
            "issue": issue,
            "label": sent["label"],
            "is_sure": not sent["unsure"],
            "note": sent["note"],
            "seen": sent["seen"],
            "guideline": sent["guideline"],
            "suggestion_shown": next(
                (each for each in sent["shown"] if each.issue_id == issue.pk), None
            ),
        }


class QueueForm(forms.Form):
    """Into which issue's queue a quote goes, or out of which."""

    IN, OUT = "in", "out"

    issue = forms.ModelChoiceField(
        Issue.objects.all(),
        to_field_name="slug",
        error_messages={
            "required": "Choose the issue whose queue the quote goes into.",
            "invalid_choice": "Choose an issue that is there.",
        },
    )
    place = forms.ChoiceField(
        choices=[(IN, "Put it in"), (OUT, "Take it out")],
        error_messages={
            "required": "Say whether the quote goes in or out.",
            "invalid_choice": "Say whether the quote goes in or out.",
        },
    )
