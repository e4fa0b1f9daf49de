"""A text as a network would count and cut it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contents import Content, published_text
from rules.networks import Network, room
from rules.previews import preview

FAMILY = "👨‍👩‍👧"


@given(st.sampled_from(Network), st.text(st.sampled_from("aé字🎉" + FAMILY), max_size=600))
def test_nothing_is_lost_and_what_fits_fits(network: Network, text: str) -> None:
    content = Content(text, (network,))
    found = preview(network, content)
    assert found.fits + found.cut == published_text(content, network)
    assert not room(network, found.fits).over
    assert bool(found.cut) == bool(room(network, text).over)


def test_a_cut_leaves_no_half_of_a_character() -> None:
    found = preview(Network.BLUESKY, Content(FAMILY * 200, (Network.BLUESKY,)))
    assert len(found.fits) % len(FAMILY) == 0
    assert found.fits
    assert found.cut


@pytest.mark.parametrize(
    ("text", "hashtags", "mentions"),
    [
        ("#tea and #spring2030, #été", ("#tea", "#spring2030", "#été"), ()),
        ("# 1 #1 a#b &#39; https://a.example/#top", (), ()),
        ("@lea, @larkfield.bsky.social.", (), ("@lea", "@larkfield.bsky.social")),
        ("a@b.example @@x @team@social.example", (), ("@team@social.example",)),
    ],
)
def test_hashtags_and_mentions(
    text: str, hashtags: tuple[str, ...], mentions: tuple[str, ...]
) -> None:
    found = preview(Network.MASTODON, Content(text, (Network.MASTODON,)))
    assert (found.hashtags, found.mentions) == (hashtags, mentions)


def test_its_own_text_and_the_link_with_it() -> None:
    content = Content("Long", (Network.X,), {Network.X: "Short"}, link="https://a.example")
    found = preview(Network.X, content)
    assert found.fits == "Short\nhttps://a.example"
    assert found.is_own_text
    assert found.room.used == 6 + 23
