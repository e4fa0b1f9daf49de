"""Somebody's Home: what it shows, when it is drawn anew, and who loses what."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from operations import deliveries, desks, endings, homes, owners
from operations.homes import Home
from rules.desks import Need
from rules.people import Person
from rules.posts import Status
from storage import messages, people
from storage.homes import STAYS_OPEN
from storage.messages import Kind, State
from storage.tables import messages as table
from tests.newsroom import NOW, TEAM, Newsroom

SECOND = timedelta(seconds=1)


def look(team: Newsroom, who: Person, *channels: str, now: datetime = NOW) -> None:
    homes.opened(team.store, who, channels or ("C1",), now)


def show(team: Newsroom, who: Person) -> Home:
    """The Home as the courier draws it."""
    with team.store.read() as tx:
        found = messages.by_key(tx, TEAM, f"home:{who.id}")
    assert found is not None
    return homes.show(team.store, TEAM, who.id, found.data["desks"])


def stale(team: Newsroom) -> set[str]:
    """Whose Homes are to be drawn; as if they were, after this."""
    with team.store.write() as tx:
        of = sa.select(table.c.person_id).filter_by(kind=Kind.HOME, pending=True)
        found = set(tx.execute(of).scalars())
        tx.execute(table.update().filter_by(kind=Kind.HOME).values(pending=False))
    with team.store.read() as tx:
        return {person.name for person in people.by_ids(tx, found).values()}


def claim(team: Newsroom, at: datetime = NOW, holder: str = "one") -> messages.Message | None:
    return deliveries.claim(team.store, holder, at, 60 * SECOND, ())


def test_it_shows_ones_own_day_over_all_desks(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    first, second = team.desk(ann, ben), team.desk(ben, ben, channel="C2")
    review = team.sent(ann, first)
    draft = team.draft(ann, second)
    endings.cancel(team.store, ann, team.draft(ann, second).id, NOW)
    look(team, ann, "C1", "C2")
    found = show(team, ann)
    assert [desk.id for desk in found.desks] == [first.id, second.id]
    assert [post.post_id for post in found.mine] == [draft.id, review.post_id]
    assert found.counts == {first.id: {Status.IN_REVIEW: 1}, second.id: {Status.DRAFT: 1}}
    assert found.waiting == ()
    look(team, ben, "C1", "C2")
    assert [shown.post.id for shown in show(team, ben).waiting] == [review.post_id]


def test_other_peoples_drafts_are_not_counted(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    desk = team.desk(ann, ben)
    team.draft(ben, desk)
    for who in (ann, ben, cleo):
        look(team, who)
    assert show(team, ann).counts == show(team, ben).counts == {desk.id: {Status.DRAFT: 1}}
    assert show(team, cleo).counts == {desk.id: {}}


def test_it_shows_the_desks_of_ones_channels_that_are_awake(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    team.desk(ann, ben), team.desk(ann, ben, channel="C2")
    look(team, ann, "C2", "C3")
    assert [desk.channel_id for desk in show(team, ann).desks] == ["C2"]
    desks.bot_removed(team.store, TEAM, "C2", "E1", NOW)
    assert show(team, ann).desks == ()


def test_whoever_leaves_a_channel_loses_its_desk(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    team.desk(ann, ben), team.desk(ann, ben, channel="C2")
    look(team, ben, "C1", "C2")
    stale(team)
    homes.left(team.store, TEAM, "U-ben", "C1")
    assert stale(team) == {"ben"}
    assert [desk.channel_id for desk in show(team, ben).desks] == ["C2"]
    for nobody, channel in (("U-ben", "C1"), ("U-ben", "C9"), ("U-nobody", "C2"), ("U-ann", "C2")):
        homes.left(team.store, TEAM, nobody, channel)
    assert stale(team) == set()


def test_what_happens_at_a_desk_is_seen_in_the_homes_that_show_it(team: Newsroom) -> None:
    ann, ben, cleo, dan = (team.person(name) for name in ("ann", "ben", "cleo", "dan"))
    desk = team.desk(ann, ben)
    team.desk(dan, dan, channel="C2")
    for who in (ann, cleo):
        look(team, who)
    look(team, dan, "C2")
    assert stale(team) == {"ann", "cleo", "dan"}
    review = team.sent(ann, desk)
    assert stale(team) == {"ann", "cleo"}
    team.decide(ben, review)
    assert stale(team) == {"ann", "cleo"}


def test_an_approver_outside_the_channel_sees_what_waits_for_them(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    desk = team.desk(ann, ben, cleo, need=Need.ALL)
    for who in (ben, cleo):
        look(team, who, "C9")
    stale(team)
    review = team.sent(ann, desk)
    assert stale(team) == {"ben", "cleo"}
    team.decide(ben, review)
    assert stale(team) == {"ben", "cleo"}
    assert show(team, ben).waiting == ()
    assert show(team, ben).desks == ()
    assert len(show(team, cleo).waiting) == 1


def test_whoever_gives_a_post_away_sees_it_go(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    post = team.draft(ann, team.desk(cleo, ben))
    look(team, ann, "C9")
    stale(team)
    owners.hand_over(team.store, cleo, post.id, ben, True, NOW)
    assert stale(team) == {"ann"}


def test_a_home_nobody_looks_at_is_left_alone(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    look(team, ann, now=NOW - STAYS_OPEN)
    look(team, ben, now=NOW - STAYS_OPEN + SECOND)
    stale(team)
    team.draft(ann, desk)
    assert stale(team) == {"ben"}
    homes.used(team.store, TEAM, "U-ann", NOW)
    assert stale(team) == {"ann"}
    team.draft(ann, desk)
    assert stale(team) == {"ann", "ben"}
    homes.used(team.store, TEAM, "U-nobody", NOW)
    assert stale(team) == set()


def test_it_is_drawn_once_for_all_that_happened(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    for _ in range(3):
        look(team, ann)
    assert team.count(table) == 1
    found = claim(team)
    assert found is not None
    assert (found.kind, found.state, found.person_id) == (Kind.HOME, State.SENT, ann.id)
    assert claim(team) is None
    deliveries.drawn(team.store, found)
    assert claim(team) is None
    team.draft(ben, desk)
    told = []
    while (message := claim(team)) is not None:
        told.append(message.kind)
    assert told.count(Kind.HOME) == 1


def test_what_happens_while_it_is_drawn_is_drawn_again(team: Newsroom) -> None:
    ann = team.person("ann")
    team.desk(ann, ann)
    look(team, ann)
    found = claim(team)
    assert found is not None
    homes.left(team.store, TEAM, "U-ann", "C1")
    deliveries.drawn(team.store, found)
    again = claim(team)
    assert again is not None
    assert again.data == {"desks": []}
    deliveries.drawn(team.store, again)
    assert claim(team) is None


def test_a_failure_is_tried_again_and_a_crash_forgotten(team: Newsroom) -> None:
    ann = team.person("ann")
    look(team, ann)
    found = claim(team)
    assert found is not None
    deliveries.retry(team.store, found, NOW + 9 * SECOND, "ratelimited")
    assert claim(team, NOW + 8 * SECOND) is None
    found = claim(team, NOW + 9 * SECOND)
    assert found is not None
    assert (found.attempts, found.state) == (1, State.SENT)
    # Whoever drew it is gone: when the lease has run out, somebody else does.
    assert claim(team, NOW + 60 * SECOND, "two") is None
    after = claim(team, NOW + 70 * SECOND, "two")
    assert after is not None
    assert (after.id, after.state) == (found.id, State.SENT)


def test_messages_come_before_homes(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    look(team, ann)
    team.draft(ben, desk)
    first, second = claim(team), claim(team)
    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == (Kind.DRAFT_CARD, Kind.HOME)


def test_a_home_is_no_sign_that_messages_arrive(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    team.draft(ben, desk)
    card = claim(team)
    assert card is not None
    look(team, ben)
    with team.store.read() as tx:
        assert messages.last_delivered(tx, TEAM, card.person_id, card.channel_id) == 0
