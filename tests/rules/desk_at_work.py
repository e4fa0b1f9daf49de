"""People, posts and reviews as plain values, for tests of the rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rules.networks import Network
from rules.people import Person
from rules.posts import Post, Status, Target
from rules.reviews import (
    Change,
    Decision,
    Quorum,
    QuorumKind,
    Review,
    ReviewState,
    Step,
    Verdict,
    approved,
    decide,
    undo,
    undone,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
EARLIER = NOW - timedelta(days=1)

OWNER, ANA, BEN, CLEO, DAN = 9, 1, 2, 3, 4

APPROVE, CHANGES, REJECT = Verdict
UNDO, EDIT = "undo", "edit and approve"

Word = tuple[int, Verdict | str]
"""Somebody, and what they say."""


def person(number: int, *, is_admin: bool = False, is_guest: bool = False) -> Person:
    return Person(
        id=number,
        team_id="T1",
        slack_id=f"U{number}",
        name=f"person {number}",
        time_zone="Europe/Rome",
        locale="en-US",
        is_admin=is_admin,
        is_guest=is_guest,
        is_stranger=False,
        is_bot=False,
        is_gone=False,
        seen_at=NOW,
    )


def any_of(*approvers: int) -> Step:
    return Step(approvers, Quorum(QuorumKind.ANY))


def all_of(*approvers: int) -> Step:
    return Step(approvers, Quorum(QuorumKind.ALL))


def at_least(count: int, *approvers: int) -> Step:
    return Step(approvers, Quorum(QuorumKind.AT_LEAST, count))


def review(*steps: Step, version: int = 1, owner: int = OWNER) -> Review:
    """A review that was just sent."""
    return Review(
        id=1,
        post_id=1,
        version=version,
        owner_id=owner,
        steps=steps,
        step=0,
        state=ReviewState.OPEN,
        decisions=(),
        sent_by=owner,
        sent_at=NOW,
        ended_at=None,
        revision=1,
    )


def said(before: Review, who: int, word: Verdict | str) -> Review:
    """The review after somebody's word on it. Raises Refused as the rules do."""
    if word == EDIT:
        return edited(before, who)
    if word == UNDO:
        mine = undo(before, who, before.version, out=False)
        after = undone(before, mine)
        kept = (replace(d, undone_at=NOW) if d.id == mine.id else d for d in before.decisions)
        return replace(before, state=after.state, step=after.step, decisions=tuple(kept))
    verdict = Verdict(word)
    after = decide(before, who, verdict, before.version)
    return _after(before, who, verdict, before.step, before.places_of(who), after)


def edited(before: Review, who: int) -> Review:
    """The review that starts when somebody whose turn it is edits the version and approves it.
    Raises Refused as the rules do."""
    decide(before, who, Verdict.APPROVE, before.version)
    anew = review(*before.steps, version=before.version + 1, owner=before.owner_id)
    places = before.held_by(who)
    after = approved(anew, at=before.step, places=places)
    return _after(anew, who, Verdict.APPROVE, before.step, places, after)


def _after(
    before: Review, who: int, verdict: Verdict, step: int, places: tuple[int, ...], after: Change
) -> Review:
    number, others = len(before.decisions) + 1, tuple(place for place in places if place != who)
    decision = Decision(number, before.id, step, who, verdict, "", NOW, in_place_of=others)
    return replace(
        before, state=after.state, step=after.step, decisions=(*before.decisions, decision)
    )


def played(before: Review, *words: Word) -> Review:
    """The review after all that was said."""
    for who, word in words:
        before = said(before, who, word)
    return before


def post(status: Status = Status.DRAFT, *, version: int = 1, owner: int = OWNER) -> Post:
    return Post(
        id=1,
        team_id="T1",
        desk_id=1,
        number=12,
        owner_id=owner,
        version=version,
        publish_at=None,
        needed_by=None,
        notes="",
        source_link=None,
        hold_reason=None,
        urgent_reason=None,
        campaign_id=None,
        revision=1,
        created_at=NOW,
        targets=(Target(Network.X, status),),
    )
