"""What changed between two texts: right for any two, readable, short where asked, never slow."""

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.diff import Kind, Piece, changes, in_short, size

SAME, GONE, NEW = Kind

ANY_TEXT = st.one_of(
    st.text(),
    st.text("ab .\n", max_size=60),
    st.text("a🎉\u200d\u0301\u202e中 \ufe0f", max_size=40),
)


def told(before: str, after: str) -> str:
    """The changes in one line: [-gone-] and {+new+}."""
    signs = {SAME: ("", ""), GONE: ("[-", "-]"), NEW: ("{+", "+}")}
    return "".join(signs[p.kind][0] + p.text + signs[p.kind][1] for p in changes(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param("Spring is here", "Spring was here", "Spring [-is-]{+was+} here", id="a word"),
        pytest.param("one two three", "1 2 3", "[-one two three-]{+1 2 3+}", id="words in a row"),
        pytest.param(
            "hello world", "hello dear, old world", "hello {+dear, old +}world", id="words come in"
        ),
        pytest.param("Come in now", "Come now", "Come [-in -]now", id="a word goes"),
        pytest.param("", "Hello", "{+Hello+}", id="from nothing"),
        pytest.param("Hello", "", "[-Hello-]", id="to nothing"),
        pytest.param("Open today", "Open today!", "Open today{+!+}", id="a sign at the end"),
        pytest.param(
            "Bring 🎉 and 👨‍👩‍👧",
            "Bring 🎉 and 👨‍👩‍👦",
            "Bring 🎉 and [-👨‍👩‍👧-]{+👨‍👩‍👦+}",
            id="an emoji is one sign",
        ),
        pytest.param("un été", "un e\u0301te\u0301", "un [-été-]{+e\u0301te\u0301+}", id="accents"),
        pytest.param("新しい靴です", "新しい服です", "新しい[-靴-]{+服+}です", id="without spaces"),
        pytest.param("a\nb\nc", "a\nB\nc\nd", "a\n[-b-]{+B+}\nc{+\nd+}", id="lines"),
        pytest.param("<b>x</b>", "<b>y</b>", "<b>[-x-]{+y+}</b>", id="HTML is nothing special"),
    ],
)
def test_what_is_said_to_have_changed(before: str, after: str, said: str) -> None:
    assert told(before, after) == said


@given(ANY_TEXT, ANY_TEXT)
def test_joined_back_it_is_both_texts(before: str, after: str) -> None:
    pieces = changes(before, after)
    if before == after:
        assert pieces == ()
        return
    assert "".join(p.text for p in pieces if p.kind is not NEW) == before
    assert "".join(p.text for p in pieces if p.kind is not GONE) == after
    assert all(piece.text for piece in pieces), "Slack refuses an empty text"
    kinds = [piece.kind for piece in pieces]
    for kind, following in pairwise(kinds):
        assert kind is not following
        assert (kind, following) != (NEW, GONE), "what is gone comes first"


@given(ANY_TEXT, st.lists(st.sampled_from(["x", "y", " "]), max_size=3), st.integers(0, 60))
def test_what_was_put_in_is_all_that_is_new(text: str, more: list[str], at: int) -> None:
    """As words of their own, they touch nothing else."""
    words = text.split()
    put_in = [*words[:at], *(f"new{n}" for n in range(len(more))), *words[at:]]
    pieces = changes(" ".join(words), " ".join(put_in))
    new = "".join(p.text for p in pieces if p.kind is NEW).split()
    assert not [p for p in pieces if p.kind is GONE and p.text.strip()]
    assert new == [f"new{n}" for n in range(len(more))]


@given(ANY_TEXT, ANY_TEXT, st.integers(10, 200))
def test_in_short_it_keeps_to_its_size(before: str, after: str, most: int) -> None:
    pieces = changes(before, after)
    short = in_short(pieces, most)
    assert size(short) <= most
    assert all(piece.text for piece in short)
    assert bool(short) == bool(pieces)
    assert [p.kind for p in short] == [p.kind for p in pieces][: len(short)]
    if len(short) < len(pieces):
        assert short[-1].text.endswith("…"), "it says that there is more"


def test_in_short_what_stays_is_what_stands_around_the_changes() -> None:
    """In whole words."""
    before = "alpha " * 99 + "old" + " beta" * 99 + " was" + " gamma" * 99
    after = before.replace("old", "new").replace("was", "is")
    start, gone, new, between, *_, end = in_short(changes(before, after), 1000)
    assert start == Piece(SAME, "…" + " alpha" * 6 + " ")
    assert (gone, new) == (Piece(GONE, "old"), Piece(NEW, "new"))
    assert between == Piece(SAME, " beta" * 7 + " …" + " beta" * 7 + " ")
    assert end == Piece(SAME, " gamma" * 6 + " …")


def test_in_short_nothing_is_left_out_that_is_hardly_longer() -> None:
    before = "Spring in a cup is back, and the first harvest is old"
    start, *_ = in_short(changes(before, before.replace("old", "new")), 1000)
    assert start == Piece(SAME, before.removesuffix("old"))


def test_in_short_one_long_word_is_cut_all_the_same() -> None:
    start, *_ = in_short(changes("x" * 300 + " old", "x" * 300 + " new"), 1000)
    assert start == Piece(SAME, "…" + "x" * 39 + " ")


def test_in_short_both_sides_of_a_text_that_changed_entirely_are_seen() -> None:
    gone, new = in_short(changes("old" + " old" * 700, "new" + " new" * 700), 300)
    assert (gone.kind, new.kind) == (GONE, NEW)
    for piece, word in ((gone, "old"), (new, "new")):
        assert piece.text.startswith(word)
        assert piece.text.endswith(f" {word}")
        assert "…" in piece.text


SIGNS = "".join(chr(0x2190 + n) for n in range(100))
HOSTILE = {
    "every second sign": ("a!" * 1500, "a?" * 1500),
    "backwards": (SIGNS * 30, SIGNS[::-1] * 30),
    "nothing in common": ("!" * 3000, "?" * 3000),
    "one sign more": ("!" * 2999, "!" * 3000),
    "one word": ("a" * 3000, "b" * 3000),
    "short words": ("a b " * 750, "a c " * 750),
    "emoji": ("🎉" * 3000, "🎈🎉" * 1500),
    "accents on one letter": ("a" + "\u0301" * 2999, "a" + "\u0300" * 2999),
    "joined emoji": ("👩\u200d" * 1500, "👨\u200d" * 1500),
    "lines": ("x\n" * 1500, "\ny" * 1500),
}


@pytest.mark.parametrize(("before", "after"), HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_is_slow(before: str, after: str) -> None:
    """Steps are counted, which is the same on a busy machine. Comparing each sign with each would
    take thousands of them for a sign."""
    steps = steps_of(lambda: in_short(changes(before, after), 1500))
    assert steps < 100 * (len(before) + len(after))


def steps_of(work: Callable[[], object]) -> int:
    """How many lines of Python are run, the library's too."""
    steps = 0

    def step(_frame: FrameType, _event: str, _given: object) -> Any:
        nonlocal steps
        steps += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps
