"""All that is kept about a desk's posts, for somebody who takes it elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from rules.comments import Comment
from rules.desks import Desk
from rules.posts import Post, Version
from rules.reviews import Review
from storage import Store, campaigns, comments, desks, history, people, posts, reviews
from storage.history import Entry

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """A post with all there is about it, each oldest first. `names` are those of everybody in the
    workspace, by id."""

    post: Post
    campaign: str | None
    versions: tuple[Version, ...]
    reviews: tuple[Review, ...]
    comments: tuple[Comment, ...]
    history: tuple[Entry, ...]
    names: Mapping[int, str]


def desks_of(store: Store, channel_id: str) -> list[Desk]:
    """The desks of a channel, one for each workspace that has set it up."""
    with store.read() as tx:
        return desks.everywhere(tx, channel_id)


def posts_of(store: Store, desk: Desk) -> Iterator[Exported]:
    """The posts of a desk in the order of their numbers, as they are at one moment; few of them are
    in memory at a time, however many there are."""
    with store.read() as tx:
        names = people.names(tx, desk.team_id)
        its_campaigns = campaigns.names(tx, desk.id)
        number = 0
        while found := posts.following(tx, desk.id, number, _AT_ONCE):
            ids = [post.id for post in found]
            versions = _by_post(posts.all_versions(tx, ids))
            its_reviews = _by_post(reviews.of_posts(tx, ids))
            said = _by_post(comments.of_posts(tx, ids))
            happened = _by_post(history.of_posts(tx, ids))
            for post in found:
                yield Exported(
                    post,
                    its_campaigns.get(post.campaign_id or 0),
                    versions.get(post.id, ()),
                    its_reviews.get(post.id, ()),
                    said.get(post.id, ()),
                    happened.get(post.id, ()),
                    names,
                )
            number = found[-1].number


class _OfPost(Protocol):
    @property
    def post_id(self) -> int | None: ...


T = TypeVar("T", bound=_OfPost)


def _by_post(found: Iterable[T]) -> dict[int | None, tuple[T, ...]]:
    together: dict[int | None, list[T]] = {}
    for one in found:
        together.setdefault(one.post_id, []).append(one)
    return {post_id: tuple(its) for post_id, its in together.items()}
