"""What SECURITY.md promises can be looked up: its tests are there, the libraries are pinned."""

import re

import pytest

from tests.local_slack import ROOT

PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE)))


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 10


@pytest.mark.parametrize("path", NAMED)
def test_what_it_names_is_there_and_tests_something(path: str) -> None:
    assert re.search(r"^(async )?def test_", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def test_each_row_says_what_shows_it() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    for row in rows:
        who, wants, stops, shown = (cell.strip() for cell in row.strip("| ").split(" | "))
        assert who, wants
        assert stops
        assert "tests/" in shown or "up to whoever runs it" in shown, who


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_every_library_is_pinned_with_its_hash_and_names_no_registry(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    entries = [e for e in re.split(r"\n(?=\S)", text) if e.strip() and not e.startswith("#")]
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[\w.\-\[\],]+==\S+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]
    assert "://" not in re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)


def test_libraries_are_installed_by_their_hashes_and_none_is_built() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    (pip,) = re.findall(r"^PIP_INSTALL := (.+)$", makefile, re.MULTILINE)
    assert "--require-hashes" in pip
    assert "--only-binary :all:" in pip
    assert "pip install" not in makefile.replace(pip, "")
