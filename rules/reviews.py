"""Approval: a review is one version going through the steps that its desk had when it was sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rules.refused import Refused

COMMENT_LIMIT = 3000


class QuorumKind(StrEnum):
    """How many of a step's approvers it takes."""

    ANY = "any"
    ALL = "all"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Quorum:
    """`count` matters for AT_LEAST alone."""

    kind: QuorumKind
    count: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of approval: who may decide (person ids), and how many of them it takes."""

    approvers: tuple[int, ...]
    quorum: Quorum

    @property
    def needed(self) -> int:
        """How many approvals end the step; never more than there are approvers."""
        match self.quorum.kind:
            case QuorumKind.ANY:
                return 1
            case QuorumKind.ALL:
                return len(self.approvers)
            case QuorumKind.AT_LEAST:
                return min(self.quorum.count, len(self.approvers))


class Verdict(StrEnum):
    """What one person says of a version."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"


class ReviewState(StrEnum):
    """Where a review stands; all but OPEN are its end. ENDED: the post was edited, cancelled or
    taken back to draft, and what was decided counts no longer."""

    OPEN = "open"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    ENDED = "ended"


class ReviewRefusal(StrEnum):
    """Why a decision is not taken."""

    UNKNOWN = "unknown"
    OVER = "over"
    OLDER_VERSION = "older_version"
    NOT_APPROVER = "not_approver"
    OWN_POST = "own_post"
    ALREADY_DECIDED = "already_decided"
    NO_COMMENT = "no_comment"
    COMMENT_TOO_LONG = "comment_too_long"
    NOBODY_MAY_APPROVE = "nobody_may_approve"
    NOTHING_TO_UNDO = "nothing_to_undo"
    DECIDED_AFTER = "decided_after"
    OUT_ALREADY = "out_already"
    EDITED_SINCE = "edited_since"
    SENT_AGAIN = "sent_again"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's word on one version, at a step; void once `undone_at` (UTC) is set."""

    id: int
    review_id: int
    step: int
    person_id: int
    verdict: Verdict
    comment: str
    decided_at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One version going through its steps; `step` is the index of the current one."""

    id: int
    post_id: int
    version: int
    owner_id: int
    steps: tuple[Step, ...]
    step: int
    state: ReviewState
    decisions: tuple[Decision, ...]
    sent_by: int
    sent_at: datetime
    ended_at: datetime | None
    revision: int

    @property
    def standing(self) -> tuple[Decision, ...]:
        """The decisions that count, oldest first."""
        return tuple(decision for decision in self.decisions if decision.undone_at is None)

    @property
    def current(self) -> Step:
        """The step that is, or was last, asked."""
        return self.steps[self.step]

    @property
    def open_places(self) -> tuple[int, ...]:
        """The approvers in whose place nobody has decided yet at the current step."""
        return self.waiting_for

    @property
    def waiting_for(self) -> tuple[int, ...]:
        """Who can still decide at the current step; empty when the review is over."""
        if self.state is not ReviewState.OPEN:
            return ()
        done = {d.person_id for d in self.standing if d.step == self.step}
        return tuple(who for who in self.current.approvers if who not in done)

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """The approvals of the current step."""
        return self.approvals_at(self.step)

    def approvals_at(self, step: int) -> tuple[Decision, ...]:
        """The approvals of a step."""
        return tuple(d for d in self.standing if d.step == step and d.verdict is Verdict.APPROVE)

    @property
    def last(self) -> Decision | None:
        """The latest decision that counts."""
        return self.standing[-1] if self.standing else None

    def last_of(self, person_id: int) -> Decision | None:
        """This person's latest decision that counts; somebody may be asked at several steps."""
        return next((d for d in reversed(self.standing) if d.person_id == person_id), None)

    @property
    def approved_by(self) -> tuple[int, ...]:
        """Everybody whose approval counts, in order."""
        return tuple(d.person_id for d in self.standing if d.verdict is Verdict.APPROVE)


def steps_of(steps: Iterable[Step], owner_id: int, own_posts: bool) -> tuple[Step, ...]:
    """The steps as they hold for this owner: nobody decides on their own post,
    except that the only approver may where the desk says so.

    Raises Refused(NOBODY_MAY_APPROVE) where a step would have nobody left.
    """
    held = []
    for step in steps:
        others = tuple(who for who in step.approvers if who != owner_id)
        if not others and own_posts:
            others = step.approvers
        if not others:
            raise Refused(ReviewRefusal.NOBODY_MAY_APPROVE)
        held.append(replace(step, approvers=others))
    return tuple(held)


