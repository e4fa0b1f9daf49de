"""The digest of a standup's day: posted once, then kept up to date with what it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from operations import weekly
from operations.tries import decided
from rules import digests as rules
from rules.desks import Desk, DeskRefusal, check_may_change
from rules.digests import Away, Digest, DigestRefusal, DuePost, Silence, Waiting
from rules.local_time import today
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import Person
from rules.refused import Refused
from rules.standups import Answer, AnswerState, Round, Standup
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
from storage.messages import Kind

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
    round: Round
    silence: Silence
    people: dict[int, Person]


def plan(tx: sa.Connection, desk: Desk, now: datetime) -> None:
    """Notes when a desk's next digests fall due, by its settings as they are now. Called whenever
    they change; what was noted before is replaced."""
    standup = standups.by_desk(tx, desk.id)
    if standup is not None:
        yesterday = today(now, desk.time_zone) - _DAY
        _plan(tx, desk, standup, rules.next_digest(desk, standup, yesterday, now), now)
        weekly.plan(tx, desk, standup, now)


def _plan(
    tx: sa.Connection,
    desk: Desk,
    standup: Standup,
    found: tuple[date, datetime] | None,
    now: datetime,
) -> None:
    keeps = _key(desk.id, found[0]) if found else None
    reason = Skipped.REPLACED if standup.is_on else Skipped.SWITCHED_OFF
    known = occurrences.waiting(tx, [OccurrenceKind.DIGEST], desk_id=desk.id)
    occurrences.skip(tx, [each.id for each in known if each.key != keeps], reason, now)
    if found is None or keeps is None:
        return
    day, due = found
    kept = [each.id for each in known if each.key == keeps]
    if kept:
        occurrences.postpone(tx, kept, due)
    elif not occurrences.renew(tx, desk.team_id, keeps, due):
        kind = OccurrenceKind.DIGEST
        of = {"desk_id": desk.id, "local_date": day}
        occurrences.add(tx, desk.team_id, keeps, kind, due, now, **of)


def post(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Posts the digests that have fallen due at a desk, and notes when the next one does."""
    for occurrence in due:
        assert occurrence.desk_id is not None
        assert occurrence.local_date is not None
        desk = desks.by_id(tx, occurrence.team_id, occurrence.desk_id)
        standup = standups.by_desk(tx, occurrence.desk_id)
        assert desk is not None
        assert standup is not None
        reason = _why_not(desk, standup, occurrence, now)
        if reason is None:
            reason = _post(tx, desk, standup, occurrence, now)
        if reason is not None:
            occurrences.skip(tx, [occurrence.id], reason, now)
        day = occurrence.local_date
        _plan(tx, desk, standup, rules.next_digest(desk, standup, day, now, late=True), now)


def _why_not(
    desk: Desk, standup: Standup, occurrence: Occurrence, now: datetime
) -> Skipped | None:
    day = occurrence.local_date
    assert day is not None
    if not standup.is_on:
        return Skipped.SWITCHED_OFF
    if desk.asleep:
        return Skipped.ASLEEP
    if not rules.takes_place(desk, standup, day):
        return Skipped.HOLIDAY if holiday(desk.hours, day) else Skipped.REASON_GONE
    if rules.too_late(desk, day, occurrence.due_at) <= now:
        return Skipped.TOO_LATE
    return None


def _post(
    tx: sa.Connection, desk: Desk, standup: Standup, occurrence: Occurrence, now: datetime
) -> Skipped | None:
    assert occurrence.local_date is not None
    found = standups.round_of(tx, desk.id, occurrence.local_date, now)
    found = digests.lock_round(tx, found.id)
    digest = _digest(tx, desk, standup, found)
    away = {each.person_id for each in digest.away}
    if digest.is_quiet and standup.members and away >= set(standup.members):
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
    _show(tx, desk, found, message.id, _for_channel(desk, digest), now)
    _tell_managers(tx, desk, found, now)
    occurrences.done(tx, [occurrence.id], now, message.id)
    return None


def refresh(tx: sa.Connection, team_id: str, desk_id: int, now: datetime) -> None:
    """Something changed that a desk's digest may tell of: today's is drawn anew where it does."""
    found = digests.latest_round(tx, desk_id)
    if found is None:
        return
    desk = desks.by_id(tx, team_id, desk_id)
    assert desk is not None
    if found.local_date >= today(now, desk.time_zone):
        _refresh(tx, desk, found.id, now)


