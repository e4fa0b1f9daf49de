"""What a digest tells of a day, read from the record as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from operations.standups.rounds import Attendance, attendance
from rules import digest_days
from rules import digests as rules
from rules.desks import Desk, DeskRefusal
from rules.digests import Away, Digest, DuePost, Waiting
from rules.local_time import instant
from rules.people import Person
from rules.refused import Refused
from rules.standups import AnswerState, Round, Standup
from storage import Store, absences, desks, digests, lists, people, reviews, standups


@dataclass(frozen=True, slots=True)
class Shown:
    """A digest with all that is needed to show it."""

    desk: Desk
    round: Round
    digest: Digest
    people: dict[int, Person]


@dataclass(frozen=True, slots=True)
class Silent:
    """Who said nothing at one desk, for its managers."""

    desk: Desk
    day: date
    attendance: Attendance
    people: dict[int, Person]

    @property
    def is_told(self) -> bool:
        """Whether there is anybody to tell of: who is away, or asked later, is not silent."""
        return bool(self.attendance.silent or self.attendance.skipped)


def show(store: Store, team_id: str, round_id: int) -> Shown:
    """A digest as its channel reads it."""
    with store.read() as tx:
        return shown(tx, team_id, round_id)


def inside(store: Store, who: Person, round_id: int, in_channel: bool) -> Shown:
    """A digest with the answers, for one of the team. Raises Refused: NO_DESK, FOR_THE_TEAM."""
    with store.read() as tx:
        found = shown(tx, who.team_id, round_id, inside=True)
    rules.check_may_read_answers(found.desk, who, in_channel)
    return found


def silent(store: Store, team_id: str, round_ids: Sequence[int]) -> list[Silent]:
    """Who said nothing in these rounds, desk by desk."""
    with store.read() as tx:
        return [_silent(tx, team_id, round_id) for round_id in round_ids]


def desk_of(store: Store, team_id: str, round_id: int) -> Desk:
    """The desk of a round. Raises Refused(NO_DESK)."""
    with store.read() as tx:
        return _round(tx, team_id, round_id)[1]


def _round(tx: sa.Connection, team_id: str, round_id: int) -> tuple[Round, Desk]:
    found = standups.round_by_id(tx, team_id, round_id)
    desk = desks.by_id(tx, team_id, found.desk_id) if found else None
    if found is None or desk is None:
        raise Refused(DeskRefusal.NO_DESK)
    return found, desk


def shown(tx: sa.Connection, team_id: str, round_id: int, *, inside: bool = False) -> Shown:
    """As `show`, within a transaction; `inside`: with what people from outside don't read."""
    found, desk = _round(tx, team_id, round_id)
    standup = standups.by_desk(tx, desk.id)
    assert standup is not None
    digest = digest_of(tx, desk, standup, found)
    if not inside:
        digest = _for_channel(desk, digest)
    named = {digest.recap_by} - {None}
    named |= {blocker.person_id for blocker in digest.blockers}
    named |= {each.person_id for each in digest.away}
    named |= {helper for each in digest.blockers for helper in each.helpers}
    named |= {word.person_id for question in digest.questions for word in question.words}
    return Shown(desk, found, digest, people.by_ids(tx, [who for who in named if who]))


def _silent(tx: sa.Connection, team_id: str, round_id: int) -> Silent:
    found, desk = _round(tx, team_id, round_id)
    standup = standups.by_desk(tx, desk.id)
    assert standup is not None
    day = found.local_date
    digest_at = instant(day, standup.digest_at, desk.time_zone)
    stands = attendance(tx, desk, standup, day, digest_at)
    return Silent(desk, day, stands, people.by_ids(tx, standup.members))


def _for_channel(desk: Desk, digest: Digest) -> Digest:
    return digest.for_outsiders() if desk.outsiders else digest


def digest_of(tx: sa.Connection, desk: Desk, standup: Standup, found: Round) -> Digest:
    """All that is to be told of a day, in as many queries for much as for little."""
    day = found.local_date
    start, end, coming_end, until = digest_days.span(desk, day)
    due = digests.due_posts(tx, desk.id, start, coming_end)
    of_today = [post_id for post_id, at in due if at < end]
    of_coming = [post_id for post_id, at in due if at >= end]
    shown = [*of_today[: rules.POSTS_SHOWN], *of_coming[: rules.POSTS_SHOWN]]
    open_reviews, waiting = reviews.open_at(tx, desk.id, rules.POSTS_SHOWN)
    asked = [review.post_id for review in open_reviews]
    listed = {post.post_id: post for post in lists.by_ids(tx, {*shown, *asked})}
    posts = [_due(listed[post_id]) for post_id in shown]
    answers = standups.answers_of(tx, found.id)
    offers = digests.offers(tx, [answer.id for answer in answers])
    today_shown = min(len(of_today), rules.POSTS_SHOWN)
    return Digest(
        day=day,
        coming_until=until,
        recap=found.recap,
        recap_by=found.recap_by if found.recap else None,
        blockers=tuple(rules.blockers(answers, offers)),
        today=tuple(posts[:today_shown]),
        today_in_all=len(of_today),
        coming=tuple(posts[today_shown:]),
        coming_in_all=len(of_coming),
        waiting=tuple(
            Waiting(r.post_id, f"P-{listed[r.post_id].number}", listed[r.post_id].text, r)
            for r in open_reviews
        ),
        waiting_in_all=waiting,
        questions=tuple(rules.questions(standup, answers)),
        away=tuple(who_is_away(tx, desk.team_id, standup, day)),
        answers=sum(answer.state is AnswerState.ANSWERED for answer in answers),
    )


def _due(post: lists.Listed) -> DuePost:
    assert post.publish_at is not None
    return DuePost(
        post_id=post.post_id,
        code=f"P-{post.number}",
        publish_at=post.publish_at,
        text=post.text,
        networks=post.networks,
        status=post.status,
        on_hold=post.on_hold,
        urgent=post.urgent,
    )


def who_is_away(tx: sa.Connection, team_id: str, standup: Standup, day: date) -> list[Away]:
    """Which of the members are away on a day, the first to be back first."""
    found: dict[int, Away] = {}
    for absence in absences.of_team(tx, team_id, day):
        who = absence.person_id
        if who not in standup.members or not absence.includes(day):
            continue
        before = found.get(who)
        longer = before is None or (before.until or date.max) < (absence.last or date.max)
        if longer:
            found[who] = Away(who, absence.last)
    return sorted(found.values(), key=lambda each: (each.until or date.max, each.person_id))
