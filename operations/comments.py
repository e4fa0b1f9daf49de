"""What people say about a post: kept once, in one conversation, told to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from operations.desks import noted_outsiders
from operations.posts import desk_of, note, post_by_id
from operations.tries import decided
from rules import access
from rules import comments as rules
from rules import reviews as review_rules
from rules.comments import Comment, Origin
from rules.desks import Desk
from rules.people import Person
from rules.posts import Post
from rules.refused import Refused
from rules.reviews import Review
from storage import Store, comments, history, messages, people, reviews
from storage.messages import Kind, Message

_CARDS = frozenset({Kind.CHANNEL_CARD, Kind.APPROVER_CARD})


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as it came in. The same `key` twice is the same comment.

    `mentions` are the people it calls, `in_channel` those of them who are in the desk's channel,
    `names` what they are called in the text. `under` is the message of ours that it answers,
    `address` the channel and ts of the message that it is.
    """

    key: str
    text: str
    origin: Origin
    mentions: tuple[Person, ...] = ()
    in_channel: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()
    under: Message | None = None
    address: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a comment. `copied`: to the thread of the channel's card. `told` and `untold`
    are people whom it calls; who may not see the post isn't told. `asks` is the review that it may
    have meant to approve, where that is still to be asked in private."""

    post: Post
    desk: Desk
    comment: Comment
    is_new: bool
    copied: bool = False
    told: tuple[int, ...] = ()
    untold: tuple[int, ...] = ()
    asks: int | None = None


def add(
    store: Store, who: Person, post_id: int, said: Said, in_channel: bool, now: datetime
) -> Kept:
    """Keeps a comment. `in_channel`: whether its author is in the desk's channel.

    Raises Refused(UNKNOWN) where they may not see the post.
    """

    def work(tx: sa.Connection) -> Kept:
        post = post_by_id(tx, who.team_id, post_id)
        desk, review = desk_of(tx, post), reviews.latest(tx, post_id)
        access.check_may_see(post, desk, review, who, in_channel)
        version = _version(tx, post, said.under)
        called = tuple(person.id for person in said.mentions)
        comment, is_new = comments.add(
            tx,
            post.id,
            version,
            who.id,
            said.text,
            called,
            said.origin,
            said.address,
            said.key,
            now,
        )
        if not is_new:
            return Kept(post, desk, comment, is_new)
        data = {"comment_id": comment.id, "comment": comment.text, "version": version}
        note(tx, post, who, history.Event.COMMENTED, now, **data)
        if said.origin is Origin.THREAD and rules.is_outsider(who):
            noted_outsiders(tx, desk, True)
        work = _Work(tx, post, desk, review, who, said, comment, now)
        copied = work.copy()
        told, untold = work.tell(copied)
        asks = work.asks()
        if said.origin is Origin.DIRECT:
            work.answer(asks, copied)
        return Kept(post, desk, comment, is_new, copied, told, untold, asks)

    return decided(store, work)


def not_kept(store: Store, who: Person, under: Message, now: datetime) -> None:
    """Notes the answer to who replies under a direct card of a post that they see no more; once in
    each thread."""
    with store.write() as tx:
        messages.add(
            tx,
            who.team_id,
            f"not kept:{under.id}:{who.id}",
            Kind.COMMENT_KEPT,
            now,
            desk_id=under.desk_id,
            person_id=who.id,
            post_id=under.post_id,
            thread_of=under.id,
            data={"not_kept": True},
        )


def answered(store: Store, team_id: str, channel: str, ts: str) -> Message | None:
    """The message of ours about a post that stands at this address, as a reply's parent."""
    with store.read() as tx:
        found = messages.at(tx, team_id, channel, ts)
    about_a_post = found and found.post_id is not None and found.kind is not Kind.TROUBLE
    return found if about_a_post else None


def is_not_known_yet(store: Store, team_id: str, channel: str, ts: str, slack_id: str) -> bool:
    """Whether a message of ours at this address may be one whose posting isn't confirmed: in this
    channel, or in the direct messages of this person."""
    with store.read() as tx:
        if messages.at(tx, team_id, channel, ts) is not None:
            return False
        return messages.is_on_its_way(tx, team_id, channel, slack_id)


def ask_after_reaction(
    store: Store, who: Person, card: Message, event_id: str, in_private: bool, now: datetime
) -> int | None:
    """The review to ask about, when a check mark on its card may mean a yes: it is this person's
    turn. `in_private`: the card is a direct one, under which the question is noted to be posted.
    """
    if card.kind not in _CARDS or card.review_id is None:
        return None
    with store.write() as tx:
        review = reviews.by_id(tx, who.team_id, card.review_id)
        post = post_by_id(tx, who.team_id, card.post_id or 0)
        if not _has_turn(review, post, who) or not history.first_sight(
            tx, who.team_id, event_id, now
        ):
            return None
        if in_private:
            key = f"reaction:{event_id}:question"
            _ask(tx, post, who, card.review_id, card.id, key, now)
    return card.review_id


def only_a_comment(store: Store, who: Person, channel: str, ts: str) -> None:
    """Answers a question in direct messages: it was no approval."""
    with store.write() as tx:
        question = messages.at(tx, who.team_id, channel, ts)
        if question and question.kind is Kind.QUESTION and question.person_id == who.id:
            messages.answer(tx, question, {"only": True})


