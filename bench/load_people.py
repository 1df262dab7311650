"""Who is on the site during a load: readers, editors who label, an admin who imports."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.load_visits import Answer, Browser, Form, Page

_LABELS = ("supports", "opposes", "mixed", "neutral", "unrelated")
_UUID = "[0-9a-f-]{36}"


@dataclass(slots=True)
class Sent:
    """Something that was sent to be kept, and whether the site said that it was."""

    token: str
    what: tuple[str, ...]
    said: str = "new"
    """new, saved, refused; or unknown where no answer came, or only that the database is away."""

    def hear(self, page: Page, is_saved: bool) -> None:
        if is_saved:
            self.said = "saved"
        elif self.said == "new":
            self.said = "refused" if page.is_known else "unknown"
        # What was tried before without an answer may be there, whatever is said to it now.


@dataclass(slots=True)
class Record:
    """All that people sent."""

    labels: list[Sent] = field(default_factory=list)
    undone: dict[str, list[Sent]] = field(default_factory=dict)
    """By the editor's name."""
    articles: list[Sent] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    """Addresses of imports that the site said it has begun."""


class Person(threading.Thread):
    """Asks, looks, thinks and asks again until it is told to stop."""

    def __init__(
        self, port: int, number: int, *, pause: float, stop: threading.Event, until: float
    ) -> None:
        super().__init__(name=f"{type(self).__name__} {number}", daemon=True)
        self.answers: list[Answer] = []
        self.browser = Browser(port, number, self.answers)
        self.draw = self.browser.draw
        self.pause = pause
        self.stopping = stop
        self.until = until
        self.failure = ""

    def run(self) -> None:
        try:
            # Not all at once.
            self.rest(self.draw.uniform(0, self.pause))
            while not self.is_over:
                self.step()
                self.rest(self.draw.expovariate(1 / self.pause))
        except Exception as error:
            self.failure = f"{self.name}: {type(error).__name__}: {error}"
            raise

    @property
    def is_over(self) -> bool:
        return self.stopping.is_set() or time.monotonic() > self.until

    def rest(self, seconds: float) -> None:
        self.stopping.wait(min(seconds, 5 * self.pause))

    def step(self) -> None:
        raise NotImplementedError


