"""Every address of the site, something behind each, and the table of who may open what."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from statements.identity_editing import rename
from statements.ingest.importing import add_upload, open_batch
from statements.ingest.readers import read_bytes
from statements.labelling import record_label
from statements.models import Quote, ReaderReport, SavedView, Suggestion
from statements.models.issues import publish_guideline
from statements.repairing import change_state
from statements.reporting import close_report, send_report
from tests.factories import (
    make_actor,
    make_double,
    make_issue,
    make_outlet,
    make_quote,
    make_reply,
    make_speaker,
    make_user,
)

TABLE = Path(__file__).parent / "access.csv"
METHODS = ("GET", "POST")
# Who asks: nobody in particular, the same on a site that is closed to readers, an account without
# a role, the three roles, and who has every right.
VISITORS = ("anonymous", "closed", "reader", "editor", "lead", "admin", "superuser")


@dataclass(frozen=True, slots=True)
class Row:
    """What each visitor is answered: a status, or "login" for being led to sign in."""

    name: str
    method: str
    answers: dict[str, str]


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [
            Row(each["name"], each["method"], {who: each[who] for who in VISITORS})
            for each in csv.DictReader(lines)
        ]


def names() -> list[str]:
    """The name of every address, the administration's too."""
    return sorted(_ROUTES)


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            # The administration has two kinds without a name: what leads from an old address of a
            # row to the new one, and what is no address at all.
            assert pattern.name or prefix == "admin:", f"{pattern} has no name for the table"
            if pattern.name:
                yield prefix + pattern.name, str(pattern.pattern)
        else:
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _routes(pattern, inside)


_ROUTES = dict(_routes(get_resolver()))


def _superuser() -> User:
    user = make_user()
    user.is_staff = user.is_superuser = True
    user.save()
    return user


