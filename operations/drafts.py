"""Writing a post: from a form to a draft with a card, and every change of it after that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from operations import details, nudges
from operations.mentions import became
from operations.posts import desk_of, note, post_by_id, post_to_change, record, redraw
from operations.reviews import (
    Word,
    end_review,
    record_decision,
    review_to_decide,
    send_now,
    start,
)
from operations.tries import decided, guard
from rules import drafting, life
from rules import reviews as review_rules
from rules.attachments import described
from rules.contents import Content, tidy
from rules.desks import Desk, DeskRefusal
from rules.life import Event
from rules.networks import Network
from rules.people import Actor, Person
from rules.posts import Details, Post, PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Review, Verdict
from storage import Store, desks, history, messages, posts, reviews


@dataclass(frozen=True, slots=True)
class DraftForm:
    """What a person says of a post. `publish_at` and `needed_by` are UTC.

    `key` was made when the form was opened: the same form submitted twice does it once.
    `keeps_time`, `keeps_needed_by`, `keeps_notes`: they left it as they found it, so what somebody
    else changed meanwhile stays.
    `ask_first`: what could be sent is only saved, because something is asked before that.
    """

    key: str
    content: Content
    publish_at: datetime | None
    notes: str
    send: bool
    needed_by: datetime | None = None
    keeps_time: bool = False
    keeps_needed_by: bool = False
    keeps_notes: bool = False
    ask_first: bool = False

    @property
    def details(self) -> Details:
        """What it says of the post besides its content."""
        return Details(self.publish_at, self.needed_by, self.notes)


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a form did. `ended`: the review that an edit ended, with its approvals."""

    post: Post
    review: Review | None = None
    ended: Review | None = None


def networks_for(store: Store, desk: Desk, who: Person) -> tuple[Network, ...]:
    """Those this person used last at this desk, where the desk still has them; else all of it."""
    with store.read() as tx:
        used = posts.last_networks(tx, desk.id, who.id)
    return tuple(n for n in used if n in desk.networks) or desk.networks


def create(
    store: Store,
    who: Person,
    desk_id: int,
    form: DraftForm,
    now: datetime,
    source_link: str | None = None,
    asked: int | None = None,
) -> Saved:
    """Makes a post of which `who` is the owner, with a card in their direct messages. The message
    `asked`, where somebody asked for it in a channel, tells what became of that.

    Raises Refused: see rules.drafting.check_content, check_details and, when it is sent as well,
    check_sendable.
    """
    form = replace(form, content=tidy(form.content))

    def work(tx: sa.Connection) -> Saved:
        desk = desks.by_id(tx, who.team_id, desk_id)
        if desk is None or desk.asleep:
            raise Refused(DeskRefusal.ASLEEP if desk else DeskRefusal.NO_DESK, field="text")
        number = posts.next_number(tx, who.team_id)
        known = posts.by_creation_key(tx, who.team_id, form.key)
        if known is not None:
            raise _MadeBefore(Saved(known))
        drafting.check_content(form.content, desk.networks)
        drafting.check_details(form.details, None, now)
        post_id = posts.add(
            tx,
            who.team_id,
            desk.id,
            number,
            who.id,
            form.content.networks,
            form.details,
            source_link,
            form.key,
            now,
        )
        posts.add_version(tx, post_id, 1, form.content, who.id, form.key, now)
        post = post_by_id(tx, who.team_id, post_id)
        drafted = history.Event.DRAFTED
        record(tx, post, Actor.person(who.id), drafted, now, version=post.version)
        messages.add(
            tx,
            who.team_id,
            f"draft:{post_id}:{who.id}",
            messages.Kind.DRAFT_CARD,
            now,
            desk_id=desk.id,
            person_id=who.id,
            post_id=post_id,
        )
        if asked is not None:
            became(tx, who.team_id, asked, post_id)
        saved = _sent_too(tx, who, post, desk, form, now)
        if saved.review is None:
            redraw(tx, post, {who.id}, now, for_digest=True)
        return _planned(tx, saved, desk, saved.review, now)

    try:
        return decided(store, work)
    except _MadeBefore as made:
        return made.saved


def edit(
    store: Store, who: Person, post_id: int, seen: int, form: DraftForm, now: datetime
) -> Saved:
    """Changes a post that was read at version `seen`. New content is a new version, which ends
    the review of the old one; a publish time or notes alone void nothing.

    Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS, OLDER_VERSION, and as `create`.
    """
    typed = replace(form, content=tidy(form.content))

    def work(tx: sa.Connection) -> Saved:
        post, desk = post_to_change(tx, who, post_id)
        edited = _edited(tx, who, post, desk, seen, _with_details_of(post, typed), now)
        return _planned(tx, edited, desk, edited.review, now)

    return decided(store, work)


def describe(
    store: Store,
    who: Person,
    post_id: int,
    seen: int,
    key: str,
    alts: Mapping[str, str],
    send: bool,
    now: datetime,
) -> Saved:
    """Gives the images of version `seen` alt texts, by the key of each attachment; `key` is the
    form's. An alt text is content: it makes a new version.

    Raises Refused: as `edit`, and ALT_TOO_LONG.
    """

    def work(tx: sa.Connection) -> Saved:
        post, desk = post_to_change(tx, who, post_id)
        content = posts.version(tx, post.id, post.version).content
        content = replace(content, attachments=described(content.attachments, alts))
        form = _as_it_is(post, key, content, send=send)
        edited = _edited(tx, who, post, desk, seen, form, now)
        return _planned(tx, edited, desk, edited.review, now)

    return decided(store, work)


