"""What a load must leave behind: everything that the site said it kept, once, and plain answers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched

from django.db.models import Count, Q

from bench.extraction import table
from bench.load_people import Record, Sent
from bench.load_visits import Answer
from statements.ingest.linking import unlinked
from statements.models import (
    Article,
    ImportBatch,
    ImportItem,
    QueueItem,
    Quote,
    Stance,
    StanceLabel,
)

# How long after the database is back pages may still say that it is away.
GRACE = 3.0
_SHOWN = 5
_MANY = 1000


@dataclass(slots=True)
class Outage:
    """A time during which the site could not reach its database."""

    what: str
    began: float
    ended: float = 0.0

    def meets(self, answer: Answer) -> bool:
        return answer.began < self.ended + GRACE and answer.ended > self.began


def wrong_answers(answers: list[Answer], outages: list[Outage]) -> Iterator[str]:
    """Answers that nobody should get."""
    strange = Counter[str]()
    for each in answers:
        in_outage = any(outage.meets(each) for outage in outages)
        if each.status == 0:
            if not in_outage:
                strange[f"no answer: {each.kind}: {each.trouble}, as to {each.path}"] += 1
        elif each.status == 503:
            if not each.retry_after:
                strange[f"503 without Retry-After: {each.kind}"] += 1
            if not in_outage:
                strange[f"503 while the database is there: {each.kind}"] += 1
        elif each.status not in (200, 302):
            strange[f"{each.status}: {each.kind}, as to {each.path}"] += 1
    yield from (f"{text} ({count} times)" for text, count in strange.most_common())
    for outage in outages:
        if not any(each.status == 503 and outage.meets(each) for each in answers):
            yield f"Nobody was told to come back while {outage.what}"


def wrong_labels(record: Record) -> Iterator[str]:
    """Labels that were lost, doubled or changed, and what does not follow from them."""
    own = StanceLabel.objects.filter(editor__username__in=record.undone)
    rows = own.filter(undoes=None).values_list("note", "quote__uuid", "issue__slug", "label")
    there: dict[str, list[tuple[str, ...]]] = {}
    for note, *what in rows:
        there.setdefault(note, []).append(tuple(map(str, what)))
    yield from _miscounted("label", record.labels, {key: len(each) for key, each in there.items()})
    for sent in record.labels:
        if any(what != sent.what for what in there.get(sent.token, [])):
            yield f"label {sent.token}: {there[sent.token]} is not what was sent: {sent.what}"
    taken_back = Counter(own.exclude(undoes=None).values_list("editor__username", flat=True))
    for user, undone in record.undone.items():
        said = Counter(each.said for each in undone)
        if not said["saved"] <= taken_back[user] <= said["saved"] + said["unknown"]:
            yield f"{user} took back {said}, and {taken_back[user]} rows say so"
    # Where it stands, and its place in the queue, are kept by the same transaction.
    for quote, issue, count in _judged(own):
        pair = {"quote": quote, "issue": issue}
        kept = Stance.objects.filter(**pair).values_list("label_count", flat=True).first() or 0
        queued = QueueItem.objects.filter(**pair).values_list("label_count", flat=True).first()
        if (kept, queued) != (count, count):
            yield f"quote {quote}, issue {issue}: {count} labels, stance {kept}, queue {queued}"


def _judged(own: Iterable[StanceLabel]) -> list[tuple[int, int, int]]:
    """Each quote and issue that was judged, with the labels that stand."""
    pairs = {(each.quote_id, each.issue_id) for each in own}
    counted = Count("pk", filter=Q(is_current=True))
    found: list[tuple[int, int, int]] = []
    for some in batched(pairs, _MANY):
        rows = (
            StanceLabel.objects.judgements()
            .filter(quote__in={quote for quote, _ in some})
            .order_by()
            .values_list("quote", "issue")
            .annotate(n=counted)
        )
        found += [row for row in rows if (row[0], row[1]) in pairs]
    return found


def wrong_imports(record: Record, within: float) -> Iterator[str]:
    """Articles that were lost or doubled, and imports that do not end."""
    keys = [path.rstrip("/").rpartition("/")[2] for path in record.batches]
    batches = ImportBatch.objects.filter(uuid__in=keys)
    deadline = time.monotonic() + within
    while batches.exclude(state="finished").exists() or unlinked().exists():
        if time.monotonic() > deadline:
            open_ = list(batches.exclude(state="finished"))
            yield f"after {within:.0f} s imports still run: {open_}, {unlinked().count()} unlinked"
            break
        time.sleep(0.5)
    if not record.articles:
        return
    user = record.articles[0].token.rpartition("-")[0]
    texts = Article.objects.filter(text__contains=f"Filed as {user}-").values_list(
        "text", flat=True
    )
    there = Counter(text[text.rindex(f"{user}-") :].split()[0] for text in texts)
    yield from _miscounted("article", record.articles, there)
    items = ImportItem.objects.filter(batch__in=batches)
    for item in items.exclude(outcome__in=("new", "duplicate")):
        yield f"{item}: {item.reason}"
    stored = Quote.objects.filter(article__in=items.filter(outcome="new").values("article"))
    kept = dict(stored.order_by().values_list("article").annotate(n=Count("pk")))
    for item in items.filter(outcome="new"):
        if kept.get(item.article_id or 0, 0) != item.quote_count:
            yield f"{item}: {item.quote_count} quotes read, {kept.get(item.article_id or 0)} there"


def _miscounted(name: str, all_sent: list[Sent], there: dict[str, int]) -> Iterator[str]:
    for sent in all_sent:
        count = there.get(sent.token, 0)
        least, most = {"saved": (1, 1), "unknown": (0, 1)}.get(sent.said, (0, 0))
        if not least <= count <= most:
            yield f"{name} {sent.token}, {sent.said}: {count} times there"
    for token in there.keys() - {each.token for each in all_sent}:
        yield f"{name} {token} is there and was never sent"


def latencies(answers: list[Answer], outages: list[Outage], seconds: float) -> str:
    """A table: what each kind of request took, apart from the times without a database."""
    rows, kinds = [], sorted({each.kind for each in answers})
    for kind in ["everything", *kinds]:
        own = [each for each in answers if kind in ("everything", each.kind)]
        took = sorted(
            each.took
            for each in own
            if each.status in (200, 302) and not any(outage.meets(each) for outage in outages)
        )
        away = sum(each.status == 503 for each in own)
        cut = sum(each.status == 0 for each in own)
        times = [f"{took[int(share * (len(took) - 1))]:,.0f}" if took else "–"
                 for share in (0.5, 0.95, 0.99, 1)]  # fmt: skip
        rows.append(
            [kind, f"{len(own):,}", f"{len(own) / seconds:.2f}", *times, f"{away}", f"{cut}"]
        )
    head = ["request", "number", "a second", "p50 ms", "p95 ms", "p99 ms", "most ms", "503"]
    return table(rows, [*head, "cut off"])
