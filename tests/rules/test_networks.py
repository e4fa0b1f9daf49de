"""How much of a network's limit a text uses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.networks import LIMITS, Network, Unit, count, room

FAMILY = "👨‍👩‍👧‍👦"
THUMB = "👍🏽"
PATH = "https://example.com/a/very/long/path/that/goes/on?and=on#and-on"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Spring menu", 11),
        ("Çà et là, œuvre", 15),
        ("日本語", 6),
        ("한국어", 6),
        ("“Hello” – it’s here…", 21),
        ("cafe\u0301", 4),
        (FAMILY, 2),
        (THUMB, 2),
        ("🇫🇷", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("©", 1),
        ("©️", 2),
        # No such sequence in Unicode: two emoji, and a joiner of weight 1.
        ("👩‍🐶", 5),
        (PATH, 23),
        ("http://t.co", 23),
        (f"Read {PATH}.", 29),
        (f"({PATH})", 25),
        (f"{PATH} {PATH}", 47),
        ("example.com", 23),
        ("www.example.it", 23),
        ("example.it/menu", 23),
        # A country's name without a path is a word to X, so is a file's name.
        ("example.it", 10),
        ("node.js", 7),
        ("http://localhost", 16),
        ("ana@example.com", 15),
        ("#example.com", 12),
    ],
)
def test_x_weighs_a_text_as_twitter_text_3_does(text: str, length: int) -> None:
    # github.com/twitter/twitter-text, config/v3.json
    assert count(Network.X, text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Spring menu", 11),
        (FAMILY, 1),
        ("cafe\u0301", 4),
        (PATH, 23),
        (f"Read {PATH}, please", 36),
        ("example.com", 11),
        ("@ana@example.social hello", 10),
        ("@ana hello", 10),
        ("ana@example.com", 15),
    ],
)
def test_mastodon_counts_an_address_as_23_and_a_mention_by_its_local_part(
    text: str, length: int
) -> None:
    # docs.joinmastodon.org/user/posting/#text
    assert count(Network.MASTODON, text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [("Spring menu", 11), ("日本語", 3), ("🎉", 4), (THUMB, 8), ("👍👍", 8), ("été", 3)],
)
def test_threads_counts_an_emoji_by_its_bytes(text: str, length: int) -> None:
    # developers.facebook.com/documentation/threads/posts, "Limitations"
    assert count(Network.THREADS, text) == length


@pytest.mark.parametrize(
    ("network", "text", "length"),
    [
        (Network.BLUESKY, FAMILY * 3, 3),
        (Network.TIKTOK, "🎉é", 3),
        (Network.YOUTUBE, "é🎉", 6),
        (Network.LINKEDIN, "é🎉", 2),
        (Network.OTHER, "é🎉", 2),
    ],
)
def test_other_networks_count_their_own_way(network: Network, text: str, length: int) -> None:
    assert count(network, text) == length


def test_room_says_what_is_left_and_what_is_too_much() -> None:
    just = room(Network.X, "a" * 280)
    assert (just.used, just.limit, just.left, just.over) == (280, 280, 0, 0)
    over = room(Network.X, "日" * 141)
    assert (over.used, over.left, over.over, over.verified) == (282, 0, 2, True)


@pytest.mark.parametrize(
    ("network", "most"),
    [
        (Network.LINKEDIN, 3000),
        (Network.X, 280),
        (Network.INSTAGRAM, 2200),
        (Network.FACEBOOK, 63_206),
        (Network.TIKTOK, 2200),
        (Network.YOUTUBE, 5000),
        (Network.PINTEREST, 800),
        (Network.BLUESKY, 300),
        (Network.MASTODON, 500),
        (Network.THREADS, 500),
        (Network.REDDIT, 40_000),
    ],
)
def test_the_last_letter_fits_and_one_more_does_not(network: Network, most: int) -> None:
    assert (room(network, "a" * most).left, room(network, "a" * most).over) == (0, 0)
    assert room(network, "a" * (most + 1)).over == 1


def test_bluesky_also_limits_the_bytes() -> None:
    families = room(Network.BLUESKY, FAMILY * 130)
    assert (families.used, families.limit, families.unit) == (3250, 3000, Unit.BYTES)
    assert families.over == 250
    letters = room(Network.BLUESKY, "a" * 301)
    assert (letters.over, letters.unit) == (1, Unit.CHARACTERS)


@pytest.mark.parametrize("network", [Network.BLOG, Network.OTHER])
def test_a_network_without_a_limit_is_never_full(network: Network) -> None:
    endless = room(network, "a" * 100_000)
    assert (endless.used, endless.limit, endless.left, endless.over) == (100_000, None, None, 0)


@pytest.mark.parametrize("network", [Network.LINKEDIN, Network.FACEBOOK, Network.REDDIT])
def test_a_limit_without_a_source_is_marked(network: Network) -> None:
    assert not room(network, "a").verified


def test_every_network_has_a_name_and_its_limits_in_view() -> None:
    assert {network.label for network in Network} >= {"LinkedIn", "X", "YouTube", "TikTok"}
    assert set(LIMITS) == set(Network)


@given(st.sampled_from(Network), st.text(st.characters(exclude_categories=[])))
def test_counting_never_fails_and_room_adds_up(network: Network, text: str) -> None:
    space = room(network, text)
    if space.limit is not None and space.left is not None:
        assert space.used + space.left - space.over == space.limit
        assert min(space.left, space.over) == 0
    assert space.used >= 0


@given(st.text(st.characters(exclude_categories=[]), max_size=100))
def test_a_word_more_weighs_its_letters_to_x_whatever_stands_before(text: str) -> None:
    assert count(Network.X, f"{text} a") == count(Network.X, text) + 2


@given(st.text("ab ", max_size=20), st.text("ab ", max_size=20))
def test_plain_letters_add_up_everywhere(one: str, two: str) -> None:
    for network in Network:
        assert count(network, one + two) == count(network, one) + count(network, two)
