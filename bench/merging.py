"""How long a merge of many quotes and its undo take, and whether readers notice.

    NEWSROOM_DEBUG=1 .venv/bin/python -m bench.merging --quotes 100000

Works in a database of its own, which it makes and drops.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

BATCH = 5_000
PER_ARTICLE = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quotes", type=int, default=100_000)
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    with _own_database():
        _measure(wanted.quotes)


@contextmanager
def _own_database() -> Iterator[None]:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure(number: int) -> None:
    from statements.ledger import undo
    from statements.merging import merge, preview_merge
    from statements.models import Actor, ActorName, Quote
    from statements.splitting import split

    gone = Actor.objects.create(name="U.N.", slug="u-n", type="ngo")
    survivor = Actor.objects.create(name="United Nations", slug="un", type="intergovernmental")
    for actor in (gone, survivor):
        ActorName.objects.create(actor=actor, text=actor.name, kind="primary")
    begun = time.perf_counter()
    _fill(gone, number)
    print(f"{number:,} quotes made in {time.perf_counter() - begun:.1f} s")
    begun = time.perf_counter()
    preview_merge(gone, survivor)
    print(f"preview {time.perf_counter() - begun:.2f} s")
    with _reading() as waits:
        begun = time.perf_counter()
        event = merge(gone, survivor, editor=None)
        print(f"merge {time.perf_counter() - begun:.2f} s: {event.summary}")
    print(f"meanwhile {len(waits)} readings of the newest 20, the slowest {max(waits):.3f} s")
    begun = time.perf_counter()
    undo(event, editor=None)
    print(f"undo {time.perf_counter() - begun:.2f} s")
    begun = time.perf_counter()
    event, _ = split(gone, Quote.objects.filter(actor=gone), name="Others", editor=None)
    print(f"split {time.perf_counter() - begun:.2f} s: {event.summary}")
    begun = time.perf_counter()
    undo(event, editor=None)
    print(f"undo {time.perf_counter() - begun:.2f} s")
    back = Quote.objects.filter(actor=gone, actor_type="ngo").count()
    print(f"{back:,} quotes are back")


@contextmanager
def _reading() -> Iterator[list[float]]:
    """A reader at work, and how long each of the answers took."""
    from django.db import connection

    from statements.models import Quote

    waits: list[float] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                begun = time.perf_counter()
                list(Quote.objects.select_related("actor").newest()[:20])
                waits.append(time.perf_counter() - begun)
                done.wait(0.02)
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield waits
    finally:
        done.set()
        reader.join()


def _fill(actor: object, number: int) -> None:
    from statements.models import Actor, Article, Quote

    assert isinstance(actor, Actor)  # noqa: S101
    words = [
        f"Statement {each:02} stands as it was made on the dam." for each in range(PER_ARTICLE)
    ]
    quotes: list[Quote] = []
    for at in range(0, number, PER_ARTICLE):
        text = "\n\n".join([f"Report {at}", *words])
        article = Article.objects.create(title=f"Report {at}", text=text)
        for each in words[: number - at]:
            start = text.index(each)
            quotes.append(
                Quote(
                    article=article,
                    kind="direct",
                    start=start,
                    end=start + len(each),
                    content=each,
                    actor=actor,
                    actor_type=actor.type,
                    confidence=0.9,
                )
            )
        if len(quotes) >= BATCH:
            Quote.objects.bulk_create(quotes)
            quotes.clear()
    Quote.objects.bulk_create(quotes)


if __name__ == "__main__":
    main()