def edit_and_approve(
    store: Store, who: Person, review_id: int, key: str, content: Content, now: datetime
) -> Saved:
    """Changes the content of a version under review, with this approver's yes to the new one. It
    goes through the same steps, of which those before theirs are asked again. Without a change
    it is a plain yes.

    Raises Refused: as operations.reviews.decide, as check_content and check_fits of the rules,
    and ASLEEP.
    """
    content = tidy(content)

    def work(tx: sa.Connection) -> Saved:
        post, review = review_to_decide(tx, who, review_id)
        if posts.version_by_form(tx, post.id, key) is not None:
            return Saved(post)
        after = review_rules.decide(review, who.id, Verdict.APPROVE, post.version)
        desk, current = desk_of(tx, post), posts.version(tx, post.id, post.version)
        drafting.check_content(content, (*desk.networks, *current.content.networks))
        word = Word(Verdict.APPROVE, "", review.step, review.places_of(who.id))
        if current.content == content:
            guard(posts.touch(tx, post))
            _, decided_on = record_decision(tx, who, post, review, word, after, now)
            return _planned(tx, Saved(post), desk, decided_on, now)
        if desk.asleep:
            raise Refused(DeskRefusal.ASLEEP, field="text", channel_id=desk.channel_id)
        # Its publish time is not judged: whoever only approves isn't asked for another either.
        drafting.check_fits(content)
        form = _as_it_is(post, key, content, send=True)
        ended = _new_version(tx, who, post, form, now)
        edited = post_by_id(tx, who.team_id, post.id)
        policy_id = reviews.policy_id_of(tx, review.id)
        again = start(tx, who, edited, desk, review.steps, policy_id, now)
        sent = post_by_id(tx, who.team_id, post.id)
        # Of a new version nobody has said anything yet, for whomever they stand in.
        word = replace(word, edited=True, places=review.held_by(who.id))
        after = review_rules.approved(again, at=review.step, places=word.places)
        _, decided_on = record_decision(tx, who, sent, again, word, after, now)
        return _planned(tx, Saved(post, again, ended), desk, decided_on, now)

    return decided(store, work)


class _MadeBefore(Exception):
    """Rolls the transaction back: the form had been submitted before."""

    def __init__(self, saved: Saved) -> None:
        self.saved = saved


def _planned(
    tx: sa.Connection, saved: Saved, desk: Desk, newest: Review | None, now: datetime
) -> Saved:
    """The same with the post as it is now, and what falls due for it. `newest`: its newest review,
    where that was changed just now."""
    post = post_by_id(tx, saved.post.team_id, saved.post.id)
    nudges.plan_for(tx, post, desk, newest or reviews.latest(tx, post.id), now)
    return replace(saved, post=post)


def _as_it_is(post: Post, key: str, content: Content, *, send: bool) -> DraftForm:
    """A form that changes the content alone."""
    return DraftForm(key, content, post.publish_at, post.notes, send, post.needed_by)


def _with_details_of(post: Post, form: DraftForm) -> DraftForm:
    return replace(
        form,
        publish_at=post.publish_at if form.keeps_time else form.publish_at,
        needed_by=post.needed_by if form.keeps_needed_by else form.needed_by,
        notes=post.notes if form.keeps_notes else form.notes,
    )


def _sent_too(
    tx: sa.Connection, who: Person, post: Post, desk: Desk, form: DraftForm, now: datetime
) -> Saved:
    if form.send and post.status is Status.MISSED:
        drafting.check_publish_time(post.publish_at, now)
    can_be_sent = (post.status, Event.SEND) in life.TABLE
    if not form.send or not can_be_sent:
        return Saved(post)
    if form.ask_first:
        drafting.check_sendable(form.content, post.publish_at, now)
        return Saved(post)
    return Saved(post, send_now(tx, who, post, desk, form.content, now))


def _edited(
    tx: sa.Connection,
    who: Person,
    post: Post,
    desk: Desk,
    seen: int,
    form: DraftForm,
    now: datetime,
) -> Saved:
    if posts.version_by_form(tx, post.id, form.key) is not None:
        return Saved(post)
    # Judged before the status: what went out has no newer version to look at.
    if post.version != seen:
        raise Refused(PostRefusal.OLDER_VERSION, field="text", version=seen, current=post.version)
    life.advance(post.status, Event.EDIT)
    current = posts.version(tx, post.id, post.version)
    drafting.check_content(form.content, (*desk.networks, *current.content.networks))
    drafting.check_details(form.details, post.details, now)
    if current.content == form.content:
        ended = None
        details.change(tx, who, post, form.details, now)
    else:
        ended = _new_version(tx, who, post, form, now)
    changed = post_by_id(tx, who.team_id, post.id)
    return replace(_sent_too(tx, who, changed, desk, form, now), ended=ended)


def _new_version(
    tx: sa.Connection, who: Person, post: Post, form: DraftForm, now: datetime
) -> Review | None:
    number = post.version + 1
    guard(posts.change(tx, post, number, form.details))
    posts.add_version(tx, post.id, number, form.content, who.id, form.key, now)
    status = life.advance(post.status, Event.EDIT)
    posts.set_targets(tx, post.id, dict.fromkeys(form.content.networks, status))
    note(tx, post, who, history.Event.EDITED, now, version=number)
    if form.details != post.details:
        changed = history.Event.DETAILS_CHANGED
        record(tx, post, Actor.person(who.id), changed, now, **details.as_data(form.details))
    ended = end_review(tx, who, post, now)
    messages.refresh(tx, post.id, since=post.version)
    return ended
