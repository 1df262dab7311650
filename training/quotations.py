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
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from spacy.language import Language
from spacy.tokens import Doc

from bench.scorer import Scorer, load_scorer
from statements.nlp.content import Taken, content_parts
from statements.nlp.cues import Cues, load_cues
from statements.nlp.direct import Direct, DirectQuotations
from statements.nlp.learned import weights as learned_weights
from statements.nlp.learned.confidence import (
    direct_features,
    direct_source_features,
    report_source_features,
)
from statements.nlp.learned.cues import Cue, possible_cues
from statements.nlp.learned.edges import joint_features
from statements.nlp.learned.extents import families
from statements.nlp.learned.reading import Learned, log_odds
from statements.nlp.learned.weights import Weights
from statements.nlp.marks import Quoted
from statements.nlp.pipeline import load_pipeline
from statements.nlp.proposals import Proposal

FOLDS = 3
# A lemma may be a cue when annotators took it for one so often, and in this share of its places.
FEWEST_CUES, LEAST_CUE_SHARE = 3, 0.02
# Strengths of regularisation, chosen by cross-validation on the training articles.
CUE_C, EXTENT_PENALTY, CONFIDENCE_C, PLATT_C = 0.3, 3.0, 0.3, 10.0
FEWEST_USES = 3
LEAST_WEIGHT = 0.02


@dataclass(slots=True)
class Article:
    """A parsed article with its annotated quotes, as sets of word indices."""

    doc: Doc
    quoted: Quoted
    direct: list[Direct]
    words: Any
    quotes: list[dict[str, Any]]
    contents: list[frozenset[int]]
    cued: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The quotes outside marks, by the token of their cue."""

    def said(self, parts: Sequence[tuple[int, int]]) -> frozenset[int]:
        """The words of some parts, without a leading "that", as the scorer counts them."""
        found: frozenset[int] = self.words.tokens(parts)
        if len(found) > 1 and self.words.words([min(found)]) == ["that"]:
            found -= {min(found)}
        return found


@dataclass(slots=True)
class Rows:
    """Training rows: features and answers, with the article of each and, for contents, the cue."""

    features: list[tuple[str, ...]] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def add(self, features: Iterable[str], answer: float, article: int, group: int = 0) -> None:
        self.features.append(tuple(features))
        self.answers.append(answer)
        self.articles.append(article)
        self.groups.append(group)

    def of(self, kept: Iterable[int]) -> Rows:
        """The rows of some articles."""
        wanted = set(kept)
        found = Rows()
        for row in zip(self.features, self.answers, self.articles, self.groups, strict=True):
            if row[2] in wanted:
                found.add(*row)
        return found


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
    return 0


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def parsed(nlp: Language, given: list[dict[str, Any]]) -> Iterator[tuple[Doc, dict[str, Any]]]:
    """Each article parsed, without looking for quotations."""
    with nlp.select_pipes(disable=["quotations", "voices"]):
        yield from nlp.pipe(((each["text"], each) for each in given), as_tuples=True, batch_size=16)


def article(doc: Doc, entry: dict[str, Any], cues: Cues, scorer: Scorer) -> Article:
    """An article with its annotation; quotes that stand in marks leave their cue free."""
    quoted = Quoted(entry["text"])
    found = Article(
        doc,
        quoted,
        DirectQuotations(doc, quoted, cues).found,
        scorer.Doc(entry["text"]),
        entry["quotes"],
        [],
    )
    found.contents = [found.said(scorer.parts_of(quote)) for quote in entry["quotes"]]
    in_marks = [found.said(quote.parts) for quote in found.direct]
    for index, (quote, content) in enumerate(zip(found.quotes, found.contents, strict=True)):
        if quote["cue"] and not any(alike(content, each) for each in in_marks):
            token = cue_token(doc, quote["cue"])
            if token is not None:
                found.cued[token].append(index)
    return found


def cue_token(doc: Doc, cue: dict[str, int]) -> int | None:
    """The word of an annotated cue that is its last verb, or else its last noun."""
    span = doc.char_span(cue["start"], cue["end"], alignment_mode="expand")
    if span is None:
        return None
    according = [token.i for token in span if token.lower_ == "according"]
    verbs = [token.i for token in span if token.pos_ == "VERB"]
    others = [token.i for token in span if token.pos_ in ("NOUN", "PROPN", "AUX")]
    chosen = according or verbs or others
    return chosen[-1] if chosen else None


def share(these: frozenset[int], those: frozenset[int]) -> float:
    """The words two contents have in common, as a share of the words of both (Jaccard)."""
    every = len(these | those)
    return len(these & those) / every if every else 0.0


def alike(these: frozenset[int], those: frozenset[int]) -> bool:
    """Whether one content counts as the other, by the scorer's lenient measure."""
    return share(these, those) >= 0.8


# Fitting.


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
    models["report"] = platt(calibration)
    models["direct"] = logistic_model(rows_of_direct(articles))
    models["source"] = logistic_model(sources)
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


def cues_of(each: Article, reading: Learned) -> Iterator[Cue]:
    taken = frozenset(
        q.attribution.cue[0] for q in each.direct if q.attribution and q.attribution.cue
    )
    return possible_cues(each.doc, each.quoted, reading.lemmas, taken)


