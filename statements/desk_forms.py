"""What an admin sends to import articles: pasted text or files, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from statements.ingest.actor_list_rows import Unreadable, read_actor_list
from statements.ingest.desk_bounds import (
    LARGEST_FILE,
    MOST_FILES,
    TOO_LARGE,
    TOO_LONG,
    DeskBounds,
)
from statements.ingest.documents import Facts, Refusal
from statements.ingest.importing import add_documents, add_upload
from statements.ingest.mappings import as_remembered
from statements.ingest.readers import Reading, read_bytes, read_text
from statements.ingest.readers.formats import BY_EXTENSION
from statements.ingest.readers.mapping import FIELDS as MAPPED_FIELDS
from statements.models import ImportBatch

# What texts of newsrooms come in, besides what is detected.
ENCODINGS = (
    "utf-8",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "iso-8859-2",
    "utf-16",
    "gb18030",
    "shift_jis",
    "big5",
    "euc-kr",
    "koi8-r",
    "macroman",
)
ACCEPTED = ",".join(f".{each}" for each in (*BY_EXTENSION, "xml", "gz"))
LARGEST_LABEL_FILE = 20 * 1024 * 1024
LARGEST_LIST = 5 * 1024 * 1024
MOST_LISTED = 1_000


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, cleaned one by one."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        # An empty file is an item of the import that is refused with its reason, not a form error.
        return list(data or ())


class ImportForm(forms.Form):
    """Either pasted text or files. What the form says of them holds for each that says nothing."""

    text = forms.CharField(
        label="Text of the article",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "aria-describedby": "import-text-help"}),
        help_text="The first line becomes the title when a blank line follows.",
    )
    uploads = FilesField(
        label="Or files",
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPTED, "aria-describedby": "import-uploads-help"}),
        help_text=f"Up to {MOST_FILES} files: text, Word, OpenDocument, RTF, PDF, saved pages, "
        "feeds, NewsML-G2, WARC, tables (CSV, Excel), JSON, or zip archives of these.",
    )
    published = forms.DateField(
        label="Published on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty when you do not know.",
    )
    outlet = forms.CharField(required=False, max_length=200)
    byline = forms.CharField(required=False, max_length=300)
    url = forms.URLField(label="Address", required=False, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "import-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        text, files = values.get("text", ""), values.get("uploads") or []
        if not text.strip() and not files:
            raise forms.ValidationError("Paste the text of an article, or choose files.")
        if text.strip() and files:
            raise forms.ValidationError("Paste a text or choose files, one at a time.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                f"These are {len(files)} files; choose up to {MOST_FILES}, "
                "or run `manage.py ingest` on their folder."
            )
        return values

    @property
    def channel(self) -> ImportBatch.Channel:
        uploaded = bool(self.cleaned_data["uploads"])
        return ImportBatch.Channel.UPLOAD if uploaded else ImportBatch.Channel.PASTE

    def fill(self, batch: ImportBatch) -> None:
        """Put what was sent into the batch: call it once, on a valid form."""
        values = self.cleaned_data
        facts = Facts(
            published=values["published"],
            published_basis="Given with the import." if values["published"] else "",
            outlet=values["outlet"],
            byline=values["byline"],
            url=values["url"],
        )
        reading = Reading(facts=facts, largest=settings.NEWSROOM_MAX_DOCUMENT)
        batch.reading = reading.as_json()
        batch.save(update_fields=["reading"])
        if not values["uploads"]:
            add_documents(batch, [read_text("Pasted text", values["text"], reading)])
        bounds = DeskBounds()
        for each in values["uploads"]:
            name, size = each.name or "unnamed", each.size or 0
            if size > LARGEST_FILE or bounds.is_over:
                reason = TOO_LARGE if size > LARGEST_FILE else TOO_LONG
                add_documents(batch, [Refusal(name, reason, size)])
                continue
            content = each.read()
            own = as_remembered(name, content, reading)
            add_upload(batch, name, content, bounds.within(read_bytes(name, content, own)))


class LabelFileForm(forms.Form):
    """A file of labels as the export writes it."""

    file = forms.FileField(
        label="File of labels",
        widget=forms.FileInput(
            attrs={"accept": ".jsonl,application/jsonl", "aria-describedby": "labels-file-help"}
        ),
        help_text="JSON lines in UTF-8, up to 20 MB.",
        error_messages={
            "required": "Choose the file of labels.",
            "empty": "The file is empty; export the labels again.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "labels-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_LABEL_FILE:
            raise forms.ValidationError(
                "The file is larger than 20 MB; run `manage.py import_labels` on it."
            )
        if (file.name or "").lower().endswith((".csv", ".xlsx")):
            raise forms.ValidationError(
                "This is a table for spreadsheets; choose the export as JSON lines (.jsonl)."
            )
        return file


class ActorListForm(forms.Form):
    """A list of actors as CSV, or of people and organisations as Popolo JSON."""

    file = forms.FileField(
        label="List",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.json,text/csv", "aria-describedby": "actors-file-help"}
        ),
        help_text=f"CSV or Popolo JSON in UTF-8, up to {MOST_LISTED:,} rows.",
        error_messages={"required": "Choose the file.", "empty": "The file is empty."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "actors-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_file(self) -> UploadedFile[Any]:
        """Read it, so that what is no list is told beside the field."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        by_command = "run `manage.py import_actors` on it."
        if (file.size or 0) > LARGEST_LIST:
            raise forms.ValidationError(f"The file is larger than 5 MB; {by_command}")
        try:
            self.listed = read_actor_list(file.read())
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        if len(self.listed) > MOST_LISTED:
            raise forms.ValidationError(f"The list has {len(self.listed):,} rows; {by_command}")
        return file


class ReadingForm(forms.Form):
    """How one file of a draft is to be read: what is left empty is detected or guessed."""

    encoding = forms.ChoiceField(
        required=False,
        choices=[("", "As detected"), *((each, each) for each in ENCODINGS)],
        help_text="Letters look wrong? Try another one and look again.",
    )
    date_order = forms.ChoiceField(
        label="Dates like 04/05/2022",
        required=False,
        choices=[("", "Leave them unknown"), ("dmy", "Day first"), ("mdy", "Month first")],
    )

    def __init__(self, *args: Any, columns: Sequence[str] = (), **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "reading-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        choices = [("", "By its header"), *((each, each[:80]) for each in columns)]
        for field in MAPPED_FIELDS if columns else ():
            self.fields[f"column_{field}"] = forms.ChoiceField(
                label=f"Column of the {field}", required=False, choices=choices
            )

    @property
    def mapping(self) -> dict[str, str]:
        """The columns that were chosen, by field."""
        chosen = {each: self.cleaned_data.get(f"column_{each}", "") for each in MAPPED_FIELDS}
        return {field: column for field, column in chosen.items() if column}
