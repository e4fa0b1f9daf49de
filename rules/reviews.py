"""Approval: a review is one version going through the steps that its desk had when it was sent.

Each approver of a step has a place in it. Who is away may have a cover, and then either of the two
can fill that place, once. One word fills every place that its author holds by then: their own, and
those of whom they cover for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
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
class Away:
    """An approver is away `until` that day, if it is known; `cover_id` stands in, if anybody."""

    absence_id: int
    until: date | None
    cover_id: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of approval: who may decide (person ids), and how many of them it takes. `away`
    are those of them who are, while it is this step's turn."""

    approvers: tuple[int, ...]
    quorum: Quorum
    away: Mapping[int, Away] = field(default_factory=dict)

    def cover_of(self, approver: int) -> int | None:
        """Who stands in for an approver, None where nobody does or has to."""
        return self.away[approver].cover_id if approver in self.away else None

    @property
    def covers(self) -> frozenset[int]:
        """Everybody who stands in for somebody."""
        return frozenset(each.cover_id for each in self.away.values() if each.cover_id)

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
    PLACE_FILLED = "place_filled"
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
    """One person's word on one version, at a step; void once `undone_at` (UTC) is set.

    `in_place_of` are the approvers for whom they stood in with it.
    """

    id: int
    review_id: int
    step: int
    person_id: int
    verdict: Verdict
    comment: str
    decided_at: datetime
    undone_at: datetime | None = None
    in_place_of: tuple[int, ...] = ()


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
        """The approvers in whose place nobody has decided yet at the current step; none when the
        review is over."""
        if self.state is not ReviewState.OPEN:
            return ()
        filled = {who for d in self.standing if d.step == self.step for who in _places(d)}
        return tuple(who for who in self.current.approvers if who not in filled)

    @property
    def waiting_for(self) -> tuple[int, ...]:
        """Who can still decide at the current step; of an approver who is away, they themselves
        and their cover."""
        each = ((who, self.cover_of(who)) for who in self.open_places)
        return tuple(dict.fromkeys(who for pair in each for who in pair if who is not None))

    @property
    def asked(self) -> tuple[int, ...]:
        """Who is asked to decide at the current step: of an approver who is away, their cover."""
        each = (self.cover_of(who) if who in self.current.away else who for who in self.open_places)
        return tuple(dict.fromkeys(who for who in each if who is not None))

    def places_of(self, person_id: int) -> tuple[int, ...]:
        """The open places that somebody's word would fill now."""
        return tuple(who for who in self.open_places if person_id in (who, self.cover_of(who)))

    def held_by(self, person_id: int) -> tuple[int, ...]:
        """The places that somebody holds at the current step, whether they are open or not."""
        approvers = self.current.approvers
        return tuple(who for who in approvers if person_id in (who, self.cover_of(who)))

    @property
    def is_stuck(self) -> bool:
        """Whether the current step can't end before somebody is back: all who are asked now, and
        all who have approved, are not enough."""
        places = self.open_places
        gone = [p for p in places if p in self.current.away and self.cover_of(p) is None]
        could = len(self.approved_at(self.step)) + len(places) - len(gone)
        return bool(gone) and could < self.current.needed

    def cover_of(self, approver: int) -> int | None:
        """Who stands in for somebody who is away, at the current step. The owner stands in for
        nobody: it would be a decision on their own post."""
        cover = self.current.cover_of(approver)
        return None if cover == self.owner_id else cover

    def approved_at(self, step: int) -> frozenset[int]:
        """The approvers of a step in whose place it was approved."""
        given = (d for d in self.standing if d.step == step and d.verdict is Verdict.APPROVE)
        approvers = self.steps[step].approvers
        return frozenset(who for d in given for who in _places(d) if who in approvers)

    def decided_at(self, step: int) -> frozenset[int]:
        """Whose word at a step counts, for themselves or for others."""
        return frozenset(d.person_id for d in self.standing if d.step == step)

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
        given = (d.person_id for d in self.standing if d.verdict is Verdict.APPROVE)
        return tuple(dict.fromkeys(given))


def _places(decision: Decision) -> tuple[int, ...]:
    """Whose places a decision fills; its author may have none of their own."""
    return (decision.person_id, *decision.in_place_of)


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
    """Whether this person is, was or will be asked in a review, themselves or for somebody."""
    return any(person_id in step.approvers or person_id in step.covers for step in review.steps)


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
    if review.places_of(person_id):
        return
    # Who edited the version said yes to it at their step, perhaps ahead of its turn.
    given = [d for d in review.standing if d.person_id == person_id and d.step >= review.step]
    if given:
        raise Refused(ReviewRefusal.ALREADY_DECIDED, mine=given[-1])
    held = review.held_by(person_id)
    if held:
        here = (d for d in review.standing if d.step == review.step)
        other = next(d for d in here if held[0] in _places(d))
        place = held[0]
        reason = ReviewRefusal.PLACE_FILLED
        raise Refused(reason, other=other, place=place, own=place == person_id)
    raise Refused(ReviewRefusal.OWN_POST if own else ReviewRefusal.NOT_APPROVER, step=review.step)


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
            return approved(review, review.step, review.places_of(person_id))


def with_decision(review: Review, decision: Decision, after: Change) -> Review:
    """The review as it is once a decision is taken, which ends it or not."""
    return replace(
        review,
        state=after.state,
        step=after.step,
        decisions=(*review.decisions, decision),
        ended_at=None if after.state is ReviewState.OPEN else decision.decided_at,
        revision=review.revision + 1,
    )


def approved(review: Review, at: int, places: Collection[int]) -> Change:
    """The review after one more approval, which fills `places` of the step `at`. Who edited the
    version gives theirs ahead of its turn: a step that has enough of them by then is not asked any
    more.
    """
    for step in range(review.step, len(review.steps)):
        given = review.approved_at(step) | (frozenset(places) if step == at else frozenset())
        if len(given) < review.steps[step].needed:
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
