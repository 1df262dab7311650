"""The synthetic articles that measurements are made with."""

from __future__ import annotations

import json

from bench.articles import Newsroom, write_shards
from statements.nlp import extract_text


def test_the_same_seed_writes_the_same_articles_and_another_does_not(tmp_path):
    written = [
        b"".join(path.read_bytes() for path in write_shards(tmp_path / name, 30, **options))
        for name, options in (("a", {"shards": 4}), ("b", {"shards": 7}), ("c", {"seed": 2}))
    ]
    assert written[0] == written[1] != written[2]
    assert len({json.loads(line)["id"] for line in written[0].splitlines()}) == 30


def test_a_few_have_most_of_the_words_and_some_articles_are_wire_copies():
    articles = list(Newsroom(1).articles(400))
    texts = {each["text"] for each in articles}
    assert 0.9 < len(texts) / len(articles) < 0.99
    outlets = [each["outlet"] for each in articles]
    assert outlets.count(Newsroom(1).outlets[0]) > len(outlets) / 8
    kinds = {quote.kind for each in articles[:5] for quote in extract_text(each["text"], fast=True)}
    assert kinds == {"direct", "mixed", "indirect"}
