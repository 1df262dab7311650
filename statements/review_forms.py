"""What a lead sends to decide between editors."""

from __future__ import annotations

from typing import Any

from django import forms

from statements.models import StanceLabel


class DecisionForm(forms.Form):
    """One of the five answers and why; `seen` is the newest label that was on the screen."""

    label = forms.ChoiceField(
        choices=StanceLabel.Label.choices,
        error_messages={
            "required": "Choose one of the five answers.",
            "invalid_choice": "Choose one of the five answers.",
        },
    )
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why: the reason is kept with the decision."},
    )
    # Without it nothing was seen, so that anything there is counts as new.
    seen = forms.IntegerField(required=False, min_value=0)

    def clean_seen(self) -> int:
        return int(self.cleaned_data["seen"] or 0)

    @property
    def decision(self) -> dict[str, Any]:
        """The valid form as arguments of `adjudicate`."""
        return {key: self.cleaned_data[key] for key in ("label", "reason", "seen")}