def reads_along(tx: sa.Connection, desk: Desk, now: datetime) -> None:
    """Other people read along at a desk by now: its newest digest is drawn anew for them."""
    found = digests.latest_round(tx, desk.id)
    if found is not None:
        _refresh(tx, desk, found.id, now)


def answered(tx: sa.Connection, desk: Desk, round_id: int, now: datetime) -> None:
    """Somebody answered in a round, or changed their answer: its digest, if it is there already,
    is drawn anew, and what its managers were told."""
    found = _refresh(tx, desk, round_id, now)
    if found.message_id is not None:
        keys = [_silent_key(manager, found.local_date) for manager in desk.managers]
        told = [messages.by_key(tx, desk.team_id, key) for key in keys]
        messages.redraw(tx, [each.id for each in told if each])


def _refresh(tx: sa.Connection, desk: Desk, round_id: int, now: datetime) -> Round:
    """Two who change what a digest tells of come here one after the other, so that the second one
    sees what the first one changed."""
    found = digests.lock_round(tx, round_id)
    if found.message_id is not None:
        standup = standups.by_desk(tx, desk.id)
        assert standup is not None
        digest = _for_channel(desk, _digest(tx, desk, standup, found))
        _show(tx, desk, found, found.message_id, digest, now)
    return found


def _show(
    tx: sa.Connection, desk: Desk, found: Round, message_id: int, digest: Digest, now: datetime
) -> None:
    """Has those of a digest's messages drawn anew that show something else by now, and notes more
    of them where the detail has become longer."""
    every = rules.parts(digest)
    shows = [rules.fingerprint(repr(part)) for part in every]
    root = messages.by_id(tx, message_id)
    _keep(tx, root, rules.fingerprint(repr((digest, len(every)))))
    there = {m.data["part"]: m for m in messages.thread(tx, message_id)}
    for part in range(max(len(shows), len(there))):
        print_ = shows[part] if part < len(shows) else ""
        if part in there:
            _keep(tx, there[part], print_)
            continue
        messages.add(
            tx,
            desk.team_id,
            f"{root.key}:{part}",
            Kind.DIGEST_DETAIL,
            now,
            desk_id=desk.id,
            channel_id=desk.channel_id,
            thread_of=message_id,
            data={"round": found.id, "part": part, "print": print_},
        )


def _keep(tx: sa.Connection, message: messages.Message, print_: str) -> None:
    if message.data.get("print") != print_:
        messages.answer(tx, message, {"print": print_})


def _tell_managers(tx: sa.Connection, desk: Desk, found: Round, now: datetime) -> None:
    """One message for all desks of a manager, a day; it is not sent while nobody is silent."""
    for manager in desk.managers:
        key = _silent_key(manager, found.local_date)
        data = {"rounds": [found.id]}
        of = {"desk_id": desk.id, "person_id": manager}
        if messages.add(tx, desk.team_id, key, Kind.SILENT, now, **of, data=data):
            continue
        message = messages.by_key(tx, desk.team_id, key)
        assert message is not None
        known = message.data["rounds"]
        messages.answer(tx, message, {"rounds": sorted({*known, found.id})})


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


def blocked(store: Store, team_id: str, answer_id: int) -> tuple[Answer, Desk]:
    """An answer, and the desk that it was given at. Raises Refused(NOT_BLOCKED)."""
    with store.read() as tx:
        return _blocked(tx, team_id, answer_id)


def offer_help(
    store: Store, who: Person, answer_id: int, in_channel: bool, now: datetime
) -> Answer:
    """Somebody can help with what blocks somebody else: both are told of each other.

    Raises Refused: NOT_BLOCKED, FOR_THE_TEAM, OWN_BLOCKER, OFFERED_ALREADY.
    """

    def work(tx: sa.Connection) -> Answer:
        answer, desk = _blocked(tx, who.team_id, answer_id)
        rules.check_may_read_answers(desk, who, in_channel)
        rules.check_may_help(answer, who)
        if not digests.offer(tx, answer.id, who.id, now):
            raise Refused(DigestRefusal.OFFERED_ALREADY, who=answer.person_id)
        for person_id in (answer.person_id, who.id):
            messages.add(
                tx,
                who.team_id,
                f"help:{answer.id}:{who.id}:{person_id}",
                Kind.INTRODUCTION,
                now,
                desk_id=desk.id,
                person_id=person_id,
                data={"blocked": answer.person_id, "helper": who.id, "by": rules.blocked_by(answer)},
            )
        _refresh(tx, desk, answer.round_id, now)
        return answer

    return decided(store, work)


