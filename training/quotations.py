"""Fit the weights of the full reading from annotated articles.

    python -m training.quotations ../shared/eval/quotes [--articles N] [--out weights.json]

The folder holds ``polnear.train.jsonl`` and the scorer ``score.py``, whose rules say when a content
and a source are right. Six logistic models come out: whether a word reports speech, or thought;
which words it then reports (a choice among what its sentence offers, by maximum marginal
likelihood: several contents may be right); and, calibrated on articles that the others were not
fitted on, whether the report, a quotation in marks and a source are right.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language

from bench.scorer import Scorer, load_scorer
from statements.nlp.content import Taken, content_parts
from statements.nlp.cues import load_cues
from statements.nlp.learned import weights as learned_weights
from statements.nlp.learned.confidence import (
    direct_features,
    direct_source_features,
    report_source_features,
)
from statements.nlp.learned.cues import Cue
from statements.nlp.learned.edges import joint_features
from statements.nlp.learned.extents import families
from statements.nlp.learned.reading import Learned, log_odds
from statements.nlp.learned.weights import Weights
from statements.nlp.pipeline import load_pipeline
from statements.nlp.proposals import Proposal
from training.articles import Article, alike, article, parsed, read
from training.regressions import Rows, design, fit_choice, logistic_model, model, platt, regression

FOLDS = 3
# While calibrating, a content this likely keeps others off its words; the product's own bound is on
# the confidence that only calibration gives.
LEAST_TAKING = 0.3
# A lemma may be a cue when annotators took it for one so often, and in this share of its places.
FEWEST_CUES, LEAST_CUE_SHARE = 3, 0.02
# Strengths of regularisation, chosen by cross-validation on the training articles.
CUE_C, EXTENT_PENALTY, CONFIDENCE_C, PLATT_C = 0.3, 3.0, 0.3, 10.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="holds polnear.train.jsonl and score.py")
    parser.add_argument("--articles", type=int, help="only so many articles")
    parser.add_argument("--out", type=Path, help="default: the weights that the product loads")
    options = parser.parse_args(arguments)
    scorer = load_scorer(options.folder)
    given = list(read(options.folder / "polnear.train.jsonl"))[: options.articles]
    nlp = load_pipeline(fast=True)
    cues = load_cues(nlp.vocab.strings)
    articles = [article(doc, entry, cues, scorer) for doc, entry in parsed(nlp, given)]
    fitted = fit(articles, nlp, scorer)
    out = options.out or Path(learned_weights.__file__).with_name(learned_weights.NAME)
    out.write_text(json.dumps(fitted, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    print(f"{out}: fitted on {len(articles)} articles, {out.stat().st_size / 1e6:.1f} MB")
    print("Then run `make hashes`: models are loaded only when their hashes are listed.")
    return 0


def fit(articles: list[Article], nlp: Language, scorer: Scorer) -> dict[str, Any]:
    """All weights, as ``weights.json`` holds them."""
    lemmas = cue_lemmas(articles)
    blank = Weights.of({"lemmas": sorted(lemmas), "models": {}})
    reading = Learned.on(nlp.vocab.strings, blank)
    cue_rows, extent_rows = rows_of_reports(articles, reading)
    calibration, sources = Rows(), rows_of_direct_sources(articles, scorer)
    for fold in range(FOLDS):
        rest = [n for n in range(len(articles)) if n % FOLDS != fold]
        halves = fit_reports(cue_rows.of(rest), extent_rows.of(rest))
        part = Learned(Weights.of({"lemmas": sorted(lemmas), "models": halves}), reading.lemmas)
        for number in range(fold, len(articles), FOLDS):
            add_calibration(articles[number], part, number, calibration, sources, scorer)
    models = fit_reports(cue_rows, extent_rows)
    models["report"] = platt(calibration, PLATT_C)
    models["direct"] = logistic_model(rows_of_direct(articles), CONFIDENCE_C)
    models["source"] = logistic_model(sources, CONFIDENCE_C)
    return {"lemmas": sorted(lemmas), "models": models}


def cue_lemmas(articles: list[Article]) -> set[str]:
    """The lemmas that annotators take for cues often enough."""
    cues: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    for each in articles:
        cues.update(each.doc[token].lemma_.lower() for token in each.cued)
        uses.update(token.lemma_.lower() for token in each.doc)
    return {
        lemma
        for lemma, count in cues.items()
        if count >= FEWEST_CUES and count >= LEAST_CUE_SHARE * uses[lemma]
    }


def rows_of_reports(articles: list[Article], reading: Learned) -> tuple[Rows, Rows]:
    """A row for each possible cue (0 none, 1 speech, 2 thought) and each content it offers."""
    cue_rows, extent_rows = Rows(), Rows()
    for number, each in enumerate(articles):
        for cue in reading.possible(each.doc, each.quoted, each.direct):
            quotes = each.cued.get(cue.token.i, [])
            acts = {each.quotes[index]["act"] for index in quotes}
            cue_rows.add(cue.features, 1 if "speech" in acts else 2 if acts else 0, number)
            gold = [each.contents[index] for index in quotes]
            if gold:
                add_contents(each, cue, gold, number, extent_rows, len(cue_rows.answers))
    return cue_rows, extent_rows


def add_contents(
    each: Article, cue: Cue, gold: list[frozenset[int]], number: int, rows: Rows, group: int
) -> None:
    for family in families(cue, each.quoted):
        rest = (family.rest,) if family.rest is not None else ()
        for start, end in family.contents():
            ranges = ((start.position, end.position), *rest)
            parts = content_parts(each.doc, each.quoted, ranges)
            if parts:
                content = each.said(parts)
                joint = joint_features(cue, family.side, start.position, end.position, family.rest)
                right = any(alike(content, other) for other in gold)
                rows.add((*start.features, *end.features, *joint), right, number, group)


def add_calibration(
    each: Article, reading: Learned, number: int, reports: Rows, sources: Rows, scorer: Scorer
) -> None:
    """Rows of what a reading finds in an article it was not fitted on."""
    taken = Taken(len(each.quoted.text))
    for quote in each.direct:
        taken.add(quote.parts)
    choices = reading.choices(each.doc, each.quoted, each.direct)
    for choice in sorted(choices, key=lambda choice: -choice.likelihood):
        cue, content = choice.cue, choice.content(each.doc, taken)
        parts = content_parts(each.doc, each.quoted, content.ranges) if content else ()
        if content is None or not parts:
            continue
        if choice.odds(content) >= LEAST_TAKING:
            taken.add(parts)
        match = each.quote_like(each.said(parts))
        reports.add((content.side, str(log_odds(choice.odds(content)))), match is not None, number)
        if match is not None:
            proposal = Proposal(
                parts, cue.token, content.side, cue.source, cue.speaker, "speech", 0.0, 0.0
            )
            features = report_source_features(proposal)
            span = None
            if cue.source is not None:
                first, last = each.doc[cue.source[0]], each.doc[cue.source[1] - 1]
                span = {"start": first.idx, "end": last.idx + len(last)}
            right = scorer.source_right(each.words, each.quotes[match], {"source": span})
            sources.add(features, right, number)


def rows_of_direct(articles: list[Article]) -> Rows:
    """A row for each quotation in marks: whether it is cut as the annotators did."""
    rows = Rows()
    for number, each in enumerate(articles):
        for quote in each.direct:
            right = each.quote_like(each.said(quote.parts)) is not None
            rows.add(direct_features(each.quoted, quote), right, number)
    return rows


def rows_of_direct_sources(articles: list[Article], scorer: Scorer) -> Rows:
    """A row for each quotation in marks that is cut right: whether its source is right."""
    rows = Rows()
    for number, each in enumerate(articles):
        for quote in each.direct:
            match = each.quote_like(each.said(quote.parts))
            if match is None:
                continue
            source = quote.attribution.source if quote.attribution else None
            span = {"start": source[0], "end": source[1]} if source else None
            right = scorer.source_right(each.words, each.quotes[match], {"source": span})
            rows.add(direct_source_features(each.quoted, quote), right, number)
    return rows


def fit_reports(cue_rows: Rows, extent_rows: Rows) -> dict[str, Any]:
    """The models of cues and of contents."""
    matrix, names = design(cue_rows)
    answers = np.array(cue_rows.answers)
    contents, content_names = design(extent_rows)
    chosen = fit_choice(
        contents, np.array(extent_rows.answers), np.array(extent_rows.groups), EXTENT_PENALTY
    )
    return {
        "speech": regression(matrix, answers == 1, names, CUE_C),
        "thought": regression(matrix, answers == 2, names, CUE_C),
        "extent": model(content_names, chosen.tolist(), 0.0),
    }


if __name__ == "__main__":
    sys.exit(main())