def rows_of_reports(articles: list[Article], reading: Learned) -> tuple[Rows, Rows]:
    """A row for each possible cue (0 none, 1 speech, 2 thought) and each content it offers."""
    cue_rows, extent_rows = Rows(), Rows()
    for number, each in enumerate(articles):
        for cue in cues_of(each, reading):
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
        if choice.odds(content) >= 0.3:
            taken.add(parts)
        said = each.said(parts)
        match = next((i for i, other in enumerate(each.contents) if alike(said, other)), None)
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
            said = each.said(quote.parts)
            right = any(alike(said, other) for other in each.contents)
            rows.add(direct_features(each.quoted, quote), right, number)
    return rows


def rows_of_direct_sources(articles: list[Article], scorer: Scorer) -> Rows:
    """A row for each quotation in marks that is cut right: whether its source is right."""
    rows = Rows()
    for number, each in enumerate(articles):
        for quote in each.direct:
            said = each.said(quote.parts)
            match = next((i for i, other in enumerate(each.contents) if alike(said, other)), None)
            if match is None:
                continue
            source = quote.attribution.source if quote.attribution else None
            span = {"start": source[0], "end": source[1]} if source else None
            right = scorer.source_right(each.words, each.quotes[match], {"source": span})
            rows.add(direct_source_features(each.doc, each.quoted, quote), right, number)
    return rows


def fit_reports(cue_rows: Rows, extent_rows: Rows) -> dict[str, Any]:
    """The models of cues and of contents."""
    matrix, names = design(cue_rows)
    answers = np.array(cue_rows.answers)
    contents, content_names = design(extent_rows)
    chosen = choice(contents, np.array(extent_rows.answers), np.array(extent_rows.groups))
    return {
        "speech": regression(matrix, answers == 1, names, CUE_C),
        "thought": regression(matrix, answers == 2, names, CUE_C),
        "extent": model(content_names, chosen.tolist(), 0.0),
    }


def design(rows: Rows) -> tuple[csr_matrix, list[str]]:
    """The design matrix of some rows, and the names of its columns."""
    uses = Counter(name for features in rows.features for name in set(features))
    names = sorted(name for name, count in uses.items() if count >= FEWEST_USES)
    place = {name: index for index, name in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    for features in rows.features:
        columns += sorted({place[name] for name in features if name in place})
        ends.append(len(columns))
    values = np.ones(len(columns), np.float32)
    return csr_matrix((values, columns, ends), shape=(len(rows.features), len(names))), names


def choice(matrix: csr_matrix, right: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Weights under which each group's right rows are the likeliest of it (softmax, L2)."""
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[starts, len(groups)])
    answered = np.add.reduceat(right.astype(int), starts) > 0
    kept = np.repeat(answered, sizes)
    matrix, right, sizes = matrix[kept], right[kept].astype(float), sizes[answered]
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    group = np.repeat(np.arange(len(sizes)), sizes)
    transposed = matrix.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = matrix @ weights
        powers = np.exp(margins - np.maximum.reduceat(margins, starts)[group])
        every = np.add.reduceat(powers, starts)
        good = np.add.reduceat(powers * right, starts) + 1e-30
        gradient = transposed @ (powers / every[group] - powers * right / good[group])
        penalty = EXTENT_PENALTY * weights
        return (np.log(every) - np.log(good)).sum() + penalty @ weights / 2, gradient + penalty

    options = {"maxiter": 200}
    found = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x)


def platt(rows: Rows) -> dict[str, Any]:
    """A calibration of raw log-odds by side of the cue (Platt, 1999)."""
    sides = sorted({side for side, _ in rows.features})
    raw = np.array([[float(odds)] for _, odds in rows.features])
    which = np.array([[side == each for each in sides] for side, _ in rows.features], float)
    answers = np.array(rows.answers) > 0
    return regression(np.hstack([raw, which]), answers, ["raw", *sides], PLATT_C)


def logistic_model(rows: Rows) -> dict[str, Any]:
    """A logistic regression on named features."""
    matrix, names = design(rows)
    return regression(matrix, np.array(rows.answers) > 0, names, CONFIDENCE_C)


def regression(matrix: Any, answers: np.ndarray, names: Sequence[str], c: float) -> dict[str, Any]:
    """A logistic regression; where every answer is the same, only how often that is (Laplace)."""
    if len(set(answers)) < 2:
        return model([], [], log_odds((answers.sum() + 1) / (len(answers) + 2)))
    fitted = LogisticRegression(C=c, max_iter=500).fit(matrix, answers)
    return model(names, fitted.coef_[0], fitted.intercept_[0])


def model(names: Sequence[str], weights: Sequence[float], bias: float) -> dict[str, Any]:
    """A model as ``weights.json`` holds it: weights too small to matter are left out."""
    kept = {
        name: round(float(weight), 3)
        for name, weight in zip(names, weights, strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }
    return {"bias": round(float(bias), 3), "weights": kept}


if __name__ == "__main__":
    sys.exit(main())
