"""Countries by their ISO 3166-1 codes, and the names that people write for them."""

from __future__ import annotations

from typing import Any

from statements.names import name_key


def country_name(code: str) -> str:
    """The common name of a country by its code; "" when there is no such code."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code) if code else None
    return _name(country) if country else ""


def country_code(name: str) -> str:
    """The code of the country that is called so, in any of its names; "" when none is."""
    import pycountry

    key = name_key(name)
    for country in pycountry.countries:
        names = (country.name, _name(country), getattr(country, "official_name", ""))
        if key in {name_key(each) for each in names if each}:
            return str(country.alpha_2)
    return ""


def _name(country: Any) -> str:
    return str(getattr(country, "common_name", country.name))
