"""Who may see a post, and what each reader may do with it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from rules import reviews
from rules.comments import Comment, Origin, is_outsider
from rules.desks import Desk, DeskRefusal, may_manage
from rules.drafting import check_not_on_hold
from rules.life import TABLE, Event, advance
from rules.nudges import NudgeRefusal
from rules.people import Person
from rules.posts import OVER, UNSENT, Post, PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Decision, Review, ReviewRefusal, ReviewState, is_approver


class May(StrEnum):
    """What a reader may do with a post right now."""

    SEND = "send"
    EDIT = "edit"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    UNDO = "undo"
    PUBLISH = "publish"
    NEW_TIME = "new_time"
    REASSIGN = "reassign"
    HOLD = "hold"
    TAKE_OFF_HOLD = "take_off_hold"
    BACK_TO_DRAFT = "back_to_draft"
    CANCEL = "cancel"
    RESTORE = "restore"
    DUPLICATE = "duplicate"
    HAND_OVER = "hand_over"
    CAMPAIGN = "campaign"
    URGENT = "urgent"
    NOT_URGENT = "not_urgent"


# What the owner and the managers may do where the post's life has that way.
_EVENTS = {
    May.EDIT: Event.EDIT,
    May.SEND: Event.SEND,
    May.PUBLISH: Event.PUBLISH,
    May.BACK_TO_DRAFT: Event.BACK_TO_DRAFT,
    May.CANCEL: Event.CANCEL,
    May.RESTORE: Event.RESTORE,
}


def check_may_see(
    post: Post, desk: Desk, review: Review | None, who: Person, in_channel: bool
) -> None:
    """A draft is its owner's business until it is sent; then it is the desk's.

    `in_channel`: whether they are in the desk's channel. Raises Refused(UNKNOWN), which does
    not even say that the post exists.
    """
    if who.id == post.owner_id or may_manage(desk, who):
        return
    was_sent = review is not None or post.status not in UNSENT
    if was_sent and (in_channel or _is_approver(review, who.id)):
        return
    raise Refused(PostRefusal.UNKNOWN, code=post.code)


def check_may_change(post: Post, desk: Desk, who: Person) -> None:
    """The owner and the desk's managers. Raises Refused(NOT_YOURS)."""
    if who.id != post.owner_id and not may_manage(desk, who):
        raise Refused(PostRefusal.NOT_YOURS, code=post.code, owner=post.owner_id)


def may_read_notes(post: Post, review: Review | None, who: Person) -> bool:
    """The owner's notes and the reasons of a no are for the team: of the people from outside only
    the owner and the approvers read them."""
    return not is_outsider(who) or who.id == post.owner_id or _is_approver(review, who.id)


def may_read_comment(post: Post, comment: Comment, who: Person) -> bool:
    """What was written in private is for the team: of the people from outside only the owner, its
    author and whom it calls read it. What stands in the channel's thread all of them read there.
    """
    if not is_outsider(who) or who.id in (post.owner_id, comment.author_id):
        return True
    return comment.origin is Origin.THREAD or who.id in comment.mentions


def check_may_own(desk: Desk, review: Review | None, who: Person, in_channel: bool) -> None:
    """Whom a post may be handed over to: somebody of this workspace, `in_channel` of the desk,
    who isn't asked to approve it right now; `review` is the latest. Whoever is in the channel may
    start a post of their own, but what the team wrote for itself leaves with no owner.

    Raises Refused at `owner`: OWNER_CANNOT, OWNER_ELSEWHERE, OWNER_APPROVES.
    """
    if who.is_bot or who.is_gone or who.is_stranger:
        raise Refused(PostRefusal.OWNER_CANNOT, field="owner", who=who.id)
    if not in_channel:
        raise Refused(PostRefusal.OWNER_ELSEWHERE, field="owner", who=who.id, desk=desk.name)
    is_open = review is not None and review.state is ReviewState.OPEN
    if is_open and _is_approver(review, who.id):
        raise Refused(PostRefusal.OWNER_APPROVES, field="owner", who=who.id)


def check_may_publish(post: Post, desk: Desk, who: Person, was_handed: bool) -> None:
    """The owner, the desk's managers, and whom it was handed to. Raises Refused(NOT_YOURS)."""
    if not was_handed:
        check_may_change(post, desk, who)


def check_may_escalate(post: Post, desk: Desk, review: Review, who: Person) -> None:
    """The desk's managers, while a decision is waited for.

    Raises Refused: NOT_MANAGER, OLDER_VERSION, OVER.
    """
    if not may_manage(desk, who):
        raise Refused(DeskRefusal.NOT_MANAGER, managers=desk.managers)
    reviews.check_waits(review, post.version)


