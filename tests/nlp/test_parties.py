"""Which party a phrase names."""

from __future__ import annotations

import pytest

from statements.nlp.parties import party_of
from statements.nlp.quotation import ACTOR_TYPES
from statements.nlp.words import rows, word_map

PHRASES = [
    ("Chinese foreign ministry spokesman", "Government of China", "government", "CN"),
    (
        "the United States ambassador to the UN",
        "Government of the United States",
        "government",
        "US",
    ),
    ("the Kremlin", "Government of Russia", "government", "RU"),
    ("a State Department official", "Government of the United States", "government", "US"),
    ("NASA", "NASA", "government", "US"),
    ("the World Health Organization", "World Health Organization", "intergovernmental", ""),
    ("the Oxford University", "Oxford University", "academia", ""),
    ("the opposition Green Union", "Green Union", "party", ""),
    ("the Freedonian Builders ’ Union", "Freedonian Builders’ Union", "labour", ""),
    ("Kenya ’s parliament", "Parliament of Kenya", "legislature", "KE"),
    ("Guardian Industries", "Guardian Industries", "business", ""),
    ("Kenya ’s Green Party", "Green Party", "party", "KE"),
    ("Mara University in Kenya", "Mara University", "academia", "KE"),
    ("Mrs. Bell 's presidential campaign", "Bell campaign", "party", ""),
    ("New Jersey Gov.", None, "government", ""),
    ("the Georgia governor", None, "government", ""),
    ("a Kenyan city mayor", None, "government", "KE"),
    ("a candidate for president", None, "party", ""),
    ("the Mercy Relief Committee", "Mercy Relief Committee", "unknown", ""),
    ("the Commerce Department", "Government of the United States", "government", "US"),
    ("Green Party Leader", "Green Party", "party", ""),
    ("CEO of Leeds Builders Association", None, "business", ""),
    ("senior vice president of public policy", None, None, None),
    ("Other Republican candidates", None, "party", ""),
    ("U.S. Senator", None, "legislature", "US"),
    ("the general secretary", None, None, None),
    ("local residents", None, "citizen", ""),
]


@pytest.mark.parametrize(("phrase", "name", "kind", "country"), PHRASES)
def test_phrases(phrase, name, kind, country):
    party = party_of(phrase.split())
    found = (party.name, party.type, party.country) if party else None
    assert found == ((name, kind, country) if kind else None)


def test_word_lists_name_only_known_kinds_of_actors():
    listed = {row[1] for row in rows("organisations.txt")} | set(word_map("heads.txt"))
    assert listed - {"-"} <= set(ACTOR_TYPES)


def test_rows_of_lists_have_their_cells():
    assert {len(row) for row in rows("organisations.txt")} == {5}
    assert {len(row) for row in rows("countries.txt")} == {3}
