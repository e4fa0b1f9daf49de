"""The digest of a standup's day: posted once, then kept up to date with what it tells of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from operations import plans, weekly
from operations.plans import Planned
from operations.standups.rounds import Attendance, attendance
from rules import digest_days
from rules import digests as rules
from rules.desks import Desk, DeskRefusal
from rules.digests import Away, Digest, DuePost, Waiting
from rules.local_time import instant, today
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import Person
from rules.refused import Refused
from rules.standups import AnswerState, Round, Standup, takes_place
from rules.working_time import holiday
from storage import (
    Store,
    absences,
    desks,
    digests,
    lists,
    messages,
    occurrences,
    people,
    reviews,
    standups,
)
from storage.messages import Kind, Message

_DAY = timedelta(days=1)


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


def plan(tx: sa.Connection, desk: Desk, now: datetime) -> None:
    """Notes when a desk's next digests fall due, by its settings as they are now. Called whenever
    they change; what was noted before is replaced."""
    standup = standups.by_desk(tx, desk.id)
    if standup is None:
        return
    yesterday = today(now, desk.time_zone) - _DAY
    _plan(tx, desk, standup, yesterday, lambda _, due: due > now, now)
    weekly.plan(tx, desk, standup, now)


def _plan(
    tx: sa.Connection,
    desk: Desk,
    standup: Standup,
    after: date,
    counts: Callable[[date, datetime], bool],
    now: datetime,
) -> None:
    kind = OccurrenceKind.DIGEST
    found = plans.next_ones(tx, desk, kind, digest_days.days_after(desk, standup, after), counts)
    wanted = [Planned(kind, day, due) for day, due in found]
    reason = Skipped.REPLACED if standup.is_on else Skipped.SWITCHED_OFF
    plans.keep(tx, desk, [kind], wanted, now, reason)


def post(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Posts the digests that have fallen due at a desk, and notes when the next one does."""
    desk, standup = plans.of(tx, due[0])
    for occurrence in due:
        reason = _why_not(desk, standup, occurrence, now)
        if reason is None:
            reason = _post(tx, desk, standup, occurrence, now)
        if reason is not None:
            occurrences.skip(tx, [occurrence.id], reason, now)

    def counts(day: date, due: datetime) -> bool:
        return digest_days.too_late(desk, day, due) > now

    _plan(tx, desk, standup, plans.day_of(due[-1]), counts, now)


def _why_not(desk: Desk, standup: Standup, occurrence: Occurrence, now: datetime) -> Skipped | None:
    day = plans.day_of(occurrence)
    if not standup.is_on:
        return Skipped.SWITCHED_OFF
    if desk.asleep:
        return Skipped.ASLEEP
    if not takes_place(standup, desk.hours, day):
        return Skipped.HOLIDAY if holiday(desk.hours, day) else Skipped.REASON_GONE
    if digest_days.too_late(desk, day, occurrence.due_at) <= now:
        return Skipped.TOO_LATE
    return None


def _post(
    tx: sa.Connection, desk: Desk, standup: Standup, occurrence: Occurrence, now: datetime
) -> Skipped | None:
    found = standups.round_of(tx, desk.id, plans.day_of(occurrence), now)
    away = {each.person_id for each in _away(tx, desk.team_id, standup, found.local_date)}
    everybody_is_away = bool(standup.members) and away >= set(standup.members)
    if everybody_is_away and _digest(tx, desk, standup, found).is_quiet:
        return Skipped.AWAY
    messages.add(
        tx,
        desk.team_id,
        occurrence.key,
        Kind.DIGEST,
        now,
        desk_id=desk.id,
        channel_id=desk.channel_id,
        data={"round": found.id},
    )
    message = messages.by_key(tx, desk.team_id, occurrence.key)
    assert message is not None
    standups.set_message(tx, found.id, message.id)
    _tell_managers(tx, desk, found, now)
    occurrences.done(tx, [occurrence.id], now, message.id)
    return None


def refresh(tx: sa.Connection, team_id: str, desk_id: int, now: datetime) -> None:
    """Something changed that a desk's digest may tell of: today's is drawn anew."""
    found = digests.latest_round(tx, desk_id)
    if found is None or found.message_id is None:
        return
    desk = desks.by_id(tx, team_id, desk_id)
    assert desk is not None
    if found.local_date >= today(now, desk.time_zone):
        messages.redraw(tx, [found.message_id])


def reads_along(tx: sa.Connection, desk_id: int) -> None:
    """Other people read along at a desk by now: its newest digest is drawn anew for them."""
    found = digests.latest_round(tx, desk_id)
    if found is not None and found.message_id is not None:
        messages.redraw(tx, [found.message_id])