def check_may_remind(post: Post, desk: Desk, review: Review, who: Person) -> None:
    """As check_may_escalate, while its approvers may be reminded: what is held or missed is not
    asked about.

    Raises Refused, also ON_HOLD, WRONG_STATUS.
    """
    check_may_escalate(post, desk, review, who)
    check_not_on_hold(post)
    if post.status is not Status.IN_REVIEW:
        event = Event.GO_ON_REVIEWING  # with a new time it is
        raise Refused(PostRefusal.WRONG_STATUS, status=post.status, event=event)


def check_may_reassign(
    post: Post, desk: Desk, review: Review, who: Person, place: int, instead: Person
) -> None:
    """Whether a manager may ask `instead` in the `place` of an approver: not the owner, and nobody
    who is asked at this step anyway, or has decided at it as a cover: their word would fill this
    place too, and nobody be left to end the step.

    Raises Refused as check_may_escalate, at `place` NOT_WAITING, and at `approver`
    CANNOT_APPROVE, OWNS_IT, ASKED_ALREADY.
    """
    check_may_escalate(post, desk, review, who)
    if place not in review.open_places:
        raise Refused(NudgeRefusal.NOT_WAITING, field="place", who=place)
    if instead.is_bot or instead.is_gone:
        raise Refused(NudgeRefusal.CANNOT_APPROVE, field="approver", who=instead.id)
    if instead.id in (post.owner_id, review.owner_id):
        raise Refused(NudgeRefusal.OWNS_IT, field="approver", who=instead.id)
    if instead.id in (*review.current.approvers, *review.decided_at(review.step)):
        raise Refused(NudgeRefusal.ASKED_ALREADY, field="approver", who=instead.id)


def may_approve_instead(post: Post, desk: Desk, review: Review, who: Person) -> bool:
    """Whether a manager may approve in the place of somebody who hasn't decided."""
    places = review.open_places
    return bool(places) and _allowed(
        lambda: check_may_reassign(post, desk, review, who, places[0], who)
    )


def check_may_undo(post: Post, review: Review, who: Person) -> Decision:
    """The decision that this person may take back; see rules.reviews.undo.

    What ended a review opens it again, for which the post must not have gone another way since,
    and none of its approvers may own it by now: nobody decides on their own post.

    Raises Refused, also WRONG_STATUS and TAKEN_OVER.
    """
    mine = reviews.undo(review, who.id, post.version, post.status is Status.PUBLISHED)
    if review.state is not ReviewState.OPEN:
        advance(post.status, Event.UNDO)
        if post.owner_id != review.owner_id and is_approver(review, post.owner_id):
            raise Refused(ReviewRefusal.TAKEN_OVER, owner=post.owner_id)
    return mine


def may(
    post: Post, desk: Desk, review: Review | None, who: Person, in_channel: bool
) -> frozenset[May]:
    """Everything this reader may do with the post; `in_channel` as for check_may_see."""
    allowed: set[May] = {May.DUPLICATE} if in_channel else set()
    if who.id == post.owner_id or may_manage(desk, who):
        allowed |= _as_owner(post)
    if review is not None:
        if _allowed(lambda: reviews.check_may_decide(review, who.id, post.version)):
            allowed |= {May.APPROVE, May.REQUEST_CHANGES, May.REJECT}
        if _allowed(lambda: check_may_undo(post, review, who)):
            allowed.add(May.UNDO)
        if _allowed(lambda: check_may_escalate(post, desk, review, who)):
            allowed.add(May.REASSIGN)
    return frozenset(allowed)


def _as_owner(post: Post) -> set[May]:
    allowed = {may for may, event in _EVENTS.items() if (post.status, event) in TABLE}
    if post.status is Status.MISSED:
        allowed.add(May.NEW_TIME)
    held = post.hold_reason is not None
    if held:
        allowed -= {May.SEND, May.PUBLISH}
    if post.status in OVER:
        return allowed
    allowed |= {May.HAND_OVER, May.CAMPAIGN, May.TAKE_OFF_HOLD if held else May.HOLD}
    allowed.add(May.URGENT if post.urgent_reason is None else May.NOT_URGENT)
    return allowed


def _is_approver(review: Review | None, person_id: int) -> bool:
    return review is not None and is_approver(review, person_id)


def _allowed(check: Callable[[], object]) -> bool:
    try:
        check()
    except Refused:
        return False
    return True
