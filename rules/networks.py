"""The networks a post can go to, and how much text each of them takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules import text_length


class Network(StrEnum):
    """Where a post is published."""

    LINKEDIN = "linkedin"
    X = "x"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    TIKTOK = "tiktok"
    YOUTUBE = "youtube"
    PINTEREST = "pinterest"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    THREADS = "threads"
    BLOG = "blog"
    REDDIT = "reddit"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The name that people know it by."""
        return _LABELS[self]


class Unit(StrEnum):
    """What a limit counts: characters in the network's own way, or bytes in UTF-8."""

    CHARACTERS = "characters"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most text a network takes. Without a source it is not `verified` and only warns."""

    most: int
    measure: Callable[[str], int]
    verified: bool
    unit: Unit = Unit.CHARACTERS


@dataclass(frozen=True, slots=True)
class Room:
    """What a text uses of a network's limit, in `unit`. `limit` and `left` are None without one.

    `left` is never negative: what is too much is in `over`.
    """

    used: int
    limit: int | None
    left: int | None
    over: int
    verified: bool
    unit: Unit


_LABELS: Mapping[Network, str] = {
    Network.LINKEDIN: "LinkedIn",
    Network.X: "X",
    Network.INSTAGRAM: "Instagram",
    Network.FACEBOOK: "Facebook",
    Network.TIKTOK: "TikTok",
    Network.YOUTUBE: "YouTube",
    Network.PINTEREST: "Pinterest",
    Network.BLUESKY: "Bluesky",
    Network.MASTODON: "Mastodon",
    Network.THREADS: "Threads",
    Network.BLOG: "Blog",
    Network.REDDIT: "Reddit",
    Network.OTHER: "Other",
}

# The first limit is the one that `count` counts by.
LIMITS: Mapping[Network, tuple[Limit, ...]] = {
    # Third parties agree on 3,000; LinkedIn's Posts API reference names no number.
    Network.LINKEDIN: (Limit(3000, text_length.code_points, verified=False),),
    # github.com/twitter/twitter-text, config/v3.json. Paid accounts may write more.
    Network.X: (Limit(280, text_length.x_weighted, verified=True),),
    # developers.facebook.com, Instagram Platform, IG User media, "caption". The 30 hashtags and
    # 20 mentions of the same line are no matter of length.
    Network.INSTAGRAM: (Limit(2200, text_length.code_points, verified=True),),
    # Only third parties name 63,206; the Pages API reference has no number.
    Network.FACEBOOK: (Limit(63_206, text_length.code_points, verified=False),),
    # developers.tiktok.com/doc/content-posting-api-reference-direct-post, "title".
    Network.TIKTOK: (Limit(2200, text_length.utf16_units, verified=True),),
    # developers.google.com/youtube/v3/docs/videos, "snippet.description".
    Network.YOUTUBE: (Limit(5000, text_length.utf8_bytes, verified=True, unit=Unit.BYTES),),
    # Third parties disagree (500 or 800); 800 is the later number.
    Network.PINTEREST: (Limit(800, text_length.code_points, verified=False),),
    # github.com/bluesky-social/atproto, lexicons/app/bsky/feed/post.json: maxGraphemes, maxLength.
    Network.BLUESKY: (
        Limit(300, text_length.graphemes, verified=True),
        Limit(3000, text_length.utf8_bytes, verified=True, unit=Unit.BYTES),
    ),
    # docs.joinmastodon.org/user/posting/#text: the default, which a server may raise.
    Network.MASTODON: (Limit(500, text_length.mastodon, verified=True),),
    # developers.facebook.com/documentation/threads/posts, "Limitations".
    Network.THREADS: (Limit(500, text_length.threads, verified=True),),
    Network.BLOG: (),
    # Third parties name 40,000 for a text post.
    Network.REDDIT: (Limit(40_000, text_length.code_points, verified=False),),
    Network.OTHER: (),
}


def count(network: Network, text: str) -> int:
    """How long the network finds this text. Without a limit, its code points."""
    limits = LIMITS[network]
    return limits[0].measure(text) if limits else text_length.code_points(text)


def room(network: Network, text: str) -> Room:
    """What this text uses and leaves of the network's limit.

    Where a network has two limits (Bluesky), it is the first one that is exceeded, else the first.
    """
    rooms = [_room(limit, text) for limit in LIMITS[network]]
    if not rooms:
        used = text_length.code_points(text)
        return Room(used, None, None, 0, verified=False, unit=Unit.CHARACTERS)
    return next((one for one in rooms if one.over), rooms[0])


def _room(limit: Limit, text: str) -> Room:
    used = limit.measure(text)
    return Room(
        used=used,
        limit=limit.most,
        left=max(0, limit.most - used),
        over=max(0, used - limit.most),
        verified=limit.verified,
        unit=limit.unit,
    )
