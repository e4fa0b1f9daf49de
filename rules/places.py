"""The countries and regions whose public holidays are known, by names that a person may type."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import holidays
from holidays.registry import COUNTRIES

_SMALL_WORDS = {"and", "of", "the"}
# Where the library's own name for a country isn't what people write.
_NAMES = {
    "AX": "Åland Islands",
    "BL": "Saint Barthélemy",
    "CD": "DR Congo",
    "CW": "Curaçao",
    "HK": "Hong Kong",
    "RE": "Réunion",
    "SY": "Syria",
    "TR": "Türkiye",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A country (ISO 3166), or a region of it by the code that the `holidays` library has.

    `codes` are others that it is known by, in small letters.
    """

    country: str
    region: str | None
    name: str
    codes: tuple[str, ...]


@cache
def places() -> tuple[Place, ...]:
    """All that are known, by name; a country comes before its regions."""
    found = list[Place]()
    for key, (_, country, *others) in COUNTRIES.items():
        name = _NAMES.get(country) or _as_name(key)
        codes = tuple(code.lower() for code in (country, *others))
        found.append(Place(country, None, name, codes))
        calendar = getattr(holidays, country)
        aliases: dict[str, str] = getattr(calendar, "subdivisions_aliases", {})
        for region in calendar.subdivisions:
            known_as = [alias for alias, code in aliases.items() if code == region]
            # Some aliases are codes too.
            called = next((alias for alias in known_as if not alias.isupper()), region)
            name_of_both = f"{name}, {called}"
            found.append(Place(country, region, name_of_both, (*codes, region.lower())))
    return tuple(sorted(found, key=lambda place: _plain(place.name)))


def place(country: str | None, region: str | None) -> Place | None:
    """The one of these codes; None where nothing is known of it."""
    return next((p for p in places() if (p.country, p.region) == (country, region)), None)


def search(typed: str) -> list[Place]:
    """The places that what was typed may mean, the likeliest first: each word begins one of the
    name's, or is a code."""
    words = _plain(typed).split()
    found = [each for each in places() if all(_fits(word, each) for word in words)]
    beginning = " ".join(words)
    return sorted(found, key=lambda each: _how_far_off(beginning, each))


def _how_far_off(typed: str, place: Place) -> int:
    if place.region is None and typed in place.codes:
        return 0
    if _plain(place.name).startswith(typed):
        return 1 if place.region is None else 2
    return 3


def _fits(word: str, place: Place) -> bool:
    return word in place.codes or any(n.startswith(word) for n in _plain(place.name).split())


def _as_name(key: str) -> str:
    words = key.split("_")
    return " ".join(word if word in _SMALL_WORDS else word.capitalize() for word in words)


def _plain(text: str) -> str:
    """In small letters without accents, commas and hyphens, as people type it."""
    letters = unicodedata.normalize("NFKD", text.lower().replace(",", " ").replace("-", " "))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