def recap_at(store: Store, who: Person, desk_id: int, day: date) -> tuple[Desk, str]:
    """The desk, and the recap that its digest of a day has so far.

    Raises Refused: NO_DESK, GUEST, NOT_MANAGER, NO_STANDUP.
    """
    with store.read() as tx:
        desk = _desk_to_recap(tx, who, desk_id)
        found = standups.find_round(tx, desk_id, day)
        return desk, found.recap if found else ""


def set_recap(
    store: Store, who: Person, desk_id: int, day: date, text: str, seen: str, now: datetime
) -> Round:
    """Puts a manager's word on top of a day's digest, or takes it away where it is empty. `seen`
    is the fingerprint of the recap that they had before them.

    Raises Refused as `recap_at`, or at `recap`: RECAP_TOO_LONG, RECAP_CHANGED.
    """
    text = rules.check_recap(text)

    def work(tx: sa.Connection) -> Round:
        desk = _desk_to_recap(tx, who, desk_id)
        found = digests.lock_round(tx, standups.round_of(tx, desk_id, day, now).id)
        if found.recap == text:
            return found
        if rules.fingerprint(found.recap) != seen:
            by = found.recap_by
            raise Refused(DigestRefusal.RECAP_CHANGED, field="recap", who=by, recap=found.recap)
        standups.set_recap(tx, found.id, text, who.id)
        return _refresh(tx, desk, found.id, now)

    return decided(store, work)


def _desk_to_recap(tx: sa.Connection, who: Person, desk_id: int) -> Desk:
    desk = desks.by_id(tx, who.team_id, desk_id)
    if desk is None:
        raise Refused(DeskRefusal.NO_DESK)
    check_may_change(desk, who)
    standup = standups.by_desk(tx, desk_id)
    if standup is None or not standup.is_on:
        raise Refused(DigestRefusal.NO_STANDUP)
    return desk


def _blocked(tx: sa.Connection, team_id: str, answer_id: int) -> tuple[Answer, Desk]:
    answer = standups.answer_by_id(tx, answer_id)
    if answer is not None:
        desk = desks.by_id(tx, team_id, standups.round_by_id(tx, answer.round_id).desk_id)
        if desk is not None:
            return answer, desk
    raise Refused(DigestRefusal.NOT_BLOCKED)


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
    named |= {each.person_id for each in (*digest.blockers, *digest.away)}
    named |= {helper for each in digest.blockers for helper in each.helpers}
    named |= {word.person_id for question in digest.questions for word in question.words}
    return Shown(desk, found, digest, people.by_ids(tx, [who for who in named if who]))


def _silent(tx: sa.Connection, team_id: str, round_id: int) -> Silent:
    found, desk = _round(tx, team_id, round_id)
    standup = standups.by_desk(tx, desk.id)
    assert standup is not None
    members = people.by_ids(tx, standup.members)
    away = _away(tx, team_id, standup, found.local_date)
    answers = standups.answers_of(tx, round_id)
    day = found.local_date
    silence = rules.silence(desk, standup, day, members.values(), answers, away)
    return Silent(desk, found, silence, members)


def _for_channel(desk: Desk, digest: Digest) -> Digest:
    return digest.for_outsiders() if desk.outsiders else digest


def _digest(tx: sa.Connection, desk: Desk, standup: Standup, found: Round) -> Digest:
    """All that is to be told of a day, in as many queries for much as for little."""
    day = found.local_date
    start, end, coming_end, until = rules.span(desk, day)
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


def _key(desk_id: int, day: date) -> str:
    return f"digest:{desk_id}:{day.isoformat()}"


def _silent_key(manager: int, day: date) -> str:
    return f"silent:{manager}:{day.isoformat()}"
