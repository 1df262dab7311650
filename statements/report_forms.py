"""What readers send to report a mistake, and editors to answer it."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

from statements.models import ReaderReport, ReportEvent

LONGEST = 500

# Persian and Indic words, and some emoji, are written with these.
_JOINERS = "\u200c\u200d"


def plain_sentence(text: str) -> str:
    """The text on one line, without what cannot be seen or turns the direction of what can."""
    text = unicodedata.normalize("NFC", text)
    seen = (each for each in text if each in _JOINERS or unicodedata.category(each) not in _UNSEEN)
    return " ".join("".join(" " if _is_control(each) else each for each in seen).split())


# Formatting such as a right-to-left override, and halves of characters. Controls become blanks.
_UNSEEN = {"Cf", "Cs"}


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


class SentenceField(forms.CharField):
    """A sentence or two of plain text."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        # What is far too long is refused as it is.
        return plain_sentence(text) if text and len(text) <= 10 * LONGEST else text


class ReportForm(forms.Form):
    """What is wrong with a quote. `website` is unseen: only programs that fill in all have it."""

    kind = forms.ChoiceField(
        label="What is wrong?",
        choices=ReaderReport.Kind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose what is wrong with the quote."
        ),
    )
    note = SentenceField(
        label="In a sentence",
        required=False,
        help_text="What would be right, and how an editor can see it.",
    )
    email = forms.EmailField(
        label="E-mail",
        required=False,
        max_length=254,
        help_text="Only if you want an answer by e-mail. Nobody but editors sees it, it is used "
        "for nothing else, and it is deleted when the report is closed.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name in ("note", "email"):
            self.fields[name].widget.attrs["aria-describedby"] = f"{self[name].auto_id}-help"

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                "Something filled in a field that nobody sees, as programs do. "
                "If you are a person, send it once more."
            )
        return ""

    @property
    def report(self) -> dict[str, str]:
        """The valid form as arguments of `send_report`."""
        return {name: self.cleaned_data[name] for name in ("kind", "note", "email")}


class ClosingForm(forms.Form):
    """An editor's answer to a report."""

    outcome = forms.ChoiceField(
        label="Answer",
        choices=[
            (ReaderReport.State.CORRECTED, "Corrected"),
            (ReaderReport.State.KEPT, "Not changed, because …"),
            (ReaderReport.State.SPAM, "Not a report (spam)"),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the answers."),
    )
    changed = forms.MultipleChoiceField(
        label="What you corrected",
        choices=ReportEvent.Change.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from what is listed."},
    )
    answer = SentenceField(
        label="In a sentence",
        required=False,
        help_text="Those who reported it read this.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        attrs = self.fields["answer"].widget.attrs
        attrs["aria-describedby"] = f"{self['answer'].auto_id}-help"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("outcome") == ReaderReport.State.KEPT and values.get("answer") == "":
            self.add_error("answer", "Say why nothing is changed: whoever reported it asks.")
        if values.get("outcome") == ReaderReport.State.CORRECTED and values.get("changed") == []:
            self.add_error("changed", "Say what you corrected: readers see it at the quote.")
        return values

    @property
    def closing(self) -> dict[str, Any]:
        """The valid form as arguments of `close_report`: only what goes with the outcome."""
        values = dict(self.cleaned_data)
        if values["outcome"] != ReaderReport.State.CORRECTED:
            values["changed"] = []
        if values["outcome"] == ReaderReport.State.SPAM:
            values["answer"] = ""
        return values
