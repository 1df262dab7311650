"""The name of a saved view, and what it asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict

from statements.filters import QuoteFilter
from statements.models import SavedView
from statements.report_forms import plain_sentence

# What one person may keep.
MOST = 100
_LONGEST_NAME = 80
_LONGEST_QUERY = 8_000


class NameForm(forms.Form):
    """A name that none of this person's other views has."""

    name = forms.CharField(
        label="Name",
        max_length=_LONGEST_NAME,
        error_messages={
            "required": "Give it a name.",
            "max_length": f"Use at most {_LONGEST_NAME} letters.",
        },
    )

    def __init__(
        self, *args: Any, owner: User, view: SavedView | None = None, **kwargs: Any
    ) -> None:
        self.owner = owner
        self.view = view
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name = plain_sentence(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give it a name.")
        same = SavedView.objects.of(self.owner).filter(name__iexact=name)
        if self.view:
            same = same.exclude(pk=self.view.pk)
        if same.exists():
            raise forms.ValidationError(f"You have a view called “{name}” already.")
        return name

    def rename(self, view: SavedView) -> None:
        view.name = self.cleaned_data["name"]
        view.save(update_fields=["name"])


class SaveForm(NameForm):
    """The same with the conditions, as they stand in the address of the page."""

    query = forms.CharField(
        required=False,
        max_length=_LONGEST_QUERY,
        widget=forms.HiddenInput,
        error_messages={"max_length": "These are too many conditions to save."},
    )

    def clean_query(self) -> str:
        """Without what no filter knows, and without the place in the list."""
        asked = QuoteFilter(QueryDict(self.cleaned_data["query"].removeprefix("?")))
        return asked.query().removeprefix("?")

    def clean(self) -> dict[str, Any]:
        if SavedView.objects.of(self.owner).count() >= MOST:
            raise forms.ValidationError(
                f"You have {MOST} saved views; delete one before you save another."
            )
        return self.cleaned_data

    def save(self) -> SavedView:
        return SavedView.objects.create(owner=self.owner, **self.cleaned_data)
