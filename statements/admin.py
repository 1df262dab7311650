"""The back office: everything that has no page of its own yet.

Labels, guidelines and imports are shown and never changed here, since each is a record.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from statements.identifying import reattribute, retype_actor
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


class ActorNames(admin.TabularInline):
    model = ActorName
    extra = 0


class SpeakerNames(admin.TabularInline):
    model = SpeakerName
    extra = 0


class Affiliations(admin.TabularInline):
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


@admin.register(Actor)
class ActorAdmin(admin.ModelAdmin):
    list_display = ("name", "type", "country", "standing")
    list_filter = ("type", "standing", "country")
    list_editable = ("type", "standing")
    search_fields = ("name", "names__text")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)
    inlines = (ActorNames,)

    def save_model(self, request: HttpRequest, obj: Actor, form: Any, change: bool) -> None:
        """Carry a corrected type or country to the quotes that speak for the actor."""
        super().save_model(request, obj, form, change)
        if change and {"type", "country"} & set(form.changed_data):
            retype_actor(obj, actor_type=obj.type, country=obj.country)


@admin.register(Speaker)
class SpeakerAdmin(admin.ModelAdmin):
    list_display = ("name", "standing")
    list_filter = ("standing",)
    search_fields = ("name", "names__text")
    prepopulated_fields = {"slug": ("name",)}
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
        "search",
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
