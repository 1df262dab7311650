"""The components in a pipeline of one's own, and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys

import spacy

import statements.nlp.pipeline as pipeline


def test_components_work_in_any_pipeline():
    nlp = spacy.load(pipeline.load_pipeline().path)
    nlp.add_pipe("paragraphs", first=True)
    nlp.add_pipe("quotations")
    doc = nlp("“We will go,” said Ann Bell of Oxfam.")
    assert [each.voices for each in doc._.quotations] == [()]
    nlp.add_pipe("voices")
    (quotation,) = nlp("“We will go,” said Ann Bell of Oxfam.")._.quotations
    assert quotation.voices[0].actor == "Oxfam"


def test_importing_the_package_does_not_import_spacy():
    code = "import sys, statements.nlp; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_paragraphs_are_never_joined_in_a_sentence():
    doc = pipeline.load_pipeline()("A headline without a stop\n\nJapan said no.")
    assert not any("\n" in sentence.text.strip() for sentence in doc.sents)