class World:
    """One of everything, so that every address leads somewhere."""

    def __init__(self) -> None:
        self.users: dict[str, User | None] = {"anonymous": None, "closed": None}
        self.users |= {"reader": (reader := make_user())}
        self.users |= {role: make_user(role) for role in ("editor", "lead", "admin")}
        self.users |= {"superuser": _superuser()}
        lead = make_user("lead")
        self.actor, self.speaker = make_actor(), make_speaker()
        make_outlet()
        AccessAttempt.objects.create(username="somebody", failures_since_start=1)
        self.issue = make_issue(terms=["dam"])
        publish_guideline(self.issue, "Judge the speaker.")
        self.quote = make_quote(actor=self.actor, speaker=self.speaker)
        make_double(self.issue, make_quote())
        self.suggestion = Suggestion.objects.create(
            quote=self.quote, issue=self.issue, label="opposes", method="test", evidence=["flatly"]
        )
        record_label(quote=self.quote, issue=self.issue, editor=lead, label="supports")
        change_state(self.quote, Quote.State.CONFIRMED, editor=lead)
        self.event = rename(self.actor, "Another Name", editor=lead)
        self.actor.refresh_from_db()
        self.reply = make_reply()
        self.batch = open_batch(channel="upload", user=self.users["admin"])
        table = b"title,text\nToll stays,Nothing was said.\n"
        add_upload(self.batch, "table.csv", table, read_bytes("table.csv", table))
        self.receipt = send_report(self.quote, kind="speaker", note="One word is missing.")
        self.closed = ReaderReport.objects.get(
            pk=send_report(make_quote(), kind="speaker", note="Wrong.").report_id
        )
        self.saved_view = SavedView.objects.create(owner=reader, name="All")
        close_report(self.closed, editor=lead, outcome="spam", answer="It is right.")

    def address(self, name: str) -> str:
        query = _QUERIES.get(name, "")
        if name == "statements:oembed":
            query = f"?url=http://testserver{self.quote.get_absolute_url()}"
        return reverse(name, kwargs=self._place(name)) + query

    def _place(self, name: str) -> dict[str, Any]:
        if name.startswith("admin:"):
            return self._back_office(name)
        by_name: dict[str, dict[str, Any]] = {
            "password_reset_confirm": self._reset_link(),
            "statements:article": {"uuid": self.quote.article.uuid},
            "statements:api_article": {"uuid": self.quote.article.uuid},
            "statements:quote_edit_undo": {
                "uuid": self.quote.uuid,
                "pk": self.quote.edits.get().pk,
            },
            "statements:suggestion_why": {"pk": self.suggestion.pk},
            "statements:actor": {"slug": self.actor.slug},
            "statements:api_actor": {"slug": self.actor.slug},
            "statements:speaker": {"slug": self.speaker.slug},
            "statements:api_speaker": {"slug": self.speaker.slug},
            "statements:actor_replies": {"slug": self.actor.slug},
            "statements:actor_replies_file": {"slug": self.actor.slug, "form": "graphml"},
            "statements:issue_replies_file": {"slug": self.issue.slug, "form": "graphml"},
            "statements:reply_decide": {"pk": self.reply.pk},
            "statements:batch": {"uuid": self.batch.uuid},
            "statements:batch_undo": {"uuid": self.batch.uuid},
            "statements:batch_step": {"uuid": self.batch.uuid, "step": "start"},
            "statements:batch_file": {
                "uuid": self.batch.uuid,
                "pk": self.batch.items.get().file_id,
            },
            "statements:identity_undo": {"pk": self.event.pk if self.event else 0},
            "statements:identity_names": {"kind": "actor"},
            "statements:report_receipt": {"uuid": self.receipt.uuid},
            "statements:report": {"pk": self.receipt.report_id},
            "statements:report_reopen": {"pk": self.closed.pk},
            "statements:saved_view": {"uuid": self.saved_view.uuid},
            "statements:saved_view_rename": {"uuid": self.saved_view.uuid},
            "statements:saved_view_delete": {"uuid": self.saved_view.uuid},
            "statements:find_values": {"facet": "actor"},
            "statements:api_nothing_here": {"rest": "nothing"},
        }
        if name in by_name:
            return by_name[name]
        identity = {"kind": "actor", "slug": self.actor.slug}
        kinds: dict[str, dict[str, Any]] = {
            "<uuid:uuid>": {"uuid": self.quote.uuid},
            "<str:kind>/<slug:slug>/<slug:do>": identity | {"do": "confirm"},
            "<str:kind>/<slug:slug>": identity,
            "<slug:slug>": {"slug": self.issue.slug},
        }
        route = _ROUTES.get(name, "")
        return next((place for part, place in kinds.items() if part in route), {})

    def _back_office(self, name: str) -> dict[str, Any]:
        if name == "admin:app_list":
            return {"app_label": "statements"}
        if name == "admin:view_on_site":
            kind = ContentType.objects.get_for_model(Quote)
            return {"content_type_id": kind.pk, "object_id": self.quote.pk}
        route = _ROUTES[name]
        if "object_id" in route or "<id>" in route:
            model = next(each for each in admin.site._registry if _is_of(name, each))
            row = model._default_manager.order_by("pk").first()
            return {"id" if "<id>" in route else "object_id": row.pk if row else 0}
        return {}

    def _reset_link(self) -> dict[str, str]:
        user = make_user()
        return {
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        }

    def ask(self, who: str, method: str, address: str) -> str:
        """What the visitor is answered; what that changes is not there for the next one."""
        client = Client()
        with (
            transaction.atomic(),
            override_settings(READERS_NEED_ACCOUNT=who == "closed"),
        ):
            if user := self.users[who]:
                client.force_login(user)
            answer: HttpResponseBase = client.generic(method, address)
            if _leads_to(answer, "/admin/login/"):
                # The administration has no sign-in of its own: this leads on, or turns away.
                answer = client.get(answer.headers["Location"])
            if isinstance(answer, StreamingHttpResponse):
                list(answer)
            transaction.set_rollback(True)
        return "login" if _leads_to(answer, "/accounts/login/") else str(answer.status_code)


def _leads_to(answer: HttpResponseBase, address: str) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(address)


def _is_of(name: str, model: type[Model]) -> bool:
    return name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_")


# What an address needs after the question mark to have an answer.
_QUERIES = {
    "admin:autocomplete": "?app_label=statements&model_name=quote&field_name=actor&term=a",
}
