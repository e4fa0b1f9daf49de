"""How far a message got: claims, leases, and changes that come while it is on its way."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from rules.people import Person
from rules.posts import Post
from storage import Store, messages, outbox
from storage.messages import Kind, Message, State
from storage.tables import messages as table
from tests.newsroom import NOW, TEAM, Newsroom, at_once

LEASE = timedelta(minutes=1)
SOON = NOW + timedelta(seconds=5)
AFTER_LEASE = NOW + LEASE + timedelta(seconds=1)


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def post(team: Newsroom, ann: Person) -> Post:
    """A post whose own first card is out of the way."""
    post = team.draft(ann, team.desk(ann, team.person("ben")))
    with team.store.write() as tx:
        tx.execute(table.delete())
    return post


def note(
    store: Store,
    key: str,
    *,
    kind: Kind = Kind.WELCOME,
    person: Person | None = None,
    channel_id: str | None = None,
    post: Post | None = None,
) -> bool:
    with store.write() as tx:
        return messages.add(
            tx,
            TEAM,
            key,
            kind,
            NOW,
            person_id=person.id if person else None,
            channel_id=channel_id,
            post_id=post.id if post else None,
        )


def claim(
    store: Store,
    now: datetime = NOW,
    holder: str = "one",
    busy: frozenset[str] = frozenset(),
    full: frozenset[str] = frozenset(),
) -> Message | None:
    with store.write() as tx:
        return outbox.claim(tx, holder, now, LEASE, busy, full)


def claimed(store: Store, now: datetime = NOW) -> Message:
    message = claim(store, now)
    assert message is not None
    return message


def post_it(store: Store, message: Message) -> None:
    with store.write() as tx:
        outbox.posted(tx, message, message.wanted, "D1", "1.1", NOW)


def refresh(store: Store, post: Post) -> None:
    with store.write() as tx:
        messages.refresh(tx, post.id)


def stored(store: Store, key: str) -> Message:
    with store.read() as tx:
        found = messages.by_key(tx, TEAM, key)
    assert found is not None
    return found


def test_a_key_is_used_once_in_a_workspace(store: Store, ann: Person) -> None:
    assert note(store, "hello", person=ann)
    assert not note(store, "hello", person=ann)
    assert note(store, "hello again", person=ann)


def test_of_many_that_note_the_same_one_did(store: Store, ann: Person) -> None:
    noted = at_once(*[lambda: note(store, "hello", person=ann)] * 8)
    assert Counter(noted) == {True: 1, False: 7}


def test_the_oldest_comes_first_and_each_once(store: Store, ann: Person) -> None:
    for key in ("first", "second"):
        note(store, key, person=ann)
    assert claimed(store).key == "first"
    assert claimed(store).key == "second"
    assert claim(store) is None


def test_a_first_posting_is_sending_before_slack_is_called(store: Store, ann: Person) -> None:
    note(store, "hello", person=ann)
    message = claimed(store)
    assert message.state is State.WAITING
    assert stored(store, "hello").state is State.SENDING
    assert stored(store, "hello").sending_since == NOW


def test_busy_lanes_are_left_alone(store: Store, ann: Person, team: Newsroom) -> None:
    ben = team.person("ben")
    note(store, "to ann", person=ann)
    note(store, "to the channel", channel_id="C1")
    note(store, "to ben", person=ben)
    busy = frozenset({f"{TEAM}:{ann.id}", f"{TEAM}:C1", "T2:C2"})
    message = claim(store, busy=busy)
    assert message is not None
    assert message.key == "to ben"
    assert claim(store, busy=busy) is None
    assert claim(store, full=frozenset({TEAM})) is None
    message = claim(store, full=frozenset({"T2"}))
    assert message is not None
    assert message.key == "to ann"


def test_what_is_set_aside_ends_and_only_its_cards_come_back(
    store: Store, ann: Person, team: Newsroom
) -> None:
    """A workspace removed the app and installs it again; another one goes on."""
    there = team.person("ann", team_id="T2")
    note(store, "notice", person=ann)
    note(store, "card", kind=Kind.APPROVER_CARD, person=ann)
    note(store, "question", kind=Kind.QUESTION, person=ann)
    note(store, "shown", kind=Kind.DRAFT_CARD, person=ann)
    with store.write() as tx:
        messages.add(tx, "T2", "theirs", Kind.WELCOME, NOW, person_id=there.id)
        tx.execute(table.update().filter_by(key="shown").values(state=State.SENT))
        outbox.set_aside(tx, TEAM, "not_installed")

    def found() -> dict[str, tuple[State, bool, str | None]]:
        with store.read() as tx:
            rows = tx.execute(sa.select(table)).all()
        return {row.key: (State(row.state), row.pending, row.error) for row in rows}

    over = (State.FAILED, False, "not_installed")
    assert found() == {
        "notice": over,
        "card": over,
        "question": over,
        "shown": (State.SENT, False, "not_installed"),
        "theirs": (State.WAITING, True, None),
    }
    with store.write() as tx:
        messages.take_up(tx, TEAM)
    assert found() == {
        "notice": over,
        "card": (State.WAITING, True, None),
        "question": over,
        "shown": (State.SENT, True, None),
        "theirs": (State.WAITING, True, None),
    }


def test_a_home_waits_for_no_message_to_its_reader(store: Store, ann: Person) -> None:
    note(store, "home", kind=Kind.HOME, person=ann)
    note(store, "to ann", person=ann)
    assert claimed(store).key == "to ann"
    busy = frozenset({f"{TEAM}:{ann.id}"})
    assert claim(store, busy=busy | {f"{TEAM}:home"}) is None
    home = claim(store, busy=busy)
    assert home is not None
    assert home.key == "home"


@pytest.mark.parametrize("holders", [2, 8])
def test_many_holders_at_once_never_hold_the_same(store: Store, ann: Person, holders: int) -> None:
    for number in range(20):
        note(store, f"m{number}", person=ann)

    def work(holder: str) -> list[int]:
        mine = []
        while message := claim(store, holder=holder):
            mine.append(message.id)
        return mine

    found = at_once(*[partial(work, f"h{n}") for n in range(holders)])
    every = [number for mine in found if isinstance(mine, list) for number in mine]
    # One that was locked at that instant is skipped by the others, for its holder to take.
    assert sorted(every) == sorted(set(every))
    assert len(every) == 20


def test_a_lease_that_ran_out_is_for_the_next(store: Store, ann: Person) -> None:
    note(store, "hello", person=ann)
    late = claimed(store)
    assert claim(store, NOW + LEASE) is None
    again = claimed(store, AFTER_LEASE)
    assert again.state is State.SENDING, "it may be in Slack: to be looked up first"
    assert again.delivery_id == late.delivery_id


def test_whoever_is_late_settles_nothing_of_the_next(store: Store, ann: Person) -> None:
    note(store, "hello", person=ann)
    late = claimed(store)
    claimed(store, AFTER_LEASE)
    settlings: list[Callable[[sa.Connection], None]] = [
        lambda tx: outbox.posted(tx, late, late.wanted, "D1", "1.1", NOW),
        lambda tx: outbox.drawn(tx, late, late.wanted),
        lambda tx: outbox.retry(tx, late, SOON, "late"),
        lambda tx: outbox.doubt(tx, late, SOON, "late"),
        lambda tx: outbox.anew(tx, late),
        lambda tx: outbox.drop(tx, late, "late"),
        lambda tx: outbox.end(tx, late, State.FAILED, "late"),
        lambda tx: outbox.taken_away(tx, late),
    ]
    for settle in settlings:
        before = _row(store)
        with store.write() as tx:
            settle(tx)
        assert _row(store) == before


def _row(store: Store) -> object:
    with store.read() as tx:
        return tx.execute(sa.select(table)).one()


def test_a_notice_that_was_posted_is_done(store: Store, ann: Person, post: Post) -> None:
    note(store, "hello", person=ann, post=post)
    post_it(store, claimed(store))
    refresh(store, post)
    assert claim(store, AFTER_LEASE) is None
    assert stored(store, "hello").state is State.SENT
    assert stored(store, "hello").posted_ts == "1.1"


def test_ten_changes_are_one_drawing(store: Store, ann: Person, post: Post) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    post_it(store, claimed(store))
    assert claim(store) is None
    for _ in range(10):
        refresh(store, post)
    message = claimed(store)
    assert (message.state, message.wanted) == (State.SENT, 11)
    with store.write() as tx:
        outbox.drawn(tx, message, message.wanted)
    assert claim(store, AFTER_LEASE) is None


def test_changes_at_the_same_instant_are_all_counted(store: Store, ann: Person, post: Post) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    at_once(*[lambda: refresh(store, post)] * 10)
    assert stored(store, "card").wanted == 11


@pytest.mark.parametrize("first", [True, False])
def test_a_change_while_it_is_drawn_is_drawn_as_well(
    store: Store, ann: Person, post: Post, first: bool
) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    message = claimed(store)
    if not first:
        post_it(store, message)
        refresh(store, post)
        message = claimed(store)
    refresh(store, post)
    with store.write() as tx:
        if first:
            outbox.posted(tx, message, message.wanted, "D1", "1.1", NOW)
        else:
            outbox.drawn(tx, message, message.wanted)
    again = claimed(store)
    assert (again.state, again.wanted) == (State.SENT, message.wanted + 1)


def test_a_card_found_in_slack_is_drawn_anew(store: Store, ann: Person, post: Post) -> None:
    """What is found was posted by an earlier claim, as things stood then."""
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    message = claimed(store)
    with store.write() as tx:
        outbox.posted(tx, message, 0, "D1", "1.1", NOW)
    assert claimed(store).state is State.SENT


def test_what_certainly_did_not_happen_is_tried_again_later(store: Store, ann: Person) -> None:
    note(store, "hello", person=ann)
    with store.write() as tx:
        outbox.retry(tx, claimed_in(tx), SOON, "ratelimited")
    assert claim(store, SOON - timedelta(seconds=1)) is None
    again = claimed(store, SOON)
    assert (again.state, again.attempts) == (State.WAITING, 1)


def claimed_in(tx: sa.Connection) -> Message:
    message = outbox.claim(tx, "one", NOW, LEASE, frozenset())
    assert message is not None
    return message


def test_a_card_whose_update_failed_is_still_in_slack(
    store: Store, ann: Person, post: Post
) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    post_it(store, claimed(store))
    refresh(store, post)
    with store.write() as tx:
        outbox.retry(tx, claimed_in(tx), SOON, "500")
    again = claimed(store, SOON)
    assert (again.state, again.posted_ts) == (State.SENT, "1.1")


def test_a_doubt_is_looked_up_and_nothing_is_sent_before(store: Store, ann: Person) -> None:
    note(store, "hello", person=ann)
    with store.write() as tx:
        outbox.doubt(tx, claimed_in(tx), SOON, "timeout")
    assert claim(store, SOON) is None
    again = claimed(store, SOON + timedelta(seconds=1))
    assert (again.state, again.attempts) == (State.SENDING, 1)


def test_attempts_are_counted_from_the_last_success(store: Store, ann: Person, post: Post) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    with store.write() as tx:
        outbox.retry(tx, claimed_in(tx), NOW, "500")
    post_it(store, claimed(store))
    assert stored(store, "card").attempts == 0


def test_anew_is_another_message(store: Store, ann: Person, post: Post) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    first = claimed(store)
    post_it(store, first)
    refresh(store, post)
    with store.write() as tx:
        outbox.anew(tx, claimed_in(tx))
    again = claimed(store)
    assert (again.state, again.posted_ts) == (State.WAITING, None)
    assert again.delivery_id != first.delivery_id


@pytest.mark.parametrize("state", [State.FAILED, State.UNKNOWN])
def test_an_end_is_an_end(store: Store, ann: Person, post: Post, state: State) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    with store.write() as tx:
        outbox.end(tx, claimed_in(tx), state, "is_archived")
    refresh(store, post)
    assert claim(store, AFTER_LEASE) is None
    assert stored(store, "card").state is state


def test_what_was_dropped_comes_back_with_a_change(store: Store, ann: Person, post: Post) -> None:
    note(store, "card", kind=Kind.APPROVER_CARD, person=ann, post=post)
    with store.write() as tx:
        outbox.drop(tx, claimed_in(tx), "not waited for")
    assert claim(store, AFTER_LEASE) is None
    assert stored(store, "card").state is State.DROPPED
    refresh(store, post)
    assert claimed(store).state is State.WAITING


def test_a_change_while_it_is_dropped_is_not_lost(store: Store, ann: Person, post: Post) -> None:
    note(store, "card", kind=Kind.APPROVER_CARD, person=ann, post=post)
    message = claimed(store)
    refresh(store, post)
    with store.write() as tx:
        outbox.drop(tx, message, "not waited for")
    assert claimed(store).state is State.WAITING


def test_what_somebody_deleted_stays_away(store: Store, ann: Person, post: Post) -> None:
    note(store, "card", kind=Kind.DRAFT_CARD, person=ann, post=post)
    post_it(store, claimed(store))
    refresh(store, post)
    with store.write() as tx:
        outbox.taken_away(tx, claimed_in(tx))
    refresh(store, post)
    assert claim(store, AFTER_LEASE) is None


def test_a_persons_direct_channel_is_remembered(store: Store, ann: Person) -> None:
    note(store, "hello", person=ann)
    with store.read() as tx:
        assert messages.direct_channel(tx, ann.id) is None
    post_it(store, claimed(store))
    with store.read() as tx:
        assert messages.direct_channel(tx, ann.id) == "D1"
        assert messages.direct_channel(tx, ann.id + 1) is None


def test_an_older_card_is_drawn_again_only_where_slack_did_not_take_its_end(
    team: Newsroom, store: Store
) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    review = team.sent(ann, team.desk(ann, ben, cleo))
    cards = {who.name: f"review:{review.id}:approver:{who.id}" for who in (ben, cleo)}
    while message := claim(store):
        post_it(store, message)
    team.edit(ann, team.post(review.post_id), team.form("Better"))
    while message := claim(store):
        with store.write() as tx:
            if message.key == cards["cleo"]:
                outbox.end(tx, message, State.SENT, "account_inactive")
            else:
                outbox.drawn(tx, message, message.wanted)
    refresh(store, team.post(review.post_id))
    due = set()
    while message := claim(store):
        due.add(message.key)
    assert cards["cleo"] in due
    assert cards["ben"] not in due
