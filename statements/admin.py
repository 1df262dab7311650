"""The back office: everything that has no page of its own yet.

Labels, guidelines and imports are shown and never changed here, since each is a record.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from statements.identifying import reattribute
from statements.models import (
    Actor,
    ActorName,
    Affiliation,
    Article,
    Guideline,
    ImportBatch,
    ImportItem,
    Issue,
    JointVoice,
    Outlet,
    Quote,
    QuotePart,
    Speaker,
    SpeakerName,
    Stance,
    StanceLabel,
    Suggestion,
)

admin.site.site_header = "Newsroom back office"
admin.site.site_title = "Newsroom"
admin.site.index_title = "Records"


class ReadOnly:
    """Shows records that only their own pages and commands make."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OfNew:
    """Filled in with a new identity; later changes have a page, which keeps them in the ledger."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ActorNames(OfNew, admin.TabularInline):
    model = ActorName
    extra = 1


class SpeakerNames(OfNew, admin.TabularInline):
    model = SpeakerName
    extra = 1


class Affiliations(OfNew, admin.TabularInline):
    model = Affiliation
    extra = 0
    autocomplete_fields = ("actor",)


class Parts(ReadOnly, admin.TabularInline):
    model = QuotePart
    extra = 0


class JointVoices(admin.TabularInline):
    model = JointVoice
    extra = 0
    autocomplete_fields = ("speaker", "actor")
    raw_id_fields = ("affiliation",)


class Guidelines(ReadOnly, admin.TabularInline):
    model = Guideline
    extra = 0


class Items(ReadOnly, admin.TabularInline):
    model = ImportItem
    extra = 0


@admin.register(Outlet)
class OutletAdmin(admin.ModelAdmin):
    list_display = ("name", "country", "homepage")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ("title", "outlet", "published_on", "is_draft", "is_fiction")
    list_filter = ("is_draft", "is_fiction", "outlet")
    list_select_related = ("outlet",)
    search_fields = ("title",)
    date_hierarchy = "published_on"
    # The text is fixed: every offset points into it.
    readonly_fields = ("uuid", "text", "text_hash", "pipeline", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Articles come in through an import, which reads their quotes."""
        return False


class IdentityAdmin(admin.ModelAdmin):
    """Of an identity that is there, only the summary: the rest is put right at the desk.

    What is done there is kept in a ledger and can be undone; a change past it could not.
    """

    search_fields = ("name", "names__text")
    prepopulated_fields = {"slug": ("name",)}
    _settled: tuple[str, ...] = ("slug", "name", "standing")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self._settled if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The ledger tells of it, and its address has to lead somewhere."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Nobody who was merged into another can be chosen."""
        found, may_double = super().get_search_results(request, queryset, search_term)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            found = found.filter(merged_into__isnull=True)
        return found, may_double


@admin.register(Actor)
class ActorAdmin(IdentityAdmin):
    list_display = ("name", "type", "country", "standing", "merged_into")
    list_filter = ("type", "standing", "country")
    list_select_related = ("merged_into",)
    autocomplete_fields = ("parent",)
    inlines = (ActorNames,)
    _settled = (*IdentityAdmin._settled, "type", "country", "parent")


@admin.register(Speaker)
class SpeakerAdmin(IdentityAdmin):
    list_display = ("name", "standing", "merged_into")
    list_filter = ("standing",)
    list_select_related = ("merged_into",)
    inlines = (SpeakerNames, Affiliations)


@admin.register(Quote)
class QuoteAdmin(admin.ModelAdmin):
    list_display = (
        "__str__",
        "kind",
        "speaker",
        "actor",
        "actor_type",
        "attribution",
        "state",
        "certainty",
    )
    list_filter = ("state", "attribution", "kind", "actor_type", "act")
    list_select_related = ("speaker", "actor")
    search_fields = ("content", "speaker__name", "actor__name")
    autocomplete_fields = ("speaker", "actor")
    raw_id_fields = ("affiliation",)
    readonly_fields = (
        "uuid",
        "article",
        "start",
        "end",
        "content",
        "cue_start",
        "cue_end",
        "cue",
        "source_start",
        "source_end",
        "source",
        "confidence",
        "source_confidence",
        "certainty",
    )
    inlines = (Parts, JointVoices)

    def save_model(self, request: HttpRequest, obj: Quote, form: Any, change: bool) -> None:
        """A speaker or actor chosen here is confirmed by a person."""
        if {"speaker", "actor"} & set(form.changed_data):
            reattribute(obj)
        else:
            super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Quotes come from reading an article."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Quote | None = None) -> bool:
        """What is no quote is marked so, and keeps its history."""
        return False


@admin.register(Issue)
class IssueAdmin(admin.ModelAdmin):
    list_display = ("title", "proposition", "kind", "parent")
    search_fields = ("title", "proposition")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("actor", "parent")
    inlines = (Guidelines,)


@admin.register(StanceLabel)
class StanceLabelAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("quote", "issue", "label", "editor", "is_current", "created_at")
    list_filter = ("issue", "label", "is_current", "is_adjudication")
    list_select_related = ("quote__speaker", "quote__actor", "issue", "editor")


@admin.register(Stance)
class StanceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("quote", "issue", "label", "standing", "label_count")
    list_filter = ("issue", "label", "standing")
    list_select_related = ("quote__speaker", "quote__actor", "issue")


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("quote", "issue", "label", "confidence", "method", "reason")
    list_filter = ("issue", "label", "method")
    list_select_related = ("quote__speaker", "quote__actor", "issue")


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "channel", "user", "created_at", "finished_at")
    list_filter = ("channel",)
    inlines = (Items,)
