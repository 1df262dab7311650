"""A site whose every text means harm: articles, people, parties, issues, labels, imports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched, cycle

from django.contrib.auth.models import Group, User

from statements.ingest.importing import add_upload, open_batch
from statements.ingest.linking import link_article
from statements.ingest.readers import read_bytes
from statements.labelling import adjudicate, record_label, update_stance
from statements.models import (
    Actor,
    ActorName,
    ActorType,
    Affiliation,
    Article,
    ImportBatch,
    Issue,
    Outlet,
    QueueItem,
    Quote,
    QuotePart,
    ReaderReport,
    ReportReceipt,
    Speaker,
    SpeakerName,
    Suggestion,
)
from statements.models.actors import Name
from statements.models.issues import publish_guideline
from statements.names import name_key, name_slug
from tests.factories import make_user

# Behind a text that turns the direction, so that a page can be asked what stands after it.
END = "⟧"
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
QUOTES_IN_ARTICLE = 50
LABELS = ("supports", "opposes", "mixed", "neutral", "unrelated")


def marked(text: str) -> str:
    return text + END if TURNING.search(text) else text


def cut(text: str, longest: int) -> str:
    """The text as long as a field takes it, its end marked again."""
    return marked(text[: longest - 1].removesuffix(END)) if len(text) > longest else text


@dataclass(slots=True)
class HostileSite:
    """What was made, as addresses to visit."""

    articles: list[Article] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    batches: list[ImportBatch] = field(default_factory=list)
    admin: User | None = None


def make_hostile_site(texts: Sequence[str], *, issues: int = 4) -> HostileSite:
    """One of everything for each text, in a few bulk inserts: two thousand take ten seconds."""
    texts = [marked(each) for each in texts]
    site = HostileSite()
    site.admin = make_user("admin", username=cut(texts[0], 150), email="a@b.example")
    for group in Group.objects.all():
        site.admin.groups.add(group)
    _voices(site, texts)
    _articles(site, texts)
    _issues(site, texts, issues)
    _desk(site, texts)
    return site


def _voices(site: HostileSite, texts: Sequence[str]) -> None:
    types = cycle(ActorType.values)
    site.speakers = [Speaker(**voice) for voice in _named(texts)]
    site.actors = [Actor(**voice, type=next(types)) for voice in _named(texts)]
    Speaker.objects.bulk_create(site.speakers)
    Actor.objects.bulk_create(site.actors)
    SpeakerName.objects.bulk_create(
        SpeakerName(speaker=each, text=each.name, key=each.sort_name, kind=Name.Kind.PRIMARY)
        for each in site.speakers
    )
    ActorName.objects.bulk_create(
        ActorName(actor=each, text=each.name, key=each.sort_name, kind=Name.Kind.PRIMARY)
        for each in site.actors
    )
    Affiliation.objects.bulk_create(
        Affiliation(speaker=speaker, actor=actor, post=cut(text, 300), evidence=text)
        for speaker, actor, text in zip(site.speakers, site.actors, texts, strict=True)
    )


def _named(texts: Sequence[str]) -> Iterator[dict[str, str]]:
    taken: set[str] = set()
    for text in texts:
        name = cut(" ".join(text.split()), 200) or "?"
        slug = name_slug(name, taken)
        taken.add(slug)
        yield {"slug": slug, "name": name, "sort_name": name_key(name)[:200], "summary": text}


def _articles(site: HostileSite, texts: Sequence[str]) -> None:
    outlets = {cut(text, 200): None for text in texts[:30]}
    stored = [
        Outlet.objects.create(name=name, slug=f"{name_slug(name)[:60]}-{number}")
        for number, name in enumerate(outlets)
    ]
    for number, chunk in enumerate(batched(texts, QUOTES_IN_ARTICLE)):
        # Content, source and cue of each quote, of which the text is made and in which they lie.
        said = [
            (text, cut(chunk[at - 7], 300), cut(chunk[at - 3], 150))
            for at, text in enumerate(chunk)
        ]
        body = "".join(f"\n\n“{text}”, {source} {cue}." for text, source, cue in said)
        article = Article.objects.create(
            title=cut(" ".join(chunk[0].split()), 500) or "?",
            text=f"A report{body}\n\n{chunk[0]}",
            outlet=stored[number % len(stored)],
            byline=cut(chunk[1 % len(chunk)], 300),
            # What an import takes: `URLField` is only asked in forms.
            url="https://a.example/?" + cut(chunk[2 % len(chunk)], 800),
            published_on=date(2024, 1, 1) + timedelta(days=number),
            published_basis=chunk[3 % len(chunk)],
            note=chunk[4 % len(chunk)],
        )
        site.articles.append(article)
        site.quotes += _quotes(site, article, said)
    QuotePart.objects.bulk_create(
        QuotePart(quote=each, ordinal=0, start=each.start, end=each.end, content=each.content)
        for each in site.quotes
    )


def _quotes(
    site: HostileSite, article: Article, said: Sequence[tuple[str, str, str]]
) -> list[Quote]:
    rows = []
    kinds = cycle(Quote.Kind.values)
    first = len(site.quotes)
    at = article.text.index("\n\n“")
    for number, (text, source, cue) in enumerate(said):
        start = at + 3
        end = start + len(text)
        source_start = end + 3
        cue_start = source_start + len(source) + 1
        at = cue_start + len(cue) + 1
        rows.append(
            Quote(
                article=article,
                kind=next(kinds),
                start=start,
                end=end,
                content=text,
                source=source,
                source_start=source_start,
                source_end=source_start + len(source),
                cue=cue,
                cue_start=cue_start,
                cue_end=cue_start + len(cue),
                before=source,
                after=text,
                role=source,
                speaker=site.speakers[first + number] if number % 5 else None,
                actor=site.actors[(first + number * 3) % len(site.actors)] if number % 4 else None,
                actor_type=ActorType.values[number % len(ActorType.values)],
                candidates=[source, text] if not number % 20 else [],
                attribution="open" if not number % 20 else "stated",
                said_on=article.published_on,
                confidence=0.9,
            )
        )
    return Quote.objects.bulk_create(rows)


def _issues(site: HostileSite, texts: Sequence[str], count: int) -> None:
    assert site.admin
    other = make_user("editor", username=cut(texts[-1], 150))
    several = cycle(texts)
    for number in range(count):
        title, proposition, *some = (next(several) for _ in range(12))
        issue = Issue.objects.create(
            slug=f"issue-{number}",
            title=cut(title, 120),
            proposition=cut(proposition, 300),
            supports_pole=cut(some[0], 80),
            opposes_pole=cut(some[1], 80),
            terms=[cut(each, 80) for each in some[2:5]],
            counter_terms=[cut(each, 80) for each in some[5:7]],
        )
        site.issues.append(issue)
        publish_guideline(issue, "\n\n".join(some), by=site.admin)
        publish_guideline(issue, "\n\n".join(reversed(some)), by=site.admin)
        for place, quote in enumerate(site.quotes[number : 100 * count : count]):
            QueueItem.objects.create(
                issue=issue, quote=quote, reason="term", rank=0, draw=0.1, place=place / 1000
            )
            if place % 3:
                Suggestion.objects.create(
                    quote=quote,
                    issue=issue,
                    label=LABELS[place % 4],
                    confidence=0.7,
                    method="predicates",
                    evidence=[quote.content, quote.source],
                )
                update_stance(quote, issue)
            else:
                label = LABELS[place % 5]
                for editor, said in ((site.admin, label), (other, LABELS[place % 2])):
                    note = next(several)
                    record_label(quote=quote, issue=issue, editor=editor, label=said, note=note)
        first = site.quotes[number]
        adjudicate(quote=first, issue=issue, lead=site.admin, label="mixed", reason=next(several))


def _desk(site: HostileSite, texts: Sequence[str]) -> None:
    for quote, text in zip(site.quotes[:40], texts[::-1], strict=False):
        report = ReaderReport.objects.create(quote=quote, kind="speaker")
        ReportReceipt.objects.create(report=report, note=cut(text, 500), email="x@y.example")
    batch = ImportBatch.objects.create(channel="upload", user=site.admin)
    for text, article in zip(texts[:100], cycle(site.articles), strict=False):
        batch.items.create(name=cut(text, 500), outcome="new", article=article, quote_count=1)
        batch.items.create(name=cut(text, 500), outcome="rejected", reason=text)
    draft = open_batch(channel="upload", user=site.admin)
    for name, content in _files(texts):
        add_upload(draft, name, content, read_bytes(name, content))
    site.batches += [batch, draft]
    for article in site.articles[:4]:
        link_article(article)


def _files(texts: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Files whose names, headers and cells mean harm."""
    for text in texts[:20]:
        yield f"{cut(text, 200)}.txt", f"{text}\n\n“{text}”, somebody said.".encode()
    quoted = [f'"{each.replace(chr(34), chr(34) * 2)}"' for each in texts[:12]]
    table = "title,text," + ",".join(quoted) + "\n" + ",".join(["A title", "Words.", *quoted])
    yield "columns.csv", table.encode()
    entries = "".join(
        f"<item><title><![CDATA[{each.replace(']]>', '')}]]></title>"
        f"<description><![CDATA[<p>{each.replace(']]>', '')}</p>]]></description></item>"
        for each in (re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", text) for text in texts[:30])
    )
    yield "feed.xml", f'<rss version="2.0"><channel>{entries}</channel></rss>'.encode()