def by_id(store: Store, comment_id: int) -> tuple[Comment, Person]:
    """A comment and its author; for drawing what tells of it."""
    with store.read() as tx:
        found = comments.by_id(tx, comment_id)
        return found, people.by_ids(tx, [found.author_id])[found.author_id]


def _version(tx: sa.Connection, post: Post, under: Message | None) -> int:
    """The version that a comment is about: that of the card it stands under."""
    if under is not None and under.review_id is not None:
        review = reviews.by_id(tx, post.team_id, under.review_id)
        if review is not None:
            return review.version
    return post.version


def _has_turn(review: Review | None, post: Post, who: Person) -> bool:
    try:
        if review is None:
            return False
        review_rules.check_may_decide(review, who.id, post.version)
    except Refused:
        return False
    return True


def _ask(
    tx: sa.Connection,
    post: Post,
    who: Person,
    review_id: int,
    thread_of: int,
    key: str,
    now: datetime,
) -> None:
    """Notes the question, to be posted under a direct card."""
    messages.add(
        tx,
        post.team_id,
        key,
        Kind.QUESTION,
        now,
        desk_id=post.desk_id,
        person_id=who.id,
        post_id=post.id,
        review_id=review_id,
        thread_of=thread_of,
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """One new comment, and who is to hear of it; within a transaction."""

    tx: sa.Connection
    post: Post
    desk: Desk
    review: Review | None
    who: Person
    said: Said
    comment: Comment
    now: datetime

    def copy(self) -> bool:
        """To the thread of the channel's card, where everybody reads it: not where people from
        outside do, nor where there is no card."""
        if self.comment.origin is Origin.THREAD or self.desk.outsiders or self.desk.asleep:
            return False
        if self.review is None:
            return False
        key = f"review:{self.review.id}:channel"
        card = messages.by_key(self.tx, self.post.team_id, key)
        if card is None or not card.may_have_thread:
            return False
        return messages.add(
            self.tx,
            self.post.team_id,
            f"comment:{self.comment.id}:channel",
            Kind.COMMENT,
            self.now,
            desk_id=self.desk.id,
            channel_id=self.desk.channel_id,
            post_id=self.post.id,
            review_id=self.review.id,
            comment_id=self.comment.id,
            thread_of=card.id,
        )

    def tell(self, copied: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Whom the comment calls, and whom it concerns where they don't read it anyway; those it
        calls who are told, and those who are not."""
        told, untold = [], []
        for person in self.said.mentions:
            if person.id == self.who.id or person.is_bot:
                continue
            if person.is_gone or not person.slack_id or not self._may_see(person):
                untold.append(person.id)
                continue
            told.append(person.id)
            # Slack itself tells who is mentioned in a channel that they are in.
            in_thread = self.comment.origin is Origin.THREAD
            if not (in_thread and person.id in self.said.in_channel):
                self._notice(person.id)
        for person_id in self._concerned(copied):
            if person_id != self.who.id and person_id not in told:
                self._notice(person_id)
        return tuple(told), tuple(untold)

    def asks(self) -> int | None:
        """The review that the author may have meant to approve: the one it stands under."""
        under = self.said.under
        review = self.review
        other = under is not None and under.review_id is not None
        if review is None or (other and under and under.review_id != review.id):
            return None
        if not rules.sounds_like_yes(self.comment.text, self.said.names):
            return None
        return review.id if _has_turn(review, self.post, self.who) else None

    def answer(self, asks: int | None, copied: bool) -> None:
        """Under the direct card: the question, or once in each thread, what becomes of replies."""
        under = self.said.under
        assert under is not None
        if asks is not None:
            key = f"comment:{self.comment.id}:question"
            _ask(self.tx, self.post, self.who, asks, under.id, key, self.now)
            return
        messages.add(
            self.tx,
            self.post.team_id,
            f"kept:{under.id}:{self.who.id}",
            Kind.COMMENT_KEPT,
            self.now,
            desk_id=self.desk.id,
            person_id=self.who.id,
            post_id=self.post.id,
            thread_of=under.id,
            data={"copied": copied},
        )

    def _may_see(self, person: Person) -> bool:
        in_channel = person.id in self.said.in_channel
        try:
            access.check_may_see(self.post, self.desk, self.review, person, in_channel)
        except Refused:
            return False
        return True

    def _concerned(self, copied: bool) -> Iterable[int]:
        owner = self.post.owner_id
        in_thread = self.comment.origin is Origin.THREAD or copied
        if not in_thread:
            asked = rules.concerned(self.post, self.review)
            known = people.by_ids(self.tx, asked)
            return [i for i in asked if i == owner or not rules.is_outsider(known[i])]
        # Who wrote in the thread follows it: Slack tells them of what is said there.
        follows = comments.has_written_in(self.tx, self.post.id, owner, self.desk.channel_id)
        return [] if follows else [owner]

    def _notice(self, person_id: int) -> None:
        messages.add(
            self.tx,
            self.post.team_id,
            f"comment:{self.comment.id}:told:{person_id}",
            Kind.COMMENTED,
            self.now,
            desk_id=self.desk.id,
            person_id=person_id,
            post_id=self.post.id,
            comment_id=self.comment.id,
        )
