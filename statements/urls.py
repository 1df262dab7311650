"""Addresses of the domain's pages; the names are used as `statements:<name>`."""

from django.urls import path

from statements.views import (
    actors,
    annotate,
    articles,
    desk,
    explore,
    guidelines,
    imports,
    issue_editing,
    issues,
    labels,
    queues,
    quotes,
    repair,
    review,
    suggestions,
)

app_name = "statements"

urlpatterns = [
    path("", explore.explore, name="explore"),
    path("export.csv", explore.export_csv, name="export_csv"),
    path("export.jsonl", explore.export_jsonl, name="export_jsonl"),
    path("export.dna.csv", labels.export_dna, name="export_dna"),
    path("quotes/<uuid:uuid>/", quotes.quote, name="quote"),
    path("quotes/<uuid:uuid>/label/", quotes.label_quote, name="label_quote"),
    path("quotes/<uuid:uuid>/voice/", repair.quote_voice, name="quote_voice"),
    path("quotes/<uuid:uuid>/words/", repair.quote_words, name="quote_words"),
    path("quotes/<uuid:uuid>/reject/", repair.quote_reject, name="quote_reject"),
    path("suggestions/<int:pk>/why/", suggestions.suggestion_why, name="suggestion_why"),
    path("quotes/<uuid:uuid>/queue/", queues.queue_quote, name="queue_quote"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/<uuid:uuid>/", articles.article, name="article"),
    path("actors/", actors.actor_list, name="actor_list"),
    path("actors/<slug:slug>/", actors.actor, name="actor"),
    path("speakers/<slug:slug>/", actors.speaker, name="speaker"),
    path("issues/", issues.issue_list, name="issue_list"),
    path("issues/new/", issue_editing.issue_new, name="issue_new"),
    path("issues/new/actors/", issue_editing.issue_actors, name="issue_actors"),
    path("issues/<slug:slug>/", issues.issue, name="issue"),
    path("issues/<slug:slug>/edit/", issue_editing.issue_edit, name="issue_edit"),
    path("issues/<slug:slug>/guidelines/", guidelines.guidelines, name="guidelines"),
    path("annotate/", annotate.annotate_start, name="annotate_start"),
    path("annotate/<slug:slug>/", annotate.annotate, name="annotate"),
    path("annotate/<slug:slug>/undo/", annotate.annotate_undo, name="annotate_undo"),
    path("annotate/<slug:slug>/reject/", annotate.annotate_reject, name="annotate_reject"),
    path("annotate/<slug:slug>/told/", annotate.annotate_told, name="annotate_told"),
    path("annotate/<slug:slug>/history/", annotate.annotate_history, name="annotate_history"),
    path(
        "review/<slug:slug>/suggestions/", suggestions.suggestion_record, name="suggestion_record"
    ),
    path("review/", review.review_start, name="review_start"),
    path("review/<slug:slug>/", review.review, name="review"),
    path("review/<slug:slug>/decide/", review.decide, name="adjudicate"),
    path("desk/", desk.desk, name="desk"),
    path("desk/batches/<uuid:uuid>/", imports.batch, name="batch"),
    path("desk/batches/<uuid:uuid>/undo/", imports.batch_undo, name="batch_undo"),
    path("desk/batches/<uuid:uuid>/<slug:step>/", imports.batch_step, name="batch_step"),
    path("desk/labels/", labels.import_labels, name="import_labels"),
    path("review/<slug:slug>/labels.csv", labels.labels_csv, name="labels_csv"),
    path("review/<slug:slug>/labels.jsonl", labels.labels_jsonl, name="labels_jsonl"),
    path("review/<slug:slug>/events.dna.csv", labels.labels_dna, name="labels_dna"),
]