class Reader(Person):
    """Explores with filters, follows what is found, now and then as a program would."""

    def __init__(self, *args: Any, queries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queries = queries
        self.query = ""
        self.page: Page | None = None
        self.ways: dict[Callable[[], None], int] = {
            self.explore: 30,
            self.next_page: 15,
            self.quote: 15,
            self.article: 12,
            self.actor: 10,
            self.issue: 6,
            self.feed: 4,
            self.api: 7,
            self.export: 1,
        }

    def step(self) -> None:
        ways = list(self.ways)
        (self.explore if self.page is None else self.draw.choices(ways, [*self.ways.values()])[0])()

    def explore(self) -> None:
        self.query = self.draw.choice(self.queries)
        self.open("explore", f"/?{self.query}", htmx=self.draw.random() < 0.7)

    def next_page(self) -> None:
        if links := self.found(r"\?[^\"]*after=[^\"]+"):
            self.open("next page", f"/{links[0]}", htmx=True)
        else:
            self.explore()

    def quote(self) -> None:
        self.follow("quote", f"/quotes/{_UUID}/")

    def article(self) -> None:
        self.follow("article", f"/articles/{_UUID}/")

    def actor(self) -> None:
        self.follow("actor", "/(?:actors|speakers)/[-a-z0-9]+/")

    def issue(self) -> None:
        self.follow("issue", "/issues/[-a-z0-9]+/")

    def feed(self) -> None:
        self.browser.get("feed", f"/feed.atom?{self.query}")

    def api(self) -> None:
        self.browser.get("API", f"/api/v1/quotes?{self.query}")

    def export(self) -> None:
        form = self.draw.choice(["csv", "jsonl"])
        self.browser.get("export", f"/export.{form}?{self.query}")

    def follow(self, kind: str, pattern: str) -> None:
        links = self.found(pattern)
        if links:
            self.browser.get(kind, self.draw.choice(links))
        else:
            self.explore()

    def found(self, pattern: str) -> list[str]:
        return self.page.links(pattern) if self.page else []

    def open(self, kind: str, path: str, *, htmx: bool) -> None:
        page = self.browser.get(kind, path, htmx=htmx)
        self.page = page if page.status == 200 else None


class Account(Person):
    """Somebody who signs in first, and again when the site has forgotten them."""

    def __init__(self, *args: Any, user: str, password: str, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.password = user, password
        self.record = record
        self.is_in = False

    def step(self) -> None:
        if self.is_in:
            self.work()
            return
        form = self.browser.get("sign-in page", "/accounts/login/").form("")
        if form is None:
            return
        fields = form.filled(username=self.user, password=self.password)
        self.is_in = self.browser.post("sign in", "/accounts/login/", fields).status == 302

    def work(self) -> None:
        raise NotImplementedError


class Editor(Account):
    """Labels one quote after the other; each label carries a note by which it is known again."""

    def __init__(self, *args: Any, issue: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = f"/annotate/{issue}/"
        self.issue = issue
        self.count = 0
        self.page: Page | None = None
        self.again: tuple[list[tuple[str, str]], Sent] | None = None
        self.record.undone[self.user] = []

    def work(self) -> None:
        if self.again and self.draw.random() < 0.7:
            # Back in a moment, the page said: the answer is pressed again.
            self.send(*self.again)
            return
        self.again = None
        form = self.page.form(self.place) if self.page else None
        if self.page is None or form is None:
            self.open(self.place)
        elif self.draw.random() < 0.1 and (undo := self.page.form(f"{self.place}undo/")):
            self.undo(undo)
        else:
            self.label(form)

    def label(self, form: Form) -> None:
        self.count += 1
        label, token = self.draw.choice(_LABELS), f"{self.user} {self.count}"
        fields = form.filled(label=label, note=token)
        sent = Sent(token, (dict(fields)["quote"], self.issue, label))
        self.record.labels.append(sent)
        self.send(fields, sent)

    def send(self, fields: list[tuple[str, str]], sent: Sent) -> None:
        htmx = self.draw.random() < 0.7
        page = self.browser.post("label", self.place, fields, htmx=htmx)
        is_saved = page.status in (200, 302) and "saved=" in page.goes_to
        sent.hear(page, is_saved)
        self.again = None if page.is_known else (fields, sent)
        self.take(page)

    def undo(self, form: Form) -> None:
        page = self.browser.post("undo", form.action, form.fields, htmx=True)
        sent = Sent(self.user, ())
        sent.hear(page, "Taken back:" in page.text)
        self.record.undone[self.user].append(sent)
        self.take(page)

    def take(self, page: Page) -> None:
        """What is on the screen now."""
        if page.status == 302:
            self.open(page.goes_to)
        else:
            self.page = page if page.status == 200 else None

    def open(self, path: str) -> None:
        page = self.browser.get("annotate", path)
        self.is_in = page.status != 302
        self.page = page if page.status == 200 else None


class Importer(Account):
    """Pastes an article at a time, or uploads a file of several; articles never come twice."""

    def __init__(self, *args: Any, articles: Iterator[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.articles = articles
        self.count = 0
        self.again: tuple[list[dict[str, Any]], list[Sent]] | None = None

    def work(self) -> None:
        if self.again and self.draw.random() < 0.7:
            self.send(*self.again)
            return
        self.again = None
        if self.record.batches and self.draw.random() < 0.4:
            self.browser.get("import", self.record.batches[-1])
            return
        several = self.draw.random() < 0.3
        articles = [self.article() for _ in range(6 if several else 1)]
        sent = [Sent(each["token"], (each["title"],)) for each in articles]
        self.record.articles += sent
        self.send(articles, sent)

    def article(self) -> dict[str, Any]:
        self.count += 1
        article = next(self.articles)
        token = f"{self.user}-{self.count:05}."
        return article | {"text": f"{article['text']}\n\nFiled as {token}", "token": token}

    def send(self, articles: list[dict[str, Any]], sent: list[Sent]) -> None:
        desk = self.browser.get("desk", "/desk/")
        form = desk.form("/desk/")
        if form is None:
            self.is_in = desk.status != 302
            self.again = (articles, sent)
            return
        first = articles[0]
        if len(articles) == 1:
            known = {name: str(first[name]) for name in ("text", "published", "outlet", "url")}
            page = self.browser.upload("paste", "/desk/", form.filled(**known), [])
        else:
            lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in articles)
            page = self.browser.upload(
                "upload", "/desk/", form.filled(), [(f"{first['token']}jsonl", lines)]
            )
        is_saved = page.status == 302 and "/desk/batches/" in page.goes_to
        for each in sent:
            each.hear(page, is_saved)
        if is_saved:
            self.record.batches.append(page.goes_to)
        self.again = None if page.is_known else (articles, sent)