def answered(tx: sa.Connection, desk: Desk, round_id: int) -> None:
    """Somebody answered in a round, or changed their answer: its digest, if it is there already,
    is drawn anew, and what its managers were told."""
    # Whoever posts the digest right now comes before us, or waits until our answer is there.
    found = digests.lock_round(tx, round_id)
    if found.message_id is None:
        return
    keys = [_silent_key(manager, found.local_date) for manager in desk.managers]
    told = [messages.by_key(tx, desk.team_id, key) for key in keys]
    messages.redraw(tx, [found.message_id, *(each.id for each in told if each)])


def _tell_managers(tx: sa.Connection, desk: Desk, found: Round, now: datetime) -> None:
    """One message for all desks of a manager, a day; it is not sent while nobody is silent."""
    for manager in desk.managers:
        key = _silent_key(manager, found.local_date)
        is_first = messages.add(
            tx,
            desk.team_id,
            key,
            Kind.SILENT,
            now,
            desk_id=desk.id,
            person_id=manager,
            data={"rounds": [found.id]},
        )
        if is_first:
            continue
        message = messages.by_key(tx, desk.team_id, key)
        assert message is not None
        known = message.data["rounds"]
        messages.answer(tx, message, {"rounds": sorted({*known, found.id})})


def spread(store: Store, message: Message, now: datetime) -> None:
    """Has those messages of a digest's thread drawn anew that show something else by now, and
    notes more of them where the detail has become longer.

    For whoever draws the digest: nobody who only clicked waits for it, and what was changed by
    several at once is read together.
    """
    with store.write() as tx:
        digests.lock_round(tx, message.data["round"])
        shown = _shown(tx, message.team_id, message.data["round"], inside=False)
        prints = [rules.fingerprint(repr(part)) for part in rules.parts(shown.digest)]
        there = {each.data["part"]: each for each in messages.thread(tx, message.id)}
        for part in range(max(len(prints), len(there))):
            kept = prints[part] if part < len(prints) else ""
            if part not in there:
                _add_part(tx, message, part, kept, now)
            elif there[part].data["print"] != kept:
                messages.answer(tx, there[part], {"print": kept})


def _add_part(tx: sa.Connection, root: Message, part: int, kept: str, now: datetime) -> None:
    messages.add(
        tx,
        root.team_id,
        f"{root.key}:{part}",
        Kind.DIGEST_DETAIL,
        now,
        desk_id=root.desk_id,
        channel_id=root.channel_id,
        thread_of=root.id,
        data={"round": root.data["round"], "part": part, "print": kept},
    )


def show(store: Store, team_id: str, round_id: int) -> Shown:
    """A digest as its channel reads it."""
    with store.read() as tx:
        return _shown(tx, team_id, round_id, inside=False)


def inside(store: Store, who: Person, round_id: int, in_channel: bool) -> Shown:
    """A digest with the answers, for one of the team. Raises Refused: NO_DESK, FOR_THE_TEAM."""
    with store.read() as tx:
        shown = _shown(tx, who.team_id, round_id, inside=True)
    rules.check_may_read_answers(shown.desk, who, in_channel)
    return shown


def silent(store: Store, team_id: str, round_ids: Sequence[int]) -> list[Silent]:
    """Who said nothing in these rounds, desk by desk."""
    with store.read() as tx:
        return [_silent(tx, team_id, round_id) for round_id in round_ids]


def desk_of(store: Store, team_id: str, round_id: int) -> Desk:
    """The desk of a round. Raises Refused(NO_DESK)."""
    with store.read() as tx:
        return _round(tx, team_id, round_id)[1]


def _round(tx: sa.Connection, team_id: str, round_id: int) -> tuple[Round, Desk]:
    found = standups.round_by_id(tx, round_id)
    desk = desks.by_id(tx, team_id, found.desk_id)
    if desk is None:
        raise Refused(DeskRefusal.NO_DESK)
    return found, desk


def _shown(tx: sa.Connection, team_id: str, round_id: int, *, inside: bool) -> Shown:
    found, desk = _round(tx, team_id, round_id)
    standup = standups.by_desk(tx, desk.id)
    assert standup is not None
    digest = _digest(tx, desk, standup, found)
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


def _digest(tx: sa.Connection, desk: Desk, standup: Standup, found: Round) -> Digest:
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
        away=tuple(_away(tx, desk.team_id, standup, day)),
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


def _away(tx: sa.Connection, team_id: str, standup: Standup, day: date) -> list[Away]:
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


def _silent_key(manager: int, day: date) -> str:
    return f"silent:{manager}:{day.isoformat()}"
