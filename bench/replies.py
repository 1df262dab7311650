"""Measure the rules of who answers whom on a sample that was labelled by hand, or print proposals:

    python -m bench.replies
    python -m bench.replies FILE [--first N] [--last N] [--most N] [--draw N]

Without a file it reads ``bench/data/replies.toml`` as an import would and compares. With a file it
prints what the rules propose in a range of the lines of a JSONL file with ``id`` and ``text``, such
as ``polnear.train.jsonl``, to be judged by hand; proposals to names that no quotation of these
articles is given to are left out, as imports leave them out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from statements.nlp import Quotation, extract
from statements.nlp.replies import Party, Reply, Said, find_replies

SAMPLE = Path(__file__).parent / "data" / "replies.toml"
SEEDS = Path(__file__).resolve().parents[1] / "seeds"
# Around the evidence, in characters.
CONTEXT = 110

Link = tuple[str, str, str]
Read = tuple[str, str, list[Quotation]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reply with the article that it was found in."""

    name: str
    text: str
    who: str
    reply: Reply

    @property
    def whom(self) -> str:
        party = self.reply.party
        return party.speaker or party.actor or party.name

    @property
    def link(self) -> Link:
        return self.who, self.reply.relation, self.whom

    def line(self) -> str:
        start, end = self.reply.evidence
        before, after = self.text[max(start - CONTEXT, 0) : start], self.text[end : end + CONTEXT]
        shown = " ".join(f"{before}[{self.text[start:end]}]{after}".split())
        cells = (self.name, self.who, self.reply.relation, self.whom, self.reply.rule)
        return " | ".join([*cells, str(self.reply.confidence), shown])


@dataclass(slots=True)
class Score:
    """Proposals compared with the labels; a link counts once in each article."""

    right: int = 0
    wrong: list[Proposal] = field(default_factory=list)
    missed: list[Link] = field(default_factory=list)
    right_pairs: int = 0
    by_rule: Counter[tuple[str, bool]] = field(default_factory=Counter)

    @property
    def proposed(self) -> int:
        return self.right + len(self.wrong)

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def recall(self) -> float:
        labelled = self.right + len(self.missed)
        return self.right / labelled if labelled else 0.0

    def lines(self) -> Iterator[str]:
        labelled = self.right + len(self.missed)
        yield f"precision {self.precision:.2f}  {self.right} of {self.proposed} links proposed"
        yield f"recall    {self.recall:.2f}  {self.right} of {labelled} links labelled"
        if self.proposed:
            share = self.right_pairs / self.proposed
            yield f"precision {share:.2f}  of who and whom, the relation left aside"
        for rule in sorted({rule for rule, _ in self.by_rule}):
            yield f"{rule:10} {self.by_rule[rule, True]} right, {self.by_rule[rule, False]} wrong"
        for each in self.wrong:
            yield f"wrong  | {each.line()}"
        for link in self.missed:
            yield f"missed | {' | '.join(link)}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure or print who answers whom.")
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--first", type=int, default=0, help="the first line, counted from 0")
    parser.add_argument("--last", type=int, help="the line before which it ends")
    parser.add_argument("--most", type=int, default=60, help="so many, drawn by lot")
    parser.add_argument("--draw", type=int, default=1, help="another number draws others")
    options = parser.parse_args(arguments)
    if options.file is None:
        print("\n".join(measure(SAMPLE).lines()))
        return 0
    articles = list(_of_file(options.file, slice(options.first, options.last)))
    found = proposals(articles)
    drawn = random.Random(options.draw).sample(found, min(options.most, len(found)))
    for number, each in enumerate(sorted(drawn, key=found.index), 1):
        print(f"{number:3} | {each.line()}")
    counts = Counter((each.reply.rule, each.reply.confidence) for each in found)
    print(f"\n{len(found)} proposals in {len(articles)} articles, {len(drawn)} shown")
    for (rule, confidence), number in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{rule:10} {confidence:.1f} {number:5}")
    return 0


def measure(sample: Path) -> Score:
    """What the rules propose in the sample, by the labels that stand there."""
    given = []
    for number, each in enumerate(tomllib.loads(sample.read_text(encoding="utf-8"))["article"], 1):
        name = each.get("file", f"article {number}")
        text = each["text"] if "text" in each else (SEEDS / name).read_text(encoding="utf-8")
        given.append((text, (name, {tuple(link) for link in each["replies"]}, text)))
    score = Score()
    for quotations, (name, labelled, text) in extract(given):
        found: dict[Link, Proposal] = {}
        for each in _proposals((name, text, quotations)):
            found.setdefault(each.link, each)
        pairs = {(who, whom) for who, _, whom in labelled}
        for link, proposal in found.items():
            is_right = link in labelled
            score.right += is_right
            score.right_pairs += (link[0], link[2]) in pairs
            score.by_rule[proposal.reply.rule, is_right] += 1
            if not is_right:
                score.wrong.append(proposal)
        score.missed += sorted(labelled - found.keys())
    return score


def proposals(articles: list[Read]) -> list[Proposal]:
    """The replies in the articles to those who are quoted in any of them."""
    known = {
        name
        for _, _, quotations in articles
        for each in quotations
        for voice in each.voices
        for name in (voice.speaker, voice.actor)
        if name
    }
    found = []
    for article in articles:
        for each in _proposals(article):
            party = each.reply.party
            if {party.speaker, party.actor, party.name} & known:
                found.append(each)
    return found


def _proposals(article: Read) -> Iterator[Proposal]:
    name, text, quotations = article
    said = [as_said(each) for each in quotations]
    for reply in find_replies(text, said):
        voice = said[reply.said].voices[0]
        yield Proposal(name, text, voice.speaker or voice.actor or "", reply)


def as_said(quotation: Quotation) -> Said:
    """A quotation as the rules need it."""
    return Said(
        quotation.parts,
        quotation.cue,
        quotation.source,
        tuple(Party(v.speaker, v.actor) for v in quotation.voices if v.speaker or v.actor),
        quotation.act == "speech",
    )


def _of_file(path: Path, lines: slice) -> Iterator[Read]:
    with path.open(encoding="utf-8") as whole:
        given = [json.loads(line) for line in list(whole)[lines]]
    for quotations, each in extract((each["text"], each) for each in given):
        yield str(each["id"]), each["text"], quotations


if __name__ == "__main__":
    sys.exit(main())
