"""Citations: what a reference list and BibTeX make of bylines, days and names as news has them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.html import escape

from statements.bidi import FIRST_STRONG, pieces
from statements.citing import apa, authors, bibtex, chicago, view
from statements.models import JointVoice, Quote
from tests.factories import make_actor, make_article, make_outlet, make_quote, make_speaker

pytestmark = pytest.mark.django_db

ADDRESS = "https://newsroom.example/quotes/1/"


def quoted(speaker: str = "Ada Orme", **fields: Any) -> Quote:
    """A quote in an article with everything known, unless said otherwise."""
    known = {
        "title": "Dam contested",
        "byline": "Bo Ek",
        "outlet": make_outlet("The Herald"),
        "url": "https://herald.example/dam",
    }
    article = make_article("“We reject it,” he said.", **(known | fields))
    return make_quote(
        "We reject it", article=article, speaker=make_speaker(speaker) if speaker else None
    )


def test_apa_names_author_day_title_outlet_and_both_addresses():
    assert apa(quoted(), ADDRESS) == (
        "Ek, B. (2024, January 1). Dam contested. The Herald. https://herald.example/dam "
        f"Ada Orme, as quoted there: {ADDRESS}"
    )


def test_chicago_names_the_same_in_its_order():
    assert chicago(quoted(), ADDRESS) == (
        "Ek, Bo. “Dam contested.” The Herald, January 1, 2024. https://herald.example/dam. "
        f"Ada Orme, as quoted there: {ADDRESS}."
    )


def test_bibtex_is_an_entry_with_a_key_that_lasts():
    quote = quoted()
    assert bibtex(quote, ADDRESS) == (
        f"@article{{ek2024-{quote.uuid.hex[:8]},\n"
        "  author = {Ek, Bo},\n"
        "  title = {{Dam contested}},\n"
        "  journal = {The Herald},\n"
        "  year = {2024},\n"
        "  month = jan,\n"
        "  day = {1},\n"
        "  url = {https://herald.example/dam},\n"
        f"  note = {{Ada Orme, as quoted there: \\url{{{ADDRESS}}}}}\n"
        "}"
    )


def test_without_an_author_apa_begins_with_the_title_and_chicago_with_the_outlet():
    quote = quoted(byline="")
    assert apa(quote, ADDRESS).startswith("Dam contested. (2024, January 1). The Herald. https")
    assert chicago(quote, ADDRESS).startswith("The Herald. “Dam contested.” January 1, 2024. ")
    entry = bibtex(quote, ADDRESS)
    assert entry.startswith("@article{theherald2024-")
    assert "author" not in entry


def test_a_day_that_nobody_knows_is_n_d():
    quote = quoted(published_on=None)
    assert apa(quote, ADDRESS).startswith("Ek, B. (n.d.). Dam contested.")
    assert "The Herald, n.d. https" in chicago(quote, ADDRESS)
    entry = bibtex(quote, ADDRESS)
    assert entry.startswith(f"@article{{ek-{quote.uuid.hex[:8]},")
    assert "year" not in entry
    assert "month" not in entry


def test_where_nothing_is_known_the_title_and_the_address_remain():
    quote = quoted("", byline="", outlet=None, url="", published_on=None)
    assert apa(quote, ADDRESS) == f"Dam contested. (n.d.). Quoted there: {ADDRESS}"
    assert chicago(quote, ADDRESS) == f"“Dam contested.” n.d. Quoted there: {ADDRESS}."
    assert bibtex(quote, ADDRESS) == (
        f"@misc{{anonymous-{quote.uuid.hex[:8]},\n"
        "  title = {{Dam contested}},\n"
        f"  note = {{Quoted there: \\url{{{ADDRESS}}}}}\n"
        "}"
    )


def test_all_of_several_speakers_are_named():
    quote = quoted()
    for ordinal, name in enumerate(("River Watch", "Dockers Union"), start=1):
        JointVoice.objects.create(quote=quote, ordinal=ordinal, actor=make_actor(name))
    said = "Ada Orme, River Watch and Dockers Union, as quoted there: "
    assert said in apa(quote, ADDRESS)
    assert said in chicago(quote, ADDRESS)
    assert said in bibtex(quote, ADDRESS)


def test_several_authors_are_joined_as_each_style_does():
    quote = quoted(byline="By Ana Ruiz, Bo Ek and Jean-Luc Roy")
    assert apa(quote, ADDRESS).startswith("Ruiz, A., Ek, B., & Roy, J.-L. (2024")
    assert chicago(quote, ADDRESS).startswith("Ruiz, Ana, Bo Ek, and Jean-Luc Roy. “Dam")
    assert "author = {Ruiz, Ana and Ek, Bo and Roy, Jean-Luc}" in bibtex(quote, ADDRESS)


def test_two_authors_are_joined_too():
    two = quoted(byline="Ana Ruiz & Bo Ek")
    assert apa(two, ADDRESS).startswith("Ruiz, A., & Ek, B. (2024")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("", []),
        ("BY ANA RUIZ", [("ANA RUIZ", "", "")]),
        ("Ruiz, Ana", [("Ruiz", "Ana", "")]),
        ("Ludwig van Beethoven", [("van Beethoven", "Ludwig", "")]),
        ("Ursula von der Leyen", [("von der Leyen", "Ursula", "")]),
        ("Piet Van der Berg", [("Van der Berg", "Piet", "")]),
        ("Mohammed bin Salman", [("bin Salman", "Mohammed", "")]),
        ("Bashar al-Assad", [("al-Assad", "Bashar", "")]),
        ("Martin L. King, Jr.", [("King", "Martin L.", "Jr.")]),
        ("Reuters", [("Reuters", "", "")]),
        ("Ana Ruiz, AFP", [("Ruiz", "Ana", ""), ("AFP", "", "")]),
        ("REUTERS, AFP", [("REUTERS", "", ""), ("AFP", "", "")]),
        ("Associated Press", [("Associated Press", "", "")]),
        ("Staff and agencies", [("Staff", "", ""), ("agencies", "", "")]),
        ("Ana Ruiz in Geneva", [("Ana Ruiz in Geneva", "", "")]),
        ("Ana Ruiz; Bo Ek", [("Ruiz", "Ana", ""), ("Ek", "Bo", "")]),
    ],
)
def test_a_byline_is_read_as_its_names(byline, names):
    found = [(each.family, each.given, each.suffix) for each in authors(byline)]
    assert found == names


def test_particles_and_suffixes_stay_with_their_name():
    quote = quoted(byline="Ursula von der Leyen and Martin L. King, Jr.")
    assert apa(quote, ADDRESS).startswith("von der Leyen, U., & King, M. L., Jr. (2024")
    assert chicago(quote, ADDRESS).startswith("von der Leyen, Ursula, and Martin L. King Jr. “")
    entry = bibtex(quote, ADDRESS)
    assert entry.startswith("@article{vonderleyen2024-")
    assert "author = {von der Leyen, Ursula and King, Jr., Martin L.}" in entry


def test_an_agency_is_one_name_to_bibtex():
    assert "author = {{Reuters}}" in bibtex(quoted(byline="Reuters"), ADDRESS)


def test_bibtex_escapes_what_tex_would_run():
    quote = quoted(
        title=r"50% of R&D_{x} costs $5 #1 ~ ^ \input{a}",
        byline="José Peña",
        outlet=make_outlet("Q & A"),
        url="https://herald.example/50%25?a={b}&c_d#e",
    )
    entry = bibtex(quote, ADDRESS)
    assert (
        r"title = {{50\% of R\&D\_\{x\} costs \$5 \#1 \textasciitilde{} \textasciicircum{} "
        r"\textbackslash{}input\{a\}}}" in entry
    )
    assert r"journal = {Q \& A}" in entry
    assert "url = {https://herald.example/50%25?a=%7Bb%7D&c_d#e}" in entry
    assert "author = {Peña, José}" in entry
    assert entry.startswith("@article{pena2024-")
    assert entry.count("{") == entry.count("}")


def test_a_title_that_ends_itself_gets_no_full_stop():
    assert "Who said it? The Herald." in apa(quoted(title="Who said it?"), ADDRESS)


def test_an_early_year_is_written_whole():
    assert "year = {987}" in bibtex(quoted(published_on=date(987, 6, 1)), ADDRESS)


def test_a_view_is_cited_by_its_sentence_and_address():
    assert view("What was said, as of 1 Jan 2026", "https://x.example/?asof=2026-01-01") == (
        "Newsroom. What was said, as of 1 Jan 2026. https://x.example/?asof=2026-01-01"
    )


def test_what_turns_is_shown_apart_and_copied_without_the_characters_for_it(client):
    turning = "\u202egnp.exe"
    quote = quoted(
        title=f"Who {turning}",
        byline="שלמה כהן and Bo Ek",
        outlet=make_outlet(f"The {turning}"),
        url=f"https://herald.example/{turning}",
    )
    page = client.get(quote.get_absolute_url()).content.decode()
    for style in (apa, chicago, bibtex):
        said = style(quote, f"http://testserver{quote.get_absolute_url()}")
        assert "https://herald.example/%E2%80%AEgnp.exe" in said
        plain = "".join(text for text, _ in pieces(said))
        shown = "".join(f"<bdi>{escape(t)}</bdi>" if a else escape(t) for t, a in pieces(said))
        assert FIRST_STRONG not in plain
        # Both names of the author, the title and the outlet.
        assert shown.count("<bdi>") == 4
        assert f">{shown}</p>" in page
