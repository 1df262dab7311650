from __future__ import annotations

import pytest

from statements.names import name_key, name_slug


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("José  Peña", "jose pena"),
        ("Amnesty International’s", "amnesty international's"),
        ("STRAẞE", "strasse"),
        (" 国连 ", "国连"),
    ],
)
def test_key_folds_case_accents_marks_and_spaces(name, key):
    assert name_key(name) == key


def test_slug_is_numbered_when_taken():
    assert name_slug("Éva Szabó") == "eva-szabo"
    assert name_slug("Éva Szabó", {"eva-szabo", "eva-szabo-2"}) == "eva-szabo-3"


def test_slug_of_a_name_without_latin_letters_is_still_an_address():
    assert name_slug("国连") == "name"
