"""Countries and regions as people type them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from rules import places, working_time
from rules.desks import MONDAY_TO_FRIDAY
from rules.working_time import Hours


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("fr", "France"),
        ("france", "France"),
        ("uk", "United Kingdom"),
        ("usa", "United States"),
        ("us new y", "United States, New York"),
        ("bayern", "Germany, Bayern"),
        ("de by", "Germany, Bayern"),
        ("Réunion", "Réunion"),
        ("cataluna", "Spain, Cataluña"),
        ("hong kong", "Hong Kong"),
        ("guinea-bissau", "Guinea Bissau"),
    ],
)
def test_what_was_typed_finds_the_place(typed: str, first: str) -> None:
    assert places.search(typed)[0].name == first


@pytest.mark.parametrize("typed", ["atlantis", "france bayern", "🏝"])
def test_what_is_nowhere_finds_nothing(typed: str) -> None:
    assert places.search(typed) == []


def test_no_place_has_the_name_or_the_codes_of_another() -> None:
    known = places.places()
    assert len({(each.country, each.region) for each in known}) == len(known) > 800
    assert len({each.name for each in known}) == len(known)
    # As Slack shows an option, and what its value holds.
    assert all(len(each.name) <= 75 for each in known)
    assert not any("/" in each.country + (each.region or "") for each in known)


def test_every_place_has_its_calendar() -> None:
    """A code that the library doesn't take would be a desk without holidays, and nobody told."""
    for each in places.places():
        if each.country in {"FR", "DE", "US", "GB", "IT", "CH", "ES", "AU"}:
            hours = Hours("UTC", MONDAY_TO_FRIDAY, time(9), time(18), each.country, each.region)
            days = (date(2026, 1, 1) + timedelta(n) for n in range(365))
            assert any(working_time.holiday(hours, day) for day in days), each.name


def test_a_place_is_known_by_its_codes() -> None:
    bavaria = places.place("DE", "BY")
    assert bavaria is not None
    assert bavaria.name == "Germany, Bayern"
    assert places.place("DE", None) == places.search("germany")[0]
    assert places.place("DE", "ZZ") is places.place("ZZ", None) is places.place(None, None) is None
