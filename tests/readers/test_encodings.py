from __future__ import annotations

import codecs

import pytest

from tests.readers.builders import document, reason

WESTERN = "Café société: “Nous l’avons dit”, déclara-t-il à Liège – et voilà."
POLISH = (
    "Minister powiedział dziennikarzom, że rząd nie zamierza zmieniać ustawy. „Będziemy dalej "
    "rozmawiać ze związkami”, dodał. Źródła zbliżone do premiera twierdzą, że decyzja już zapadła."
)
RUSSIAN = (
    "Министр заявил журналистам, что правительство не намерено менять закон. «Мы будем "
    "разговаривать дальше», добавил он. По его словам, решение будет принято до конца года."
)
JAPANESE = "大臣は記者団に対し、法律を変える考えはないと述べた。「話し合いを続ける」と付け加えた。"
ARABIC = "قال الوزير للصحفيين إن الحكومة لا تنوي تغيير القانون. وأضاف: «سنواصل الحديث مع الجميع»."


@pytest.mark.parametrize("text", [WESTERN, POLISH, RUSSIAN, JAPANESE, ARABIC])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_as_it_is_written(text, encoding):
    found = document("a.txt", text.encode(encoding))
    assert found.text == text
    assert found.encoding == encoding.removesuffix("-sig")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "windows-1252"),
        ("Caf\xe9", "windows-1252"),
        ("“Nein”, sagte Jürgen Müller", "windows-1252"),
        (POLISH, "windows-1250"),
        (RUSSIAN, "windows-1251"),
        (ARABIC, "windows-1256"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "iso2022_jp"),
    ],
    ids=["french", "one letter", "german", "polish", "russian", "arabic", "japanese", "escapes"],
)
def test_older_encodings_are_detected_and_said(text, encoding):
    found = document("a.txt", text.encode(encoding))
    assert found.text == text
    assert found.notes[0].startswith(f"Read as {found.encoding}, ")


def test_an_encoding_with_a_rival_asks_for_a_look():
    text = "A miniszter azt mondta, hogy a kormány nem kívánja módosítani. „Őszintén” – közölte."
    assert "check its letters" in document("a.txt", text.encode("cp1250")).notes[0]


@pytest.mark.parametrize(("codec"), ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_by_its_zeros(codec):
    found = document("a.txt", "Plain words, nothing else.".encode(codec))
    assert (found.text, found.encoding) == ("Plain words, nothing else.", codec)


def test_a_few_wrong_bytes_do_not_change_the_encoding_of_all():
    found = document("a.txt", (POLISH + "\n").encode() + b"caf\xe9")
    assert found.text == POLISH + "\ncaf�"
    assert found.notes == (
        "Read as utf-8, in which 1 of its characters are not; look for � in the text.",
    )


def test_the_encoding_given_wins():
    raw = "Жизнь".encode("koi8-r")
    found = document("a.txt", raw, encoding="koi8-r")
    assert (found.text, found.encoding) == ("Жизнь", "koi8-r")
    assert document("a.txt", codecs.BOM_UTF8 + b"A", encoding="utf-8").text == "A"


@pytest.mark.parametrize(
    ("raw", "encoding", "words"),
    [
        (b"caf\xe9 au lait", "utf-8", "byte 0xe9 at position 3"),
        (b"text", "no-such", "There is no encoding"),
        (b"text", "base64", "There is no encoding"),
        (b"a\0b\0", "utf-8", "it is no text"),
        (b"\xff\xfea", "", "not throughout"),
        (bytes(range(1, 256)) * 20, "", "binary data"),
        (b"word \x00\x01\x02 word", "", "binary data"),
    ],
)
def test_what_is_in_no_such_encoding_is_refused(raw, encoding, words):
    assert words in reason("a.txt", raw, encoding=encoding)


def test_characters_are_composed_and_controls_are_taken_out():
    found = document("a.txt", "Re\u0301sume\u0301\x07\x1b[0m\ufeff\u2028second\x0cthird")
    assert found.text == "Résumé[0m\nsecond\n\nthird"


def test_right_to_left_marks_and_joiners_stay():
    text = "\u200fقال\u200c الوزير\u202e!\u202c"
    assert document("a.txt", text).text == text


def test_one_line_of_a_megabyte_is_one_article():
    found = document("a.txt", ("é" + "word " * 200_000).encode("cp1252"))
    assert len(found.text) == 1_000_001
