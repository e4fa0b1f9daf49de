"""Who is asked to decide: the approvers, and for those who are away whoever stands in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from operations.posts import desk_of, post_by_id, redraw
from rules.absences import Absence, leaning_on, standing_in
from rules.local_time import today
from rules.posts import Post
from rules.reviews import Away, Review, ReviewState
from storage import absences, messages, people, reviews

_A_DAY = timedelta(days=1)


def away_now(tx: sa.Connection, team_id: str, now: datetime) -> dict[int, Absence]:
    """The absences that hold at this moment, each in its person's own zone, by whose they are."""
    found = absences.of_team(tx, team_id, (now - _A_DAY).date())
    known = people.by_ids(tx, [each.person_id for each in found])
    return {
        each.person_id: each
        for each in found
        if each.includes(today(now, known[each.person_id].time_zone))
    }


def anew(tx: sa.Connection, team_id: str, who: Collection[int], now: datetime) -> None:
    """Asks anew in the open reviews that these people's coming or going concerns: theirs, and
    those of everybody for whom they stand in."""
    away = away_now(tx, team_id, now)
    for post_id, review_id in reviews.asking(tx, team_id, leaning_on(away, who)):
        post = post_by_id(tx, team_id, post_id, lock=True)
        review = reviews.by_id(tx, team_id, review_id)
        if review is not None and review.state is ReviewState.OPEN:
            ask(tx, post, review, now, away)


def ask(
    tx: sa.Connection,
    post: Post,
    review: Review,
    now: datetime,
    away: Mapping[int, Absence] | None = None,
) -> Review:
    """As `cards`, and has what tells these people of the post drawn anew."""
    review = cards(tx, post, review, now, away)
    redraw(tx, post, (*review.asked, *review.current.approvers), now)
    return review


def cards(
    tx: sa.Connection,
    post: Post,
    review: Review,
    now: datetime,
    away: Mapping[int, Absence] | None = None,
) -> Review:
    """Notes who of the current step's approvers is away, and a direct card for whoever is to
    decide; the managers hear where nobody is left who could. Returns the review as it is then."""
    away = away_now(tx, post.team_id, now) if away is None else away
    before, found = review, _away(tx, post, review, away)
    if found != review.current.away:
        reviews.set_away(tx, review, found)
        messages.refresh(tx, post.id)
        changed = reviews.by_id(tx, post.team_id, review.id)
        assert changed is not None
        review = changed
    for who in review.asked:
        places = review.places_of(who)
        if who not in places and _goes_on(tx, before, who, places):
            continue
        messages.add(
            tx,
            post.team_id,
            _key(review, who, places),
            messages.Kind.APPROVER_CARD,
            now,
            desk_id=post.desk_id,
            person_id=who,
            post_id=post.id,
            review_id=review.id,
            data={} if who in places else {"for": list(places)},
        )
    if review.is_stuck:
        _tell_managers(tx, post, review, away, now)
    return review


def _goes_on(tx: sa.Connection, before: Review, who: int, places: tuple[int, ...]) -> bool:
    """Whether somebody stood in for just these people until now, and has a card that says so: who
    stays away for longer than they said has another absence, but their cover nothing new to do."""
    if any(before.cover_of(place) != who for place in places):
        return False
    kind = messages.Kind.APPROVER_CARD
    theirs = messages.about(tx, kind, post_ids=[before.post_id], person_ids=[who])
    return any(c.review_id == before.id and c.data.get("for") == list(places) for c in theirs)


def _away(
    tx: sa.Connection, post: Post, review: Review, away: Mapping[int, Absence]
) -> dict[int, Away]:
    gone = [who for who in review.current.approvers if who in away]
    if not gone:
        return {}
    covers = {each.cover_id for each in away.values() if each.cover_id}
    left = {who for who, person in people.by_ids(tx, covers).items() if person.is_gone}
    cannot = {post.owner_id, review.owner_id, *left}

    def can(absence: Absence) -> bool:
        return absence.cover_id not in cannot and post.desk_id in absence.cover_desks

    return {who: Away(away[who].id, away[who].last, standing_in(away, who, can)) for who in gone}


def _key(review: Review, who: int, places: tuple[int, ...]) -> str:
    """One card each; but who has had one, and stands in for somebody only now, gets another: the
    first is far up by then."""
    if who in places:
        return f"review:{review.id}:approver:{who}"
    absence_id = review.current.away[places[0]].absence_id
    return f"review:{review.id}:cover:{absence_id}:{who}"


def _tell_managers(
    tx: sa.Connection, post: Post, review: Review, away: Mapping[int, Absence], now: datetime
) -> None:
    """Once for each absence at each desk."""
    desk = desk_of(tx, post)
    managers: Iterable[int] = [who for who in desk.managers if who not in away] or desk.managers
    for approver in review.open_places:
        gone = review.current.away.get(approver)
        if gone is None or gone.cover_id is not None:
            continue
        for manager in managers:
            if manager == approver:
                continue
            messages.add(
                tx,
                post.team_id,
                f"no_cover:{desk.id}:{gone.absence_id}:{manager}",
                messages.Kind.NO_COVER,
                now,
                desk_id=desk.id,
                person_id=manager,
                post_id=post.id,
                review_id=review.id,
                data={"approver": approver},
            )