def is_approver(review: Review, person_id: int) -> bool:
    """Whether this person is, was or will be asked in a review."""
    return any(person_id in step.approvers for step in review.steps)


def check_comment(verdict: Verdict, comment: str) -> None:
    """Saying no needs a reason. Raises Refused at `comment`."""
    if verdict is not Verdict.APPROVE and not comment.strip():
        raise Refused(ReviewRefusal.NO_COMMENT, field="comment", verdict=verdict)
    if len(comment) > COMMENT_LIMIT:
        raise Refused(ReviewRefusal.COMMENT_TOO_LONG, field="comment", limit=COMMENT_LIMIT)


def check_may_decide(review: Review, person_id: int, current_version: int) -> None:
    """Raises Refused unless this person may decide on this review now.

    Permission comes first: a stranger to the review learns no more than that.
    """
    own = person_id == review.owner_id
    if not is_approver(review, person_id):
        raise Refused(
            ReviewRefusal.OWN_POST if own else ReviewRefusal.NOT_APPROVER, step=review.step
        )
    if review.version != current_version:
        raise Refused(ReviewRefusal.OLDER_VERSION, version=review.version, current=current_version)
    mine = review.last_of(person_id)
    if review.state is not ReviewState.OPEN:
        raise Refused(ReviewRefusal.OVER, state=review.state, last=review.last, mine=mine)
    # Who edited the version said yes to it at their step, perhaps ahead of its turn.
    given = [d for d in review.standing if d.person_id == person_id and d.step >= review.step]
    is_asked = person_id in review.current.approvers
    if given and (not is_asked or any(d.step == review.step for d in given)):
        raise Refused(ReviewRefusal.ALREADY_DECIDED, mine=given[-1])
    if not is_asked:
        raise Refused(ReviewRefusal.NOT_APPROVER, step=review.step)


def check_waits(review: Review, current_version: int) -> None:
    """Raises Refused(OLDER_VERSION, OVER) unless a decision on this version is waited for."""
    if review.version != current_version:
        raise Refused(ReviewRefusal.OLDER_VERSION, version=review.version, current=current_version)
    if review.state is not ReviewState.OPEN:
        raise Refused(ReviewRefusal.OVER, state=review.state, last=review.last, mine=None)


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision does to its review."""

    state: ReviewState
    step: int


def decide(review: Review, person_id: int, verdict: Verdict, current_version: int) -> Change:
    """The review after this person's word on it.

    Raises Refused as check_may_decide does.
    """
    check_may_decide(review, person_id, current_version)
    match verdict:
        case Verdict.REQUEST_CHANGES:
            return Change(ReviewState.CHANGES_REQUESTED, review.step)
        case Verdict.REJECT:
            return Change(ReviewState.REJECTED, review.step)
        case Verdict.APPROVE:
            return approved(review, review.step)


def approved(review: Review, at: int) -> Change:
    """The review after one more approval, given at the step `at`. Who edited the version gives
    theirs ahead of its turn: a step that has enough of them by then is not asked any more.
    """
    for step in range(review.step, len(review.steps)):
        given = len(review.approvals_at(step)) + (step == at)
        if given < review.steps[step].needed:
            return Change(ReviewState.OPEN, step)
    return Change(ReviewState.APPROVED, len(review.steps) - 1)


def undo(review: Review, person_id: int, current_version: int, out: bool) -> Decision:
    """The decision that this person may take back: theirs, when nobody decided after them,
    nobody edited the post since, and it is not `out` (published).

    Raises Refused otherwise.
    """
    mine = review.last_of(person_id)
    if mine is None:
        raise Refused(ReviewRefusal.NOTHING_TO_UNDO)
    if out:
        raise Refused(ReviewRefusal.OUT_ALREADY)
    if review.version != current_version or review.state is ReviewState.ENDED:
        raise Refused(ReviewRefusal.EDITED_SINCE)
    if review.last is not None and review.last.id != mine.id:
        raise Refused(ReviewRefusal.DECIDED_AFTER, last=review.last)
    return mine


def undone(review: Review, mine: Decision) -> Change:
    """The review after the latest decision is taken back, which may have been ahead of its turn."""
    return Change(ReviewState.OPEN, min(review.step, mine.step))
