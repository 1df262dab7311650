"""The environment of the Jinja templates: those filters of the other templates that they use."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import capfirst
from django.urls import NoReverseMatch, reverse
from django.utils.dates import MONTHS_3
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Escapes everything, as Django's own templates do; an unknown name is an error."""
    from statements.templatetags.statements import bdi, isolate
    from statements.wording import SHAPES, WORDS

    made = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True})  # noqa: S701
    made.filters |= {
        "intcomma": intcomma,
        "capfirst": capfirst,
        "bdi": bdi,
        "isolate": isolate,
        # Django's own date filter takes longer than the rest of a card.
        "day": lambda day: f"{day.day} {str(MONTHS_3[day.month]).title()} {day.year}",
    }
    made.globals |= {"shapes": SHAPES, "words_of": WORDS, "url": _url}
    return made


def _url(name: str, value: object) -> str:
    """The address of the page `statements:name` of one thing, given its slug or UUID."""
    before, after = _around(name)
    return f"{before}{value}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    """What stands around the slug or UUID in an address: `reverse` is slow for hundreds."""
    for sample in ("x-sample-x", UUID(int=0)):
        try:
            before, _, after = reverse(f"statements:{name}", args=[sample]).partition(str(sample))
        except NoReverseMatch:
            continue
        return before, after
    raise NoReverseMatch(name)
