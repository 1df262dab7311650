"""Which part of the record of changes somebody wants to see."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q

from statements.change_words import PARTS, SUBJECTS
from statements.models import Actor, Article, Change, Issue, Membership, Quote, Speaker
from statements.models.changes import ChangeQuerySet

PROGRAM, OUTSIDE = "program", "outside"
# What has a page that leads here, and by what it is named in the address.
_OF = {
    "quote": (Quote, "uuid"),
    "article": (Article, "uuid"),
    "actor": (Actor, "slug"),
    "speaker": (Speaker, "slug"),
    "issue": (Issue, "slug"),
}


class ChangesForm(forms.Form):
    """The filters of the page; what is none of the choices is refused with a reason."""

    what = forms.ChoiceField(
        required=False,
        choices=[("", "Everything"), *((key, label) for key, (label, _) in SUBJECTS.items())],
    )
    who = forms.ChoiceField(required=False)
    since = forms.DateField(
        required=False, label="From", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        required=False, label="Until", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", "Anybody"),
            (PROGRAM, "Commands and tasks"),
            (OUTSIDE, "Outside the application"),
            *((str(pk), name) for pk, name in _people()),
        ]
        self.of: Any = None
        self.kind = ""
        for kind, (model, name) in _OF.items():
            if value := self.data.get(kind):
                self.kind = kind
                self.of = _found(model, name, value)
                break

    def changes(self) -> ChangeQuerySet:
        """The changes that pass each filter that was understood."""
        found = Change.objects.all()
        self.is_valid()
        wanted = self.cleaned_data
        if self.kind:
            key = self.of.pk if self.of else 0
            found = found.on(self.kind, key, parts=PARTS[self.kind])
        if what := wanted.get("what"):
            found = found.filter(kind__in=SUBJECTS[what][1])
        match wanted.get("who"):
            case None | "":
                pass
            case "program":
                found = found.by_program()
            case "outside":
                found = found.from_outside()
            case account:
                found = found.filter(who=account)
        if since := wanted.get("since"):
            found = found.filter(at__gte=_midnight(since))
        if until := wanted.get("until"):
            found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
        return found


def _people() -> Any:
    """Accounts that may change anything: those with a role, and those who had one."""
    has_role = Exists(Membership._default_manager.filter(user_id=OuterRef("pk")))
    acted = Exists(Change.objects.filter(who=OuterRef("pk")))
    rows = User.objects.filter(has_role | Q(is_staff=True) | acted).order_by("username")
    return rows.values_list("pk", "username")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _found(model: Any, name: str, value: str) -> Any:
    field = model._meta.get_field(name)
    try:
        return model._default_manager.filter(**{name: field.to_python(value)}).first()
    except forms.ValidationError:
        return None
