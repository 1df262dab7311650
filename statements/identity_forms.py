"""What a lead sends to put an identity right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User

from statements import identity_editing as editing
from statements.ledger import Refused
from statements.models import Actor, ActorType, IdentityEvent, Speaker
from statements.models.actors import Name

# Those that a form offers when a name typed may mean several.
OFFERED = 8


@dataclass(frozen=True, slots=True)
class Meant[T: (Actor, Speaker)]:
    """Who a name typed may mean: those called so, else those whose names contain it."""

    identities: list[T]
    is_exact: bool
    has_more: bool = False

    @property
    def only(self) -> T | None:
        """The one who is meant beyond doubt, if there is one."""
        return self.identities[0] if self.is_exact and len(self.identities) == 1 else None


def meant[T: (Actor, Speaker)](model: type[T], typed: str) -> Meant[T]:
    """Never somebody who was merged into another; an address tells namesakes apart."""
    typed = " ".join(typed.replace("\0", "").split())
    if not typed:
        return Meant([], is_exact=False)
    rows: Any = model._default_manager
    exact = list(rows.known_as(typed)[: OFFERED + 1])
    exact = exact or [each.current for each in rows.filter(slug=typed)]
    found = exact or list(rows.named_like(typed)[: OFFERED + 1])
    return Meant(found[:OFFERED], bool(exact), has_more=len(found) > OFFERED)


class IdentityForm(forms.Form):
    """One step on one identity; `do` is its name in the address of the form."""

    do = ""
    # The kind of identity that `who` names, where the form has that field.
    who_is: type[Actor] | type[Speaker] | None = None

    def __init__(self, *args: Any, identity: Actor | Speaker, **kwargs: Any) -> None:
        self.identity: Any = identity
        kwargs.setdefault("auto_id", f"{self.do}-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @property
    def meant(self) -> Meant[Any]:
        """Who the name in the form may mean, to choose from."""
        typed = str(self["who"].value() or "") if self.who_is and self.is_bound else ""
        return meant(self.who_is, typed) if self.who_is else Meant([], is_exact=False)

    @property
    def marked(self) -> str:
        return str(self.data.get("chosen", ""))

    def save(self, *, editor: User) -> IdentityEvent | None:
        """Do it; None when nothing changed. Raises Refused."""
        raise NotImplementedError

    def whom(self) -> Any:
        """Who is named in the valid form; raises Refused when that may be several or nobody."""
        found = self.meant
        chosen = next((each for each in found.identities if each.slug == self.marked), found.only)
        if chosen is None:
            raise Refused(
                "Choose which of these is meant."
                if found.identities
                else f"Nobody here is called “{self.cleaned_data['who']}”: check the spelling."
            )
        return chosen


def who_field(label: str, help_text: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=200,
        required=required,
        error_messages={"required": "Type a name."},
    )


class ConfirmForm(IdentityForm):
    do = "confirm"

    def save(self, *, editor: User) -> IdentityEvent | None:
        return editing.confirm(self.identity, editor=editor)


class RenameForm(IdentityForm):
    do = "rename"
    name = forms.CharField(
        max_length=200,
        help_text="The old name stays as another way of writing it, and its address as it is.",
        error_messages={"required": "Type the name that it is to be shown by."},
    )

    def save(self, *, editor: User) -> IdentityEvent | None:
        return editing.rename(self.identity, self.cleaned_data["name"], editor=editor)


class RetypeForm(IdentityForm):
    do = "retype"
    type = forms.ChoiceField(choices=ActorType.choices)
    country = forms.CharField(
        max_length=2, required=False, help_text="Two letters, as in NZ; empty where it has none."
    )

    def clean_country(self) -> str:
        import pycountry

        code: str = self.cleaned_data["country"].strip().upper()
        if code and pycountry.countries.get(alpha_2=code) is None:
            raise forms.ValidationError(f"“{code}” is the code of no country: try NZ or KE.")
        return code

    def save(self, *, editor: User) -> IdentityEvent | None:
        assert isinstance(self.identity, Actor)  # noqa: S101
        return editing.retype(
            self.identity,
            actor_type=self.cleaned_data["type"],
            country=self.cleaned_data["country"],
            editor=editor,
        )


class ParentForm(IdentityForm):
    do = "parent"
    who_is = Actor
    who = who_field("Part of", "Any of its names; empty for none.", required=False)

    def save(self, *, editor: User) -> IdentityEvent | None:
        assert isinstance(self.identity, Actor)  # noqa: S101
        parent = self.whom() if self.cleaned_data["who"] else None
        return editing.place_under(self.identity, parent, editor=editor)


class AliasForm(IdentityForm):
    do = "alias"
    text = forms.CharField(
        label="Also written",
        max_length=200,
        help_text="Articles that use it will mean this one from the next import on.",
        error_messages={"required": "Type the other name."},
    )
    kind = forms.ChoiceField(
        choices=[choice for choice in Name.Kind.choices if choice[0] != Name.Kind.PRIMARY]
    )

    def save(self, *, editor: User) -> IdentityEvent | None:
        values = self.cleaned_data
        return editing.add_alias(self.identity, values["text"], kind=values["kind"], editor=editor)


class UnaliasForm(IdentityForm):
    do = "unalias"
    name = forms.IntegerField()

    def save(self, *, editor: User) -> IdentityEvent | None:
        return editing.remove_alias(self.identity, self.cleaned_data["name"], editor=editor)


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AffiliationForm(IdentityForm):
    do = "affiliation"
    who_is = Actor
    who = who_field("Party", "Any of its names.")
    post = forms.CharField(max_length=300, required=False, help_text="As in “water minister”.")
    since = _day("From")
    until = _day("Until", "Leave a day empty when it is not known, or still goes on.")
    evidence = forms.CharField(
        max_length=1000, required=False, help_text="Where it is said: an article or an address."
    )

    def save(self, *, editor: User) -> IdentityEvent | None:
        assert isinstance(self.identity, Speaker)  # noqa: S101
        values = self.cleaned_data
        return editing.affiliate(
            self.identity,
            self.whom(),
            post=values["post"],
            since=values["since"],
            until=values["until"],
            evidence=values["evidence"],
            editor=editor,
        )


_EITHER: list[type[IdentityForm]] = [ConfirmForm, RenameForm, AliasForm, UnaliasForm]
_OF_ACTORS: list[type[IdentityForm]] = [RetypeForm, ParentForm]
_OF_SPEAKERS: list[type[IdentityForm]] = [AffiliationForm]
FORMS: dict[str, dict[str, type[IdentityForm]]] = {
    "actor": {each.do: each for each in _EITHER + _OF_ACTORS},
    "speaker": {each.do: each for each in _EITHER + _OF_SPEAKERS},
}


def forms_for(
    identity: Actor | Speaker, bound: IdentityForm | None = None
) -> dict[str, IdentityForm]:
    """An empty form of each step, filled with what is so; the one that was sent as it was sent."""
    initial: dict[str, dict[str, Any]] = {"rename": {"name": identity.name}}
    kind = "actor" if isinstance(identity, Actor) else "speaker"
    if isinstance(identity, Actor):
        initial["retype"] = {"type": identity.type, "country": identity.country}
        initial["parent"] = {"who": identity.parent.name if identity.parent else ""}
    made = {
        do: form(identity=identity, initial=initial.get(do, {})) for do, form in FORMS[kind].items()
    }
    return made | ({bound.do: bound} if bound else {})
