"""A web server for each test."""

from collections.abc import Iterator

import pytest

from tests.web.served import Served


@pytest.fixture
def served() -> Iterator[Served]:
    with Served() as started:
        yield started
